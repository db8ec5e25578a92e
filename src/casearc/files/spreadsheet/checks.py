"""What the first pass over a worksheet found, as faults and notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from casearc.files.limits import MEGABYTE, MOST_COLUMNS, few_enough_cells
from casearc.files.sheet import in_words, places_of
from casearc.files.spreadsheet.book import Book
from casearc.files.spreadsheet.found import MOST_TEXT, MOST_WORKBOOK_CELLS, Found, Place
from casearc.language import say
from casearc.tables import FaultLog

Named = Callable[[int], str]
"""The name of a column by its number."""


def small_enough(found: Mapping[str, Found], *, name: str, log: FaultLog) -> bool:
    """Whether the worksheets of a workbook, by name, are of a size that is read."""
    sheets = found.values()
    cells = sum(each.cells for each in sheets)
    if cells > MOST_WORKBOOK_CELLS:
        log.add(
            say(
                "The workbook reaches over {cells:,} cells, filled or between filled ones; Casearc reads "
                "up to {most:,} of a workbook.",
                cells=cells,
                most=MOST_WORKBOOK_CELLS,
            ),
            say(
                "Remove stray cells far below or to the right of the records (Ctrl+End finds them), or "
                "export as CSV or Parquet."
            ),
            file=name,
        )
        return False
    wide = {sheet: each.right for sheet, each in found.items() if each.right > MOST_COLUMNS}
    for sheet, columns in wide.items():
        few_enough_cells(rows=1, columns=columns, name=in_words(f"{name}#{sheet}"), log=log)
    if wide:
        return False
    if sum(each.text for each in sheets) > MOST_TEXT:
        log.add(
            say("The texts in the cells take more than {most} MB.", most=MOST_TEXT // MEGABYTE),
            say("Leave out the columns with long texts; they are not evaluated."),
            file=name,
        )
        return False
    return True


def report(found: Found, sheet: str, *, named: Named, book: Book | None, log: FaultLog) -> tuple[str, ...]:
    """Log what must not be in a worksheet, and say in notes what may.

    Parameters
    ----------
    found
        What the first pass found.
    sheet
        The sheet's name.
    named
        Gives a column's name by its number.
    book
        What the workbook says of itself, for XLSX.
    log
        Takes the faults.

    Returns
    -------
    tuple of str
        One note where cells are formulas whose results were taken.
    """
    for places, problem, remedy in (
        (
            found.errors,
            say("The cell shows an error of the spreadsheet program."),
            say("Correct the formula, or clear the cell where there is no answer."),
        ),
        (
            found.reaching,
            say("The formula gets something from outside the workbook, or starts a program there."),
            say("Copy the column and paste it as values."),
        ),
        (
            found.uncached,
            say("The formula has no result in the file; it was never worked out."),
            say("Open the workbook in a spreadsheet program and save it, or copy the column and paste it as values."),
        ),
        (
            found.undated,
            say("The number is shown as a date and is none; a spreadsheet program shows ##### here."),
            say("Correct the date, or format the column as numbers."),
        ),
    ):
        _log(places, sheet, problem=problem, remedy=remedy, named=named, log=log)
    if not found.formulas:
        return ()
    count = found.formulas.total()
    names = ", ".join(named(column) for column in sorted(found.formulas))
    if book is not None and book.never_calculated and not found.uncached:
        log.add(
            say("The program that wrote the file did not work out its formulas (columns {names}).", names=names),
            say(
                "Open the workbook in a spreadsheet program and save it, or copy the columns and paste them as values."
            ),
            file=places_of(sheet, [1]).item(0, 0),
        )
    return (
        say("{count:,} cells are formulas; their last results were taken (columns {names}).", count=count, names=names),
    )


def _log(places: list[Place], sheet: str, *, problem: str, remedy: str, named: Named, log: FaultLog) -> None:
    for column in sorted({place[1] for place in places}):
        rows = [place[0] for place in places if place[1] == column]
        log.add_places(places_of(sheet, rows), problem=problem, remedy=remedy, column=named(column))


def merged_in_data(
    merged: Iterable[tuple[int, int, int, int]], sheet: str, *, header_row: int, last_row: int, log: FaultLog
) -> None:
    """Log merged cells in the header or the records; above the header they are part of a title."""
    for top, bottom, left, right in merged:
        if bottom < header_row or top > last_row or (top, left) == (bottom, right):
            continue
        rows = say("row {row}", row=top) if top == bottom else say("rows {first} to {last}", first=top, last=bottom)
        columns = letters(left) if left == right else say("{first} to {last}", first=letters(left), last=letters(right))
        log.add(
            say("Cells are merged ({rows}, {columns}): all but one of them are empty.", rows=rows, columns=columns),
            say("Unmerge them and fill in each cell."),
            file=places_of(sheet, [1]).item(0, 0),
            row=top,
        )


def letters(column: int) -> str:
    """The letters of a column, as a spreadsheet program shows them.

    Examples
    --------
    >>> letters(1), letters(28)
    ('A', 'AB')
    """
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
