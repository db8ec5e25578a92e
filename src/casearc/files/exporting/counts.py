"""How often a column is filled, with what: for codebooks that stay with their rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from casearc.files.sheet import Field, text_cells


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnCounts:
    """Rows with an answer and without one; rows at each code; of numbers that are no codes also what they average."""

    valid: int
    missing: int
    codes: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)
    mean: float | None = None
    sd: float | None = None
    low: float | None = None
    high: float | None = None


def counts_of(cells: pl.Series, said: Field) -> ColumnCounts:
    """Count a column.

    Parameters
    ----------
    cells
        The typed column.
    said
        Its choices and codes for missing; a code for missing is no answer.

    Returns
    -------
    ColumnCounts

    Examples
    --------
    >>> counts_of(pl.Series("day", [1, 3, None]), Field(name="day")).mean
    2.0
    """
    texts = text_cells(cells.to_frame()).to_series()
    known = {code.code: _times(texts, code.code) for code in said.missing}
    answered = texts.is_not_null() & ~texts.is_in(list(known))
    valid = int(answered.sum())
    counted = ColumnCounts(
        valid=valid,
        missing=len(cells) - valid,
        codes={code: _times(texts, code) for code in said.choices},
        reasons=known,
    )
    if said.choices or not cells.dtype.is_numeric() or not valid:
        return counted
    return _described(counted, cells.filter(answered).cast(pl.Float64))


def _times(texts: pl.Series, code: str) -> int:
    return int((texts == code).sum())


def _described(counted: ColumnCounts, numbers: pl.Series) -> ColumnCounts:
    low, high, mean, sd = numbers.min(), numbers.max(), numbers.mean(), numbers.std()
    return ColumnCounts(
        valid=counted.valid,
        missing=counted.missing,
        reasons=counted.reasons,
        mean=_number(mean),
        sd=_number(sd),
        low=_number(low),
        high=_number(high),
    )


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
