"""A database's values as the text a sheet holds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from casearc.files.formulas import harmless_frame, is_formula
from casearc.files.sheet import text_cells
from casearc.tables import FILE, ROW

_PLAIN = (str, int, float, bool, date, time)


def text_frame(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> pl.DataFrame:
    """Rows as text cells that no spreadsheet program runs.

    Parameters
    ----------
    columns
        Their names.
    rows
        The values as a database's driver gives them. Moments keep the hour of the session they came from; lists and
        documents become JSON.

    Returns
    -------
    DataFrame
        All text; whole numbers have no decimals, an empty text is null.

    Raises
    ------
    TypeError
        A column holds bytes; its name is the argument.

    Examples
    --------
    >>> text_frame(["minutes"], [(5.0,), (None,)])["minutes"].to_list()
    ['5', None]
    """
    values = zip(*rows, strict=True) if rows else ((),) * len(columns)
    frame = pl.DataFrame([_series(name, cells) for name, cells in zip(columns, values, strict=True)])
    return harmless_frame(text_cells(frame))


def why_no_columns(columns: Sequence[str]) -> Iterator[str]:
    """What is wrong with the names of a result's columns."""
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        yield f"Several columns have the same name: {', '.join(twice)}."
    if any(not name.strip() for name in columns):
        yield "A column has no name."
    if pl.select(is_formula(pl.lit(pl.Series(columns, dtype=pl.String))).any()).item():
        yield "A column has a name that a spreadsheet program would run as a formula."
    yield from (f"The column name {name} is taken by Casearc." for name in columns if name in (FILE, ROW))


def _series(name: str, cells: Sequence[Any]) -> pl.Series:
    """A column by its type; value by value where it has several (SQLite checks none) or one that polars has not.

    Decimals are among these: polars keeps 38 digits, and makes nulls of what has more.
    """
    kinds = {type(cell) for cell in cells} - {type(None)}
    if kinds & {bytes, bytearray, memoryview}:
        raise TypeError(name)
    if kinds == {datetime}:
        return pl.Series(name, [cell and cell.replace(tzinfo=None) for cell in cells], dtype=pl.Datetime("us"))
    if len(kinds) == 1 and kinds <= set(_PLAIN):
        try:
            return pl.Series(name, cells)
        except (TypeError, OverflowError, pl.exceptions.PolarsError):
            pass  # an integer beyond 64 bits
    return pl.Series(name, [_text(cell) for cell in cells], dtype=pl.String)


def _text(cell: Any) -> str | None:  # noqa: PLR0911 - one return a kind
    """One value as `casearc.files.sheet.text_cells` writes it."""
    if cell is None or cell != cell:  # noqa: PLR0124 - NaN is no answer
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, Decimal):
        return _plain_decimal(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, timedelta):
        return f"{cell.total_seconds():g}"
    return json.dumps(cell, ensure_ascii=False, default=str) if isinstance(cell, (dict, list)) else str(cell)


def _plain_decimal(cell: Decimal) -> str:
    text = f"{cell:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
