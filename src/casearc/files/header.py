"""What every reader asks of the row that holds the column names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import polars as pl

from casearc.language import both, say
from casearc.tables import FILE, ROW, FaultLog

_UNNAMED = "_unnamed_"
_NUMBER = re.compile(r"^[+-]?\d+([.,]\d+)?$")
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}([ T].*)?$|^\d{1,2}[/.]\d{1,2}[/.]\d{2,4}$")
_FURTHER_HEADERS = 2
_MARK = "\ufeff"
"""A byte-order mark, where one file was put behind another."""
_ENOUGH = 3
"""Columns from which cells that are the names are no chance."""


def names_are_sound(names: Sequence[str], *, file: str, log: FaultLog, row: int | None = 1) -> bool:
    """Whether the column names can be worked with; logs every reason why they cannot.

    Parameters
    ----------
    names
        The cells of the header row without blanks at both ends; ``""`` where a cell is empty.
    file
        How messages call the file or the sheet.
    log
        Takes the faults.
    row
        The row the names stand in; None in formats whose columns have names without one, where every column needs
        its own.

    Returns
    -------
    bool
        False where the row is empty, holds cells in place of names, a name stands there twice, or is one that Casearc
        keeps for itself.

    Examples
    --------
    >>> from casearc.tables import FaultLog
    >>> log = FaultLog()
    >>> names_are_sound(["day", "staff_id", "day"], file="visits.csv", log=log), log.total
    (False, 1)
    """
    nameless = row is None and "" in names
    if nameless:
        log.add(
            say("The column number {position} has no name.", position=names.index("") + 1),
            say("Name it, or remove it."),
            file=file,
        )
    if row is not None and not any(names):
        empty = say("The first row is empty.") if row == 1 else say("The header row is empty.")
        log.add(empty, say("It must hold the column names."), file=file, row=row)
        return False
    if row is not None and _are_cells(names):
        log.add(
            say("The row holds numbers and dates, and no column names: the header row may be missing."),
            say("The names must stand in the row above the cells: export the file with them."),
            file=file,
            row=row,
        )
        return False
    repeated = [found for found, count in Counter(filter(None, names)).items() if count > 1]
    for found in repeated:
        positions = [str(index) for index, each in enumerate(names, start=1) if each == found]
        log.add(
            say("The columns number {positions} have the same name.", positions=both(positions)),
            say("Give each column a name of its own, or remove the copy."),
            file=file,
            row=row,
        )
    taken = sorted({FILE, ROW}.intersection(names))
    for each in taken:
        log.add(
            say("The column name {each} is taken by Casearc.", each=each), say("Rename the column."), file=file, row=row
        )
    return not repeated and not taken and not nameless


def _are_cells(names: Sequence[str]) -> bool:
    """Names may be numbers (of questions) or dates (of visits); a row with both is one of cells."""
    return any(_NUMBER.match(name) for name in names) and any(_DATE.match(name) for name in names)


def names_stand_once(frame: pl.DataFrame, places: pl.DataFrame, *, log: FaultLog) -> bool:
    """Whether no row repeats the column names; logs those that do. The first two rows may: some programs head them so.

    Examples
    --------
    >>> import polars as pl
    >>> from casearc.files.sheet import places_of
    >>> from casearc.tables import FaultLog
    >>> frame = pl.DataFrame([["1", "a", "x"], ["2", "b", "x"], ["3", "a", "x"], ["day", "kind", "who"]], orient="row")
    >>> frame.columns = ["day", "kind", "who"]
    >>> names_stand_once(frame, places_of("visits.csv", [2, 3, 4, 5]), log=FaultLog())
    False
    """
    if frame.width < _ENOUGH:
        return True
    again = frame.select(
        pl.all_horizontal([pl.col(name).str.strip_chars_start(_MARK) == name for name in frame.columns])
    ).to_series()
    rows = places.with_columns(again.fill_null(value=False).alias("_again")).slice(_FURTHER_HEADERS).filter("_again")
    log.add_places(
        rows.drop("_again"),
        problem=say("The row repeats the column names."),
        remedy=say("Files may have been put together: remove the row, and look whether rows below it come twice."),
    )
    return rows.is_empty()


def column_names(names: Sequence[str]) -> list[str]:
    """The names with a stand-in for each empty one, so that a frame can be made; `without_unnamed` takes it off.

    Examples
    --------
    >>> column_names(["day", ""])
    ['day', '_unnamed_2']
    """
    return [each or f"{_UNNAMED}{index}" for index, each in enumerate(names, start=1)]


def without_unnamed(frame: pl.DataFrame, *, file: str, log: FaultLog, row: int = 1) -> pl.DataFrame | None:
    """The frame without the columns that have no name; None after logging that several of them hold cells.

    Spreadsheet programs leave empty columns behind at the right; a filled one without a name is a fault.

    Examples
    --------
    >>> import polars as pl
    >>> from casearc.tables import FaultLog
    >>> frame = pl.DataFrame({"day": ["1"], "_unnamed_2": [None]}, schema={"day": pl.String, "_unnamed_2": pl.String})
    >>> without_unnamed(frame, file="visits.csv", log=FaultLog()).columns
    ['day']
    """
    unnamed = [column for column in frame.columns if column.startswith(_UNNAMED)]
    filled = [column for column in unnamed if frame[column].null_count() < frame.height]
    if len(filled) > 1:
        remedy = (
            say("The first row must hold the column names: remove what stands above, or name the columns.")
            if row == 1
            else say("The header row must hold the column names: remove what stands above, or name the columns.")
        )
        log.add(
            say("{count} columns have cells but no name; a title may stand above the header row.", count=len(filled)),
            remedy,
            file=file,
            row=row,
        )
        return None
    if filled:
        log.add(
            say("The column has cells but no name."),
            say("Name it in the header row, or remove it."),
            file=file,
            row=row,
            column=filled[0].replace(_UNNAMED, say("number ")),
        )
    return frame.drop(unnamed)
