"""Windows: from which day to which a dose is counted, for each enrollment."""

from __future__ import annotations

import polars as pl

from casearc.dose.definitions import DAYS_IN_MONTH, DoseDefinition

START, END, OPEN = "_start", "_end", "_open"


def windows(wave_days: pl.DataFrame, dose: DoseDefinition) -> pl.DataFrame:
    """Each enrollment's window: enrollment_id, first day, the day after the last, and whether there is one.

    There is none where a wave it rests on is missing, or where its end is not after its start.
    """
    days = wave_days.select("enrollment_id", _edge(dose.start).alias(START), _edge(dose.end).alias(END))
    return days.with_columns((pl.col(START) < pl.col(END)).fill_null(False).alias(OPEN))


def inside() -> pl.Expr:
    """Whether a record's day lies in its enrollment's window: start inclusive, end exclusive."""
    return (pl.col("day") >= pl.col(START)) & (pl.col("day") < pl.col(END))


def window_months() -> pl.Expr:
    """Length of the window in months."""
    return (pl.col(END) - pl.col(START)) / DAYS_IN_MONTH


def _edge(edge: str | int) -> pl.Expr:
    day = pl.lit(edge) if isinstance(edge, int) else pl.col(edge)
    return day.cast(pl.Int64)
