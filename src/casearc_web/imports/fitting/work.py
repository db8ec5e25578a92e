"""Contacts, services, goals and needs become records of casework."""

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

from casearc_web.casework.codes import Medium
from casearc_web.casework.models import Contact, ServiceDelivered, ServiceKind
from casearc_web.goals.models import Goal
from casearc_web.imports import codes
from casearc_web.imports.fitting.columns import ON, coded, content_columns, dated, left_out, of_stays, whole
from casearc_web.imports.fitting.house import House, known_codes
from casearc_web.imports.fitting.people import staffed
from casearc_web.imports.fitting.plan import Plan
from casearc_web.imports.reading import Read
from casearc_web.needs.models import NeedsAssessment
from casearc_web.records.among import among

_LEVEL = r"^[0-4]$"
_RATED = ("met", "not_met")


def fit_contacts(read: Read, starts: pl.DataFrame, house: House, plan: Plan) -> None:
    """Contacts; completed ones are where services are kept."""
    table = "contacts"
    frame = _begun(read, table, starts, house, plan)
    frame = whole(frame, "minutes", table=table, notes=plan.notes)
    frame = coded(frame, "medium", known_codes(Medium), table=table, notes=plan.notes)
    for row in staffed(frame, house, plan, table).iter_rows(named=True):
        stay = plan.stay(row["enrollment_id"])
        found = plan.settle(table, row["contact_id"], row["_content"], partial(_contact, row, stay, house))
        if row["outcome"] == "completed" and found is not None:
            plan.meetings.setdefault((row["enrollment_id"], row[ON]), []).append(found)


def _begun(read: Read, table: str, starts: pl.DataFrame, house: House, plan: Plan, day: str = "day") -> pl.DataFrame:
    """The rows of a table whose stay is imported and whose day has come."""
    frame = read.tables.with_places(table)
    content = pl.concat_list(pl.col(name).cast(pl.String) for name in content_columns(frame))
    frame = of_stays(frame.with_columns(content.alias("_content")), table, plan)
    return left_out(dated(frame, starts, day), pl.col(ON) > house.today, "future", table, plan, column=day)


def _contact(row: Mapping[str, Any], stay: uuid.UUID, house: House) -> list[Model]:
    found = Contact(
        agency_id=house.agency_id,
        enrollment_id=stay,
        on=row[ON],
        contact_type=row["contact_type"],
        outcome=row["outcome"],
        minutes=row["minutes"],
        medium=row["medium"] or "",
        staff_id=uuid.UUID(row["_staff"]) if row["_staff"] else house.lead_id,
        created_by_id=house.by_id,
    )
    return [found]


def fit_services(read: Read, starts: pl.DataFrame, house: House, plan: Plan) -> None:
    """Each service at a completed contact of its day: the first of a kind at the first contact, and so on."""
    table = "services"
    frame = _begun(read, table, starts, house, plan)
    frame = _counted(_of_kinds(frame, house, plan), house, plan)
    same = ("enrollment_id", "day", "_kind")
    frame = frame.with_columns(pl.int_range(pl.len()).over(same).alias("_copy"))
    taken, lost = _taken(plan), []
    for row in frame.iter_rows(named=True):
        kind = house.services[row["_kind"]]
        row_id = f"{row['enrollment_id']}|{row['day']}|{kind.code}|{row['_copy']}"
        is_known = (table, plan.ledger.key(table, row_id)) in plan.ledger.known
        meeting = None if is_known else _meeting(row, kind, taken, plan)
        if meeting is None and not is_known:
            lost.append(row["_line"])
            continue
        plan.settle(table, row_id, row["_content"], partial(_delivered, row, meeting, house))
        if meeting is not None:
            taken.add((meeting, kind.code))
    left_out(frame, pl.col("_line").is_in(lost), "no_contact", table, plan)
    _add_kinds(plan)


def _of_kinds(frame: pl.DataFrame, house: House, plan: Plan) -> pl.DataFrame:
    names = {name: name for name in house.services}
    small = pl.col("service_code").str.strip_chars().str.to_lowercase()
    told = frame.with_columns(small.replace_strict(names, default=None, return_dtype=pl.String).alias("_kind"))
    return left_out(told, pl.col("_kind").is_null(), "service", "services", plan, column="service_code")


def _counted(frame: pl.DataFrame, house: House, plan: Plan) -> pl.DataFrame:
    """The unit and quantity as records have them, beside the file's own."""
    units = {name: unit for name, (unit, _) in codes.UNIT.items()}
    factors = {name: factor for name, (_, factor) in codes.UNIT.items()}
    kinds = {name: str(kind.unit) for name, kind in house.services.items()}
    own = pl.col("_kind").replace_strict(kinds, default="times", return_dtype=pl.String)
    small = pl.col("unit").str.strip_chars().str.to_lowercase()
    amount = pl.col("quantity") * small.replace_strict(factors, default=1, return_dtype=pl.Int64).fill_null(1)
    told = frame.with_row_index("_line").with_columns(
        pl.when(pl.col("quantity").is_null())
        .then(pl.lit("times"))
        .when(pl.col("unit").is_null())
        .then(own)
        .otherwise(small.replace_strict(units, default=None, return_dtype=pl.String))
        .alias("_unit"),
        amount.fill_null(1.0).alias("_amount"),
    )
    plan.notes.leave_empty("services", "quantity", told.filter(pl.col("quantity").is_null()), column="quantity")
    told = left_out(told, pl.col("_unit").is_null(), "unit", "services", plan, column="unit")
    cents = pl.col("_amount") * 100
    fine = (cents - cents.round(0)).abs() > 1e-6
    return left_out(told, fine, "number", "services", plan, column="quantity")


def _taken(plan: Plan) -> set[tuple[uuid.UUID, str]]:
    """Kinds of service that contacts have already."""
    contacts = [one for same in plan.meetings.values() for one in same]
    there = ServiceDelivered.objects.filter(among("contact_id", contacts))
    return set(there.values_list("contact_id", "kind__code"))


def _meeting(
    row: Mapping[str, Any], kind: ServiceKind, taken: set[tuple[uuid.UUID, str]], plan: Plan
) -> uuid.UUID | None:
    there = plan.meetings.get((row["enrollment_id"], row[ON]), ())
    return next((contact for contact in there if (contact, kind.code) not in taken), None)


def _delivered(row: Mapping[str, Any], meeting: uuid.UUID | None, house: House) -> list[Model]:
    if meeting is None:
        raise LookupError("a new service has a contact")
    return [
        ServiceDelivered(
            agency_id=house.agency_id,
            contact_id=meeting,
            kind=house.services[row["_kind"]],
            quantity=Decimal(f"{row['_amount']:.2f}"),
            unit=row["_unit"],
            created_by_id=house.by_id,
        )
    ]


def _add_kinds(plan: Plan) -> None:
    """Kinds of service that are used now and are not in the catalog yet."""
    used = {
        one.kind.pk: one.kind for one in plan.records.get(ServiceDelivered, []) if isinstance(one, ServiceDelivered)
    }
    new = [kind for kind in used.values() if kind._state.adding]
    for kind in new:
        plan.add("services", kind)


def fit_goals(read: Read, starts: pl.DataFrame, house: House, plan: Plan) -> None:
    """Goals without words: those stayed in the other program."""
    table, status, rating = "goals", pl.col("status"), pl.col("rating")
    frame = _begun(read, table, starts, house, plan, "opened_day")
    frame = dated(frame, starts, "closed_day", "_closed")
    frame = _in_domains(frame, table, house, plan)
    open_end = (status != "open") & pl.col("_closed").is_null()
    frame = left_out(frame, open_end, "goal_open", table, plan, column="closed_day")
    frame = left_out(frame, pl.col("_closed") > house.today, "future", table, plan, column="closed_day")
    unrated = status.is_in(_RATED) & rating.is_null()
    frame = left_out(frame, unrated, "goal_rating", table, plan, column="rating")
    surplus = ~status.is_in(_RATED) & rating.is_not_null()
    plan.notes.leave_empty(table, "rating_dropped", frame.filter(surplus), column="rating")
    words = _("Came with an import, without words.")
    for row in frame.iter_rows(named=True):
        stay = plan.stay(row["enrollment_id"])
        plan.settle(table, row["goal_id"], row["_content"], partial(_goal, row, stay, house, words))


def _in_domains(frame: pl.DataFrame, table: str, house: House, plan: Plan) -> pl.DataFrame:
    names = {name: name for name in house.domains}
    small = pl.col("domain").str.strip_chars().str.to_lowercase()
    told = frame.with_columns(small.replace_strict(names, default=None, return_dtype=pl.String).alias("_domain"))
    return left_out(told, pl.col("_domain").is_null(), "domain", table, plan, column="domain")


def _goal(row: Mapping[str, Any], stay: uuid.UUID, house: House, words: str) -> list[Model]:
    domain = house.domains[row["_domain"]]
    found = Goal(
        agency_id=house.agency_id,
        enrollment_id=stay,
        domain=domain.code,
        substance_use=domain.substance_use,
        words=words,
        opened_on=row[ON],
        closed_on=row["_closed"],
        status=row["status"],
        rating=row["rating"] if row["status"] in _RATED else None,
        created_by_id=house.by_id,
    )
    return [found]


def fit_needs(read: Read, starts: pl.DataFrame, house: House, plan: Plan) -> None:
    """All needs of a stay and day are one assessment, and counted as one."""
    table = "needs"
    frame = _in_domains(_begun(read, table, starts, house, plan), table, house, plan)
    leveled = pl.col("level").str.strip_chars().str.contains(_LEVEL)
    frame = left_out(frame, ~leveled.fill_null(value=False), "level", table, plan, column="level")
    together = frame.group_by("enrollment_id", "day", maintain_order=True).agg(
        pl.col(ON).first(), pl.struct("_domain", pl.col("level").str.strip_chars().cast(pl.Int64)).alias("_levels")
    )
    stays = [stay for stay in plan.stays.values() if stay is not None]
    there = set(NeedsAssessment.objects.filter(among("enrollment_id", stays)).values_list("enrollment_id", "on"))
    lost: list[tuple[str, int]] = []
    for row in together.iter_rows(named=True):
        stay, row_id = plan.stay(row["enrollment_id"]), f"{row['enrollment_id']}|{row['day']}"
        if (stay, row[ON]) in there and (table, plan.ledger.key(table, row_id)) not in plan.ledger.known:
            lost.append((row["enrollment_id"], row["day"]))
            continue
        levels = sorted((house.domains[one["_domain"]].code, one["level"]) for one in row["_levels"])
        plan.settle(table, row_id, levels, partial(_assessment, row, stay, house))
    if lost:
        places = pl.DataFrame(lost, schema={"enrollment_id": pl.String, "day": pl.Int64}, orient="row")
        rows = frame.join(places, on=["enrollment_id", "day"], how="semi")
        plan.counts[table].left_out += len(lost)
        plan.notes.leave_out(table, "assessment_there", rows)


def _assessment(row: Mapping[str, Any], stay: uuid.UUID, house: House) -> list[Model]:
    levels = [(house.domains[one["_domain"]], one["level"]) for one in row["_levels"]]
    on: date = row[ON]
    found = NeedsAssessment(
        agency_id=house.agency_id,
        enrollment_id=stay,
        on=on,
        answers={domain.code: level for domain, level in levels if not domain.substance_use},
        substance_use={domain.code: {"answer": level} for domain, level in levels if domain.substance_use},
        created_by_id=house.by_id,
    )
    return [found]
