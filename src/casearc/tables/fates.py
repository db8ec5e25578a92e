"""What became of single rows of a file on their way into a table, for a report that names every one."""

from __future__ import annotations

from enum import StrEnum

import polars as pl

_FILE, _ROW = "_file", "_row"


class Fate(StrEnum):
    """What became of a row."""

    KEPT = "kept"
    CHANGED = "changed"  # kept, and a code or sign in it was replaced as the mapping says
    SET_ASIDE = "set aside"


def no_fates() -> pl.DataFrame:
    """The frame of no row."""
    return pl.DataFrame(schema={_FILE: pl.String, _ROW: pl.Int64, "fate": pl.String, "why": pl.String})


def fates_of(rows: pl.DataFrame, fate: Fate, why: str | None) -> pl.DataFrame:
    """The fate of rows with their places beside them; `why` None takes the column of that name."""
    said = pl.col("why") if why is None else pl.lit(why, dtype=pl.String).alias("why")
    return rows.select(_FILE, _ROW, pl.lit(fate.value).alias("fate"), said)
