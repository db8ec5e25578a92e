"""Tables as CSV files: one row of machine names, numbers as numbers, nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from casearc.reports.cells import Look, PrintedCell
from casearc.reports.parts import PrintedTable

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def table_csv(table: PrintedTable) -> str:
    """The table as CSV text (UTF-8, comma, CRLF as in RFC 4180).

    A column with intervals becomes two, ``<id>_low`` and ``<id>_high``. What is hidden keeps its mark.
    """
    widths = [max((len(row.cells[i].values) for row in table.rows), default=1) for i in range(len(table.columns))]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_distinct(_header(table, widths)))
    for row in table.rows:
        writer.writerow(value for cell, width in zip(row.cells, widths, strict=True) for value in _values(cell, width))
    return out.getvalue()


def _header(table: PrintedTable, widths: list[int]) -> Iterator[str]:
    for column, width in zip(table.columns, widths, strict=True):
        yield from (column.id,) if width == 1 else (f"{column.id}_low", f"{column.id}_high")


def _distinct(names: Iterator[str]) -> list[str]:
    seen: dict[str, int] = {}
    out = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        out.append(neutral(name if seen[name] == 1 else f"{name}_{seen[name]}"))
    return out


def _values(cell: PrintedCell, width: int) -> list[str]:
    values = [neutral(value) if cell.look is Look.WORDS else value for value in cell.values]
    fill = values[0] if cell.look is Look.HIDDEN else ""
    return values + [fill] * (width - len(values))


def neutral(text: str) -> str:
    """Text that no spreadsheet takes for a formula: a quote goes before what looks like one.

    Examples
    --------
    >>> neutral("=1+1")
    "'=1+1"
    """
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text
