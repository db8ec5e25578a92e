"""Dates as files write them, turned into the contract's ``yyyy-mm-dd`` where a mapping says how they are written.

The order of day and month is declared, never guessed: 03-04-2024 is two different days.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

import polars as pl

from casearc.language import to_say


class Order(StrEnum):
    """How a column writes dates. A time of day behind the date is left out; the date is the one written.

    A spreadsheet program that opens dates as text takes some for its own and leaves the others: the last four say how
    the text stands and what the real dates (``yyyy-mm-dd`` in a sheet) are worth. Turned round are those whose day the
    program took for the month.
    """

    YEAR_MONTH_DAY = to_say("year month day")
    DAY_MONTH_YEAR = to_say("day month year")
    MONTH_DAY_YEAR = to_say("month day year")
    SERIAL = to_say("days since 1900")  # a spreadsheet's serial number
    SERIAL_1904 = to_say("days since 1904")
    DAY_MONTH_OR_DATE = to_say("day month year, or a date as it is")
    DAY_MONTH_OR_TURNED = to_say("day month year, or a date turned round")
    MONTH_DAY_OR_DATE = to_say("month day year, or a date as it is")
    MONTH_DAY_OR_TURNED = to_say("month day year, or a date turned round")


_BETWEEN = r"[-/. ]"
_TIME = r"(?:[T ,].*)?$"
_YEAR = r"(?P<y>\d{4}|\d{2})"
_DIGITS = {
    Order.YEAR_MONTH_DAY: rf"^(?P<y>\d{{4}}){_BETWEEN}?(?P<m>\d{{1,2}}){_BETWEEN}?(?P<d>\d{{1,2}}){_TIME}",
    Order.DAY_MONTH_YEAR: rf"^(?P<d>\d{{1,2}}){_BETWEEN}(?P<m>\d{{1,2}}){_BETWEEN}{_YEAR}{_TIME}",
    Order.MONTH_DAY_YEAR: rf"^(?P<m>\d{{1,2}}){_BETWEEN}(?P<d>\d{{1,2}}){_BETWEEN}{_YEAR}{_TIME}",
}
_SHORT = {Order.YEAR_MONTH_DAY: r"^(?P<y>\d{2})[-.](?P<m>\d{1,2})[-.](?P<d>\d{1,2})(?:[T ,].*)?$"}
"""Years of two digits where years of four stand in another pattern."""
_WORDS = {
    Order.DAY_MONTH_YEAR: (
        rf"^(?P<d>\d{{1,2}})[-/. ]*(?:de )?(?P<m>\p{{L}}{{3,10}})\.?(?:[-/. ,]| de )*{_YEAR}{_TIME}"
    ),
    Order.MONTH_DAY_YEAR: rf"^(?P<m>\p{{L}}{{3,10}})\.?[-/. ]*(?P<d>\d{{1,2}})[-/. ,]+{_YEAR}{_TIME}",
}
_REAL = r"^(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})(?: .*)?$"
_TURNED = r"^(?P<y>\d{4})-(?P<d>\d{2})-(?P<m>\d{2})(?: .*)?$"
_MIXED = {
    Order.DAY_MONTH_OR_DATE: (Order.DAY_MONTH_YEAR, _REAL),
    Order.DAY_MONTH_OR_TURNED: (Order.DAY_MONTH_YEAR, _TURNED),
    Order.MONTH_DAY_OR_DATE: (Order.MONTH_DAY_YEAR, _REAL),
    Order.MONTH_DAY_OR_TURNED: (Order.MONTH_DAY_YEAR, _TURNED),
}
"""How the text is written, and how a real date beside it is read."""
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
    if order in _MIXED:
        text, real = _MIXED[order]
        return pl.coalesce(dates_of(cell, text), _in_digits(cell, real))
    found = _in_digits(cell, _DIGITS[order])
    if order in _SHORT:
        found = pl.coalesce(found, _in_digits(cell, _SHORT[order]))
    if order not in _WORDS:
        return found
    words = cell.str.extract_groups(_WORDS[order])
    month = words.struct.field("m").str.to_lowercase().str.slice(0, 3)
    return pl.coalesce(found, _date(words, month.replace_strict(_MONTHS, default=None, return_dtype=pl.String)))


def _in_digits(cell: pl.Expr, pattern: str) -> pl.Expr:
    parts = cell.str.extract_groups(pattern)
    return _date(parts, parts.struct.field("m"))


def _date(parts: pl.Expr, month: pl.Expr) -> pl.Expr:
    text = pl.concat_str(
        _whole_year(parts.struct.field("y")), month.str.zfill(2), parts.struct.field("d").str.zfill(2), separator="-"
    )
    return text.str.to_date("%Y-%m-%d", strict=False)


def _whole_year(year: pl.Expr) -> pl.Expr:
    """A year of two digits is this year or one of the 99 before it."""
    this = datetime.now(UTC).year
    short = year.cast(pl.Int32, strict=False) + this // 100 * 100
    past = pl.when(short > this).then(short - 100).otherwise(short)
    return pl.when(year.str.len_chars() == 2).then(past.cast(pl.String)).otherwise(year)


def share_of_dates(cells: pl.Series, order: Order) -> float:
    """Share of the filled cells that are dates written in this order; 0 where none is filled."""
    filled = cells.drop_nulls()
    if filled.is_empty():
        return 0.0
    found = filled.to_frame("cell").select(dates_of(pl.col("cell"), order)).to_series()
    return 1.0 - found.null_count() / len(filled)
