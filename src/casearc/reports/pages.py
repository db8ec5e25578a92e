"""How a table fits a page: widths of its columns and the size of its type, for the formats that have pages."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Final

from casearc.reports.cells import Look
from casearc.reports.parts import PrintedTable

PORTRAIT: Final = 6.5  # inches of text on a letter page with one-inch margins
LANDSCAPE: Final = 9.0
SIZES: Final = (9.5, 9.0, 8.5, 8.0, 7.5)
SMALLEST: Final = 7.0
LONGEST_KEPT_WHOLE: Final = 10  # rows; a longer table may break across pages, its heading repeated
BOLD: Final = 1.2  # how much wider a heading's bold letters are
PADDING: Final = 0.16  # inches between two columns
WIDEST_FIRST: Final = 3.4  # inches: the eye loses the line in a wider gap
NARROWEST_WORDS: Final = 16  # characters that a column of words gets at least, if it has that many


@dataclass(frozen=True, slots=True)
class Fit:
    """Inches for each column, points of the type, and whether the page must be turned."""

    widths: tuple[float, ...]
    points: float
    turned: bool


def fit(table: PrintedTable, *, character: float) -> Fit:
    """Fit a table to the page: with smaller type first, then on a turned page.

    `character` is the width of a character as a part of the type's size: what the format's font needs, with some
    room where another font may take its place.
    """
    least, wanted = _characters(table)
    for room, turned, sizes in ((PORTRAIT, False, SIZES), (LANDSCAPE, True, (*SIZES, SMALLEST))):
        for points in sizes:
            if sum(_inches(count, character * points) for count in least) <= room:
                return Fit(_shared(least, wanted, size=character * points, room=room), points, turned)
    widths = [_inches(count, character * SMALLEST) for count in least]
    squeezed = tuple(width * LANDSCAPE / sum(widths) for width in widths)
    return Fit(squeezed, SMALLEST, turned=True)


def _inches(characters: float, size: float) -> float:
    return characters * size / 72 + PADDING


def _characters(table: PrintedTable) -> tuple[list[int], list[int]]:
    """Characters each column needs at the least, and would like."""
    least, wanted = [], []
    for i, column in enumerate(table.columns):
        told = [row for row in table.rows if not row.spans]
        cells = [row.cells[i] for row in told]
        whole = max((len(row.cells[i].text) + 2 * row.indent for row in told), default=1)
        word = max((len(w) for cell in cells for w in cell.text.split()), default=1)
        heading = ceil(BOLD * max((len(w) for w in column.heading.split()), default=1))
        fixed = max((len(cell.text) for cell in cells if cell.look is not Look.WORDS), default=1)
        least.append(max(word, heading, fixed, min(whole, NARROWEST_WORDS)))
        wanted.append(max(whole, min(ceil(BOLD * len(column.heading)), 2 * heading), least[-1]))
    return least, wanted


def _shared(least: list[int], wanted: list[int], *, size: float, room: float) -> tuple[float, ...]:
    """Widths: what the page leaves over goes to columns that want it, those that want least first, so that columns of
    long texts share what is left when the others are served; then, within reason, to the first."""
    widths = [_inches(count, size) for count in least]
    lacking = [_inches(count, size) - width for count, width in zip(wanted, widths, strict=True)]
    waiting = sorted(range(len(widths)), key=lambda i: lacking[i])
    for place, i in enumerate(waiting):
        widths[i] += min(lacking[i], max(room - sum(widths), 0.0) / (len(waiting) - place))
    widths[0] += min(max(room - sum(widths), 0.0), max(WIDEST_FIRST - widths[0], 0.0))
    return tuple(round(width, 3) for width in widths)
