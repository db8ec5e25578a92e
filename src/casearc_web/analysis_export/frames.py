"""The contract's tables from records: clients become participants, dates days, people pseudonyms; words stay behind."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from casearc_web.analysis_export.permitted import Permitted
from casearc_web.analysis_export.pseudonyms import Pseudonyms
from casearc_web.casework import queries as casework
from casearc_web.clients.models import VictimizationProfile
from casearc_web.consent.codes import Category
from casearc_web.enrollments.models import Enrollment
from casearc_web.goals import queries as goals
from casearc_web.needs import queries as needs
from casearc_web.records.among import among
from casearc_web.surveys.models import Administration

_FIRST_START = date(2000, 1, 1)
"""Every participant's first enrollment begins here: the order of enrollments is kept, the calendar is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stays:
    """The enrollments to be exported, in order of their start, and what of their clients may be read."""

    names: Pseudonyms
    enrollments: Sequence[Enrollment]
    permitted: Permitted

    @property
    def starts(self) -> Mapping[uuid.UUID, date]:
        """When each enrollment began."""
        return {stay.pk: stay.started_on for stay in self.enrollments}

    @property
    def clients(self) -> Mapping[uuid.UUID, uuid.UUID]:
        """Whose each enrollment is."""
        return {stay.pk: stay.client_id for stay in self.enrollments}

    def of(self, category: Category) -> list[uuid.UUID]:
        """The enrollments of clients who agreed to this category."""
        return [stay.pk for stay in self.enrollments if self.permitted.allows(category, stay.client_id)]

    def hides(self, row: Mapping[str, Any]) -> bool:
        """Whether a row is about substance use and its client has no authorization for that (42 CFR Part 2)."""
        client = self.clients[row["enrollment_id"]]
        return bool(row["substance_use"]) and not self.permitted.allows(Category.SUBSTANCE_USE, client)

    def day(self, enrollment_id: uuid.UUID, on: date | None) -> int | None:
        """Days since the enrollment's start."""
        return None if on is None else (on - self.starts[enrollment_id]).days


def frames(stays: Stays) -> dict[str, pl.DataFrame]:
    """All tables by the contract's names."""
    contacts, services = _contacts(stays)
    administrations, responses = _measures(stays)
    return {
        "participants": _participants(stays),
        "enrollments": _enrollments(stays),
        "contacts": contacts,
        "services": services,
        "goals": _goals(stays),
        "needs": _needs(stays),
        "administrations": administrations,
        "responses": responses,
    }


def _participants(stays: Stays) -> pl.DataFrame:
    profiles = {
        profile.client_id: profile
        for profile in VictimizationProfile.objects.filter(among("client_id", stays.clients.values()))
    }
    first = {stay.client_id: stay for stay in reversed(stays.enrollments)}
    rows = [
        (
            stays.names.of("P", client),
            *(_described(stay) if stays.permitted.allows(Category.DEMOGRAPHICS, client) else _NOT_DESCRIBED),
            *_victimization(profiles.get(client) if stays.permitted.allows(Category.VICTIMIZATION, client) else None),
        )
        for client, stay in first.items()
    ]
    return _frame("participants", rows)


_NOT_DESCRIBED = (None,) * 6


def _described(stay: Enrollment) -> tuple[object, ...]:
    client = stay.client
    return (
        None if stay.age_at_start is None else float(stay.age_at_start),
        *(client.gender or None, _several(client.race_ethnicity), client.language or None),
        *(client.education or None, client.housing or None),
    )


def _victimization(profile: VictimizationProfile | None) -> tuple[object, ...]:
    if profile is None:
        return (None,) * 4
    return (
        profile.trafficking_status or None,
        None if profile.screening_score is None else float(profile.screening_score),
        *(_several(profile.exploitation_types), _several(profile.victimization_types)),
    )


def _enrollments(stays: Stays) -> pl.DataFrame:
    first: dict[uuid.UUID, date] = {}
    rows = []
    for stay in stays.enrollments:
        begin = first.setdefault(stay.client_id, stay.started_on)
        lead = next((member.staff.code for member in stay.care_team.all() if member.part == "lead"), None)
        rows.append(
            (
                *(stays.names.of("E", stay.pk), stays.names.of("P", stay.client_id)),
                *(stay.program.code, stay.site.code if stay.site else None, lead),
                _FIRST_START + timedelta(days=(stay.started_on - begin).days),
                *(stays.day(stay.pk, stay.first_service_on), stays.day(stay.pk, stay.exited_on)),
                stay.exit_reason or None,
            )
        )
    return _frame("enrollments", rows)


def _contacts(stays: Stays) -> tuple[pl.DataFrame, pl.DataFrame]:
    contacts, services, names = [], [], stays.names
    starts, own = stays.starts, {key: names.of("E", key) for key in stays.starts}
    for row in casework.rows_for_export(Enrollment.objects.filter(among("pk", starts))):
        stay, day = own[row.enrollment_id], (row.on - starts[row.enrollment_id]).days
        code = (row.contact_type, row.outcome, row.minutes, row.medium or None, row.staff_code)
        contacts.append((names.of("C", row.contact_id), stay, day, *code))
        services += [(stay, day, service.code, float(service.quantity), service.unit) for service in row.services]
    return _frame("contacts", contacts), _frame("services", services)


def _goals(stays: Stays) -> pl.DataFrame:
    rows = []
    for row in goals.rows_for_export(Enrollment.objects.filter(among("pk", stays.of(Category.GOALS)))):
        stay = row["enrollment_id"]
        if stays.hides(row):
            continue
        rows.append(
            (
                *(stays.names.of("G", row["goal_id"]), stays.names.of("E", stay), row["domain"]),
                *(stays.day(stay, row["opened_on"]), stays.day(stay, row["closed_on"]), row["status"], row["rating"]),
            )
        )
    return _frame("goals", rows)


def _needs(stays: Stays) -> pl.DataFrame:
    rows = []
    for row in needs.rows_for_export(Enrollment.objects.filter(among("pk", stays.of(Category.GOALS)))):
        stay = row["enrollment_id"]
        if row["level"] is not None and not stays.hides(row):
            rows.append((stays.names.of("E", stay), stays.day(stay, row["on"]), row["domain"], str(row["level"])))
    return _frame("needs", rows)


def _measures(stays: Stays) -> tuple[pl.DataFrame, pl.DataFrame]:
    given: list[tuple[object, ...]] = []
    answered: list[tuple[object, ...]] = []
    own = Administration.objects.filter(among("enrollment_id", stays.of(Category.MEASURES)))
    for one in own.order_by("enrollment_id", "on", "pk").iterator(chunk_size=2_000):
        key = stays.names.of("A", one.pk)
        kind = (one.instrument, one.variant or None, one.wording_version or None, one.language, one.mode)
        given.append((key, stays.names.of("E", one.enrollment_id), *kind, stays.day(one.enrollment_id, one.on)))
        answered += [(key, f"{one.instrument}_{item}", float(value), None) for item, value in one.answers.items()]
        answered += [(key, f"{one.instrument}_{item}", None, reason) for item, reason in one.reasons.items()]
    return _frame("administrations", given), _frame("responses", answered)


def _several(codes: Iterable[str]) -> str | None:
    return ";".join(sorted(codes)) or None


_COLUMNS: Mapping[str, Mapping[str, type[pl.DataType]]] = {
    "participants": {
        "participant_id": pl.String,
        "age_at_enrollment": pl.Float64,
        **dict.fromkeys(
            ("gender", "race_ethnicity", "language", "education", "housing", "trafficking_status"), pl.String
        ),
        "screening_score": pl.Float64,
        **dict.fromkeys(("exploitation_types", "victimization_types"), pl.String),
    },
    "enrollments": {
        **dict.fromkeys(("enrollment_id", "participant_id", "program", "site", "staff_id"), pl.String),
        "start_date": pl.Date,
        **dict.fromkeys(("first_service_day", "exit_day"), pl.Int64),
        "exit_reason": pl.String,
    },
    "contacts": {
        **dict.fromkeys(("contact_id", "enrollment_id"), pl.String),
        "day": pl.Int64,
        **dict.fromkeys(("contact_type", "outcome"), pl.String),
        "minutes": pl.Float64,
        **dict.fromkeys(("medium", "staff_id"), pl.String),
    },
    "services": {
        "enrollment_id": pl.String,
        "day": pl.Int64,
        "service_code": pl.String,
        "quantity": pl.Float64,
        "unit": pl.String,
    },
    "goals": {
        **dict.fromkeys(("goal_id", "enrollment_id", "domain"), pl.String),
        **dict.fromkeys(("opened_day", "closed_day"), pl.Int64),
        "status": pl.String,
        "rating": pl.Int64,
    },
    "needs": {"enrollment_id": pl.String, "day": pl.Int64, "domain": pl.String, "level": pl.String},
    "administrations": {
        **dict.fromkeys(
            ("administration_id", "enrollment_id", "instrument", "variant", "version", "language", "mode"), pl.String
        ),
        "day": pl.Int64,
    },
    "responses": {
        **dict.fromkeys(("administration_id", "item"), pl.String),
        "response": pl.Float64,
        "missing_reason": pl.String,
    },
}
"""The contract's columns in order; a test holds them against `casearc.tables`."""


def _frame(table: str, rows: Sequence[Sequence[object]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict(_COLUMNS[table]), orient="row", strict=False)
