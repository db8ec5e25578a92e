"""A first pass over a worksheet of an XLSX workbook: how far it reaches, and which cells are more than plain.

The library that reads the cells gives a formula's result without saying that it is one, an error as an empty cell, and
makes room for every cell between the outermost two. All three have to be known before.
"""

from __future__ import annotations

import re
from string import digits
from typing import IO
from xml.parsers import expat

from casearc.files.spreadsheet.book import Book
from casearc.files.spreadsheet.found import Found, local, parser, remember

_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_REACHING = re.compile(
    r"""(?<![\w\]\[])\[[^\]\[]+\](?:[\w.]*|[^'\]\[]*')!       # another workbook
      | \|                                                 # a conversation with another program (DDE)
      | (?<![\w.])(?:_xlfn\.)?(?:WEBSERVICE|RTD|CALL|REGISTER(?:\.ID)?|DDE|IMAGE|FILTERXML|SQL\.REQUEST)\s*\(
      | (?<![\w.])HYPERLINK\s*\(\s*(?!"\#)                 # a place that is not in this workbook
    """,
    re.VERBOSE | re.IGNORECASE,
)
_QUOTED = re.compile(r'(?<!HYPERLINK\()"[^"]*"', re.IGNORECASE)
_TEXTS = ("s", "inlineStr", "str")
_BEFORE_DATES = 0.0
_LEAP_DAY_THAT_NEVER_WAS = 60
_AFTER_DATES = {False: 2_958_466, True: 2_957_004}
"""The first number after 31 December 9999, by whether days are counted from 1904."""


def reaches_out(formula: str) -> bool:
    """Whether a formula gets something from outside the workbook, or starts something there.

    Examples
    --------
    >>> reaches_out("SUM(A2:A9)"), reaches_out("[1]Sheet1!A1"), reaches_out("cmd|' /c x'!A0")
    (False, True, True)
    """
    return _REACHING.search(_QUOTED.sub('""', formula)) is not None


class OutOfBoundsError(ValueError):
    """A cell has an address that no spreadsheet program knows."""


class WorksheetScan:
    """Goes through the XML of one worksheet. Only where a cell is more than plain are its inner parts looked at."""

    def __init__(self, book: Book, *, weigh: bool) -> None:
        self.found = Found()
        self._book = book
        self._weigh = weigh
        self._columns: dict[str, int] = {}
        self._row = self._column = 0
        self._reference = ""
        self._kind = "n"
        self._dated = False
        self._formula: list[str] | None = None
        self._value: list[str] = []
        self._inside = ""
        self._parser: expat.XMLParserType | None = None

    def run(self, source: IO[bytes]) -> Found:
        """Go through it and say what was found."""
        with parser(self._start) as made:
            self._parser = made
            made.ParseFile(source)
        return self.found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        element = name if ":" not in name else local(name)
        if element == "c":
            self._cell(attributes)
        elif element in ("v", "is"):
            self._filled(element)
        elif element == "row":
            self._row = int(attributes["r"]) if "r" in attributes else self._row + 1
            self._column = 0
        elif element == "f":
            self._formula = []
            self._inside = "f"
            self._look_inside()
        elif element == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _cell(self, attributes: dict[str, str]) -> None:
        self._reference = attributes.get("r", "")
        self._column += 1
        self._kind = attributes.get("t", "n")
        self._formula = None
        self._dated = self._kind == "n" and attributes.get("s", "") in self._book.date_styles
        if self._kind == "e":
            remember(self.found.errors, self._place())
        if self._kind == "s":
            self.found.shared += 1
        if self._dated or (self._weigh and self._kind in _TEXTS):
            self._look_inside()

    def _place(self) -> tuple[int, int]:
        """Row and column of the cell. One without an address follows the one before."""
        if self._reference:
            letters = self._reference.rstrip(digits)
            self._row = int(self._reference[len(letters) :])
            known = self._columns.get(letters)
            self._column = self._number(letters) if known is None else known
        if not (0 < self._row <= _LAST_ROW and 0 < self._column <= _LAST_COLUMN):
            raise OutOfBoundsError
        return self._row, self._column

    def _number(self, letters: str) -> int:
        if not (0 < len(letters) <= 3 and letters.isascii() and letters.isalpha()):
            raise OutOfBoundsError
        number = 0
        for letter in letters.upper():
            number = number * 26 + ord(letter) - 64
        self._columns[letters] = number
        return number

    def _filled(self, element: str) -> None:
        row, column = self._place()
        found = self.found
        if row > found.bottom or column > found.right or column < found.left or row < found.top:
            found.fill((row, column), (row, column))
        self._inside = element
        self._value = []

    def _merge(self, reference: str) -> None:
        kept = self._reference, self._row, self._column
        ends = []
        for part in reference.split(":"):
            self._reference = part
            ends.append(self._place())
        self._reference, self._row, self._column = kept
        if len(ends) == 2:
            (top, left), (bottom, right) = ends
            self.found.merged.append((top, bottom, left, right))

    def _look_inside(self) -> None:
        """Follow texts and ends until the cell ends."""
        if self._parser is not None:
            self._parser.CharacterDataHandler = self._characters
            self._parser.EndElementHandler = self._end

    def _characters(self, text: str) -> None:
        if self._inside == "f" and self._formula is not None:
            self._formula.append(text)
        elif self._inside == "is":
            self.found.text += len(text.encode())
        elif self._inside == "v":
            self._value.append(text)

    def _end(self, name: str) -> None:
        element = local(name)
        if element in ("f", "v", "is"):
            self._inside = ""
        elif element == "c":
            self._leave()
            self._value = []
            if self._parser is not None:
                self._parser.CharacterDataHandler = None
                self._parser.EndElementHandler = None

    def _leave(self) -> None:
        place, value = self._place(), "".join(self._value)
        if self._formula is not None:
            self.found.formulas[place[1]] += 1
            if reaches_out("".join(self._formula)):
                remember(self.found.reaching, place)
            if not value and self._kind != "str":
                self.found.fill(place, place)
                remember(self.found.uncached, place)
        if self._dated and value and not self._is_date(float(value)):
            remember(self.found.undated, place)
        if self._weigh and value:
            self.found.text += self._book.texts[int(value)] if self._kind == "s" else len(value.encode())

    def _is_date(self, number: float) -> bool:
        since_1904 = self._book.from_1904
        if not since_1904 and int(number) == _LEAP_DAY_THAT_NEVER_WAS:
            return False
        return _BEFORE_DATES <= number < _AFTER_DATES[since_1904]
