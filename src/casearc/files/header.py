"""What every reader asks of the row that holds the column names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import polars as pl

from casearc.tables import FILE, ROW, FaultLog

_UNNAMED = "_unnamed_"


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
        False where the row is empty, a name stands there twice, or is one that Casearc keeps for itself.

    Examples
    --------
    >>> from casearc.tables import FaultLog
    >>> log = FaultLog()
    >>> names_are_sound(["day", "staff_id", "day"], file="visits.csv", log=log), log.total
    (False, 1)
    """
    nameless = row is None and "" in names
    if nameless:
        log.add(f"The column number {names.index('') + 1} has no name.", "Name it, or remove it.", file=file)
    if row is not None and not any(names):
        which = "first row" if row == 1 else "header row"
        log.add(f"The {which} is empty.", "It must hold the column names.", file=file, row=row)
        return False
    repeated = [found for found, count in Counter(filter(None, names)).items() if count > 1]
    for found in repeated:
        positions = [str(index) for index, each in enumerate(names, start=1) if each == found]
        log.add(
            f"The columns number {' and '.join(positions)} have the same name.",
            "Give each column a name of its own, or remove the copy.",
            file=file,
            row=row,
        )
    taken = sorted({FILE, ROW}.intersection(names))
    for each in taken:
        log.add(f"The column name {each} is taken by Casearc.", "Rename the column.", file=file, row=row)
    return not repeated and not taken and not nameless


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
        which = "The first row" if row == 1 else "The header row"
        log.add(
            f"{len(filled)} columns have cells but no name; a title may stand above the header row.",
            f"{which} must hold the column names: remove what stands above, or name the columns.",
            file=file,
            row=row,
        )
        return None
    if filled:
        log.add(
            "The column has cells but no name.",
            "Name it in the header row, or remove it.",
            file=file,
            row=row,
            column=filled[0].replace(_UNNAMED, "number "),
        )
    return frame.drop(unnamed)
