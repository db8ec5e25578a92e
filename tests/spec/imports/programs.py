"""One made-up program, and the shapes in which other programs' exports hold it: dates for days, items side by side."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import polars as pl

from casearc.instruments import load
from casearc.synthetic import make_program
from casearc.synthetic.make import Program
from casearc.synthetic.settings import Dirt

INSTRUMENTS = ("mspss", "cop_se", "urica")
_ONE_STAY = Dirt(reenrolled=0.0, doubled=0.0, missed=0.0, late=0.0)


@cache
def program() -> Program:
    """Thirty people, some of whom came back, answered twice in a wave, or broke off."""
    return make_program(participants=30, seed=7)


@cache
def simple_program() -> Program:
    """Thirty people with one stay and at most one answer a wave: what a file with one row a person can hold."""
    return make_program(participants=30, seed=7, dirt=_ONE_STAY)


def stays(made: Program) -> pl.DataFrame:
    """enrollment_id, participant_id, start_date."""
    return made.tables["enrollments"].select("enrollment_id", "participant_id", "start_date")


def dated(made: Program, table: str, *days: str) -> pl.DataFrame:
    """A table's rows with their participant, and dates in place of days."""
    rows = made.tables[table].join(stays(made), on="enrollment_id", maintain_order="left")
    return rows.with_columns((pl.col("start_date") + pl.duration(days=pl.col(day))).alias(day) for day in days)


def entries(made: Program) -> pl.DataFrame:
    """Enrollments with dates of the first service and the exit in place of days."""
    table = made.tables["enrollments"]
    return table.with_columns(
        (pl.col("start_date") + pl.duration(days=pl.col(day))).alias(day) for day in ("first_service_day", "exit_day")
    )


def items_of(instrument: str) -> list[str]:
    """The columns of an instrument's items, in order."""
    chosen = load(instrument)
    return [chosen.column(item.id) for item in chosen.items]


def answered(made: Program, instrument: str, *, reasons: Mapping[str, int] | None = None) -> pl.DataFrame:
    """One row an administration, an item a column; `reasons` writes why there is no answer as a number."""
    given = dated(made, "administrations", "day").filter(pl.col("instrument") == instrument)
    long = made.tables["responses"].join(given.select("administration_id"), on="administration_id", how="semi")
    code = pl.col("missing_reason").replace_strict(dict(reasons or {}), default=None, return_dtype=pl.Float64)
    cells = long.with_columns(pl.coalesce("response", code).cast(pl.Int64).alias("cell"))
    wide = cells.pivot("item", index="administration_id", values="cell")
    items = [pl.col(item) if item in wide.columns else pl.lit(None).alias(item) for item in items_of(instrument)]
    return given.join(wide.select("administration_id", *items), on="administration_id", maintain_order="left")


def visits(made: Program) -> pl.DataFrame:
    """One row a visit: person, day, language, and the items of all instruments side by side."""
    keys = ["enrollment_id", "participant_id", "day", "language"]
    whole = answered(made, INSTRUMENTS[0]).select(*keys, *items_of(INSTRUMENTS[0]))
    for instrument in INSTRUMENTS[1:]:
        further = answered(made, instrument).select(*keys, *items_of(instrument))
        whole = whole.join(further, on=keys, how="full", coalesce=True)
    return whole.sort("day", "participant_id")
