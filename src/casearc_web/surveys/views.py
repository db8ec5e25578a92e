"""A client's administrations, and the sheet on which answers from paper are entered."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from casearc.errors import CasearcError
from casearc.instruments import Instrument, available, load
from casearc_web.access.decide import may, read, visible
from casearc_web.access.requests import StaffRequest
from casearc_web.access.verbs import Verb
from casearc_web.clients.pages import client_for, within
from casearc_web.drafts.queries import used
from casearc_web.enrollments.models import Enrollment
from casearc_web.surveys.actions import record_administration
from casearc_web.surveys.forms import AnswersForm
from casearc_web.surveys.models import Administration


def administrations(request: StaffRequest, client: uuid.UUID) -> HttpResponseBase:
    """What was given to a client, and how much of it was answered. Scores are for analysis and stand in reports."""
    by = request.asker
    person = client_for(by, Verb.VIEW_CASEWORK, client)
    given = read(by, Verb.VIEW_CASEWORK, Administration.objects.filter(enrollment__client=person))
    titles = {reference: load(reference).title for reference in available()}
    rows = [
        {"given": one, "title": titles.get(one.reference, one.reference), "answered": len(one.answers)} for one in given
    ]
    can_write = may(by, Verb.WRITE_CASEWORK)
    context = {"rows": rows, "instruments": sorted(titles.items()) if can_write else []}
    return within(request, person, "surveys/administrations.html", context)


def enter(request: StaffRequest, client: uuid.UUID, reference: str) -> HttpResponseBase:
    """Enter answers from paper for the client's open enrollment."""
    by = request.asker
    person = client_for(by, Verb.WRITE_CASEWORK, client)
    instrument = _instrument(reference)
    enrollment = visible(by, Verb.WRITE_CASEWORK, Enrollment.objects.filter(client=person)).first()
    if enrollment is None:
        raise Http404
    form = AnswersForm(request.POST or None, instrument=instrument, initial={"language": by.language})
    if request.method == "POST" and form.is_valid():
        return _record(request, form, enrollment, instrument)
    context = {"form": form, "instrument": instrument, "enrollment": enrollment, "slug": _slug(instrument)}
    return within(request, person, "surveys/enter.html", context, status=422 if form.errors else 200)


def _record(
    request: StaffRequest, form: AnswersForm, enrollment: Enrollment, instrument: Instrument
) -> HttpResponseBase:
    by, submission = request.asker, form.cleaned_data["submission"]
    before = used(by=by, submission=submission)
    if before is None:
        record_administration(
            by=by,
            enrollment=enrollment,
            instrument=instrument.id,
            variant=instrument.variant,
            on=form.cleaned_data["on"],
            mode=form.cleaned_data["mode"],
            language=form.cleaned_data["language"],
            wording_version=form.cleaned_data["wording_version"],
            answers=form.answers,
            reasons=form.reasons,
            submission=submission,
            draft=f"survey:{enrollment.pk}:{_slug(instrument)}",
        )
        messages.success(request, _("The answers are saved."))
    return redirect("surveys:administrations", client=enrollment.client_id)


def _slug(instrument: Instrument) -> str:
    """The instrument in a draft's key, which takes letters, digits and hyphens."""
    return instrument.reference.replace("_", "-").replace(":", "-")


def _instrument(reference: str) -> Instrument:
    if reference not in available():
        raise Http404
    try:
        return load(reference)
    except CasearcError as error:
        raise Http404 from error
