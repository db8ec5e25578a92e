"""A cell of a finding, made ready: its printed text, its plain data, its columns in a CSV file.

Everything printed goes through `Printer.cell`, whether it stands in a table, a sentence or a figure. So what the
gate hid is hidden everywhere, and what leaves the house carries the printed precision everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from casearc.disclosure import Band, Edition, Exact, Release, Shown, Withheld
from casearc.findings import (
    Blank,
    Cell,
    CountRef,
    Hidden,
    Interval,
    Number,
    Quantity,
    SectionRef,
    Sentence,
    ShareRef,
    Tally,
    Text,
)
from casearc.reports import numbers, words

Data = dict[str, object]


class Look(StrEnum):
    """How a cell is set: words to the left, numbers to the right, and the two kinds of nothing."""

    WORDS = "words"
    NUMBER = "number"
    HIDDEN = "hidden"
    BLANK = "blank"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedCell:
    """A cell as it is told.

    text
        As printed in a table.
    said
        As printed in a sentence: ``p = .013``, ``95 % interval 0.12 to 0.48``.
    data
        As it stands in results.json.
    values
        Its parts in a CSV file: an interval has two.
    """

    text: str
    said: str
    look: Look
    data: Data
    values: tuple[str, ...]
    level: float | None = None


HIDDEN = PrintedCell(
    text=words.HIDDEN_MARK,
    said=words.HIDDEN_IN_SENTENCE,
    look=Look.HIDDEN,
    data={"kind": "hidden", "text": words.HIDDEN_MARK},
    values=(words.HIDDEN_MARK,),
)
BLANK = PrintedCell(
    text=words.BLANK_MARK, said=words.BLANK_MARK, look=Look.BLANK, data={"kind": "blank", "text": ""}, values=("",)
)
EMPTY = PrintedCell(text="", said="", look=Look.BLANK, data={"kind": "blank", "text": ""}, values=("",))
"""A cell beside a heading: not even the mark for no value."""


@dataclass(frozen=True, slots=True)
class Printer:
    """Makes cells ready for one edition. `full` keeps every digit in data: in the house only."""

    shown: Mapping[str, Shown]
    full: bool

    @classmethod
    def of(cls, release: Release) -> Printer:
        """The printer for a release."""
        return cls(shown=release.shown, full=release.edition is Edition.IN_HOUSE)

    def count(self, key: str) -> Shown:
        """How a count is shown; a key that the gate does not know is withheld."""
        return self.shown.get(key, Withheld())

    def value(self, value: float, quantity: Quantity, *, decimals: int | None = None) -> float:
        """A number as it may stand in data."""
        return float(value) if self.full else numbers.rounded(value, quantity, decimals=decimals)

    def cell(  # noqa: PLR0911  one return for each kind of cell
        self, cell: Cell, *, unit_in_heading: bool = False, decimals: int | None = None
    ) -> PrintedCell:
        """Make one cell ready. `decimals` overrides the quantity's own, so that a row of a model agrees."""
        match cell:
            case Text():
                return words_cell(cell.text)
            case Number():
                return self._number(cell, unit_in_heading=unit_in_heading, decimals=decimals)
            case Interval():
                return self._interval(cell, decimals=decimals)
            case CountRef():
                return self._count(cell.key)
            case ShareRef():
                return self._share(cell)
            case Tally():
                return tally_cell(cell.value)
            case Hidden():
                return HIDDEN
            case Blank():
                return BLANK
            case SectionRef():
                return words_cell(f"“{words.SECTIONS[cell.section].heading}”")
            case Sentence():
                raise TypeError("A sentence stands in a table's cell or by itself, not inside another one.")

    def _number(self, cell: Number, *, unit_in_heading: bool, decimals: int | None) -> PrintedCell:
        if not math.isfinite(cell.value):
            return BLANK
        bare = numbers.number_text(cell.value, cell.quantity, decimals=decimals)
        text = f"{bare} {cell.unit}" if cell.unit and not unit_in_heading else bare
        value = self.value(cell.value, cell.quantity, decimals=decimals)
        data: Data = {"kind": "number", "quantity": str(cell.quantity), "value": value}
        said = text
        if cell.quantity is Quantity.P_VALUE:
            said = numbers.p_statement(cell.value)
            if not self.full and bare.startswith(("<", ">")):
                data["bound"] = "below" if bare.startswith("<") else "above"
        if cell.unit:
            data["unit"] = cell.unit
        mark = {"below": "<", "above": ">"}.get(str(data.get("bound", "")), "")
        return PrintedCell(
            text=text,
            said=said,
            look=Look.NUMBER,
            data={**data, "text": text},
            values=(f"{mark}{value!r}",),
        )

    def _interval(self, cell: Interval, *, decimals: int | None) -> PrintedCell:
        low, high = _open(cell.low), _open(cell.high)
        text = numbers.interval_text(low, high, cell.quantity, decimals=decimals)
        if not self.full:
            low, high = numbers.rounded_limits(low, high, cell.quantity, decimals=decimals)
        return PrintedCell(
            text=text,
            said=words.interval_in_sentence(numbers.level_text(cell.level), text),
            look=Look.NUMBER,
            data={
                "kind": "interval",
                "quantity": str(cell.quantity),
                "low": low,
                "high": high,
                "level": round(cell.level, 4),
                "text": text,
            },
            values=("" if low is None else repr(float(low)), "" if high is None else repr(float(high))),
            level=cell.level,
        )

    def _count(self, key: str) -> PrintedCell:
        match self.count(key):
            case Exact(value):
                text, data = numbers.whole_text(value), {"shown": "exact", "value": value}
                values = (str(value),)
            case Band(low, high):
                text = words.band(numbers.whole_text(low), numbers.whole_text(high))
                data, values = {"shown": "band", "low": low, "high": high}, (words.band(str(low), str(high)),)
            case _:
                return HIDDEN
        return PrintedCell(
            text=text,
            said=text,
            look=Look.NUMBER,
            data={"kind": "count", "key": key, **data, "text": text},
            values=values,
        )

    def _share(self, cell: ShareRef) -> PrintedCell:
        part, whole = self.count(cell.part), self.count(cell.whole)
        if not (isinstance(part, Exact) and isinstance(whole, Exact)):
            return HIDDEN
        if whole.value == 0:
            return BLANK
        share = part.value / whole.value
        value = self.value(share, Quantity.PROPORTION)
        text = numbers.share_text(share)
        return PrintedCell(
            text=text,
            said=text,
            look=Look.NUMBER,
            data={"kind": "share", "part": cell.part, "whole": cell.whole, "value": value, "text": text},
            values=(repr(value),),
        )


def _open(limit: float | None) -> float | None:
    """An infinite limit is an open one."""
    return limit if limit is not None and math.isfinite(limit) else None


def words_cell(text: str) -> PrintedCell:
    """A cell of words."""
    return PrintedCell(text=text, said=text, look=Look.WORDS, data={"kind": "text", "text": text}, values=(text,))


def tally_cell(value: int) -> PrintedCell:
    """A cell that counts records."""
    text = numbers.whole_text(value)
    return PrintedCell(
        text=text,
        said=text,
        look=Look.NUMBER,
        data={"kind": "tally", "value": value, "text": text},
        values=(str(value),),
    )
