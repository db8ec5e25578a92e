"""Tables one can read: a spec says in text what goes in and what comes out."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from casearc.tables import TABLES

_TYPES = {column.name: column.kind.dtype for schema in TABLES.values() for column in schema.columns}


def parse_table(text: str) -> pl.DataFrame:
    """Columns by ``|``, a rule of dashes under the heading, an empty cell for missing.

    Columns of the contract get the contract's type; the others become whole numbers, numbers or text.
    """
    heading, _rule, *lines = [line for line in text.strip().splitlines() if line.strip()]
    names = [name.strip() for name in heading.split("|")]
    rows = [[cell.strip() or None for cell in line.split("|")] for line in lines]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    return frame.with_columns(_typed(frame[name]) for name in names)


def _typed(column: pl.Series) -> pl.Series:
    if column.name in _TYPES:
        return column.cast(_TYPES[column.name])
    for dtype in (pl.Int64, pl.Float64):
        numbers = column.cast(dtype, strict=False)
        if numbers.null_count() == column.null_count():
            return numbers
    return column


@pytest.fixture(scope="session")
def table() -> Callable[[str], pl.DataFrame]:
    """`parse_table`, for the specs."""
    return parse_table
