"""From the cells of a worksheet to a sheet: which row is the header, which rows are records."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from casearc.files.header import column_names, names_are_sound, names_stand_once, without_unnamed
from casearc.files.header_pair import is_pair, paired
from casearc.files.limits import few_enough_cells
from casearc.files.sheet import Sheet, in_words, places_of
from casearc.files.spreadsheet.cells import mixes_dates
from casearc.language import say
from casearc.tables import ROW, FaultLog

_LOOKED_AT = 20


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Worksheet:
    """The filled rectangle of a worksheet.

    header_row
        The row that holds the column names.
    header
        Its cells from column A on; ``""`` where empty.
    left, first_row
        Column and row the first cell below the header stands in, from 1.
    frame
        The cells below the header as text, columns named by their position from 0.
    kinds
        For each column, the types these cells had.
    """

    name: str
    header_row: int
    header: list[str]
    left: int
    first_row: int
    frame: pl.DataFrame
    kinds: list[set[type]]

    def name_of(self, column: int) -> str:
        """What a message calls a column."""
        return (self.header[column - 1] if column <= len(self.header) else "") or say("number {column}", column=column)


def sheet_of_worksheet(worksheet: Worksheet, *, form: str, notes: tuple[str, ...], log: FaultLog) -> Sheet | None:
    """The sheet of a worksheet; None after logging what is wrong with its header.

    Parameters
    ----------
    worksheet
        Its cells.
    form
        Id of the format.
    notes
        What is known of it already.
    log
        Takes the faults.
    """
    file, names, row = in_words(worksheet.name), worksheet.header, worksheet.header_row
    if not few_enough_cells(rows=worksheet.frame.height, columns=len(names), name=file, log=log):
        return None
    likely = likely_header(worksheet)
    if likely is not None:
        log.add(
            say("A title seems to stand above the column names, which seem to be in row {likely}.", likely=likely),
            say("Remove what stands above, or say header_row = {likely} for this sheet in the mapping.", likely=likely),
            file=file,
            row=row,
        )
        return None
    if not names_are_sound(names, file=file, log=log, row=row):
        return None
    return _below(worksheet, form=form, notes=notes, log=log)


def has_pair(worksheet: Worksheet) -> bool:
    """Whether the first row below the header holds column names as well."""
    return worksheet.frame.height > 0 and is_pair(worksheet.header, _first(worksheet))


def with_pair(worksheet: Worksheet) -> Worksheet:
    """The worksheet with the names of two rows as one."""
    if not worksheet.frame.height:
        return worksheet
    header = paired(worksheet.header, _first(worksheet))
    return replace(worksheet, header=header, frame=worksheet.frame.slice(1), first_row=worksheet.first_row + 1)


def _first(worksheet: Worksheet) -> list[str]:
    """The cells of the first row below the header, from column A on."""
    return [*([""] * (worksheet.left - 1)), *(cell or "" for cell in worksheet.frame.row(0))]


def likely_header(worksheet: Worksheet) -> int | None:
    """The row that looks like the header where another was named: at most one cell, and a fuller row soon after."""
    filled = [each for each in worksheet.header if each]
    if len(filled) > 1:
        return None
    next_rows = worksheet.frame.head(_LOOKED_AT)
    counts = (
        next_rows.select(pl.sum_horizontal(pl.all().is_not_null())).to_series().to_list() if worksheet.kinds else []
    )
    enough = 2 if filled or max(counts, default=0) > 1 else 1
    return next((worksheet.first_row + index for index, count in enumerate(counts) if count >= enough), None)


def _below(worksheet: Worksheet, *, form: str, notes: tuple[str, ...], log: FaultLog) -> Sheet | None:
    """The records below the header."""
    columns = column_names(worksheet.header)
    cells = worksheet.frame
    cells.columns = columns[worksheet.left - 1 :]
    numbered = cells.with_row_index(ROW, offset=worksheet.first_row).with_columns(pl.col(ROW).cast(pl.Int64))
    kept = numbered.select(pl.any_horizontal(pl.col(cells.columns).is_not_null())).to_series()
    filled = numbered if kept.all() else numbered.filter(kept)
    before = log.total
    file = in_words(worksheet.name)
    named = without_unnamed(filled.drop(ROW), file=file, log=log, row=worksheet.header_row)
    places = places_of(worksheet.name, filled[ROW])
    if named is None or log.total > before or not names_stand_once(named, places, log=log):
        return None
    return Sheet(
        name=worksheet.name,
        format=form,
        frame=named,
        places=places,
        empty_rows=worksheet.first_row - worksheet.header_row - 1 + cells.height - filled.height,
        notes=(*notes, *_mixed(worksheet, columns, named.columns)),
    )


def _mixed(worksheet: Worksheet, columns: list[str], kept: list[str]) -> tuple[str, ...]:
    """Columns that hold dates in some cells and something else in others."""
    found = zip(columns[worksheet.left - 1 :], worksheet.kinds, strict=True)
    mixed = [name for name, kinds in found if name in kept and mixes_dates(kinds)]
    if not mixed:
        return ()
    return (
        say("Dates and other cells are mixed in: {mixed}. The cells were kept as they are.", mixed=", ".join(mixed)),
    )
