"""Cells as a workbook's library gives them, as the text a sheet holds: a column at a time, a type at a time."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

import polars as pl

from casearc.files.formulas import as_written
from casearc.files.sheet import text_cells

Cell = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta

_AT_ONCE = 250_000
"""Cells that are Python objects at a time."""
_TYPES: dict[type, pl.DataType] = {
    str: pl.String(),
    float: pl.Float64(),
    int: pl.Int64(),
    bool: pl.Boolean(),
    datetime.date: pl.Date(),
    datetime.datetime: pl.Datetime("us"),
    datetime.time: pl.Time(),
    datetime.timedelta: pl.Duration("us"),
}
_DATES = frozenset({datetime.date, datetime.datetime})
_DAY_ALONE = r"^\d{4}-\d{2}-\d{2}$"
"""A moment at midnight comes as a day."""
_NO_DECIMALS = r"\.0$"
"""Workbooks have no whole numbers of their own: one of sixteen digits comes as a float, too."""
_DURATION = r"^PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S$"
"""How ODS writes a time of day, and its library hands it on."""


def text_frame(rows: Iterable[Sequence[Cell]], *, width: int) -> tuple[pl.DataFrame, list[set[type]]]:
    """All rows as columns of text named ``0``, ``1`` …, and for each column the types of its cells.

    Examples
    --------
    >>> frame, types = text_frame([[5.0, "a"], [0.25, ""]], width=2)
    >>> frame.rows(), types[0]
    ([('5', 'a'), ('0.25', None)], {<class 'float'>})
    """
    kinds: list[set[type]] = [set() for _ in range(width)]
    parts = []
    for block in _blocks(rows, max(_AT_ONCE // max(width, 1), 1)):
        parts.append(_together(_by_type(block), kinds, len(block)))
    schema = {str(index): pl.String() for index in range(width)}
    midnights = [str(index) for index, found in enumerate(kinds) if found >= _DATES and str not in found]
    frame = pl.concat([pl.DataFrame(schema=schema), *parts])
    return frame.with_columns(pl.col(midnights).str.replace(_DAY_ALONE, "$0 00:00:00")), kinds


def mixes_dates(kinds: set[type]) -> bool:
    """Whether a column has dates and something else."""
    return bool(kinds & _DATES) and bool(kinds - _DATES)


def _blocks(rows: Iterable[Sequence[Cell]], size: int) -> Iterator[list[Sequence[Cell]]]:
    left = iter(rows)
    while block := list(islice(left, size)):
        yield block


def _by_type(block: list[Sequence[Cell]]) -> dict[type, dict[int, pl.Series]]:
    """Type of cell -> column -> the text of the cells of that type; only columns that have any.

    All columns are turned into text in one piece: an expression for each would take far longer than its cells do.
    """
    end_to_end: dict[type, list[object]] = {}
    columns: dict[type, list[int]] = {}
    for index, cells in enumerate(zip(*block, strict=True)):
        types = set(map(type, cells))
        for each in types:
            of_type = list(cells) if len(types) == 1 else [cell if type(cell) is each else None for cell in cells]
            end_to_end.setdefault(each, []).extend(of_type)
            columns.setdefault(each, []).append(index)
    height = len(block)
    found: dict[type, dict[int, pl.Series]] = {}
    for each, values in end_to_end.items():
        text = _text(pl.Series("cells", values, dtype=_TYPES[each], strict=True))
        pieces = {index: text.slice(at * height, height) for at, index in enumerate(columns[each])}
        found[each] = {index: piece for index, piece in pieces.items() if piece.null_count() < height}
    return found


def _together(texts: Mapping[type, Mapping[int, pl.Series]], kinds: list[set[type]], height: int) -> pl.DataFrame:
    """The columns of all types as one frame: where one type leaves a gap, another fills it."""
    whole: dict[int, pl.Series] = {}
    for each, pieces in texts.items():
        for index, piece in pieces.items():
            before = whole.get(index)
            whole[index] = piece if before is None else before.zip_with(before.is_not_null(), piece)
            kinds[index].add(each)
    blank = pl.repeat(None, height, dtype=pl.String, eager=True)
    return pl.DataFrame([whole.get(index, blank).alias(str(index)) for index in range(len(kinds))])


def _text(typed: pl.Series) -> pl.Series:
    """Cells of one type as text."""
    frame = pl.DataFrame([typed])
    if typed.dtype == pl.Duration:
        return frame.select(_hours(pl.col("cells").dt.total_seconds())).to_series()
    if typed.dtype == pl.Float64:
        frame = frame.with_columns(pl.when(pl.col("cells") == 0).then(0.0).otherwise("cells").alias("cells"))
    text = text_cells(frame)
    if typed.dtype == pl.Float64:
        text = text.select(pl.col("cells").str.replace(_NO_DECIMALS, ""))
    if typed.dtype == pl.String:
        text = text.select(as_written(_time_of_day(pl.col("cells"))).str.strip_chars().replace("", None))
    return text.to_series()


def _hours(seconds: pl.Expr) -> pl.Expr:
    """``30:05:00`` for a span of time; more than a day stays hours."""
    size = seconds.abs()
    minutes = (size // 60 % 60).cast(pl.String).str.zfill(2)
    rest = (size % 60).cast(pl.String).str.zfill(2)
    sign = pl.when(seconds < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    hours = (size // 3600).cast(pl.String).str.zfill(2)
    return pl.when(seconds.is_not_null()).then(sign + hours + ":" + minutes + ":" + rest)


def _time_of_day(cell: pl.Expr) -> pl.Expr:
    parts = [cell.str.extract(_DURATION, index).str.zfill(2) for index in (1, 2, 3)]
    return pl.when(cell.str.contains(_DURATION)).then(pl.concat_str(parts, separator=":")).otherwise(cell)
