"""For directors: how long programs keep, and whose record is past its time."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from casearc_web.access.conflicts import two_versions
from casearc_web.access.requests import StaffRequest
from casearc_web.drafts.saving import save_once
from casearc_web.records.changes import ConflictError
from casearc_web.records.history import as_opened
from casearc_web.records.words import in_words
from casearc_web.retention import actions, queries
from casearc_web.retention.forms import PolicyForm, ProposeForm
from casearc_web.retention.models import Policy, Scope, Why
from casearc_web.retention.policies import defaults
from casearc_web.shell.conflict import is_answer, merged


def programs(request: StaffRequest) -> HttpResponseBase:
    """How long each of the own programs keeps."""
    context = {"terms": queries.own_terms(request.asker), "settled": defaults().settled_for_days}
    return render(request, "retention/programs.html", context)


def policy(request: StaffRequest, program: uuid.UUID) -> HttpResponseBase:
    """Set or change a program's policy."""
    by = request.asker
    own = queries.own_program(by, program)
    standing = queries.policy_of(own)
    form = PolicyForm(request.POST or None, instance=standing or Policy(), initial=_initial(standing))
    if not form.is_valid():
        context = {"form": form, "program": own, "settled": defaults().settled_for_days}
        return render(request, "retention/policy.html", context, status=422 if form.errors else 200)
    values = form.values()
    saved = {name: getattr(queries.policy_of(own), name, None) for name in values}
    chosen = merged(values, saved, request.POST) if is_answer(request.POST) else values

    def write() -> str:
        actions.set_policy(by=by, program=own, version=form.cleaned_data["version"] or 0, values=chosen)
        return reverse("retention:programs")

    try:
        answer = save_once(request, key=f"retention:{own.pk}", submission=form.cleaned_data["submission"], write=write)
    except ConflictError as conflict:
        return _both(request, form, conflict)
    messages.success(request, _("The policy is saved."))
    return answer


def _initial(standing: Policy | None) -> dict[str, object]:
    if standing is not None:
        return {"version": standing.version}
    proposed = defaults()
    return {
        "partial_after_months": proposed.partial_after_months,
        "full_after_months": proposed.full_after_months,
        "version": 0,
    }


def _both(request: StaffRequest, form: PolicyForm, conflict: ConflictError) -> HttpResponseBase:
    stored, values = conflict.stored, form.values()
    opened = as_opened(stored, form.cleaned_data["version"] or 0)
    return two_versions(
        request,
        form=form,
        stored=stored,
        mine=values,
        saved={name: getattr(stored, name) for name in values},
        opened={name: getattr(opened, name) for name in values} if opened else None,
        show=lambda name, value: in_words(Policy, name, value),
    )


def due(request: StaffRequest, scope: str) -> HttpResponseBase:
    """Whose record is past its time, and why; propose some or all of a page."""
    by, wanted = request.asker, Scope(scope)
    page, found = queries.due_clients(by, wanted, timezone.localdate(), request.GET.get("page"))
    already = queries.proposed(by, [one.client for one in found])
    free = [str(one.client.pk) for one in found if not one.is_held and one.client.pk not in already]
    form = ProposeForm(request.POST or None, offered=free, initial={"scope": wanted.value})
    if request.method == "POST" and form.is_valid():
        return _propose(request, form, wanted)
    context = {
        "page": page,
        "found": found,
        "already": already,
        "can_propose": bool(free),
        "form": form,
        "scope": wanted,
        "scopes": list(Scope),
    }
    return render(request, "retention/due.html", context, status=422 if form.errors else 200)


def _propose(request: StaffRequest, form: ProposeForm, scope: Scope) -> HttpResponseBase:
    by, here = request.asker, reverse("retention:due", kwargs={"scope": scope.value})
    chosen = queries.chosen(by, form.cleaned_data["clients"])

    def write() -> str:
        for client in chosen:
            actions.propose(by=by, client=client, scope=scope, why=Why.POLICY)
        return here

    try:
        with transaction.atomic():
            answer = save_once(request, key="retention-due", submission=form.cleaned_data["submission"], write=write)
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
        return HttpResponseRedirect(here)
    messages.success(request, _("%(count)d proposed. A second person decides.") % {"count": len(chosen)})
    return answer
