"""Participants and enrollments become clients, identities, profiles, stays and care teams."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import polars as pl
from django.db.models import Model
from django.utils.translation import gettext as _

from casearc.tables import TABLES
from casearc_web.clients import codes as lists
from casearc_web.clients.models import Client, VictimizationProfile
from casearc_web.enrollments.models import CareTeamMember, Enrollment, ExitReason
from casearc_web.imports import codes
from casearc_web.imports.fitting.columns import coded, content_columns, left_out, several
from casearc_web.imports.fitting.house import House, known_codes
from casearc_web.imports.fitting.plan import Plan
from casearc_web.imports.reading import Read
from casearc_web.records.among import among
from casearc_web.vault.birth import age_on
from casearc_web.vault.models import ContactWay, Identity, Permission, SearchDigest, SearchKind
from casearc_web.vault.search import digest, digests_of, whole_name

_WHO = ("given_name", "family_name", "birth_date", "phone", "email")
_DAY, _YEAR = r"^\d{4}-\d{2}-\d{2}", r"^\d{4}$"
_MOST_SCORE = 9999.99
_SEXUAL = "sexual:"
"""Marks a code of a kind of sexual exploitation among those of exploitation."""


def fit_people(read: Read, house: House, plan: Plan) -> None:
    """Clients with who they are, then their stays."""
    stays = _stays(read, house, plan)
    people = _people(read, stays, plan)
    for row in people.iter_rows(named=True):
        plan.clients[row["participant_id"]] = plan.settle(
            "participants", row["participant_id"], row["_content"], partial(_client, row, house, plan)
        )
    _look_for_likes(plan, house)
    _fit_stays(stays, people, house, plan)


def _people(read: Read, stays: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    notes, table = plan.notes, "participants"
    who = read.identities
    who = who.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in _WHO if name not in who.columns)
    frame = read.tables.with_places(table)
    extra = [name for name in content_columns(frame) if name not in TABLES[table].names]
    for name in extra:
        notes.leave_empty(table, "extra", frame.filter(pl.col(name).is_not_null()), column=name)
    frame = frame.drop(extra).join(who, on="participant_id", how="left", maintain_order="left")
    content = pl.concat_list(pl.col(name).cast(pl.String) for name in content_columns(frame))
    frame = frame.with_columns(content.alias("_content"))
    enrolled = pl.col("participant_id").is_in(stays["participant_id"].implode())
    frame = left_out(frame, ~enrolled, "no_enrollment", table, plan)
    for column, choices, synonyms in _CODED:
        frame = coded(frame, column, known_codes(choices, synonyms), table=table, notes=notes)
    for column, known in _several().items():
        frame = several(frame, column, known, table=table, notes=notes)
    return _with_birth_dates(frame, plan)


_CODED = (
    ("gender", lists.Gender, codes.GENDER),
    ("language", lists.Language, {"english": "en", "spanish": "es"}),
    ("education", lists.Education, codes.EDUCATION),
    ("housing", lists.Housing, codes.HOUSING),
)


def _several() -> Mapping[str, dict[str, str]]:
    sexual = known_codes(lists.SexualExploitation, codes.SEXUAL_EXPLOITATION)
    marked = {name: _SEXUAL + code for name, code in sexual.items()}
    return {
        "race_ethnicity": known_codes(lists.RaceEthnicity),
        "exploitation_types": {**marked, **known_codes(lists.Exploitation)},
        "victimization_types": known_codes(lists.Victimization, codes.VICTIMIZATION),
    }


def _with_birth_dates(frame: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    text = pl.col("birth_date").str.strip_chars()
    day = text.str.extract(f"({_DAY})", 1).str.to_date("%Y-%m-%d", strict=False).cast(pl.String)
    read = pl.when(text.str.contains(_YEAR)).then(text).otherwise(day)
    told = frame.with_columns(read.alias("_born"))
    lost = told.filter(pl.col("birth_date").is_not_null() & pl.col("_born").is_null())
    plan.notes.leave_empty("participants", "birth_date", lost, column="birth_date")
    return told.with_columns(pl.col("_born").alias("birth_date")).drop("_born")


def _client(row: Mapping[str, Any], house: House, plan: Plan) -> list[Model]:
    own = {"agency_id": house.agency_id, "created_by_id": house.by_id}
    identity = Identity(
        given_name=row["given_name"] or "",
        family_name=row["family_name"] or "",
        birth_date=row["birth_date"] or "",
        **own,
    )
    ways = [
        ContactWay(
            identity=identity,
            channel=channel,
            value=row[name],
            permission=Permission.CARE,
            words=_("Came with an import: ask before you use it."),
            **own,
        )
        for name, channel in (("phone", "call"), ("email", "email"))
        if row[name]
    ]
    plan.named += bool(identity.full_name)
    plan.records.setdefault(SearchDigest, []).extend(digests_of(identity, ways))
    client = Client(
        identity=identity,
        gender=row["gender"] or "",
        race_ethnicity=row["race_ethnicity"],
        language=row["language"] or "",
        education=row["education"] or "",
        housing=row["housing"] or "",
        **own,
    )
    return [client, identity, *ways, _profile(client, row, own)]


def _profile(client: Client, row: Mapping[str, Any], own: Mapping[str, Any]) -> VictimizationProfile:
    told = row["exploitation_types"]
    sexual = sorted(code.removeprefix(_SEXUAL) for code in told if code.startswith(_SEXUAL))
    kinds = {code for code in told if not code.startswith(_SEXUAL)} | ({"sexual"} if sexual else set())
    return VictimizationProfile(
        client=client,
        trafficking_status=row["trafficking_status"] or "",
        screening_score=_places(row["screening_score"]),
        exploitation_types=sorted(kinds),
        sexual_exploitation_types=sexual,
        victimization_types=row["victimization_types"],
        **own,
    )


def _places(value: float | None) -> Decimal | None:
    """A number as the records keep it, where it has no more than two places."""
    if value is None or abs(value) > _MOST_SCORE:
        return None
    told = Decimal(repr(value))
    return told if told == round(told, 2) else None


def _look_for_likes(plan: Plan, house: House) -> None:
    """Clients who were here before and have the whole name of somebody new."""
    new = [one for one in plan.records.get(Identity, []) if isinstance(one, Identity) and one.full_name]
    digests = [digest(house.agency_id, SearchKind.NAME, whole_name(one.full_name)) for one in new]
    found: set[uuid.UUID] = set()
    for start in range(0, len(digests), 500):
        same = SearchDigest.objects.filter(
            agency_id=house.agency_id, kind=SearchKind.NAME, digest__in=digests[start : start + 500]
        )
        found |= set(same.filter(identity__client__isnull=False).values_list("identity__client", flat=True))
    plan.alike = sorted(found)


def _stays(read: Read, house: House, plan: Plan) -> pl.DataFrame:
    table, notes = "enrollments", plan.notes
    frame = read.tables.with_places(table)
    content = pl.concat_list(pl.col(name).cast(pl.String) for name in content_columns(frame))
    frame = frame.with_columns(content.alias("_content"))
    _check_program(frame, house, plan)
    for code, wrong in (
        ("no_start", pl.col("start_date").is_null()),
        ("two_open", pl.col("exit_day").is_null() & (pl.col("exit_day").is_null().sum().over("participant_id") > 1)),
    ):
        block(plan, table, code, frame.filter(wrong))
    known = {name: str(found) for name, found in house.sites.items()}
    told = frame.with_columns(
        pl.col("site")
        .str.strip_chars()
        .str.to_lowercase()
        .replace_strict(known, default=None, return_dtype=pl.String)
        .alias("_site")
    )
    notes.leave_empty(
        table, "site", told.filter(pl.col("site").is_not_null() & pl.col("_site").is_null()), column="site"
    )
    return coded(told, "exit_reason", known_codes(ExitReason, codes.EXIT), table=table, notes=notes)


def block(plan: Plan, table: str, code: str, rows: pl.DataFrame, *, column: str = "") -> None:
    """Note what must be mended first."""
    if not rows.is_empty():
        plan.blocks.append(code)
        plan.notes.leave_out(table, code, rows, column=column)


def _check_program(frame: pl.DataFrame, house: House, plan: Plan) -> None:
    named = frame.filter(pl.col("program").is_not_null())
    small = pl.col("program").str.strip_chars().str.to_lowercase()
    if named["program"].n_unique() > 1:
        block(plan, "enrollments", "several_programs", named, column="program")
    others = named.filter(small.is_in(list(house.other_programs)))
    block(plan, "enrollments", "other_program", others, column="program")


def staffed(frame: pl.DataFrame, house: House, plan: Plan, table: str) -> pl.DataFrame:
    """Whose code stands in a row, as an id beside it; empty where nobody's does."""
    known = {code: str(found) for code, found in house.staff.items()}
    small = pl.col("staff_id").str.strip_chars().str.to_lowercase()
    told = frame.with_columns(small.replace_strict(known, default=None, return_dtype=pl.String).alias("_staff"))
    lost = told.filter(pl.col("staff_id").is_not_null() & pl.col("_staff").is_null())
    plan.notes.leave_empty(table, "staff", lost, column="staff_id")
    return told


def _fit_stays(stays: pl.DataFrame, people: pl.DataFrame, house: House, plan: Plan) -> None:
    first = stays.sort("start_date", maintain_order=True).unique("participant_id", keep="first", maintain_order=True)
    firsts = set(first["enrollment_id"])
    about = {row["participant_id"]: row for row in people.iter_rows(named=True)}
    ids = [found for found in plan.clients.values() if found is not None]
    still_open = Enrollment.objects.filter(among("client_id", ids), program=house.program, exited_on=None)
    opened = set(still_open.values_list("client_id", flat=True))
    for row in staffed(stays, house, plan, "enrollments").iter_rows(named=True):
        if row["start_date"] is None or row["participant_id"] not in plan.clients:
            continue
        client = plan.clients[row["participant_id"]]
        if client is None:
            plan.counts["enrollments"].erased += 1
            plan.stays[row["enrollment_id"]] = None
            continue
        before = plan.counts["enrollments"].added
        plan.stays[row["enrollment_id"]] = plan.settle(
            "enrollments",
            row["enrollment_id"],
            row["_content"],
            partial(_stay, row, client, about, firsts, house),
        )
        if plan.counts["enrollments"].added > before and row["exit_day"] is None and client in opened:
            block(plan, "enrollments", "open_there", stays.filter(enrollment_id=row["enrollment_id"]))


def _stay(
    row: Mapping[str, Any],
    client: uuid.UUID,
    about: Mapping[str, Mapping[str, Any]],
    firsts: set[str],
    house: House,
) -> list[Model]:
    own = {"agency_id": house.agency_id, "created_by_id": house.by_id}
    started: date = row["start_date"]
    exited = on_day(started, row["exit_day"])
    person = about[row["participant_id"]]
    told = person["age_at_enrollment"] if row["enrollment_id"] in firsts else None
    age = age_on(person["birth_date"] or "", started)
    stay = Enrollment(
        client_id=client,
        program=house.program,
        site_id=row["_site"] and uuid.UUID(row["_site"]),
        started_on=started,
        first_service_on=on_day(started, row["first_service_day"]),
        exited_on=exited,
        exit_reason=(row["exit_reason"] or "") if exited else "",
        age_at_start=_places(told) if age is None else age,
        **own,
    )
    staff = uuid.UUID(row["_staff"]) if row["_staff"] else house.lead_id
    team = CareTeamMember(enrollment=stay, staff_id=staff, since=started, until=exited, **own)
    return [stay, team]


def on_day(started: date, day: int | None) -> date | None:
    """A day of a stay as a date."""
    return None if day is None else date.fromordinal(started.toordinal() + int(day))
