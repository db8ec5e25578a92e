"""Editing one record of a client: the page, the version check, the page of two versions, and writing exactly once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponseBase
from django.utils.functional import Promise

from casearc_web.access.conflicts import two_versions
from casearc_web.access.requests import StaffRequest
from casearc_web.clients.forms import RecordForm
from casearc_web.clients.models import Client
from casearc_web.clients.pages import within
from casearc_web.drafts.saving import save_once
from casearc_web.records.base import Record
from casearc_web.records.changes import ConflictError
from casearc_web.records.history import as_opened
from casearc_web.shell.conflict import is_answer, merged


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What is edited, by which form, how it is written (`save` takes version and values) and where that leads."""

    record: Record = field(repr=False)
    form: type[RecordForm]
    save: Callable[[int, dict[str, Any]], object]
    heading: str | Promise
    draft: str
    leads_to: str
    lead: str | Promise = ""
    template: str = "clients/edit.html"


def edit(request: StaffRequest, client: Client, what: Edit) -> HttpResponseBase:
    """The form; or what comes of sending it."""
    if request.method != "POST":
        initial = {**what.form.saved(what.record), "version": what.record.version}
        return _page(request, client, what, what.form(initial=initial))
    form = what.form(request.POST)
    if not form.is_valid():
        return _page(request, client, what, form)
    saved = what.form.saved(what.record)
    chosen = merged(form.typed(), saved, request.POST) if is_answer(request.POST) else form.typed()
    try:
        return save_once(
            request,
            key=f"{what.draft}:{what.record.pk}",
            submission=form.cleaned_data["submission"],
            write=lambda: _write(what, form, chosen),
        )
    except ConflictError as conflict:
        return _two(request, what, form, conflict.stored)


def _write(what: Edit, form: RecordForm, chosen: dict[str, Any]) -> str:
    what.save(form.cleaned_data["version"], what.form.values(chosen, what.record))
    return what.leads_to


def _page(request: StaffRequest, client: Client, what: Edit, form: RecordForm) -> HttpResponseBase:
    context = {"form": form, "edit": what, "draft_name": what.draft, "draft_id": what.record.pk}
    return within(request, client, what.template, context)


def _two(request: StaffRequest, what: Edit, form: RecordForm, stored: Record) -> HttpResponseBase:
    opened = as_opened(stored, form.cleaned_data["version"])
    return two_versions(
        request,
        form=form,
        stored=stored,
        mine=form.typed(),
        saved=what.form.saved(stored),
        opened=what.form.saved(opened) if opened else None,
        show=what.form.in_words,
    )
