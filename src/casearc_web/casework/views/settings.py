"""What supervisors and directors set: the catalog of services, templates, a program's rules."""

from __future__ import annotations

import uuid
from copy import copy
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from casearc_web.access.conflicts import two_versions
from casearc_web.access.decide import find
from casearc_web.access.requests import StaffRequest
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import Program
from casearc_web.casework import actions, queries
from casearc_web.casework.forms import KindForm, RulesForm, TemplateForm
from casearc_web.casework.models import CaseworkRules, ContactTemplate, ServiceKind
from casearc_web.drafts.queries import used
from casearc_web.records.base import Record
from casearc_web.records.changes import ConflictError
from casearc_web.records.history import as_opened
from casearc_web.records.words import in_words
from casearc_web.shell.conflict import is_answer, merged

AnyForm = KindForm | TemplateForm | RulesForm


def settings(request: StaffRequest) -> HttpResponseBase:
    """The catalog of services, and each program with its rules and templates."""
    by = request.asker
    programs = queries.programs_to_set(by=by)
    rules = queries.rules_of([program.pk for program in programs], by=by)
    templates = queries.templates(by=by, programs=programs, offered_only=False)
    rows = [
        {
            "program": program,
            "rules": rules.get(program.pk),
            "templates": [one for one in templates if one.program_id == program.pk],
        }
        for program in programs
    ]
    return render(request, "casework/settings.html", {"rows": rows, "kinds": queries.kinds(by=by)})


def kind(request: StaffRequest, kind: uuid.UUID | None = None) -> HttpResponseBase:
    """A kind of service, new or to be changed."""
    by = request.asker
    stored = find(by, Verb.SET_TEMPLATES, ServiceKind.objects.all(), kind) if kind else None
    form = KindForm(
        request.POST if request.method == "POST" else None,
        instance=copy(stored) if stored else ServiceKind(),
        initial={"version": stored.version if stored else None},
        taken=[one.code for one in queries.kinds(by=by)],
    )
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, _("Kind of service") if stored else _("Add a kind of service"))
    if stored is None:
        return _added(request, form, actions.add_kind, "kind-new")
    return _changed(request, form, actions.edit_kind, stored, {"kind": stored})


def template(request: StaffRequest, template: uuid.UUID | None = None) -> HttpResponseBase:
    """A template, new or to be changed."""
    by = request.asker
    own = ContactTemplate.objects.filter(program__in=queries.programs_to_set(by=by))
    stored = find(by, Verb.SET_TEMPLATES, own, template) if template else None
    form = TemplateForm(
        request.POST if request.method == "POST" else None,
        instance=copy(stored) if stored else ContactTemplate(),
        initial={"version": stored.version if stored else None},
        programs=queries.programs_to_set(by=by),
        kinds=queries.kinds(by=by),
    )
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, _("Template") if stored else _("Add a template"))
    if stored is None:
        return _added(request, form, actions.add_template, "template-new")
    return _changed(request, form, actions.edit_template, stored, {"template": stored})


def rules(request: StaffRequest, program: uuid.UUID) -> HttpResponseBase:
    """What one program asks of casework."""
    by = request.asker
    own = Program.objects.filter(pk__in=[one.pk for one in queries.programs_to_set(by=by)])
    found = find(by, Verb.SET_TEMPLATES, own, program)
    stored = queries.rules_of([found.pk], by=by).get(found.pk)
    form = RulesForm(
        request.POST if request.method == "POST" else None,
        instance=copy(stored) if stored else CaseworkRules(),
        initial={"version": stored.version if stored else 0},
    )
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, found.name)
    return _changed(request, form, actions.set_rules, stored, {"program": found})


def _page(request: StaffRequest, form: AnyForm, heading: str) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "casework/setting.html", {"form": form, "heading": heading}, status=status)


def _added(request: StaffRequest, form: KindForm | TemplateForm, add: Any, key: str) -> HttpResponseBase:
    by, submission, address = request.asker, form.cleaned_data["submission"], reverse("casework:settings")
    if led := used(by=by, submission=submission):
        return redirect(led)
    add(by=by, values=form.values(), sending=actions.Sending(key=key, submission=submission, address=address))
    messages.success(request, _("Saved."))
    return redirect(address)


def _changed(
    request: StaffRequest, form: AnyForm, change: Any, stored: Record | None, what: dict[str, Record]
) -> HttpResponseBase:
    """Write, or show both versions."""
    version, typed = form.cleaned_data["version"] or 0, form.values()
    values = typed
    if stored and is_answer(request.POST):
        values = merged(typed, {name: getattr(stored, name) for name in typed}, request.POST)
    try:
        change(by=request.asker, version=version, values=values, **what)
    except ConflictError as conflict:
        now = conflict.stored
        opened = as_opened(now, version)
        return two_versions(
            request,
            form=form,
            stored=now,
            mine=typed,
            saved={name: getattr(now, name) for name in typed},
            opened=None if opened is None else {name: getattr(opened, name) for name in typed},
            show=lambda name, value: in_words(type(now), name, value),
        )
    messages.success(request, _("Saved."))
    return redirect("casework:settings")
