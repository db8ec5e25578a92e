"""Reading needs assessments and domains. What is under 42 CFR Part 2 is asked for apart, record by record."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import get_language

from casearc_web.access.asker import Asker
from casearc_web.access.decide import Denied, find, may, note, read, visible
from casearc_web.access.verbs import Verb
from casearc_web.clients.models import Client
from casearc_web.enrollments.facts import brought_along
from casearc_web.enrollments.models import Enrollment
from casearc_web.needs.levels import DEFAULT_DOMAINS, Domain
from casearc_web.needs.models import DomainSetting, NeedsAssessment
from casearc_web.records.among import among


def domains(agency_id: uuid.UUID) -> tuple[Domain, ...]:
    """An agency's domains in order, retired ones included: ours, as it changed them, and its own."""
    found = {domain.code: domain for domain in DEFAULT_DOMAINS}
    for setting in DomainSetting.objects.filter(agency_id=agency_id):
        found[setting.code] = _changed(found.get(setting.code), setting)
    return tuple(sorted(found.values(), key=lambda domain: (domain.order, domain.code)))


def asked(agency_id: uuid.UUID, *, substance_use: bool) -> tuple[Domain, ...]:
    """The domains to ask about, those of substance use only where they may be seen."""
    return tuple(
        domain for domain in domains(agency_id) if not domain.retired and (substance_use or not domain.substance_use)
    )


def enrollments(by: Asker, client: Client) -> list[Enrollment]:
    """The stays of a client whose casework may be seen, open ones first, then the newest; read once a page."""

    def ask() -> list[Enrollment]:
        own = Enrollment.objects.filter(client_id=client.pk).select_related("program", *brought_along())
        found = read(by, Verb.VIEW_CASEWORK, own)
        return sorted(found, key=lambda stay: (stay.is_open, stay.started_on), reverse=True)

    return by.known.once(("stays", client.pk), ask)


def chosen(stays: Sequence[Enrollment], enrollment_id: uuid.UUID | None) -> Enrollment | None:
    """One of the stays that may be seen, by id; without an id the first, where there is one."""
    if enrollment_id is None:
        return next(iter(stays), None)
    found = next((stay for stay in stays if stay.pk == enrollment_id), None)
    if found is None:
        raise Denied(Verb.VIEW_CASEWORK, kind=Enrollment._meta.label_lower, record_id=enrollment_id)
    return found


def enrollment_for(by: Asker, verb: Verb, client: Client, enrollment_id: uuid.UUID) -> Enrollment:
    """One stay of this very client."""
    return find(by, verb, Enrollment.objects.filter(client_id=client.pk).select_related("program"), enrollment_id)


def assessment_for(by: Asker, verb: Verb, client: Client, assessment_id: uuid.UUID) -> NeedsAssessment:
    """One assessment of this very client."""
    return find(by, verb, _assessments().filter(enrollment__client_id=client.pk), assessment_id)


def of_enrollment(by: Asker, enrollment: Enrollment, *, most: int | None = None) -> list[NeedsAssessment]:
    """A stay's assessments, the newest first."""
    return read(by, Verb.VIEW_CASEWORK, _assessments().filter(enrollment_id=enrollment.pk).order_by("-on"), most=most)


def first_of(by: Asker, enrollment: Enrollment) -> NeedsAssessment | None:
    """A stay's first assessment, which change is counted from."""
    found = visible(by, Verb.VIEW_CASEWORK, _assessments().filter(enrollment_id=enrollment.pk)).order_by("on").first()
    note(by, [found] if found else [])
    return found


def before(by: Asker, enrollment: Enrollment, day: date | None = None) -> NeedsAssessment | None:
    """A stay's last assessment, or the last before a day."""
    own = _assessments().filter(enrollment_id=enrollment.pk, **({"on__lt": day} if day else {}))
    found = visible(by, Verb.VIEW_CASEWORK, own).order_by("-on").first()
    note(by, [found] if found else [])
    return found


def sees_substance_use(by: Asker, enrollment: Enrollment) -> bool:
    """Whether somebody sees the substance use of a stay whose casework they see. Broken glass does not open it."""
    if not may(by, Verb.VIEW_SUBSTANCE_USE):
        return False
    if enrollment.client_id not in by.opened and by.reach(Verb.VIEW_SUBSTANCE_USE) == by.reach(Verb.VIEW_CASEWORK):
        return True
    return visible(by, Verb.VIEW_SUBSTANCE_USE, Enrollment.objects.filter(pk=enrollment.pk)).exists()


def last_days(by: Asker, enrollment_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, date]:
    """The day of each stay's last assessment; one question, however many stays."""
    own = visible(by, Verb.VIEW_CASEWORK, NeedsAssessment.objects.filter(among("enrollment_id", enrollment_ids)))
    return dict(own.order_by().values("enrollment_id").annotate(last=Max("on")).values_list("enrollment_id", "last"))


def settings_of(by: Asker) -> QuerySet[DomainSetting]:
    """The agency's changes to the domains."""
    return visible(by, Verb.MANAGE_AGENCY, DomainSetting.objects.all())


def rows_for_export(enrollments: QuerySet[Enrollment] | Sequence[Enrollment]) -> list[dict[str, Any]]:
    """One row a domain answered: codes and days, never words. The caller has the authorization to read them.

    `substance_use` marks rows that need an authorization under 42 CFR Part 2 as well. `level` is None where a reason
    stands in its place.
    """
    rows = []
    found = NeedsAssessment.objects.filter(enrollment__in=enrollments).order_by("enrollment_id", "on")
    for assessment in found.defer("notes", "strengths").iterator(chunk_size=2000):
        apart = {code: entry.get("answer") for code, entry in assessment.substance_use.items()}
        for code, answer in [*assessment.answers.items(), *apart.items()]:
            if answer is not None:
                rows.append(_row(assessment, code, answer, substance_use=code in apart))
    return rows


def _row(assessment: NeedsAssessment, code: str, answer: int | str, *, substance_use: bool) -> dict[str, Any]:
    level = answer if isinstance(answer, int) else None
    return {
        "enrollment_id": assessment.enrollment_id,
        "on": assessment.on,
        "domain": code,
        "level": level,
        "missing_reason": "" if level is not None else str(answer),
        "substance_use": substance_use,
    }


def _assessments() -> QuerySet[NeedsAssessment]:
    return NeedsAssessment.objects.select_related("enrollment", "created_by", "changed_by")


def _changed(domain: Domain | None, setting: DomainSetting) -> Domain:
    """A domain of ours as an agency changed it, or one of its own."""
    spanish = (get_language() or "").startswith("es")
    return Domain(
        code=setting.code,
        name=setting.name_es if spanish else setting.name_en,
        covers=domain.covers if domain else "",
        order=setting.order,
        substance_use=setting.is_substance_use or bool(domain and domain.substance_use),
        retired=setting.is_retired,
    )
