"""Contacts, services, needs, goals and measures of the made-up program."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl

from casearc_web.agencies.models import Agency, StaffMember
from casearc_web.casework.models import Contact, ServiceDelivered, ServiceKind
from casearc_web.demo.moments import Moments
from casearc_web.enrollments.models import Enrollment
from casearc_web.goals.models import Goal, SupportPlan
from casearc_web.imports import codes
from casearc_web.needs.models import NeedsAssessment
from casearc_web.surveys.models import Administration

_BATCH = 1_000
_NOTE = "Made-up note. We talked about the week and agreed on the next step."
_WORDS = {
    "safety": "I want to know where to go when I do not feel safe.",
    "housing": "I want a place of my own that lasts.",
    "physical_health": "I want to see a doctor I trust.",
    "work_money": "I want to earn my own money.",
    "family": "I want to talk with my family again.",
    "education": "I want to finish school.",
}


def make(
    agency: Agency,
    staff: Mapping[str, StaffMember],
    tables: Mapping[str, pl.DataFrame],
    stays: Mapping[str, Enrollment],
    moments: Moments,
) -> None:
    """Everything that was done."""
    kinds = _kinds(agency)
    contacts = _contacts(agency, staff, tables["contacts"], stays, moments)
    _services(agency, tables["services"], contacts, kinds, moments)
    _needs(agency, tables["needs"], stays, moments)
    _goals(agency, tables["goals"], stays, moments)
    _plans(agency, stays.values())
    _measures(agency, tables, stays, moments)


def _kinds(agency: Agency) -> dict[str, ServiceKind]:
    found = {kind.code: kind for kind in ServiceKind.objects.filter(agency=agency)}
    for code, (english, spanish, category) in codes.SERVICES.items():
        if code not in found:
            unit = "times" if code in codes.COUNTED_IN_TIMES else "minutes"
            found[code] = ServiceKind.objects.create(
                agency=agency, code=code, name_en=english, name_es=spanish, category=category, unit=unit
            )
    return found


def _contacts(
    agency: Agency,
    staff: Mapping[str, StaffMember],
    table: pl.DataFrame,
    stays: Mapping[str, Enrollment],
    moments: Moments,
) -> dict[tuple[str, date], list[Contact]]:
    """Contacts by enrollment and day."""
    by_day: dict[tuple[str, date], list[Contact]] = defaultdict(list)
    for row in table.iter_rows(named=True):
        on = moments.on(row["enrollment_id"], row["day"])
        if on is None:
            continue
        completed = row["outcome"] == "completed"
        contact = Contact(
            agency=agency,
            enrollment=stays[row["enrollment_id"]],
            on=on,
            contact_type=row["contact_type"],
            outcome=row["outcome"],
            minutes=None if row["minutes"] is None else int(row["minutes"]),
            medium=row["medium"] or "",
            note=_NOTE if completed else "",
            staff=staff[row["staff_id"]],
            created_by=staff[row["staff_id"]],
            created_at=moments.evening(on),
        )
        by_day[row["enrollment_id"], on].append(contact)
    every = [contact for same in by_day.values() for contact in same]
    Contact.objects.bulk_create(every, batch_size=_BATCH)
    return by_day


def _services(
    agency: Agency,
    table: pl.DataFrame,
    contacts: Mapping[tuple[str, date], list[Contact]],
    kinds: Mapping[str, ServiceKind],
    moments: Moments,
) -> None:
    delivered, taken = [], set()
    for row in table.iter_rows(named=True):
        on = moments.on(row["enrollment_id"], row["day"])
        if on is None:
            continue
        kind = kinds[row["service_code"]]
        same_day = [c for c in contacts[row["enrollment_id"], on] if c.outcome == "completed"]
        contact = next(c for c in same_day if (c.pk, kind.pk) not in taken)
        taken.add((contact.pk, kind.pk))
        hours = row["unit"] == "hours"
        quantity = row["quantity"] * codes.MINUTES_AN_HOUR if hours else row["quantity"]
        delivered.append(
            ServiceDelivered(
                agency=agency,
                contact=contact,
                kind=kind,
                quantity=f"{quantity:.2f}",
                unit="minutes" if hours else "times",
                created_by=contact.created_by,
            )
        )
    ServiceDelivered.objects.bulk_create(delivered, batch_size=_BATCH)


def _needs(agency: Agency, table: pl.DataFrame, stays: Mapping[str, Enrollment], moments: Moments) -> None:
    answers: dict[tuple[str, date], dict[str, int]] = defaultdict(dict)
    for row in table.iter_rows(named=True):
        on = moments.on(row["enrollment_id"], row["day"])
        if on is not None:
            answers[row["enrollment_id"], on][codes.DOMAIN[row["domain"]]] = int(row["level"])
    NeedsAssessment.objects.bulk_create(
        (
            NeedsAssessment(
                agency=agency, enrollment=stays[stay], on=on, answers=levels, created_by=stays[stay].created_by
            )
            for (stay, on), levels in answers.items()
        ),
        batch_size=_BATCH,
    )


def _goals(agency: Agency, table: pl.DataFrame, stays: Mapping[str, Enrollment], moments: Moments) -> None:
    goals = [
        _goal(agency, stays[row["enrollment_id"]], row, moments, opened)
        for row in table.iter_rows(named=True)
        if (opened := moments.on(row["enrollment_id"], row["opened_day"])) is not None
    ]
    Goal.objects.bulk_create(goals, batch_size=_BATCH)


def _plans(agency: Agency, stays: Iterable[Enrollment]) -> None:
    """A support plan for everybody, agreed on two weeks after the start."""
    SupportPlan.objects.bulk_create(
        SupportPlan(
            agency=agency,
            enrollment=stay,
            opened_on=stay.started_on,
            wishes="I want to decide about my own life.",
            agreed_on=stay.started_on + timedelta(days=14),
            agreed_how="in_person",
            created_by=stay.created_by,
        )
        for stay in stays
    )


def _goal(agency: Agency, stay: Enrollment, row: Mapping[str, Any], moments: Moments, opened: date) -> Goal:
    closed = moments.on(row["enrollment_id"], row["closed_day"])
    domain = codes.DOMAIN[row["domain"]]
    return Goal(
        agency=agency,
        enrollment=stay,
        domain=domain,
        words=_WORDS[domain],
        opened_on=opened,
        closed_on=closed,
        status=row["status"] if closed else "open",
        rating=row["rating"] if closed else None,
        created_by=stay.created_by,
    )


def _measures(
    agency: Agency, tables: Mapping[str, pl.DataFrame], stays: Mapping[str, Enrollment], moments: Moments
) -> None:
    answers: dict[str, dict[str, int]] = defaultdict(dict)
    reasons: dict[str, dict[str, str]] = defaultdict(dict)
    for row in tables["responses"].iter_rows(named=True):
        item = row["item"].rpartition("_")[2]
        if row["response"] is not None:
            answers[row["administration_id"]][item] = int(row["response"])
        elif row["missing_reason"]:
            reasons[row["administration_id"]][item] = row["missing_reason"]
    given = [
        Administration(
            agency=agency,
            enrollment=stays[row["enrollment_id"]],
            instrument=row["instrument"],
            variant=row["variant"] or "",
            wording_version=row["version"] or "",
            language=row["language"] or "en",
            mode=row["mode"],
            on=on,
            answers=answers[row["administration_id"]],
            reasons=reasons[row["administration_id"]],
            created_by=stays[row["enrollment_id"]].created_by,
        )
        for row in tables["administrations"].iter_rows(named=True)
        if (on := moments.on(row["enrollment_id"], row["day"])) is not None
    ]
    Administration.objects.bulk_create(given, batch_size=_BATCH)
