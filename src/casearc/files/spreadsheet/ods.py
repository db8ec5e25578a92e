"""A first pass over the worksheets of an ODS workbook: how far they reach, and which cells are more than plain.

One element of ODS can stand for a billion rows, so what repeats is multiplied before any library makes room for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import IO

from casearc.files.spreadsheet.found import MOST_TEXT, Found, local, parser, plain, remember

_ERRORS = re.compile(r"^(?:#(?:REF|DIV/0|NAME|VALUE|NULL|NUM|N/A)[!?]?|Err:\d+)$", re.IGNORECASE)
_REACHING = re.compile(
    r"""'?(?:file|https?|ftp|smb)://                          # another file
      | (?<![\w.])(?:DDE|WEBSERVICE|FILTERXML)\s*\(
      | (?<![\w.])HYPERLINK\s*\(\s*(?!"\#)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CELLS = ("table-cell", "covered-table-cell")
_VALUES = ("value", "date-value", "time-value", "boolean-value", "string-value")
_PLACES_LEFT = 200
_MOST_NUMBER = 2_000_000_000


@dataclass(slots=True)
class _Cell:
    """The cell that is being read."""

    first: int
    repeated: int
    kind: str
    formula: str | None
    value: str | None
    columns: int
    rows: int
    text: list[str] = field(default_factory=list)
    size: int = 0


class WorkbookScan:
    """Goes through ``content.xml``; what is found of each worksheet is in `found`, by name, hidden ones in `hidden`."""

    def __init__(self) -> None:
        self.found: dict[str, Found] = {}
        self.hidden: set[str] = set()
        self._hiding: set[str] = set()
        self._style = ""
        self._sheet: Found | None = None
        self._depth = 0
        self._row = self._rows = self._column = 0
        self._cell: _Cell | None = None
        self._annotated = 0
        self._texts = 0
        self.linked = False

    def run(self, source: IO[bytes]) -> None:
        """Go through it."""
        with parser(self._start) as made:
            made.EndElementHandler = self._end
            made.CharacterDataHandler = self._characters
            made.ParseFile(source)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        element = local(name)
        if element in _CELLS:
            self._begin(plain(attributes))
        elif element == "p" and self._cell is not None and not self._annotated:
            self._texts += 1
        elif element in ("annotation", "tracked-changes"):
            self._annotated += 1
        elif element == "table-row":
            self._row += self._rows
            self._rows = _number(plain(attributes).get("number-rows-repeated"))
            self._column = 1
        elif element in ("table", "style", "table-properties", "table-source", "dde-source"):
            self._frame(element, plain(attributes))

    def _frame(self, element: str, given: dict[str, str]) -> None:
        if element == "style":
            self._style = given.get("name", "")
        elif element == "table-properties" and given.get("display") == "false":
            self._hiding.add(self._style)
        elif element in ("table-source", "dde-source"):
            self.linked = True
        elif element == "table":
            self._depth += 1
            if self._depth == 1:
                self._sheet = self.found[given.get("name", "")] = Found()
                self._row, self._rows = 1, 0
                if given.get("style-name") in self._hiding:
                    self.hidden.add(given.get("name", ""))

    def _begin(self, given: dict[str, str]) -> None:
        value = next((given[each] for each in _VALUES if each in given), None)
        self._cell = _Cell(
            first=self._column,
            repeated=_number(given.get("number-columns-repeated")),
            kind=given.get("value-type", ""),
            formula=given.get("formula"),
            value=value,
            columns=_number(given.get("number-columns-spanned")),
            rows=_number(given.get("number-rows-spanned")),
        )
        self._texts = 0

    def _characters(self, text: str) -> None:
        if self._cell is not None and self._texts and not self._annotated:
            self._cell.size += len(text.encode())
            if len(self._cell.text) < 3:
                self._cell.text.append(text)

    def _end(self, name: str) -> None:
        element = local(name)
        if element in _CELLS and self._cell is not None:
            self._leave(self._cell)
            self._column = min(self._cell.first + self._cell.repeated, _MOST_NUMBER)
            self._cell = None
        elif element in ("annotation", "tracked-changes"):
            self._annotated -= 1
        elif element == "table":
            self._depth -= 1

    def _leave(self, cell: _Cell) -> None:
        sheet = self._sheet
        if sheet is None or self._depth != 1 or self._annotated:
            return
        shown = "".join(cell.text).strip()
        place = (self._row, cell.first)
        last = (min(self._row + self._rows - 1, _MOST_NUMBER), min(cell.first + cell.repeated - 1, _MOST_NUMBER))
        if cell.kind or self._texts:
            sheet.fill(place, last)
            sheet.text = min(sheet.text + cell.size * cell.repeated * self._rows, MOST_TEXT * 2)
        if cell.columns > 1 or cell.rows > 1:
            sheet.merged.append((self._row, self._row + cell.rows - 1, cell.first, cell.first + cell.columns - 1))
        if cell.formula is not None:
            self._formula(sheet, cell, shown=shown, last=last)
        elif cell.kind == "error" or _ERRORS.match(shown):
            remember(sheet.errors, place)

    def _formula(self, sheet: Found, cell: _Cell, *, shown: str, last: tuple[int, int]) -> None:
        place = (self._row, cell.first)
        for column in range(cell.first, min(last[1], cell.first + _PLACES_LEFT) + 1):
            sheet.formulas[column] += min(self._rows, _MOST_NUMBER)
        if _REACHING.search(cell.formula or ""):
            remember(sheet.reaching, place)
        if _ERRORS.match(shown):
            remember(sheet.errors, place)
        elif not cell.kind or (cell.value is None and not self._texts and cell.kind != "string"):
            sheet.fill(place, last)
            remember(sheet.uncached, place)


def _number(text: str | None) -> int:
    return min(max(int(text), 1), _MOST_NUMBER) if text else 1
