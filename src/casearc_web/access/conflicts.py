"""The page of two versions, for any record: what somebody typed, what somebody else saved meanwhile, and the choice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from casearc_web.access.requests import StaffRequest
from casearc_web.records.base import Record
from casearc_web.shell.conflict import MINE, SAVED, Conflict, Difference, typed_in

Values = Mapping[str, Any]


def two_versions(
    request: StaffRequest,
    *,
    form: forms.BaseForm,
    stored: Record,
    mine: Values,
    saved: Values,
    opened: Values | None,
    show: Callable[[str, Any], str],
) -> HttpResponse:
    """Status 409. `mine`, `saved` and `opened` (before either changed it, where known) go by the form's field names.

    `show` says a value in words. Where the reader left a field as it was opened, the saved version is chosen to begin
    with.
    """
    differences = tuple(
        Difference(
            name=name,
            label=str(form.fields[name].label),
            mine=show(name, typed),
            saved=show(name, saved[name]),
            prefer=SAVED if opened is not None and opened.get(name) == typed else MINE,
        )
        for name, typed in mine.items()
        if name in saved and typed != saved[name]
    )
    conflict = Conflict(
        differences=differences,
        typed=typed_in(request.POST),
        version=stored.version,
        saved_by=stored.changed_by.name if stored.changed_by else "",
        saved_at=stored.changed_at,
    )
    return render(request, "shell/conflict.html", {"conflict": conflict}, status=409)
