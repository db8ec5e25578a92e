"""The start page: the caseload for those who have one, and for the others what they do here."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate

from casearc_web.access.asker import Asker
from casearc_web.access.decide import may
from casearc_web.access.requests import StaffRequest
from casearc_web.access.roles import Reach
from casearc_web.access.verbs import Verb
from casearc_web.enrollments import caseload
from casearc_web.enrollments.forms import FilterForm
from casearc_web.enrollments.home import parts_for, row_links


def home(request: StaffRequest) -> HttpResponseBase:
    """Where everybody arrives."""
    by = request.asker
    if not may(by, Verb.VIEW_CASEWORK):
        return render(request, "enrollments/home.html", {"parts": parts_for(by)})
    wanted = _wanted(request)
    own = caseload.look_up(by, wanted)
    listed = caseload.caseload(by, own, when=wanted.when, page=request.GET.get("page", 1))
    context = {"listed": listed, "parts": parts_for(by), "links": row_links(by), **_choices(by, wanted, own)}
    return render(request, "enrollments/caseload.html", context)


def due(request: StaffRequest) -> HttpResponseBase:
    """What is due, over all clients of the asker's."""
    by, wanted = request.asker, _wanted(request)
    own = caseload.look_up(by, wanted)
    page, items = caseload.due_soon(by, own, request.GET.get("page", 1))
    whole = own.rows is not None
    context = {"page": page, "items": items, "whole": whole, "today": localdate(), **_choices(by, wanted, own)}
    return render(request, "enrollments/due.html", context)


def _wanted(request: StaffRequest) -> caseload.Wanted:
    chosen = FilterForm(request.GET).chosen()
    return caseload.Wanted(**chosen)  # type: ignore[arg-type]  # the form knows which is which


def _choices(by: Asker, wanted: caseload.Wanted, own: caseload.Own) -> dict[str, object]:
    """What the filters offer; where somebody answers for others, how many each of them has."""
    return {
        "wanted": wanted,
        "over_others": by.reach(Verb.VIEW_CASEWORK) >= Reach.TEAM,
        "programs": own.programs,
        "managers": own.managers,
        "everything": own.everything,
    }
