"""Columns of codes, days and parents, as expressions over whole tables."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from casearc.tables import FILE, ROW
from casearc_web.imports.fitting.plan import Plan
from casearc_web.imports.notes import Notes

ON, STATE = "_on", "_state"
_NEW, _WHY = "_new", "_unknown"
HERE, ERASED, LEFT = "here", "erased", "left"


def coded(frame: pl.DataFrame, column: str, known: Mapping[str, str], *, table: str, notes: Notes) -> pl.DataFrame:
    """A column of codes in the records' own; what is not known becomes empty, and is noted."""
    told = frame.with_columns(_looked_up(pl.col(column), known).alias(_NEW))
    notes.leave_empty(table, "code", told.filter(pl.col(column).is_not_null() & pl.col(_NEW).is_null()), column=column)
    return told.with_columns(pl.col(_NEW).alias(column)).drop(_NEW)


def several(frame: pl.DataFrame, column: str, known: Mapping[str, str], *, table: str, notes: Notes) -> pl.DataFrame:
    """A column of several codes with ; between becomes lists of the records' own."""
    split = pl.col(column).str.split(";").list.eval(_looked_up(pl.element(), known))
    told = frame.with_columns(split.alias(_NEW)).with_columns(
        pl.col(_NEW).list.eval(pl.element().is_null()).list.any().fill_null(value=False).alias(_WHY)
    )
    notes.leave_empty(table, "code", told.filter(pl.col(_WHY)), column=column)
    kept = pl.col(_NEW).list.drop_nulls().list.unique().list.sort()
    return told.with_columns(kept.fill_null([]).alias(column)).drop(_NEW, _WHY)


def _looked_up(cell: pl.Expr, known: Mapping[str, str]) -> pl.Expr:
    small = cell.str.strip_chars().str.to_lowercase()
    return small.replace_strict(dict(known), default=None, return_dtype=pl.String)


def dated(frame: pl.DataFrame, starts: pl.DataFrame, day: str = "day", on: str = ON) -> pl.DataFrame:
    """The date of a day of an enrollment, beside it."""
    joined = frame.join(starts, on="enrollment_id", how="left", maintain_order="left")
    return joined.with_columns((pl.col("_start") + pl.duration(days=pl.col(day))).alias(on)).drop("_start")


def of_stays(frame: pl.DataFrame, table: str, plan: Plan) -> pl.DataFrame:
    """The rows whose enrollment is imported, now or before; the others are noted."""
    states = {stay: ERASED if found is None else HERE for stay, found in plan.stays.items()}
    state = pl.col("enrollment_id").replace_strict(states, default=LEFT, return_dtype=pl.String)
    told = frame.with_columns(state.alias(STATE))
    erased = told.filter(pl.col(STATE) == ERASED)
    plan.counts[table].erased += erased.height
    plan.notes.leave_out(table, "erased", erased)
    there = told.filter(pl.col(STATE) != ERASED)
    return left_out(there, pl.col(STATE) == LEFT, "parent_left_out", table, plan).drop(STATE)


def left_out(
    frame: pl.DataFrame,
    wrong: pl.Expr,
    why: str,
    table: str,
    plan: Plan,
    *,
    column: str = "",
) -> pl.DataFrame:
    """The rows for which `wrong` is not true; the others are noted and counted."""
    out = frame.filter(wrong)
    plan.counts[table].left_out += out.height
    plan.notes.leave_out(table, why, out, column=column)
    return frame.filter(~wrong.fill_null(value=False))


def whole(frame: pl.DataFrame, column: str, *, table: str, notes: Notes) -> pl.DataFrame:
    """A column of whole numbers; one with a fraction becomes empty, for nothing is rounded."""
    broken = pl.col(column).is_not_null() & (pl.col(column) != pl.col(column).round(0))
    notes.leave_empty(table, "number", frame.filter(broken), column=column)
    return frame.with_columns(pl.when(broken).then(None).otherwise(pl.col(column)).cast(pl.Int64).alias(column))


def content_columns(frame: pl.DataFrame) -> list[str]:
    """The columns of the contract: what a row says."""
    return [name for name in frame.columns if name not in (FILE, ROW) and not name.startswith("_")]
