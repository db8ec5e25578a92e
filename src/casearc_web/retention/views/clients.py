"""On a client's page: legal holds, and the client's own wish to be forgotten."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from casearc_web.access.requests import StaffRequest
from casearc_web.access.verbs import Verb
from casearc_web.clients.models import Client
from casearc_web.clients.pages import client_for, within
from casearc_web.drafts.saving import save_once
from casearc_web.records.changes import ConflictError
from casearc_web.retention import actions, queries
from casearc_web.retention.forms import EraseForm, HoldForm, LiftForm
from casearc_web.retention.models import Scope, Why


def keeping(request: StaffRequest, client: uuid.UUID) -> HttpResponseBase:
    """The tab: holds, and what is proposed."""
    by = request.asker
    who = client_for(by, Verb.HOLD, client)
    found = queries.holds(by, who)
    asked = queries.requested(by, who)
    context = {
        "standing": next((one for one in found if one.lifted_at is None), None),
        "lifted": [one for one in found if one.lifted_at is not None],
        "asked": asked,
        "is_own": asked is not None and asked.created_by_id == by.staff_id,
        "erased_at": who.purged_at,
    }
    return within(request, who, "retention/keeping.html", context)


def hold(request: StaffRequest, client: uuid.UUID) -> HttpResponseBase:
    """Put a hold on a client."""
    by = request.asker
    who = client_for(by, Verb.HOLD, client)
    form = HoldForm(request.POST or None)

    def write() -> str:
        actions.hold(by=by, client=who, reason=form.cleaned_data["reason"])
        return _tab(who)

    words = {"title": _("Legal hold"), "label": _("Hold everything"), "key": f"hold:{who.pk}"}
    return _asked(request, who, form, write, _("Nothing of this client is erased until the hold is lifted."), words)


def lift(request: StaffRequest, client: uuid.UUID, hold: uuid.UUID) -> HttpResponseBase:
    """Lift a hold."""
    by = request.asker
    who = client_for(by, Verb.HOLD, client)
    standing = queries.hold_for(by, who, hold)
    form = LiftForm.of(standing, request.POST or None)

    def write() -> str:
        data = form.cleaned_data
        actions.lift(by=by, standing=standing, version=data["version"], because=data["because"])
        return _tab(who)

    words = {"title": _("Lift the hold"), "label": _("Lift it"), "key": f"hold-lift:{standing.pk}"}
    try:
        return _asked(request, who, form, write, _("The hold is lifted."), words)
    except ConflictError:
        messages.error(request, _("Somebody else has just changed this hold. Look at it again."))
        return HttpResponseRedirect(_tab(who))


def erase(request: StaffRequest, client: uuid.UUID) -> HttpResponseBase:
    """Propose to erase, because the client asked."""
    by = request.asker
    who = client_for(by, Verb.PURGE_CLIENT, client)
    form = EraseForm(request.POST or None)

    def write() -> str:
        data = form.cleaned_data
        actions.propose(by=by, client=who, scope=Scope(data["scope"]), why=Why.ASKED, reason=data["reason"])
        return _tab(who)

    words = {"title": _("Erase on request"), "label": _("Propose to erase"), "key": f"erase:{who.pk}"}
    return _asked(request, who, form, write, _("Proposed. A second person decides."), words)


def take_back(request: StaffRequest, client: uuid.UUID, request_id: uuid.UUID) -> HttpResponseBase:
    """Take back one's own proposal."""
    by = request.asker
    who = client_for(by, Verb.PURGE_CLIENT, client)
    asked = queries.request_for(by, Verb.PURGE_CLIENT, request_id)
    if request.method == "POST" and asked.client_id == who.pk:
        try:
            actions.take_back(by=by, request=asked)
            messages.success(request, _("Taken back. Nothing was erased."))
        except ValidationError as wrong:
            messages.error(request, " ".join(wrong.messages))
    return HttpResponseRedirect(_tab(who))


def _asked(
    request: StaffRequest, who: Client, form: Any, write: Callable[[], str], said: str, words: dict[str, str]
) -> HttpResponseBase:
    if form.is_valid():
        try:
            answer = save_once(request, key=words["key"], submission=form.cleaned_data["submission"], write=write)
            messages.success(request, said)
            return answer
        except ValidationError as wrong:
            form.add_error(None, wrong)
    return _page(request, who, form, words)


def _page(request: StaffRequest, who: Client, form: Any, words: dict[str, str]) -> HttpResponse:
    context = {"form": form, "back": _tab(who), **words}
    return within(request, who, "retention/ask.html", context, status=422 if form.errors else 200)


def _tab(who: Client) -> str:
    return reverse("retention:keeping", kwargs={"client": who.pk})
