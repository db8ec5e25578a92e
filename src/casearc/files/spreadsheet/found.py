"""What a worksheet holds beside plain cells, as a first pass over its XML finds it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from defusedxml.common import DTDForbidden

MOST_WORKBOOK_CELLS = 6_000_000
"""Rows times columns of a workbook's worksheets together. Held in memory they take about 100 bytes each."""
MOST_TEXT = 100_000_000
"""Bytes of the texts of all cells together; a text that is stored once can stand in many."""
_PLACES = 1_000

Place = tuple[int, int]
"""Row and column as a spreadsheet program counts them, from 1."""


@dataclass(slots=True)
class Found:
    """What the first pass finds in one worksheet; filled while its XML goes by.

    top, left, bottom, right
        The corners of the cells that are filled; `bottom` is 0 where none is.
    formulas
        Column -> how many formulas stand in it.
    errors, uncached, reaching, undated
        Cells that show an error; formulas without a result; formulas that reach out of the workbook; numbers shown as
        dates that are none. The first thousand of each.
    merged
        Merged ranges: first row, last row, first column, last column.
    text
        Bytes of the texts in the cells; 0 where they are sure to be few.
    shared
        Cells whose text is stored elsewhere in the workbook.
    """

    top: int = 0
    left: int = 0
    bottom: int = 0
    right: int = 0
    formulas: Counter[int] = field(default_factory=Counter)
    errors: list[Place] = field(default_factory=list)
    uncached: list[Place] = field(default_factory=list)
    reaching: list[Place] = field(default_factory=list)
    undated: list[Place] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    text: int = 0
    shared: int = 0

    @property
    def cells(self) -> int:
        """Rows times columns that a reader makes room for."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1) if self.bottom else 0

    def fill(self, first: Place, last: Place) -> None:
        """Cells from `first` to `last` are filled."""
        self.top = min(self.top or first[0], first[0])
        self.left = min(self.left or first[1], first[1])
        self.bottom = max(self.bottom, last[0])
        self.right = max(self.right, last[1])


def remember(places: list[Place], place: Place) -> None:
    """Add a place, up to as many as a message can use."""
    if len(places) < _PLACES:
        places.append(place)


Start = Callable[[str, dict[str, str]], None]


@contextmanager
def parser(start: Start) -> Iterator[expat.XMLParserType]:
    """A parser that hands the start of each element on and refuses declarations of a document type.

    The events come from expat directly: the wrappings around it take twice the time for a million cells.
    """
    made = expat.ParserCreate()
    made.buffer_text = True
    made.StartElementHandler = start
    made.StartDoctypeDeclHandler = _refuse
    yield made


def _refuse(name: str, system: str | None, public: str | None, internal: bool) -> None:
    raise DTDForbidden(name, system, public)


def run(source: IO[bytes], start: Start) -> None:
    """Go through the XML of a part with a handler for the starts of elements."""
    with parser(start) as made:
        made.ParseFile(source)


def local(name: str) -> str:
    """An element's or attribute's name without its prefix."""
    return name.rpartition(":")[2]


def plain(attributes: dict[str, str]) -> dict[str, str]:
    """Attributes by their names without prefixes."""
    return {local(name): value for name, value in attributes.items()}
