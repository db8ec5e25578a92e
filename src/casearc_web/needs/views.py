"""Pages of needs assessments."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from casearc_web.access.asker import Asker
from casearc_web.access.conflicts import two_versions
from casearc_web.access.decide import may
from casearc_web.access.fields import hidden_fields
from casearc_web.access.requests import StaffRequest
from casearc_web.access.verbs import Verb
from casearc_web.clients.models import Client
from casearc_web.clients.pages import client_for, within
from casearc_web.drafts.saving import save_once
from casearc_web.enrollments.models import Enrollment
from casearc_web.needs import actions, queries
from casearc_web.needs.forms import NOTE, AssessmentForm, levels_of, show, values_of
from casearc_web.needs.levels import Level
from casearc_web.needs.models import NeedsAssessment
from casearc_web.needs.schedule import next_due
from casearc_web.needs.strip import lines, urgent
from casearc_web.records.changes import ConflictError
from casearc_web.records.history import as_opened
from casearc_web.shell.conflict import is_answer, merged

MOST = 12
"""Assessments shown side by side: about a year."""


def assessments(request: StaffRequest, client: uuid.UUID, enrollment: uuid.UUID | None = None) -> HttpResponseBase:
    """A stay's assessments side by side; without a stay, the open one or the last."""
    by = request.asker
    who = client_for(by, Verb.VIEW_CASEWORK, client)
    stays = queries.enrollments(by, who)
    chosen = queries.chosen(stays, enrollment)
    context = {
        "stays": stays,
        "stay": chosen,
        "may_write": may(by, Verb.WRITE_CASEWORK),
        **(_strip(request, chosen) if chosen else {}),
    }
    return within(request, who, "needs/assessments.html", context)


def _strip(request: StaffRequest, stay: Enrollment) -> dict[str, Any]:
    by = request.asker
    found = queries.of_enrollment(by, stay, most=MOST)
    first = queries.first_of(by, stay) if len(found) == MOST else next(reversed(found), None)
    substance_use = queries.sees_substance_use(by, stay)
    known = queries.domains(by.agency_id)
    last = found[0] if found else None
    return {
        "assessments": found,
        "first": first,
        "lines": lines(found, first, known, substance_use=substance_use),
        "urgent": urgent(last, known, substance_use=substance_use),
        "due_on": next_due(started_on=stay.started_on, exited_on=stay.exited_on, last=last.on if last else None),
        "today": timezone.localdate(),
        "levels": list(Level),
    }


def assessment(request: StaffRequest, client: uuid.UUID, assessment: uuid.UUID) -> HttpResponseBase:
    """One assessment with its notes."""
    by = request.asker
    who = client_for(by, Verb.VIEW_CASEWORK, client)
    found = queries.assessment_for(by, Verb.VIEW_CASEWORK, who, assessment)
    substance_use = queries.sees_substance_use(by, found.enrollment)
    words = _words(by)
    known = queries.domains(by.agency_id)
    shown = lines([found], None, known, substance_use=substance_use)
    values = values_of(found, known)
    answers = [(line, values[NOTE + line.domain.code] if words and not line.hidden else "") for line in shown]
    context = {"assessment": found, "answers": answers, "words": words, "may_write": may(by, Verb.WRITE_CASEWORK)}
    return within(request, who, "needs/assessment.html", context)


def assess(request: StaffRequest, client: uuid.UUID, enrollment: uuid.UUID) -> HttpResponseBase:
    """A new assessment of a stay. `?start=last` fills in the levels of last time."""
    by = request.asker
    who = client_for(by, Verb.WRITE_CASEWORK, client)
    stay = queries.enrollment_for(by, Verb.WRITE_CASEWORK, who, enrollment)
    asked = queries.asked(by.agency_id, substance_use=queries.sees_substance_use(by, stay))
    last = queries.before(by, stay)
    copied = levels_of(last, asked) if last and request.GET.get("start") == "last" else {}
    initial = {"on": timezone.localdate(), **copied}
    form = AssessmentForm(request.POST or None, domains=asked, last=last, words=_words(by), initial=initial)
    there = last if last and last.on == initial["on"] else None
    if form.is_valid():
        try:
            return _save_new(request, who, stay, form)
        except ValidationError as wrong:
            there = _of_day(by, stay, form.cleaned_data["on"])
            form.add_error(None, wrong)
    return _form_page(request, who, form, {"stay": stay, "copied": bool(copied), "there": there})


def _of_day(by: Asker, stay: Enrollment, day: date) -> NeedsAssessment | None:
    found = queries.before(by, stay, day + timedelta(days=1))
    return found if found and found.on == day else None


def _save_new(request: StaffRequest, who: Client, stay: Enrollment, form: AssessmentForm) -> HttpResponseBase:
    def write() -> str:
        actions.assess(by=request.asker, enrollment=stay, **form.content())
        return reverse("needs:of_enrollment", kwargs={"client": who.pk, "enrollment": stay.pk})

    submission = form.cleaned_data["submission"]
    answer = save_once(request, key=f"needs-new:{stay.pk}", submission=submission, write=write)
    messages.success(request, _("The needs assessment is saved."))
    return answer


def correct(request: StaffRequest, client: uuid.UUID, assessment: uuid.UUID) -> HttpResponseBase:
    """Change an assessment; where somebody else did so meanwhile, both versions."""
    by = request.asker
    who = client_for(by, Verb.WRITE_CASEWORK, client)
    found = queries.assessment_for(by, Verb.WRITE_CASEWORK, who, assessment)
    seen = queries.sees_substance_use(by, found.enrollment)
    known = [domain for domain in queries.domains(by.agency_id) if seen or not domain.substance_use]
    asked = [domain for domain in known if not domain.retired or found.answer(domain.code) is not None]
    last = queries.before(by, found.enrollment, found.on)
    initial = {**values_of(found, asked), "version": found.version}
    form = AssessmentForm(request.POST or None, domains=asked, last=last, words=_words(by), initial=initial)
    if form.is_valid():
        try:
            return _save_changed(request, who, found, form)
        except ConflictError as conflict:
            return _both(request, form, conflict)
        except ValidationError as wrong:
            form.add_error(None, wrong)
    return _form_page(request, who, form, {"assessment": found, "stay": found.enrollment})


def _save_changed(request: StaffRequest, who: Client, found: NeedsAssessment, form: AssessmentForm) -> HttpResponseBase:
    saved = values_of(found, form.domains, words=form.words)
    chosen = merged(form.typed(), saved, request.POST) if is_answer(request.POST) else form.typed()

    def write() -> str:
        version = form.cleaned_data["version"] or 0
        actions.correct(by=request.asker, assessment=found, version=version, **form.content(chosen))
        return reverse("needs:assessment", kwargs={"client": who.pk, "assessment": found.pk})

    submission = form.cleaned_data["submission"]
    answer = save_once(request, key=f"needs-edit:{found.pk}", submission=submission, write=write)
    messages.success(request, _("The needs assessment is saved."))
    return answer


def _both(request: StaffRequest, form: AssessmentForm, conflict: ConflictError) -> HttpResponse:
    stored = conflict.stored
    if not isinstance(stored, NeedsAssessment):
        raise TypeError("the conflict is about another kind of record")
    opened = as_opened(stored, form.cleaned_data["version"] or 0)
    return two_versions(
        request,
        form=form,
        stored=stored,
        mine=form.typed(),
        saved=values_of(stored, form.domains, words=form.words),
        opened=values_of(opened, form.domains, words=form.words) if opened else None,
        show=show,
    )


def _form_page(request: StaffRequest, who: Client, form: AssessmentForm, context: dict[str, Any]) -> HttpResponse:
    page = {"form": form, "last": form.last, "levels": list(Level), **context}
    return within(request, who, "needs/form.html", page, status=422 if form.errors else 200)


def _words(by: Asker) -> bool:
    """Whether somebody sees the words of an assessment, and not only its levels."""
    return "notes" not in hidden_fields(by, NeedsAssessment)
