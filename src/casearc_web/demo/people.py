"""Clients, identities, profiles, enrollments, care teams and authorizations of the made-up program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import polars as pl

from casearc_web.agencies.models import Agency, Program, Site, StaffMember
from casearc_web.clients.models import Client, VictimizationProfile
from casearc_web.consent.codes import Category, Purpose
from casearc_web.consent.models import Authorization, AuthorizedCategory, Signature
from casearc_web.consent.recipients import Recipient
from casearc_web.demo import names
from casearc_web.demo.moments import Moments
from casearc_web.enrollments.models import CareTeamMember, Enrollment
from casearc_web.imports import codes
from casearc_web.vault.models import ContactWay, Identity, Permission
from casearc_web.vault.search import reindex

_AUTHORIZED_DAYS = 365
_DAYS_A_YEAR = 365.25
_EVERY_FOURTH = 4
_REFUSES = 24
"""Every so manyth client said no to evaluation; the rest agreed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The made-up agency's program, sites and staff."""

    program: Program
    sites: Mapping[str, Site]
    staff: Mapping[str, StaffMember]
    everybody: list[StaffMember]
    password: str


def make(agency: Agency, house: House, tables: Mapping[str, pl.DataFrame], moments: Moments) -> dict[str, Enrollment]:
    """Everybody; returns enrollments by the made-up program's ids."""
    stays = tables["enrollments"].unique("participant_id", keep="first", maintain_order=True)
    first = dict(stays.select("participant_id", "enrollment_id").iter_rows())
    drawn = names.people()
    clients = {
        row["participant_id"]: _client(agency, row, next(drawn), moments, first[row["participant_id"]], number)
        for number, row in enumerate(tables["participants"].iter_rows(named=True), start=1)
    }
    ages = dict(tables["participants"].select("participant_id", "age_at_enrollment").iter_rows())
    return {
        row["enrollment_id"]: _stay(agency, house, clients[row["participant_id"]], row, moments, ages)
        for row in tables["enrollments"].iter_rows(named=True)
    }


def _client(
    agency: Agency, row: Mapping[str, Any], name: tuple[str, str], moments: Moments, stay: str, number: int
) -> Client:
    born = moments.starts[stay] - timedelta(days=round(row["age_at_enrollment"] * _DAYS_A_YEAR))
    identity = Identity.objects.create(
        agency=agency, given_name=name[0], family_name=name[1], birth_date=born.isoformat()
    )
    _way(agency, identity, number)
    reindex(identity)
    client = Client.objects.create(
        agency=agency,
        identity=identity,
        gender=codes.GENDER.get(row["gender"] or "", ""),
        race_ethnicity=_split(row["race_ethnicity"]),
        language=row["language"] or "",
        education=codes.EDUCATION.get(row["education"] or "", ""),
        housing=codes.HOUSING.get(row["housing"] or "", ""),
        reasons={name: "declined" for name in ("education", "housing") if row[name] is None},
    )
    _profile(agency, client, row)
    _authorize(agency, client, moments, number)
    return client


def _way(agency: Agency, identity: Identity, number: int) -> None:
    careful = number % _EVERY_FOURTH == 0
    ContactWay.objects.create(
        agency=agency,
        identity=identity,
        channel="text" if careful else "call",
        value=f"555-01{number % 100:02d}",  # numbers that are kept free for stories
        permission=Permission.CARE if careful else Permission.SAFE,
        hours={"days": [0, 1, 2, 3, 4], "from": "15:00", "until": "18:00"} if careful else {},
        words="Say you are from the library" if careful else "",
    )


def _profile(agency: Agency, client: Client, row: Mapping[str, Any]) -> None:
    exploitation = _split(row["exploitation_types"])
    VictimizationProfile.objects.create(
        agency=agency,
        client=client,
        trafficking_status=row["trafficking_status"] or "",
        decided_by="ngo" if row["trafficking_status"] else "",
        screening_score=row["screening_score"],
        exploitation_types=["sexual"] if exploitation else [],
        sexual_exploitation_types=sorted({codes.SEXUAL_EXPLOITATION[code] for code in exploitation}),
        relationship="familial" if "family_controlled" in exploitation else "",
        victimization_types=sorted(codes.VICTIMIZATION[code] for code in _split(row["victimization_types"])),
        reasons={"victimization_types": "declined"} if row["victimization_types"] is None else {},
    )


def _authorize(agency: Agency, client: Client, moments: Moments, number: int) -> None:
    if number % _REFUSES == 0:
        return
    given = moments.today - timedelta(days=number % 90)
    organization, person = Recipient(agency.name).digests(agency.pk)
    authorization = Authorization.objects.create(
        agency=agency,
        client=client,
        kind="release",
        purpose=Purpose.EVALUATION,
        organization=agency.name,
        organization_digest=organization,
        person_digest=person,
        given_on=given,
        expires_on=given + timedelta(days=_AUTHORIZED_DAYS),
        how="in_person",
        language=client.language if client.language in ("en", "es") else "en",
        not_a_condition=True,
    )
    AuthorizedCategory.objects.bulk_create(
        AuthorizedCategory(agency=agency, authorization=authorization, client=client, category=category)
        for category in (
            *(Category.DEMOGRAPHICS, Category.VICTIMIZATION, Category.ENROLLMENT, Category.GOALS, Category.MEASURES),
        )
    )
    Signature.objects.create(
        agency=agency, client=client, authorization=authorization, relation="client", signed_on=given, method="paper"
    )


def _stay(
    agency: Agency, house: House, client: Client, row: Mapping[str, Any], moments: Moments, ages: Mapping[str, float]
) -> Enrollment:
    stay, staff = row["enrollment_id"], house.staff[row["staff_id"]]
    exited = moments.exit(stay, row["exit_day"])
    enrollment = Enrollment.objects.create(
        agency=agency,
        client=client,
        program=house.program,
        site=house.sites[row["site"]],
        started_on=moments.starts[stay],
        first_service_on=moments.on(stay, row["first_service_day"]),
        exited_on=exited,
        exit_reason=codes.EXIT[row["exit_reason"] or "completed"] if exited else "",
        age_at_start=f"{ages[row['participant_id']]:.2f}",
        created_by=staff,
    )
    CareTeamMember.objects.create(
        agency=agency, enrollment=enrollment, staff=staff, since=enrollment.started_on, until=exited
    )
    return enrollment


def _split(text: str | None) -> list[str]:
    return sorted(text.split(";")) if text else []
