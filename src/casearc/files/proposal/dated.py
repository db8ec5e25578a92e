"""In which orders a column could write dates: by its cells, and by its name where the cells are numbers."""

from __future__ import annotations

import polars as pl

from casearc.files.dates import Order, dates_of, share_of_dates
from casearc.tables import words_of

_SURE = 0.95
_WRITTEN = (Order.YEAR_MONTH_DAY, Order.DAY_MONTH_YEAR, Order.MONTH_DAY_YEAR)
_ISO = r"^\d{4}-\d{2}-\d{2}(?: |$)"
_CENTURY = 2000
_MONTHS = 12
_SERIALS = (14_000, 60_000)
"""Days from 1938 to 2064."""
_WORDS = frozenset({"date", "dates", "dt", "fecha", "fechas"})
_NO_DATES = frozenset({"candidate", "mandate"})
_MIXED = {
    Order.DAY_MONTH_YEAR: (Order.DAY_MONTH_OR_TURNED, Order.DAY_MONTH_OR_DATE),
    Order.MONTH_DAY_YEAR: (Order.MONTH_DAY_OR_TURNED, Order.MONTH_DAY_OR_DATE),
}
"""How the text is written -> real dates beside it turned round, and as they are."""
REAL_AND_TEXT = frozenset(order for orders in _MIXED.values() for order in orders)


def named_as_date(*names: str) -> bool:
    """Whether a name or a label says that a column holds dates.

    Parameters
    ----------
    *names
        A column's name, its label.

    Returns
    -------
    bool

    Examples
    --------
    >>> named_as_date("enroll_dt"), named_as_date("q1", "Fecha de ingreso"), named_as_date("candidate")
    (True, True, False)
    """
    words = {word for name in names for word in words_of(name)}
    return any(word in _WORDS or (word.endswith("date") and word not in _NO_DATES) for word in words)


def orders_of(cells: pl.Series, *, named: bool) -> tuple[Order, ...]:
    """The ways of writing dates in which (nearly) all cells are dates; () where there is none.

    Parameters
    ----------
    cells
        The filled cells of a column.
    named
        Whether the column's name says that it holds dates: numbers could be anything, and are a spreadsheet's serial
        numbers only there.

    Returns
    -------
    tuple of Order
        Several where a person has to say which.

    Examples
    --------
    >>> orders_of(pl.Series(["3/4/22", "5/6/22"]), named=True)[-1].value
    'month day year'
    >>> [order.value for order in orders_of(pl.Series(["44729"]), named=True)], orders_of(pl.Series(["9"]), named=False)
    (['days since 1900'], ())
    """
    written = tuple(order for order in _WRITTEN if share_of_dates(cells, order) >= _SURE)
    if written:
        return _of_this_century(cells, written)
    if named and _serials(cells):
        return (Order.SERIAL,)
    return _mixed(cells)


def _of_this_century(cells: pl.Series, orders: tuple[Order, ...]) -> tuple[Order, ...]:
    """Of several the ones that put no year of two digits into the last century, where there are such."""
    if len(orders) == 1:
        return orders
    recent = tuple(order for order in orders if _earliest(cells, order) >= _CENTURY)
    return recent or orders


def _earliest(cells: pl.Series, order: Order) -> int:
    years = cells.to_frame("c").select(dates_of(pl.col("c"), order)).to_series().drop_nulls().dt.year()
    return min(years, default=0)


def _serials(cells: pl.Series) -> bool:
    numbers = cells.cast(pl.Float64, strict=False)
    low, high = _SERIALS
    return len(cells) > 0 and bool((numbers.is_between(low, high).fill_null(value=False)).all())


def _mixed(cells: pl.Series) -> tuple[Order, ...]:
    """Real dates and text in one column: the orders of the text, the real dates turned round or as they are.

    A program turns only what it can read as a date of its own order: where a real date lies behind the twelfth of a
    month, none was turned.
    """
    real = cells.filter(cells.str.contains(_ISO))
    text = cells.filter(~cells.str.contains(_ISO))
    if real.is_empty() or text.is_empty():
        return ()
    fitting = [order for order in _MIXED if share_of_dates(text, order) >= _SURE]
    behind = real.str.slice(8, 2).cast(pl.Int32, strict=False) > _MONTHS
    return tuple(order for each in fitting for order in _MIXED[each][1 if behind.any() else 0 :])
