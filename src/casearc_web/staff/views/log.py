"""The agency's log."""

from __future__ import annotations

from django.http import HttpResponseBase, QueryDict
from django.shortcuts import render

from casearc_web.access.requests import StaffRequest
from casearc_web.audit.checks import last_check
from casearc_web.staff.forms import LogForm
from casearc_web.staff.log import agency_log


def log(request: StaffRequest) -> HttpResponseBase:
    """Who did what, the latest first."""
    by = request.asker
    form = LogForm(request.GET, by=by)
    logged = agency_log(by, form.wanted())
    rest: QueryDict = request.GET.copy()
    rest.pop("before", None)
    context = {"form": form, "logged": logged, "rest": rest.urlencode(), "check": last_check(by.agency_id)}
    return render(request, "staff/log.html", context)
