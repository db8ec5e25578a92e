"""Do two staging rules put the same person in the same stage? One finding for each pair of rules in use."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import polars as pl

from casearc.analyses.dataset import StudyData
from casearc.analyses.ledger import ENROLLED, Ledger
from casearc.analyses.wording import capital, interval_heading, wave_label
from casearc.change import transitions
from casearc.errors import StatisticsRefusedError
from casearc.findings import (
    Blank,
    Body,
    Cell,
    Column,
    CountRef,
    Finding,
    Interval,
    Number,
    Quantity,
    Role,
    Row,
    Section,
    Sentence,
    ShareRef,
    Table,
    Text,
)
from casearc.instruments import Instrument, ScoreDefinition
from casearc.statistics.contingency import kappa

COLUMNS = (
    Column("wave", "Wave"),
    Column("n", "n"),
    Column("agreement", "Same stage"),
    Column("kappa", "κ"),
)


LIMITS = (
    "Limits of κ rest on large numbers: where few people are in each pair of stages they are a little too far apart, "
    "never too close. Where the rules stage everybody alike, no interval can be had."
)


def agreement_findings(data: StudyData) -> Iterator[Finding]:
    """One finding for each pair of stage scores of one instrument that share their levels."""
    for instrument in data.instruments:
        staged = [score for score in instrument.scores if score.kind == "stage"]
        for one, other in combinations(staged, 2):
            if one.levels == other.levels:
                yield _finding(data, instrument, one, other)


def _finding(data: StudyData, instrument: Instrument, one: ScoreDefinition, other: ScoreDefinition) -> Finding:
    bodies = tuple(_body(data, instrument, one, other, shares=shares) for shares in (True, False))
    found = any(table.rows for body in bodies for table in body.tables)
    return Finding(
        id=f"agreement.{one.id}.{other.id}",
        section=Section.STAGES,
        title=f"Do the two staging rules agree: {one.label} and {other.label}",
        plan_item="instruments",
        role=Role.DESCRIPTIVE,
        refusal="" if found else "No wave has both stagings, so their agreement cannot be told.",
        bodies=bodies if found else (),
    )


def _body(
    data: StudyData, instrument: Instrument, one: ScoreDefinition, other: ScoreDefinition, *, shares: bool
) -> Body:
    """Agreement at each wave; a share of people in the same stage is a count of people, and so left out where small."""
    ledger = Ledger(data)
    rows = [_row(data, ledger, one, other, wave=wave.name, shares=shares) for wave in data.plan.waves]
    heading = interval_heading(1 - data.plan.inference.alpha)
    columns = tuple(column for column in COLUMNS if shares or column.id != "agreement")
    table = Table(
        id=f"agreement_{one.id}_{other.id}",
        title=f"Agreement of two staging rules of {instrument.title}",
        columns=(*columns, Column("conf", heading)),
        rows=tuple(row for row in rows if row is not None),
        notes=(
            Sentence(
                "{one} and {other} stage the same score by different cuts. Which one is primary is the plan's choice, "
                "made before the results.",
                {"one": Text(capital(one.label)), "other": Text(other.label)},
            ),
            Sentence(LIMITS),
        ),
    )
    told = "" if shares else "How many are in the same stage is left out: it would tell of too few people."
    return ledger.close(Body(tables=(table,), told=told))


def _row(
    data: StudyData, ledger: Ledger, one: ScoreDefinition, other: ScoreDefinition, *, wave: str, shares: bool
) -> Row | None:
    both = data.people.select(
        pl.col(f"{one.id}@{wave}").alias("one"), pl.col(f"{other.id}@{wave}").alias("other")
    ).drop_nulls()
    if both.is_empty():
        return None
    counts = transitions(both["one"], both["other"], levels=one.levels).counts
    key = f"staged[{one.id},{other.id}@{wave}]"
    ledger.subset(ENROLLED, key, both.height, rest=f"not_{key}")
    if not shares:
        ledger.base(key)  # a share needs its whole as a count, not as a range
    same = ledger.subset(key, f"{key}:same", int(np.trace(counts)), rest=f"{key}:different")
    cells: tuple[Cell, Cell]
    try:
        found = kappa(counts, level=1 - data.plan.inference.alpha)
        cells = (
            Number(found.estimate, Quantity.RELIABILITY, key),
            Blank() if found.notes else Interval(found.low, found.high, found.level, Quantity.RELIABILITY, key),
        )
    except StatisticsRefusedError:
        cells = (Text("not defined: one stage only"), Blank())
    share = (ShareRef(same, key),) if shares else ()
    return Row((Text(capital(wave_label(wave))), CountRef(key), *share, *cells))
