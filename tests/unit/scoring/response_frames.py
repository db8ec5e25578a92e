"""Frames of responses for the tests of scoring. All answers are made up."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import polars as pl

from casearc.instruments import Instrument

Answers = Mapping[str, int | None]


def wide(rows: list[Answers], instrument: Instrument) -> pl.DataFrame:
    """One row an administration, ids a00000, a00001, …"""
    columns = {
        instrument.column(item.id): pl.Series([row.get(item.id) for row in rows], dtype=pl.Float64)
        for item in instrument.items
    }
    return pl.DataFrame({"administration_id": [f"a{number:05d}" for number in range(len(rows))], **columns})


def long(frame: pl.DataFrame) -> pl.DataFrame:
    """A wide frame with one row a response."""
    return frame.unpivot(index="administration_id", variable_name="item", value_name="response")


def as_pandas(frame: pl.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(frame.to_dict(as_series=False))


KINDS: dict[str, Callable[[pl.DataFrame], object]] = {
    "polars": lambda frame: frame,
    "polars lazy": lambda frame: frame.lazy(),
    "pandas": as_pandas,
    "pandas nullable": lambda frame: as_pandas(frame).convert_dtypes(),
}


def as_rows(frame: object) -> list[tuple[object, ...]]:
    """Any kind of frame as rows, with None for every sort of missing."""
    if isinstance(frame, pl.LazyFrame):
        frame = frame.collect()
    if isinstance(frame, pl.DataFrame):
        return frame.rows()
    assert isinstance(frame, pd.DataFrame)
    rows = frame.astype(object).itertuples(index=False, name=None)
    return [tuple(None if pd.isna(value) else value for value in row) for row in rows]
