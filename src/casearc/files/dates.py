"""Dates as files write them, turned into the contract's ``yyyy-mm-dd`` where a mapping says how they are written.

The order of day and month is declared, never guessed: 03-04-2024 is two different days.
"""

from __future__ import annotations

from enum import StrEnum

import polars as pl


class Order(StrEnum):
    """How a column writes dates. A time of day behind the date is left out; the date is the one written."""

    YEAR_MONTH_DAY = "year month day"
    DAY_MONTH_YEAR = "day month year"
    MONTH_DAY_YEAR = "month day year"
    SERIAL = "days since 1900"  # a spreadsheet's serial number
    SERIAL_1904 = "days since 1904"


_BETWEEN = r"[-/. ]"
_TIME = r"(?:[T ,].*)?$"
_DIGITS = {
    Order.YEAR_MONTH_DAY: rf"^(?P<y>\d{{4}}){_BETWEEN}?(?P<m>\d{{1,2}}){_BETWEEN}?(?P<d>\d{{1,2}}){_TIME}",
    Order.DAY_MONTH_YEAR: rf"^(?P<d>\d{{1,2}}){_BETWEEN}(?P<m>\d{{1,2}}){_BETWEEN}(?P<y>\d{{4}}){_TIME}",
    Order.MONTH_DAY_YEAR: rf"^(?P<m>\d{{1,2}}){_BETWEEN}(?P<d>\d{{1,2}}){_BETWEEN}(?P<y>\d{{4}}){_TIME}",
}
_WORDS = {
    Order.DAY_MONTH_YEAR: (
        rf"^(?P<d>\d{{1,2}})[-/. ]*(?:de )?(?P<m>\p{{L}}{{3,10}})\.?(?:[-/. ,]| de )*(?P<y>\d{{4}}){_TIME}"
    ),
    Order.MONTH_DAY_YEAR: rf"^(?P<m>\p{{L}}{{3,10}})\.?[-/. ]*(?P<d>\d{{1,2}})[-/. ,]+(?P<y>\d{{4}}){_TIME}",
}
_MONTHS = {
    word: f"{number}"
    for number, words in enumerate(
        (
            "jan ene", "feb", "mar", "apr abr", "may", "jun", "jul", "aug ago", "sep set", "oct", "nov", "dec dic",
        ),
        start=1,
    )
    for word in words.split()
}  # fmt: skip
_EPOCHS = {Order.SERIAL: pl.date(1899, 12, 30), Order.SERIAL_1904: pl.date(1904, 1, 1)}
_SERIAL = r"^[1-9]\d{0,5}(?:\.\d+)?$"


def dates_of(cell: pl.Expr, order: Order) -> pl.Expr:
    """The dates of text cells; null where a cell is empty or is no date written so."""
    if order in _EPOCHS:
        days = pl.when(cell.str.contains(_SERIAL)).then(cell.cast(pl.Float64, strict=False)).floor()
        return _EPOCHS[order] + pl.duration(days=days.cast(pl.Int64, strict=False))
    parts = cell.str.extract_groups(_DIGITS[order])
    found = _date(parts, parts.struct.field("m"))
    if order not in _WORDS:
        return found
    words = cell.str.extract_groups(_WORDS[order])
    month = words.struct.field("m").str.to_lowercase().str.slice(0, 3)
    return pl.coalesce(found, _date(words, month.replace_strict(_MONTHS, default=None, return_dtype=pl.String)))


def _date(parts: pl.Expr, month: pl.Expr) -> pl.Expr:
    text = pl.concat_str(
        parts.struct.field("y"), month.str.zfill(2), parts.struct.field("d").str.zfill(2), separator="-"
    )
    return text.str.to_date("%Y-%m-%d", strict=False)


def share_of_dates(cells: pl.Series, order: Order) -> float:
    """Share of the filled cells that are dates written in this order; 0 where none is filled."""
    filled = cells.drop_nulls()
    if filled.is_empty():
        return 0.0
    found = filled.to_frame("cell").select(dates_of(pl.col("cell"), order)).to_series()
    return 1.0 - found.null_count() / len(filled)
