"""Dates are read the way a mapping says they are written, and no other way."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casearc.files.dates import Order, dates_of, share_of_dates

Y, D, M = Order.YEAR_MONTH_DAY, Order.DAY_MONTH_YEAR, Order.MONTH_DAY_YEAR

# how the column writes dates, the cell, the day; "" where it is no date written so
READ = [
    (Y, "2024-01-05", "2024-01-05"),
    (Y, "2024/1/5", "2024-01-05"),
    (Y, "20240105", "2024-01-05"),
    (Y, "2024-01-05 23:30:00", "2024-01-05"),
    (Y, "2024-01-05T23:30:00-08:00", "2024-01-05"),  # the day as written, wherever the clock was
    (Y, "05/01/2024", ""),
    (Y, "2024-02-30", ""),
    (D, "05/01/2024", "2024-01-05"),
    (D, "5.1.2024", "2024-01-05"),
    (D, "5-Jan-2024", "2024-01-05"),
    (D, "05JAN2024", "2024-01-05"),
    (D, "5 de enero de 2024", "2024-01-05"),
    (D, "13/14/2024", ""),
    (D, "05/01/24", "2024-01-05"),  # this year, or one of the 99 before it
    (D, "05/01/98", "1998-01-05"),
    (D, "5-Jan-24", "2024-01-05"),
    (D, "05JAN24", "2024-01-05"),
    (D, "05/01/124", ""),
    (M, "1/5/24", "2024-01-05"),
    (M, "1/5/24 3:04 PM", "2024-01-05"),
    (M, "Jan 5, 24", "2024-01-05"),
    (Y, "24-01-05", "2024-01-05"),
    (Y, "24/01/05", ""),
    (M, "01/05/2024", "2024-01-05"),
    (M, "1/5/2024 3:04 PM", "2024-01-05"),
    (M, "January 5, 2024", "2024-01-05"),
    (M, "13/05/2024", ""),
    (Order.SERIAL, "45296", "2024-01-05"),
    (Order.SERIAL, "45296.75", "2024-01-05"),
    (Order.SERIAL_1904, "43834", "2024-01-05"),
    (Order.SERIAL, "2024-01-05", ""),
    (Order.DAY_MONTH_OR_DATE, "05/01/2024", "2024-01-05"),
    (Order.DAY_MONTH_OR_DATE, "2024-01-05", "2024-01-05"),
    (Order.DAY_MONTH_OR_TURNED, "13/01/2024", "2024-01-13"),
    (Order.DAY_MONTH_OR_TURNED, "2024-05-01", "2024-01-05"),  # 05/01/2024, taken for the first of May
    (Order.DAY_MONTH_OR_TURNED, "2024-05-01 00:00:00", "2024-01-05"),
    (Order.DAY_MONTH_OR_TURNED, "2024-05-13", ""),
    (Order.MONTH_DAY_OR_DATE, "01/13/2024", "2024-01-13"),
    (Order.MONTH_DAY_OR_DATE, "2024-01-05", "2024-01-05"),
    (Order.MONTH_DAY_OR_TURNED, "2024-05-01", "2024-01-05"),
]


def read(order: Order, cell: str | None) -> date | None:
    return pl.DataFrame({"c": [cell]}, schema={"c": pl.String}).select(dates_of(pl.col("c"), order)).item()


@pytest.mark.parametrize(("order", "cell", "day"), READ, ids=[f"{order.value}: {cell}" for order, cell, _ in READ])
def test_what_a_cell_is_read_as(order: Order, cell: str, day: str) -> None:
    assert read(order, cell) == (date.fromisoformat(day) if day else None)


def test_an_empty_cell_stays_empty() -> None:
    assert all(read(order, None) is None for order in Order)


@settings(deadline=None, max_examples=60)
@given(st.dates(min_value=date(1900, 3, 1), max_value=date(2099, 12, 31)))
def test_every_day_comes_back_from_every_order(day: date) -> None:
    written = {
        Y: day.isoformat(),
        D: f"{day.day}/{day.month}/{day.year}",
        M: f"{day.month}/{day.day}/{day.year}",
        Order.SERIAL: str((day - date(1899, 12, 30)).days),
        Order.SERIAL_1904: str((day - date(1904, 1, 1)).days) if day > date(1904, 1, 1) else None,
        Order.DAY_MONTH_OR_DATE: day.isoformat(),
        Order.MONTH_DAY_OR_DATE: day.isoformat(),
        Order.DAY_MONTH_OR_TURNED: f"{day.year}-{day.day:02}-{day.month:02}",
        Order.MONTH_DAY_OR_TURNED: f"{day.year}-{day.day:02}-{day.month:02}",
    }
    assert {read(order, cell) for order, cell in written.items() if cell} == {day}


@settings(deadline=None, max_examples=60)
@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)))
def test_a_year_of_two_digits_is_never_one_to_come(day: date) -> None:
    written = {D: f"{day.day}/{day.month}/{day.year % 100:02}", M: f"{day.month}/{day.day}/{day.year % 100:02}"}
    now = datetime.now(UTC).year
    for order, cell in written.items():
        found = read(order, cell)
        assert found is None or now - 100 < found.year <= now
        assert found is None or (found.year - day.year) % 100 == 0


def test_the_share_of_dates_counts_filled_cells_only() -> None:
    cells = pl.Series(["01/02/2024", None, "31/12/2024", "later"])
    assert share_of_dates(cells, D) == pytest.approx(2 / 3)
    assert share_of_dates(cells, M) == pytest.approx(1 / 3)
    assert share_of_dates(pl.Series([None], dtype=pl.String), Y) == 0
