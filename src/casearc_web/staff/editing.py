"""Editing one record of the agency's: the form, the version check, the page of two versions, writing exactly once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise

from casearc_web.access.conflicts import two_versions
from casearc_web.access.requests import StaffRequest
from casearc_web.drafts.saving import save_once
from casearc_web.records.changes import ConflictError
from casearc_web.records.history import as_opened
from casearc_web.shell.conflict import is_answer, merged
from casearc_web.staff.forms import SettingForm

Make = Callable[..., SettingForm]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is edited or made (`record` None), by which form, how it is written; `save` returns where that leads."""

    form: Make
    save: Callable[[int, dict[str, Any]], str]
    heading: str | Promise
    draft: str
    leads_to: str
    record: Any = field(default=None, repr=False)
    lead: str | Promise = ""
    template: str = "staff/edit.html"
    more: Mapping[str, Any] = field(default_factory=dict)


def edit_setting(request: StaffRequest, what: Setting) -> HttpResponseBase:
    """The form; or what comes of sending it."""
    if request.method != "POST":
        return _page(request, what, what.form(initial=_initial(what)))
    form = what.form(request.POST, initial=_initial(what))
    if form.is_valid():
        try:
            return _save(request, what, form)
        except ConflictError as conflict:
            return _two(request, form, conflict)
        except ValidationError as refused:
            form.add_error(None, refused)
    return _page(request, what, form)


def _initial(what: Setting) -> dict[str, Any]:
    if what.record is None:
        return {"version": 1}
    saved = what.form().saved(what.record)
    return {**saved, "version": what.record.version}


def _save(request: StaffRequest, what: Setting, form: SettingForm) -> HttpResponseBase:
    chosen = form.typed()
    if what.record is not None and is_answer(request.POST):
        chosen = merged(chosen, form.saved(what.record), request.POST)
    return save_once(
        request,
        key=what.draft,
        submission=form.cleaned_data["submission"],
        write=lambda: what.save(form.cleaned_data["version"], chosen),
    )


def _page(request: StaffRequest, what: Setting, form: SettingForm) -> HttpResponseBase:
    context = {"form": form, "edit": what, **what.more}
    return render(request, what.template, context, status=422 if form.errors else 200)


def _two(request: StaffRequest, form: SettingForm, conflict: ConflictError) -> HttpResponseBase:
    stored: Any = conflict.stored
    opened = as_opened(stored, form.cleaned_data["version"]) if hasattr(stored, "agency_id") else None
    return two_versions(
        request,
        form=form,
        stored=stored,
        mine=form.typed(),
        saved=form.saved(stored),
        opened=form.saved(opened) if opened else None,
        show=form.in_words,
    )
