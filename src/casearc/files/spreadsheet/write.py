"""Write tables as an XLSX workbook: a worksheet a table, and a dictionary of their columns beside them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite, isinf
from pathlib import Path
from typing import Any

import polars as pl
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from casearc.errors import DataRefusedError, Fault
from casearc.files.described import Described
from casearc.files.formulas import as_written, is_formula
from casearc.files.sheet import MissingCode
from casearc.files.spreadsheet.checks import letters
from casearc.language import say

DICTIONARY = "Dictionary"
_HEADINGS = ("table", "row is", "column", "label", "holds", "code", "code label", "missing")
_LONGEST_NAME = 31
_LONGEST_CELL = 32_767
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_FIRST_DATE = datetime.date(1900, 3, 1)
"""Before, spreadsheet programs do not agree on the number of a day."""
_LARGEST_EXACT = 2**53
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", "_"))


class _ExactWorksheet(Worksheet):  # type: ignore[misc, unused-ignore]
    """Writes every digit of a number: the library would write sixteen, and some numbers need seventeen."""

    def _xml_number_element(self, number: float, attributes: Sequence[tuple[str, Any]] = ()) -> None:
        shown = " ".join(f'{key}="{value}"' for key, value in attributes)
        self.fh.write(f"<c {shown}><v>{number!r}</v></c>")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looks:
    header: Format
    date: Format
    moment: Format
    quoted: Format


def write_workbook(tables: Sequence[Described], path: Path) -> tuple[str, ...]:
    """Write tables as an XLSX workbook.

    Text stays text, whatever it begins with; dates are real dates; no number is rounded. What is read back with
    `casearc.files.spreadsheet.read` is what was written.

    Parameters
    ----------
    tables
        One worksheet each, in this order. A last worksheet, Dictionary, says what their columns hold.
    path
        Where to; a file that is there is replaced.

    Returns
    -------
    tuple of str
        What a reader of the file should know: names of worksheets that differ from the tables', dates and numbers
        that stand as text because a workbook cannot hold them.

    Raises
    ------
    DataRefusedError
        A table is too large for a worksheet, or a text too long for a cell. Nothing was written.

    Examples
    --------
    >>> import polars as pl
    >>> from pathlib import Path
    >>> from casearc.files.described import Described
    >>> contacts = Described(name="contacts", title="One contact.", frame=pl.DataFrame({"day": [3, 10]}))
    >>> write_workbook([contacts], Path("contacts.xlsx"))  # doctest: +SKIP
    ()
    """
    _refuse_what_does_not_fit(tables)
    names = _names(tables)
    notes = [
        say("The table {table} stands on the worksheet {name}.", table=table.name, name=name)
        for table, name in zip(tables, names, strict=True)
        if table.name != name
    ]
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(str(path), {**options, "in_memory": True}) as workbook:
        looks = _looks(workbook)
        for table, name in zip(tables, names, strict=True):
            page = workbook.add_worksheet(name, worksheet_class=_ExactWorksheet)
            notes += _write_table(page, table, looks)
        _write_dictionary(workbook.add_worksheet(DICTIONARY), tables, names, looks)
    return tuple(notes)


def _looks(workbook: Workbook) -> _Looks:
    return _Looks(
        header=workbook.add_format({"bold": True}),
        date=workbook.add_format({"num_format": "yyyy-mm-dd"}),
        moment=workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        quoted=workbook.add_format({"quote_prefix": True}),
    )


def _refuse_what_does_not_fit(tables: Sequence[Described]) -> None:
    faults = []
    for table in tables:
        if table.frame.height >= _LAST_ROW or table.frame.width > _LAST_COLUMN:
            problem = say(
                "A worksheet holds {rows:,} records and {columns:,} columns at most.",
                rows=_LAST_ROW - 1,
                columns=_LAST_COLUMN,
            )
            faults.append(Fault(problem=problem, remedy=say("Write it as Parquet or CSV."), file=table.name))
        for column in table.frame.select(pl.col(pl.String)).iter_columns():
            long = (column.str.len_chars() + column.str.starts_with("'") > _LONGEST_CELL).arg_true()
            if len(long):
                problem = say("A text is longer than the {most:,} characters that a cell holds.", most=_LONGEST_CELL)
                remedy = say("Leave the column out, or write it as CSV or Parquet.")
                row = int(long[0]) + 2
                faults.append(Fault(problem=problem, remedy=remedy, file=table.name, row=row, column=column.name))
    if faults:
        raise DataRefusedError(say("The workbook cannot hold the tables. Nothing was written."), faults=faults)


def _names(tables: Iterable[Described]) -> list[str]:
    """Names of worksheets: at most 31 characters, some signs not, none twice."""
    names: list[str] = []
    taken = {DICTIONARY.lower(), "history"}
    for table in tables:
        name = table.name.translate(_NOT_IN_NAMES)[:_LONGEST_NAME] or "table"
        number = 2
        while name.lower() in taken:
            end = f"_{number}"
            name = table.name.translate(_NOT_IN_NAMES)[: _LONGEST_NAME - len(end)] + end
            number += 1
        taken.add(name.lower())
        names.append(name)
    return names


def _write_table(page: Worksheet, table: Described, looks: _Looks) -> list[str]:
    notes = []
    for index, column in enumerate(table.frame.iter_columns()):
        page.write_string(0, index, column.name, looks.header)
        note = _write_column(page, index, column, looks)
        if note:
            place = {"table": table.name, "column": column.name, "letters": letters(index + 1)}
            notes.append(say("{table}, column {column} ({letters}): {note}", **place, note=note))
    page.freeze_panes(1, 0)
    if table.frame.width:
        page.autofilter(0, 0, table.frame.height, table.frame.width - 1)
        page.set_column(0, table.frame.width - 1, 16)
    return notes


def _write_column(page: Worksheet, index: int, column: pl.Series, looks: _Looks) -> str:
    """Write the cells of a column by its type; says what stands as text because a workbook cannot hold it."""
    if column.dtype.is_temporal():
        return _write_dates(page, index, column, looks)
    if column.dtype == pl.Boolean:
        for row, value in _filled(column):
            page.write_boolean(row, index, value)
        return ""
    if column.dtype.is_numeric():
        return _write_numbers(page, index, column)
    _write_texts(page, index, column.cast(pl.String), looks)
    return ""


def _filled(column: pl.Series) -> Iterable[tuple[int, Any]]:
    return ((row, value) for row, value in enumerate(column.to_list(), start=1) if value is not None)


def _write_numbers(page: Worksheet, index: int, column: pl.Series) -> str:
    """Whole numbers above what a workbook's numbers tell apart, and decimals, stand as text."""
    as_text = lost = False
    for row, value in _filled(column):
        if isinstance(value, float):
            if isfinite(value):
                page.write_number(row, index, value)
            lost = lost or isinf(value)
        elif isinstance(value, int) and abs(value) <= _LARGEST_EXACT:
            page.write_number(row, index, value)
        else:
            page.write_string(row, index, str(value))
            as_text = True
    if as_text:
        return say("numbers too long for a workbook stand as text.")
    return say("infinite numbers were left out.") if lost else ""


def _write_dates(page: Worksheet, index: int, column: pl.Series, looks: _Looks) -> str:
    if column.dtype not in (pl.Date, pl.Datetime):
        for row, value in _filled(column.cast(pl.String)):
            page.write_string(row, index, value)
        return say("times of day stand as text.")
    early = False
    look = looks.date if column.dtype == pl.Date else looks.moment
    for row, value in _filled(column):
        day = value.date() if isinstance(value, datetime.datetime) else value
        if day < _FIRST_DATE:
            page.write_string(row, index, str(value))
            early = True
        else:
            page.write_datetime(row, index, value, look)
    return say("dates before March 1900 stand as text.") if early else ""


def _write_texts(page: Worksheet, index: int, column: pl.Series, looks: _Looks) -> None:
    """Text as text. One that reading would take an apostrophe off gets another; one that would run as a formula when
    somebody edits the cell is marked as text in the way of spreadsheet programs."""
    cells = pl.DataFrame({"text": column}).select(
        text=pl.when(as_written(pl.col("text")) != pl.col("text"))
        .then(pl.lit("'") + pl.col("text"))
        .otherwise(pl.col("text")),
        runs=is_formula(pl.col("text")),
    )
    for row, (text, runs) in enumerate(cells.iter_rows(), start=1):
        if text:
            page.write_string(row, index, text, looks.quoted if runs else None)


def _write_dictionary(page: Worksheet, tables: Sequence[Described], names: Sequence[str], looks: _Looks) -> None:
    rows = [_HEADINGS]
    for table, name in zip(tables, names, strict=True):
        for column in table.frame.columns:
            field = table.fields.get(column)
            label = field.label if field else ""
            holds = field.holds.value if field and field.holds else ""
            missing = "; ".join(_missing(each) for each in field.missing) if field else ""
            rows.append((name, table.title, column, label, holds, "", "", missing))
            choices = field.choices if field else {}
            rows += [(name, "", column, "", "", code, text, "") for code, text in choices.items()]
    for index, cells in enumerate(zip(*rows, strict=True)):
        page.write_string(0, index, _HEADINGS[index], looks.header)
        _write_texts(page, index, pl.Series("text", cells[1:], dtype=pl.String), looks)
    page.freeze_panes(1, 0)
    page.set_column(0, len(_HEADINGS) - 1, 20)


def _missing(code: MissingCode) -> str:
    shown = code.code if code.low is None else f"{code.low!r} to {code.high!r}".replace(".0 ", " ").removesuffix(".0")
    return f"{shown} = {code.name}" if code.name else shown
