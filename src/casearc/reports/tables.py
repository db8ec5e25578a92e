"""A table made ready: printed cells, headings with units, notes with the level of its intervals said once."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Final

from casearc.findings import Cell, Column, Interval, Number, Quantity, Row, Table
from casearc.reports import numbers, words
from casearc.reports.cells import EMPTY, Look, PrintedCell, Printer
from casearc.reports.parts import PrintedColumn, PrintedRow, PrintedTable
from casearc.reports.sentences import Said, plain, say

_OF_A_MODEL: Final = frozenset({Quantity.COEFFICIENT, Quantity.STANDARD_ERROR})


def printed_table(table: Table, *, number: int, name: str, printer: Printer) -> PrintedTable:
    """Make a table ready. `name` is its file name and anchor."""
    rows = tuple(_row(row, table.columns, printer) for row in table.rows)
    return PrintedTable(
        id=name,
        number=number,
        title=table.title,
        columns=_columns(table.columns, rows),
        rows=rows,
        notes=(*(say(note, printer) for note in table.notes), *_added_notes(table, rows)),
    )


def _row(row: Row, columns: Sequence[Column], printer: Printer) -> PrintedRow:
    decimals = _row_decimals(row)
    cells = [
        printer.cell(
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
