"""Do two staging rules put the same person in the same stage? One finding for each pair of rules in use."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import polars as pl

from casearc.analyses.dataset import StudyData
from casearc.analyses.ledger import ENROLLED, Ledger
from casearc.analyses.wording import capital, wave_label
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
    Table,
    Text,
)
from casearc.instruments import Instrument, ScoreDefinition
from casearc.statistics import kappa

COLUMNS = (
    Column("wave", "Wave"),
    Column("n", "n"),
    Column("agreement", "Same stage"),
    Column("kappa", "κ"),
    Column("conf", "95 % interval"),
)


def agreement_findings(data: StudyData) -> Iterator[Finding]:
    """One finding for each pair of stage scores of one instrument that share their levels."""
    for instrument in data.instruments:
        staged = [score for score in instrument.scores if score.kind == "stage"]
        for one, other in combinations(staged, 2):
            if one.levels == other.levels:
                yield _finding(data, instrument, one, other)


def _finding(data: StudyData, instrument: Instrument, one: ScoreDefinition, other: ScoreDefinition) -> Finding:
    ledger = Ledger(data)
    rows = [_row(data, ledger, one, other, wave.name) for wave in data.plan.waves]
    table = Table(
        id=f"agreement_{one.id}_{other.id}",
        title=f"Agreement of two staging rules of {instrument.title}",
        columns=COLUMNS,
        rows=tuple(row for row in rows if row is not None),
        notes=(
            Sentence(
                "{one} and {other} stage the same score by different cuts. Which one is primary is the plan's choice, "
                "made before the results.",
                {"one": Text(capital(one.label)), "other": Text(other.label)},
            ),
        ),
    )
    return Finding(
        id=f"agreement.{one.id}.{other.id}",
        section=Section.STAGES,
        title=f"Do the two staging rules agree: {one.label} and {other.label}",
        plan_item="instruments",
        role=Role.DESCRIPTIVE,
        refusal="" if table.rows else "No wave has both stagings, so their agreement cannot be told.",
        bodies=(ledger.close(Body(tables=(table,))),) if table.rows else (),
    )


def _row(data: StudyData, ledger: Ledger, one: ScoreDefinition, other: ScoreDefinition, wave: str) -> Row | None:
    both = data.people.select(
        pl.col(f"{one.id}@{wave}").alias("one"), pl.col(f"{other.id}@{wave}").alias("other")
    ).drop_nulls()
    if both.is_empty():
        return None
    counts = transitions(both["one"], both["other"], levels=one.levels).counts
    key = f"staged[{one.id},{other.id}@{wave}]"
    ledger.subset(ENROLLED, key, both.height, rest=f"not_{key}")
    ledger.base(key)
    agreement = float(np.trace(counts) / counts.sum())
    cells: tuple[Cell, Cell] = (Blank(), Blank())
    try:
        found = kappa(counts)
        cells = (
            Number(found.estimate, Quantity.RELIABILITY, key),
            Interval(found.low, found.high, found.level, Quantity.RELIABILITY, key),
        )
    except StatisticsRefusedError:
        cells = (Text("not defined: one stage only"), Blank())
    return Row((Text(capital(wave_label(wave))), CountRef(key), Number(agreement, Quantity.RELIABILITY, key), *cells))
