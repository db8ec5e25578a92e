"""What was delivered? Each dose of the plan over those who have it, contacts by type, attempts apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from casearc.analyses.dataset import StudyData
from casearc.analyses.ledger import ENROLLED, Ledger
from casearc.analyses.wording import capital, level_label, wave_label
from casearc.dose import DoseDefinition, DoseNote, OutsideWindow
from casearc.findings import (
    Blank,
    Body,
    Cell,
    Column,
    CountRef,
    Finding,
    Number,
    Quantity,
    Role,
    Row,
    Section,
    Sentence,
    Table,
    Tally,
    Text,
)

DOSE_COLUMNS = (
    Column("dose", "Dose"),
    Column("window", "Window"),
    Column("n", "n"),
    Column("mean", "Mean"),
    Column("sd", "SD"),
    Column("median", "Median"),
    Column("minimum", "Lowest"),
    Column("maximum", "Highest"),
)
CONTACT_COLUMNS = (
    Column("contact_type", "Type of contact"),
    Column("completed", "Completed"),
    Column("attempted", "Attempted"),
    Column("minutes", "Mean minutes"),
)
OTHER_TYPES = "other_types"


@dataclass(frozen=True, slots=True)
class Place:
    """Where records lie relative to a dose's window: a column of a table."""

    id: str
    label: str
    count: Callable[[OutsideWindow], int]


PLACES = (
    Place("before", "Before the window", lambda found: found.before),
    Place("inside", "In the window", lambda found: found.inside),
    Place("after", "After it", lambda found: found.after),
    Place("no_window", "No window", lambda found: found.no_window),
)
COARSE_PLACES = (
    Place("inside", "In the window", lambda found: found.inside),
    Place("elsewhere", "Elsewhere", lambda found: found.before + found.after + found.no_window),
)


def dose_findings(data: StudyData) -> Iterator[Finding]:
    """The doses of the plan, then contacts by type."""
    yield _doses(data)
    yield _contacts(data)


def _doses(data: StudyData) -> Finding:
    doses = data.plan.doses
    refusal = "" if doses else "The plan defines no [[dose]]."
    return Finding(
        id="dose.delivered",
        section=Section.DOSE,
        title="Dose delivered",
        plan_item="dose" if doses else None,
        role=Role.DESCRIPTIVE,
        refusal=refusal,
        bodies=() if refusal else tuple(_dose_body(data, places) for places in (PLACES, COARSE_PLACES, ())),
    )


def _records(ledger: Ledger, what: str, count: int) -> Tally:
    """A number of records. Few records are at most as many people, so few of them stay in the house."""
    if count:
        ledger.support(f"records[{what}]", count)
    return Tally(count)


def _dose_body(data: StudyData, places: Sequence[Place]) -> Body:
    """The doses, and where their records lie, by these places; without places no number of records at all."""
    ledger = Ledger(data)
    table = Table(
        id="dose",
        title="Dose delivered to those whose window is known",
        columns=DOSE_COLUMNS,
        rows=tuple(_dose_row(data, ledger, dose) for dose in data.plan.doses),
        notes=(
            *(_note(data, ledger, note, places) for note in data.doses.notes),
            Sentence("Somebody with a window and nothing delivered in it counts as zero, not as missing."),
        ),
    )
    if not places:
        return ledger.close(Body(tables=(table,), told="Where the counted records lie is left out: some are few."))
    told = "" if places is PLACES else "Records before and after the window were taken together."
    return ledger.close(Body(tables=(table, _outside_table(data, ledger, places)), told=told))


def _note(data: StudyData, ledger: Ledger, note: DoseNote, places: Sequence[Place]) -> Sentence:
    """What to know about a dose: with its number in the house; coarser, only numbers of records, or none."""
    label = next(dose_label(dose) for dose in data.plan.doses if dose.id == note.dose)
    people = note.counted == "enrollments"
    if places is not PLACES and (people or not places):
        return Sentence("{dose}: {text}", {"dose": Text(label), "text": Text(note.text)})
    if not people:
        count: Cell = _records(ledger, f"{note.dose} {note.kind}", note.count)
    else:
        without = f"not_dosed[{note.dose}]"
        key = f"{without}:{note.kind}"
        ledger.subset(without, key, note.count, rest=f"{without}:not {note.kind}")
        count = CountRef(key)
    return Sentence(
        "{dose}: {text} ({count} {counted})",
        {"dose": Text(label), "text": Text(note.text), "count": count, "counted": Text(note.counted)},
    )


def _outside_table(data: StudyData, ledger: Ledger, places: Sequence[Place]) -> Table:
    labels = {dose.id: dose_label(dose) for dose in data.plan.doses}
    return Table(
        id="dose_outside",
        title="Where the counted records lie",
        columns=(
            Column("dose", "Dose"),
            Column("source", "Counted from"),
            *(Column(place.id, place.label) for place in places),
        ),
        rows=tuple(
            Row(
                (
                    Text(labels[found.dose]),
                    Text(found.table),
                    *(_records(ledger, f"{found.dose} {place.id}", place.count(found)) for place in places),
                )
            )
            for found in data.doses.outside
        ),
        notes=(Sentence("Numbers of records. Those outside a window enter no dose."),),
    )


def dose_label(dose: DoseDefinition) -> str:
    """How a table calls a dose."""
    return capital(dose.label or dose.id.replace("_", " "))


def _edge(edge: str | int) -> str:
    return f"day {edge}" if isinstance(edge, int) else wave_label(edge)


def _dose_row(data: StudyData, ledger: Ledger, dose: DoseDefinition) -> Row:
    values = data.people[dose.id].drop_nulls().to_numpy()
    key = f"dosed[{dose.id}]"
    ledger.subset(ENROLLED, key, len(values), rest=f"not_{key}")
    ledger.base(key)
    summaries: tuple[Cell, ...] = (Blank(),) * 5
    if len(values) > 1:
        summaries = (
            Number(float(np.mean(values)), Quantity.MEAN, key),
            Number(float(np.std(values, ddof=1)), Quantity.SD, key),
            Number(float(np.median(values)), Quantity.ORDER, key),
            Number(float(np.min(values)), Quantity.EXTREME, key),
            Number(float(np.max(values)), Quantity.EXTREME, key),
        )
    window = f"{capital(_edge(dose.start))} to before {_edge(dose.end)}"
    return Row((Text(dose_label(dose)), Text(window), CountRef(key), *summaries))


def _contacts(data: StudyData) -> Finding:
    contacts = data.tables.contacts.join(data.people.select("enrollment_id"), on="enrollment_id", how="semi")
    refusal = "" if contacts.height else "There are no contacts in the data."
    return Finding(
        id="dose.contacts",
        section=Section.DOSE,
        title="Contacts by type",
        plan_item=None,
        role=Role.DESCRIPTIVE,
        refusal=refusal,
        bodies=() if refusal else _contact_bodies(data, contacts),
    )


def _contact_bodies(data: StudyData, contacts: pl.DataFrame) -> tuple[Body, ...]:
    pooled = _rare_pooled(data, contacts)
    return (
        _contact_body(data, contacts),
        _contact_body(data, pooled),
        _contact_body(data, pooled, attempts=False),
    )


def _rare_pooled(data: StudyData, contacts: pl.DataFrame) -> pl.DataFrame:
    """Contacts with the types that too few people had taken together: three contacts are at most three people."""
    reached = contacts.group_by("contact_type").agg(pl.col("enrollment_id").n_unique().alias("people"))
    ordered = reached.sort("people", "contact_type", nulls_last=True)
    pool: list[str | None] = []
    people = 0
    for kind, count in ordered.iter_rows():
        if count >= data.threshold and (not pool or people >= data.threshold):
            break
        pool.append(kind)
        people = contacts.filter(pl.col("contact_type").is_in(pool, nulls_equal=True))["enrollment_id"].n_unique()
    rare = pl.col("contact_type").is_in(pool, nulls_equal=True)
    return contacts.with_columns(contact_type=pl.when(rare).then(pl.lit(OTHER_TYPES)).otherwise("contact_type"))


def _contact_body(data: StudyData, contacts: pl.DataFrame, *, attempts: bool = True) -> Body:
    """Contacts by type; without `attempts` only what was completed."""
    ledger = Ledger(data)
    by_type = (
        contacts.group_by("contact_type")
        .agg(
            completed=(pl.col("outcome") == "completed").sum(),
            attempted=(pl.col("outcome") == "attempted").sum(),
            minutes=pl.col("minutes").filter(pl.col("outcome") == "completed").mean(),
            timed=pl.col("enrollment_id")
            .filter(pl.col("outcome") == "completed", pl.col("minutes").is_not_null())
            .n_unique(),
            people=pl.col("enrollment_id").n_unique(),
        )
        .sort("completed", "contact_type", descending=[True, False])
    )
    rows = [_contact_row(ledger, row, attempts=attempts) for row in by_type.iter_rows(named=True)]
    for row in by_type.iter_rows(named=True):
        ledger.support(f"reached[{row['contact_type']}]", row["people"])
    pooled = OTHER_TYPES in by_type["contact_type"]
    unknown = int(contacts.filter(pl.col("outcome") == "completed")["minutes"].null_count())
    told = ["Types of contact that few people had were taken together."] if pooled else []
    told += [] if attempts else ["Attempts and unknown minutes are left out: some are few."]
    sentence = Sentence("{completed} contacts were completed.", {"completed": Tally(int(by_type["completed"].sum()))})
    if attempts:
        sentence = Sentence(
            "{completed} contacts were completed and {attempted} attempted; of the completed ones, {unknown} "
            "have no minutes recorded, which is not zero minutes.",
            {
                "completed": Tally(int(by_type["completed"].sum())),
                "attempted": _records(ledger, "attempted", int(by_type["attempted"].sum())),
                "unknown": _records(ledger, "unknown minutes", unknown),
            },
        )
    return ledger.close(
        Body(
            sentences=(sentence,),
            tables=(
                Table(
                    id="contacts",
                    title="Contacts by type, over the whole enrollment",
                    columns=tuple(column for column in CONTACT_COLUMNS if attempts or column.id != "attempted"),
                    rows=tuple(rows),
                    notes=(Sentence("These are numbers of contacts, not of people."),),
                ),
            ),
            told=" ".join(told),
        )
    )


def _contact_row(ledger: Ledger, row: dict[str, Any], *, attempts: bool) -> Row:
    kind = row["contact_type"]
    tried = (_records(ledger, f"{kind} attempted", row["attempted"]),) if attempts else ()
    completed = _records(ledger, f"{kind} completed", row["completed"])
    return Row((Text(_type(kind)), completed, *tried, _minutes(ledger, row)))


def _type(contact_type: str | None) -> str:
    return "Not recorded" if contact_type is None else capital(level_label(contact_type))


def _minutes(ledger: Ledger, row: dict[str, object]) -> Cell:
    """Mean minutes rest on the people with a completed contact of that type whose minutes are known."""
    minutes, people = row["minutes"], row["timed"]
    if not isinstance(minutes, float) or not isinstance(people, int):
        return Blank()
    key = f"timed[{row['contact_type']}]"
    ledger.subset(ENROLLED, key, people, rest=f"not_{key}")
    ledger.base(key)
    return Number(minutes, Quantity.MEAN, key)
