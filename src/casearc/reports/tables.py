"""A table made ready: printed cells, headings with units, notes with the level of its intervals said once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite
from typing import Final

from casearc.findings import Blank, Cell, Column, Hidden, Interval, Number, Quantity, Row, Sentence, Table
from casearc.reports import numbers, words
from casearc.reports.cells import EMPTY, Look, PrintedCell, Printer, words_cell
from casearc.reports.parts import PrintedColumn, PrintedRow, PrintedTable
from casearc.reports.sentences import Said, plain, say

MEASURE: Final = "measure"
"""First column of a table that lists single measures, one a row."""
_OF_A_MODEL: Final = frozenset({Quantity.COEFFICIENT, Quantity.STANDARD_ERROR})


def printed_table(table: Table, *, number: int, name: str, printer: Printer) -> PrintedTable:
    """Make a table ready. `name` is its file name and anchor."""
    table = _worth_printing(table)
    rows = tuple(_row(row, table.columns, printer) for row in table.rows)
    return PrintedTable(
        id=name,
        number=number,
        title=table.title,
        columns=_columns(table.columns, rows),
        rows=rows,
        notes=(*(say(note, printer) for note in table.notes), *_added_notes(table, rows)),
        behind=table.behind,
    )


def _worth_printing(table: Table) -> Table:
    """The table without columns, and in lists of measures without rows, that hold nothing but hidden cells."""
    kept = [i for i in range(len(table.columns)) if i == 0 or not _all_hidden([row.cells[i:] for row in table.rows])]
    rows = tuple(replace(row, cells=tuple(row.cells[i] for i in kept if i < len(row.cells))) for row in table.rows)
    if table.columns[0].id == MEASURE:
        rows = tuple(row for row in rows if not isinstance(row.cells[-1], Hidden))
    return replace(table, columns=tuple(table.columns[i] for i in kept), rows=rows)


def _all_hidden(tails: Sequence[Sequence[Cell]]) -> bool:
    """Whether the first of each of these runs of cells is hidden or blank, and one at least hidden."""
    firsts = [tail[0] for tail in tails if tail]
    hidden = [cell for cell in firsts if isinstance(cell, Hidden)]
    return bool(hidden) and all(isinstance(cell, Hidden | Blank) for cell in firsts)


def _row(row: Row, columns: Sequence[Column], printer: Printer) -> PrintedRow:
    decimals = _row_decimals(row)
    cells = [
        words_cell(say(cell, printer).text)
        if isinstance(cell, Sentence)
        else printer.cell(
            cell,
            unit_in_heading=bool(column.unit),
            decimals=decimals if _quantity(cell) in _OF_A_MODEL else None,
        )
        for cell, column in zip(row.cells, columns, strict=False)
    ]
    if row.heading:
        cells = [EMPTY if cell.look is Look.BLANK else cell for cell in cells]
    missing = [EMPTY] * (len(columns) - len(cells))
    return PrintedRow(cells=(*cells, *missing), indent=row.indent, heading=row.heading)


def _quantity(cell: Cell) -> Quantity | None:
    return cell.quantity if isinstance(cell, Number | Interval) else None


def _row_decimals(row: Row) -> int | None:
    """Decimals for a coefficient, its error and its interval: by the error, or else half the interval."""
    sizes: list[float] = []
    for cell in row.cells:
        match cell:
            case Number(value, Quantity.STANDARD_ERROR):
                sizes.append(value)
            case Interval(float(low), float(high), _, Quantity.COEFFICIENT):
                sizes.append((high - low) / 2)
    finite = [size for size in sizes if isfinite(size)]
    return numbers.decimals_for(min(finite)) if finite else None


def _columns(columns: Sequence[Column], rows: Sequence[PrintedRow]) -> tuple[PrintedColumn, ...]:
    return tuple(
        PrintedColumn(
            id=column.id,
            heading=f"{column.label} ({column.unit})" if column.unit else column.label,
            numeric=_is_numeric([row.cells[i] for row in rows]),
        )
        for i, column in enumerate(columns)
    )


def _is_numeric(cells: Sequence[PrintedCell]) -> bool:
    looks = {cell.look for cell in cells if cell.text}
    return Look.WORDS not in looks and bool(looks - {Look.BLANK})


def _added_notes(table: Table, rows: Sequence[PrintedRow]) -> tuple[Said, ...]:
    cells = [cell for row in rows for cell in row.cells]
    levels = list(dict.fromkeys(numbers.level_text(c.level) for c in cells if c.level is not None))
    notes = []
    if levels and not _says_level(table, levels):
        notes.append(plain(words.levels_note(f" {words.OF} ".join(levels))))
    if any(cell.look is Look.HIDDEN for cell in cells):
        notes.append(plain(words.HIDDEN_NOTE))
    return tuple(notes)


def _says_level(table: Table, levels: Sequence[str]) -> bool:
    """Whether a heading already says the level of the intervals; levels that differ are always told."""
    return len(levels) == 1 and any(
        levels[0].replace(" ", "") in column.label.replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
        for column in table.columns
    )
