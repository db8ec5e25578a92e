"""Dates, moments and times come out as a calendar and a clock say them, whichever program counted them."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from casearc.files.sheet import Holds
from casearc.files.statistical.calendars import as_text, calendar_of

LEAP_DAYS_WITHOUT = (date(4000, 2, 29), date(8000, 2, 29))
"""Days that SAS's calendar does not have."""

CASES = [
    # program, format, number, text
    ("spss", "DATE11", 0.0, "1582-10-14"),
    ("spss", "EDATE10", 13_797_216_000.0, "2020-01-01"),
    ("spss", "ADATE8", 13_797_216_000.0 + 86_399, "2020-01-01"),
    ("spss", "MOYR6", 13_797_216_000.0, "2020-01-01"),
    ("spss", "DATETIME20", 13_797_216_000.0 + 61, "2020-01-01 00:01:01"),
    ("spss", "YMDHMS19", 13_797_216_000.0 + 60.9999999, "2020-01-01 00:01:01"),
    ("spss", "TIME8", 3_661.0, "01:01:01"),
    ("spss", "DTIME12", 90_000.0, "25:00:00"),
    ("spss", "DATE11", 1e20, None),
    ("spss", "DATE11", -1e20, None),
    ("spss", "DATETIME20", float("inf"), None),
    ("spss", "TIME8", -5.0, None),
    ("stata", "%td", 0.0, "1960-01-01"),
    ("stata", "%d", -1.0, "1959-12-31"),
    ("stata", "%tdDD/NN/CCYY", 21_915.0, "2020-01-01"),
    ("stata", "%-td", 21_915.0, "2020-01-01"),
    ("stata", "%tc", 0.0, "1960-01-01 00:00:00"),
    ("stata", "%tcCCYY-NN-DD_HH:MM:SS", 1_893_456_061_000.0, "2020-01-01 00:01:01"),
    ("stata", "%tcHH:MM:SS", 3_661_000.0, "01:01:01"),
    ("stata", "%tcHh:MM_am", 3_661_000.0, "01:01:01"),
    ("stata", "%tm", 721.0, "2020-02-01"),
    ("stata", "%tm", -1.0, "1959-12-01"),
    ("stata", "%tq", 243.0, "2020-10-01"),
    ("stata", "%th", 121.0, "2020-07-01"),
    ("stata", "%tw", 3121.0, "2020-01-08"),
    ("stata", "%tm", 1e18, None),
    ("sas", "DATE9", 21_915.0, "2020-01-01"),
    ("sas", "YYMMDD10.", 21_915.0, "2020-01-01"),
    ("sas", "MMDDYYS10", 21_915.0, "2020-01-01"),
    ("sas", "MONYY7.", 21_915.0, "2020-01-01"),
    ("sas", "DTDATE9", 1_893_456_000.0, "2020-01-01"),
    ("sas", "DATETIME22.3", 1_893_456_061.0, "2020-01-01 00:01:01"),
    ("sas", "TIME8", 61.0, "00:01:01"),
    ("sas", "YEAR4", 21_915.0, "2020-01-01"),
    ("sas", "WEEKDAY", 21_915.0, "2020-01-01"),
    ("sas", "DTMONYY7", 1_893_456_061.0, "2020-01-01"),
    ("sas", "TOD8", 1_893_456_061.0, "00:01:01"),
    ("sas", "TOD8", -1.0, "23:59:59"),
    ("sas", "DATE9", 2_936_547.0, "9999-12-31"),  # the last day that SAS has: its years 4000 and 8000 have 365 days
    ("sas", "DATE9", 745_154.0, "4000-03-01"),
    ("sas", "DATE9", 745_153.0, "4000-02-28"),
]


@pytest.mark.parametrize(("program", "form", "number", "text"), CASES)
def test_text(program: str, form: str, number: float, text: str | None) -> None:
    calendar = calendar_of(program, form)
    assert calendar is not None
    assert pl.DataFrame({"n": [number]}).select(as_text(pl.col("n"), calendar)).item() == text


@pytest.mark.parametrize(
    ("program", "form"),
    [("spss", "F8.2"), ("spss", "MONTH"), ("spss", "WKDAY"), ("spss", None), ("stata", "%9.0g"), ("stata", "%ty"),
     ("stata", "%tbmarket"), ("sas", "BEST12"), ("sas", "DOLLAR10.2"), ("sas", "$CHAR8")],
)  # fmt: skip
def test_plain_numbers_are_left_alone(program: str, form: str | None) -> None:
    assert calendar_of(program, form) is None


@settings(max_examples=60)
@given(moment=st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)))
def test_every_moment_of_a_calendar(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    text = f"{moment.isoformat(sep=' ')}"
    for program, form, origin in (
        ("spss", "DATETIME20", datetime(1582, 10, 14)),
        ("sas", "DATETIME20", datetime(1960, 1, 1)),
        ("stata", "%tc", datetime(1960, 1, 1)),
    ):
        calendar = calendar_of(program, form)
        assert calendar is not None
        number = (moment - origin).total_seconds() * (calendar.per_day / 86_400)
        if program == "sas":
            assume(moment.date() not in LEAP_DAYS_WITHOUT)
            number -= 86_400 * sum(moment.date() > day for day in LEAP_DAYS_WITHOUT)
        assert pl.DataFrame({"n": [number]}).select(as_text(pl.col("n"), calendar)).item() == text


def test_a_day_is_a_date() -> None:
    calendar = calendar_of("sas", "DATE9.")
    assert calendar is not None
    assert calendar.holds is Holds.DATE
    days = pl.DataFrame({"n": [0.0]})
    assert days.select(as_text(pl.col("n"), calendar)).item() == "1960-01-01"
