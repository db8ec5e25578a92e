"""Dates, moments and times of day: SPSS, Stata and SAS keep numbers, and the column's format says what they count."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import polars as pl

from casearc.files.sheet import Holds
from casearc.language import to_say

_UNIX = date(1970, 1, 1)
_FIRST, _LAST = (date(1, 1, 1) - _UNIX).days, (date(9999, 12, 31) - _UNIX).days
_SPSS = (date(1582, 10, 14) - _UNIX).days
_SAS = _STATA = (date(1960, 1, 1) - _UNIX).days
_SECONDS, _MILLISECONDS = 86_400, 86_400_000
_PER_YEAR = {"w": 52, "m": 12, "q": 4, "h": 2}
_PERIODS = {"w": to_say("week"), "m": to_say("month"), "q": to_say("quarter"), "h": to_say("half year")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What the numbers of a column count.

    holds
        Date, moment or time of day.
    per_day
        How many of them are a day.
    origin
        The day that is 0, counted from 1970.
    shown
        The period whose first day stands for it, where the program shows no more: ``month``.
    per_year
        For Stata's counts of periods: how many are a year.
    common
        Days of SAS's calendar before which a leap day is left out: its years 4000 and 8000 have none.
    wraps
        Only the time of day of a moment is shown.
    """

    holds: Holds
    per_day: int = 1
    origin: int = _SAS
    shown: str = ""
    per_year: int = 0
    common: tuple[int, ...] = ()
    wraps: bool = False


def calendar_of(program: str, form: str | None) -> Calendar | None:
    """What a column's format makes its numbers count; None where they are plain numbers.

    Parameters
    ----------
    program
        ``spss``, ``stata`` or ``sas``.
    form
        The format's name in the program's notation; None where the column has none.

    Returns
    -------
    Calendar or None

    Examples
    --------
    >>> calendar_of("spss", "EDATE10").holds
    <Holds.DATE: 'date'>
    """
    if not form:
        return None
    if program == "stata":
        return _stata(form)
    name = re.sub(r"[\d.]+$", "", form.upper())
    return _spss(name) if program == "spss" else _sas(name)


def _spss(name: str) -> Calendar | None:
    shown = {"MOYR": _PERIODS["m"], "QYR": _PERIODS["q"], "WKYR": _PERIODS["w"]}.get(name, "")
    if shown or name in {"DATE", "ADATE", "EDATE", "SDATE", "JDATE"}:
        return Calendar(holds=Holds.DATE, per_day=_SECONDS, origin=_SPSS, shown=shown)
    if name in {"DATETIME", "YMDHMS"}:
        return Calendar(holds=Holds.MOMENT, per_day=_SECONDS, origin=_SPSS)
    if name in {"TIME", "DTIME", "MTIME"}:
        return Calendar(holds=Holds.TIME, per_day=_SECONDS)
    return None


_COMMON = tuple((date(year, 2, 29) - date(1960, 1, 1)).days - before for before, year in enumerate((4000, 8000)))
_SAS_FORMATS = (
    (
        r"DATE|JULIAN|(DDMMYY|MMDDYY|YYMMDD)[BCDNPS]?|WEEKDAT[EX]|WORDDAT[EX]|([BE]8601|IS8601)DA|NLDATE\w*",
        Calendar(holds=Holds.DATE, common=_COMMON),
    ),
    (r"DAY|DOWNAME|JULDAY|WEEKDAY", Calendar(holds=Holds.DATE, shown=to_say("day's name or number"), common=_COMMON)),
    (r"MONYY|YYMON|MONNAME|MONTH|(YYMM|MMYY)[CDNPS]?", Calendar(holds=Holds.DATE, shown=_PERIODS["m"], common=_COMMON)),
    (r"QTRR?|YYQR?[CDNPS]?", Calendar(holds=Holds.DATE, shown=_PERIODS["q"], common=_COMMON)),
    (r"YEAR", Calendar(holds=Holds.DATE, shown=to_say("year"), common=_COMMON)),
    (r"DTDATE|DTWKDATX|[BE]8601DN", Calendar(holds=Holds.DATE, per_day=_SECONDS, common=_COMMON)),
    (r"DTMONYY", Calendar(holds=Holds.DATE, per_day=_SECONDS, shown=_PERIODS["m"], common=_COMMON)),
    (r"DTYYQC", Calendar(holds=Holds.DATE, per_day=_SECONDS, shown=_PERIODS["q"], common=_COMMON)),
    (r"DTYEAR", Calendar(holds=Holds.DATE, per_day=_SECONDS, shown=to_say("year"), common=_COMMON)),
    (
        r"DATETIME|DATEAMPM|MDYAMPM|[BE]8601(D[TXZ]|LX)|IS8601DT|NLDATM\w*",
        Calendar(holds=Holds.MOMENT, per_day=_SECONDS, common=_COMMON),
    ),
    (r"TOD", Calendar(holds=Holds.TIME, per_day=_SECONDS, wraps=True)),
    (r"TIME|TIMEAMPM|HHMM|MMSS|[BE]8601(T[MXZ]|LZ)|IS8601TM|NLTIME\w*", Calendar(holds=Holds.TIME, per_day=_SECONDS)),
)


def _sas(name: str) -> Calendar | None:
    return next((calendar for pattern, calendar in _SAS_FORMATS if re.fullmatch(pattern, name)), None)


def _stata(form: str) -> Calendar | None:
    found = re.match(r"%-?(?:t([cCdwmqh])|d)(.*)", form)
    if found is None:
        return None
    unit, detail = found[1] or "d", found[2]
    if unit in _PER_YEAR:
        return Calendar(holds=Holds.DATE, shown=_PERIODS[unit], per_year=_PER_YEAR[unit])
    if unit == "d":
        return Calendar(holds=Holds.DATE, origin=_STATA)
    shows_no_day = detail[:1] in {"H", "h"} and not re.search(r"[CcYyJjNnDdWw]|[Mm]o", detail)
    if shows_no_day:
        return Calendar(holds=Holds.TIME, per_day=_MILLISECONDS, wraps=True)
    return Calendar(holds=Holds.MOMENT, per_day=_MILLISECONDS, origin=_STATA)


def as_text(number: pl.Expr, calendar: Calendar) -> pl.Expr:
    """The date, moment or time that numbers count, as a sheet's text; null outside the years 1 to 9999.

    Parameters
    ----------
    number
        A column of floats.
    calendar
        What they count.

    Returns
    -------
    polars.Expr

    Examples
    --------
    >>> pl.select(as_text(pl.lit(0.0), Calendar(holds=Holds.DATE))).item()
    '1960-01-01'
    """
    if calendar.holds is Holds.TIME:
        return _time(number, calendar)
    if calendar.per_year:
        return _period(number, calendar.per_year)
    for left_out in reversed(calendar.common):
        number = pl.when(number >= left_out * calendar.per_day).then(number + calendar.per_day).otherwise(number)
    day = number / calendar.per_day + calendar.origin
    number = pl.when(day.is_between(_FIRST, _LAST + 1, closed="left")).then(number)
    if calendar.holds is Holds.DATE:
        days = (number / calendar.per_day).floor() + calendar.origin
        return days.cast(pl.Int32).cast(pl.Date).cast(pl.String)
    thousandths = (number * (_MILLISECONDS / calendar.per_day)).round().cast(pl.Int64)
    moment = (thousandths + calendar.origin * _MILLISECONDS).cast(pl.Datetime("ms"))
    return moment.dt.strftime("%Y-%m-%d %H:%M:%S")


def _time(number: pl.Expr, calendar: Calendar) -> pl.Expr:
    """Hours go on after 24: SPSS and SAS keep durations in the same formats."""
    if calendar.wraps:
        number = number - (number / calendar.per_day).floor() * calendar.per_day
    number = pl.when(number.is_between(0, 1_000_000 * calendar.per_day)).then(number)
    seconds = ((number * (_MILLISECONDS / calendar.per_day)).round() / 1000).floor().cast(pl.Int64)
    parts = (seconds // 3600, seconds // 60 % 60, seconds % 60)
    return pl.concat_str([part.cast(pl.String).str.zfill(2) for part in parts], separator=":")


def _period(number: pl.Expr, per_year: int) -> pl.Expr:
    """The first day of a week, month, quarter or half that Stata counts from 1960; its years have 52 weeks."""
    year = 1960 + (number / per_year).floor()
    year = pl.when(year.is_between(1, 9999)).then(year).cast(pl.Int32)
    part = (number - (number / per_year).floor() * per_year).floor().cast(pl.Int32, strict=False)
    if per_year == 52:
        return (pl.date(year, 1, 1) + pl.duration(days=part * 7)).cast(pl.String)
    return pl.date(year, part * (12 // per_year) + 1, 1).cast(pl.String)
