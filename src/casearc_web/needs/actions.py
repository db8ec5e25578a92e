"""Writing needs assessments and an agency's domains."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from casearc_web.access.actions import action, amend, store
from casearc_web.access.asker import Asker
from casearc_web.access.decide import Denied
from casearc_web.access.verbs import Verb
from casearc_web.enrollments.models import Enrollment
from casearc_web.needs.levels import Level
from casearc_web.needs.models import DomainSetting, NeedsAssessment
from casearc_web.needs.queries import domains, sees_substance_use
from casearc_web.records.base import MissingReason

Answers = Mapping[str, int | str | None]
"""By domain: a level, a reason why there is none, or None to leave it empty."""


@action(Verb.WRITE_CASEWORK)
def assess(
    *,
    by: Asker,
    enrollment: Enrollment,
    on: date,
    answers: Answers,
    notes: Mapping[str, str] = MappingProxyType({}),
    strengths: str = "",
) -> NeedsAssessment:
    """Store an assessment. Any domain may be left out."""
    check_day(enrollment, on)
    _check_free(enrollment, on)
    blank = NeedsAssessment(enrollment=enrollment, on=on, strengths=strengths)
    for name, value in _sorted_out(by, blank, answers, notes).items():
        setattr(blank, name, value)
    return store(blank, by=by)


@action(Verb.WRITE_CASEWORK)
def correct(
    *,
    by: Asker,
    assessment: NeedsAssessment,
    version: int,
    on: date,
    answers: Answers,
    notes: Mapping[str, str] = MappingProxyType({}),
    strengths: str | None = None,
) -> NeedsAssessment:
    """Change an assessment. Domains that are not among the answers keep theirs; without `strengths` they stay.

    Raises
    ------
    ConflictError
        Somebody else changed it meanwhile.
    """
    check_day(assessment.enrollment, on)
    _check_free(assessment.enrollment, on, but=assessment)
    values = {"on": on, **_sorted_out(by, assessment, answers, notes)}
    if strengths is not None:
        values["strengths"] = strengths
    return amend(assessment, by=by, version=version, values=values)


@action(Verb.MANAGE_AGENCY)
def add_domain(*, by: Asker, values: Mapping[str, Any]) -> DomainSetting:
    """Add a domain of the agency's own, or a first change to one of ours."""
    by.trail.say(f"domain {values['code']}")
    if DomainSetting.objects.filter(agency_id=by.agency_id, code=values["code"]).exists():
        raise ValidationError(_("There is a domain with this code already."))
    return store(DomainSetting(**values), by=by)


@action(Verb.MANAGE_AGENCY)
def change_domain(*, by: Asker, setting: DomainSetting, version: int, values: Mapping[str, Any]) -> DomainSetting:
    """Rename, move, retire or take up again. Code and substance use stay as they were: answers lie apart by them."""
    kept = {name: value for name, value in values.items() if name not in {"code", "is_substance_use"}}
    return amend(setting, by=by, version=version, values=kept)


def check_day(enrollment: Enrollment, on: date) -> None:
    """ValidationError where an assessment cannot be of that day."""
    if on > timezone.localdate():
        raise ValidationError({"on": _("This day has not come yet.")})
    if on < enrollment.started_on:
        raise ValidationError({"on": _("The enrollment began later. Choose a day from its start on.")})
    if enrollment.exited_on and on > enrollment.exited_on:
        raise ValidationError({"on": _("The enrollment had ended. Choose a day up to its exit.")})


def _check_free(enrollment: Enrollment, on: date, but: NeedsAssessment | None = None) -> None:
    others = NeedsAssessment.objects.filter(enrollment=enrollment, on=on)
    if (others.exclude(pk=but.pk) if but else others).exists():
        raise ValidationError({"on": _("There is a needs assessment of this day already. Change that one.")})


def _sorted_out(by: Asker, assessment: NeedsAssessment, answers: Answers, notes: Mapping[str, str]) -> dict[str, Any]:
    """The fields to write: domains of substance use apart from the others, and only by those who see them."""
    known = {domain.code: domain.substance_use for domain in domains(by.agency_id)}
    apart = {code for code, substance_use in known.items() if substance_use}
    if apart & (answers.keys() | notes.keys()) and not sees_substance_use(by, assessment.enrollment):
        raise Denied(Verb.VIEW_SUBSTANCE_USE, kind=assessment._meta.label_lower, record_id=assessment.pk)
    if (answers.keys() | notes.keys()) - known.keys():
        raise ValidationError(_("A domain is not known here."))
    if not all(_is_answer(answer) for answer in answers.values()):
        raise ValidationError(_("A level is 0 to 4, or there is a reason why there is none."))
    values = {
        "answers": _filled(assessment.answers, {code: v for code, v in answers.items() if code not in apart}),
        "notes": _filled(assessment.notes, {code: v for code, v in notes.items() if code not in apart}),
    }
    asked = apart & (answers.keys() | notes.keys())
    if not asked:
        return values
    entries = {code: _entry(answers.get(code), notes.get(code, "")) for code in asked}
    return {**values, "substance_use": _filled(assessment.substance_use, entries)}


def _filled(stored: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**stored, **given}
    return {code: value for code, value in merged.items() if value not in (None, "", {})}


def _entry(answer: int | str | None, note: str) -> dict[str, Any]:
    return _filled({}, {"answer": answer, "note": note})


def _is_answer(answer: int | str | None) -> bool:
    return answer is None or answer in Level.values or answer in MissingReason.values
