"""What a column looks like: how full, which kind, which range, in which orders its dates could be written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as attribute

import polars as pl

from casearc.files.dates import Order
from casearc.files.proposal.dated import named_as_date, orders_of
from casearc.files.sheet import Field, MissingCode, Sheet
from casearc.tables import ROW

MOST_CODES = 40
_LOOKED_AT = 20_000
_LONGEST_CODE = 60
_RECUR = 3
_CLOCK = r"^\d{1,2}(:[0-5]\d){1,2}$"
_MOSTLY = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One column of a sheet.

    called
        Its name without the groups that some programs write before it: words are looked for in this.
    filled, distinct
        How many cells, and how many different ones.
    numbers, whole
        Share of the filled cells that are numbers, and whole numbers. Codes for missing are not counted.
    low, high
        Smallest and largest number.
    codes
        The different cells in order of frequency, where they are few and short; () otherwise. Of a column that mostly
        holds such, long ones are left out, and among too many those that hardly recur.
    orders
        Ways of writing dates in which (nearly) all filled cells are dates.
    cells, rows
        The filled cells, and the row of each in the file. Codes for missing are left out.
    """

    name: str
    called: str
    field: Field
    filled: int
    distinct: int
    numbers: float
    whole: float
    low: float | None
    high: float | None
    codes: tuple[str, ...]
    orders: tuple[Order, ...]
    cells: pl.Series = attribute(compare=False, repr=False)
    rows: pl.Series = attribute(compare=False, repr=False)

    @property
    def unique(self) -> bool:
        """Whether no two cells are the same."""
        return self.filled > 0 and self.distinct == self.filled

    @property
    def dated(self) -> bool:
        """Whether it holds dates, in some order."""
        return bool(self.orders)

    @property
    def on_the_clock(self) -> bool:
        """Whether it holds durations such as 1:15."""
        return self.filled > 0 and bool(self.cells.str.contains(_CLOCK).all())

    @property
    def is_box(self) -> bool:
        """Whether it says of one choice of a question if it was ticked."""
        return bool(self.field.question and self.field.choice)


def profile_all(sheet: Sheet) -> Mapping[str, Profile]:
    """The profile of every column of a sheet, by name."""
    return {name: profile(sheet, name) for name in sheet.frame.columns}


def profile(sheet: Sheet, name: str) -> Profile:
    """The profile of one column."""
    field = sheet.field(name)
    kept = without_missing(sheet, name)
    cells, rows = kept.drop_nulls(), sheet.places[ROW].filter(kept.is_not_null())
    number = cells.cast(pl.Float64, strict=False)
    number = number.filter(number.is_finite())
    share = len(number) / len(cells) if len(cells) else 0.0
    counts = cells.value_counts(sort=True) if len(cells) else None
    own = called(sheet, name)
    return Profile(
        name=name,
        called=own,
        field=field,
        filled=len(cells),
        distinct=0 if counts is None else counts.height,
        numbers=share,
        whole=float((number == number.round(0)).sum()) / len(cells) if len(cells) else 0.0,
        low=_as_float(number.min()),
        high=_as_float(number.max()),
        codes=() if counts is None else _codes(counts, cells.name, len(cells)),
        orders=orders_of(cells.head(_LOOKED_AT), named=not field.choices and named_as_date(own, field.label)),
        cells=cells,
        rows=rows,
    )


def _codes(counts: pl.DataFrame, name: str, filled: int) -> tuple[str, ...]:
    few = counts if counts.height <= MOST_CODES else counts.filter(pl.col("count") >= _RECUR)
    few = few.filter(pl.col(name).str.len_chars() <= _LONGEST_CODE)
    enough = few.height <= MOST_CODES and few["count"].sum() >= _MOSTLY * filled
    return tuple(few[name].to_list()) if enough else ()


def called(sheet: Sheet, name: str) -> str:
    """``visit_date`` for KoboToolbox's ``intake/visit_date`` and ODK's ``intake-visit_date``; else the name itself."""
    if sheet.format != "xlsform":
        return name
    asked = sheet.field(name).question
    if asked and not sheet.field(name).choice:
        return asked
    return name.rpartition("/")[2] if "/" in name else name.rpartition("-")[2]


def without_missing(sheet: Sheet, name: str) -> pl.Series:
    """The cells of a column with those that stand for missing taken out."""
    cells = sheet.frame[name]
    for code in sheet.field(name).missing:
        kept = ~_stands_for_missing(cells, code).fill_null(value=False)
        cells = cells.zip_with(kept, pl.Series([None], dtype=pl.String).new_from_index(0, len(cells)))
    return cells


def _stands_for_missing(cells: pl.Series, code: MissingCode) -> pl.Series:
    if code.low is None or code.high is None:
        return cells == code.code
    return cells.cast(pl.Float64, strict=False).is_between(code.low, code.high).fill_null(value=False)


def _as_float(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
