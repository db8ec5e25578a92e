"""Row exports: asked for, decided, taken away."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from casearc_web.access.decide import Denied, find, may, visible
from casearc_web.access.requests import StaffRequest
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import Agency
from casearc_web.analysis_export.actions import ask_for_rows, decide, take
from casearc_web.analysis_export.forms import RowExportForm
from casearc_web.analysis_export.models import RowExport
from casearc_web.records.changes import ConflictError


def exports(request: StaffRequest) -> HttpResponseBase:
    """Requests for rows, of those who ask and for those who decide."""
    by = request.asker
    asks = may(by, Verb.EXPORT_ROWS)
    verb = Verb.EXPORT_ROWS if asks else Verb.APPROVE_EXPORT
    rows = visible(by, verb, RowExport.objects.select_related("created_by", "decided_by"))
    if asks:
        rows = rows.filter(created_by_id=by.staff_id)
    allowed = Agency.objects.get(pk=by.agency_id).row_exports
    return render(request, "analysis_export/exports.html", {"rows": rows[:50], "asks": asks, "allowed": allowed})


def new_export(request: StaffRequest) -> HttpResponseBase:
    """Ask for rows."""
    by = request.asker
    form = RowExportForm(request.POST or None, by=by)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("programs", "evaluator", "study", "reason", "submission")}
        ask_for_rows(by=by, **values)
        messages.success(request, _("The request waits for a program director."))
        return redirect("analysis_export:exports")
    return render(request, "analysis_export/new.html", {"form": form}, status=422 if form.errors else 200)


def decide_export(request: StaffRequest, export: uuid.UUID) -> HttpResponseBase:
    """Approve or refuse somebody else's request."""
    by = request.asker
    found = find(by, Verb.APPROVE_EXPORT, RowExport.objects.select_related("created_by"), export)
    if request.method == "POST":
        try:
            decide(by=by, export=found, version=_version(request), approve=request.POST.get("decision") == "approve")
        except ConflictError:
            messages.warning(request, _("Somebody else decided meanwhile, or the page was old. Nothing was done."))
        return redirect("analysis_export:exports")
    return render(request, "analysis_export/decide.html", {"export": found})


def take_export(request: StaffRequest, export: uuid.UUID) -> HttpResponseBase:
    """Take the rows away, once."""
    by = request.asker
    found = find(by, Verb.EXPORT_ROWS, RowExport.objects.filter(created_by_id=by.staff_id), export)
    if request.method != "POST":
        if not found.can_be_taken:
            raise Denied(Verb.EXPORT_ROWS, kind=found._meta.label_lower, record_id=found.pk)
        return render(request, "analysis_export/take.html", {"export": found})
    answer = HttpResponse(take(by=by, export=found), content_type="application/zip")
    answer["Content-Disposition"] = 'attachment; filename="tables.zip"'
    return answer


def _version(request: StaffRequest) -> int:
    """The version that the page showed; 0, which no record has, where the form does not say."""
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() else 0
