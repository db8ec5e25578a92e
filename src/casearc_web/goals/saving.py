"""What every form of this app does once it is valid: write once, or show both versions, or say what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseBase, HttpResponseRedirect
from django.utils.functional import Promise

from casearc_web.access.conflicts import two_versions
from casearc_web.access.requests import StaffRequest
from casearc_web.drafts.saving import save_once
from casearc_web.goals.forms import Versioned, shower
from casearc_web.records.base import Record
from casearc_web.records.changes import ConflictError
from casearc_web.records.history import as_opened
from casearc_web.shell.conflict import SAVED, is_answer, merged

Values = Mapping[str, Any]


def save(
    request: StaffRequest,
    form: Versioned,
    *,
    key: str,
    to: str,
    said: str | Promise,
    write: Callable[[dict[str, Any]], object],
    record: Record | None = None,
    values: Callable[[Any], Values] | None = None,
) -> HttpResponseBase | None:
    """The answer to a valid form; None where it turned out not to be, and the form now says why.

    `write` gets what was typed, or what was chosen on the page of two versions. `record` and `values` (its values by
    the form's fields) are what somebody else may have changed meanwhile.
    """
    typed = form.typed()
    if record is not None and values is not None and is_answer(request.POST):
        if request.POST.get("keep") == SAVED:
            return HttpResponseRedirect(to)
        saved = values(record)
        own = {name: value for name, value in typed.items() if name in saved}
        typed = {**typed, **merged(own, saved, request.POST)}

    def written() -> str:
        write(typed)
        return to

    try:
        answer = save_once(request, key=key, submission=form.cleaned_data["submission"], write=written)
    except ConflictError as conflict:
        return _both(request, form, conflict, values)
    except ValidationError as wrong:
        form.add_error(None, wrong)
        return None
    messages.success(request, str(said))
    return answer


def _both(
    request: StaffRequest, form: Versioned, conflict: ConflictError, values: Callable[[Any], Values] | None
) -> HttpResponseBase:
    if values is None:
        raise conflict
    opened = as_opened(conflict.stored, form.edited)
    return two_versions(
        request,
        form=form,
        stored=conflict.stored,
        mine=form.typed(),
        saved=values(conflict.stored),
        opened=values(opened) if opened else None,
        show=shower(form),
    )
