"""Answers collected into columns: one column a question, nested as deep as the questionnaire nests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from casearc.files.fhir.names import REASON_OF, column_of
from casearc.files.fhir.values import HOLDS, Value, absent_code, in_utc, value_of
from casearc.files.sheet import Field, Holds, MissingCode
from casearc.language import say, to_say

_DEEPEST = 40
BETWEEN = ";"
_IN_UTC = to_say("Answers that are moments told in UTC, so that their day may not be the day it was locally")
_PREFIX = "data-absent-reason: "


@dataclass(slots=True, kw_only=True)
class _Column:
    """What was found for one question, cells by row."""

    label: str = ""
    cells: dict[int, list[str]] = field(default_factory=dict)
    absent: dict[int, str] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)
    choices: dict[str, str] = field(default_factory=dict)
    units: set[str] = field(default_factory=set)
    disputed: bool = False


class Answers:
    """Takes the items of one response after another; gives columns, what is known of them, and notes."""

    def __init__(self) -> None:
        self._columns: dict[str, _Column] = {}
        self._order: list[str] = []
        self._owners: dict[str, tuple[str, tuple[str, ...]]] = {}
        self._counts: Counter[str] = Counter()
        self._last = ""
        self.too_deep = False

    def take(self, items: object, *, row: int) -> None:
        """The answers of the response that stands in `row`."""
        self._last = ""
        self._walk(items, row=row, marks=(), depth=0)

    def frame(self, height: int) -> pl.DataFrame:
        """The columns, in the order of the questions."""
        made = {name: self._cells(self._columns[name], height) for name in self._order}
        return pl.DataFrame(made, schema=dict.fromkeys(made, pl.String))

    def fields(self) -> dict[str, Field]:
        """What the responses themselves say of their columns."""
        return {name: _field(name, self._columns[name]) for name in self._order}

    def notes(self) -> list[str]:
        """What a reader of the table should know of how it came to be."""
        counted = [f"{say(words)}: {count:,}." for words, count in self._counts.items()]
        columns = [self._columns[name] for name in self._order]
        units = [name for name, each in zip(self._order, columns, strict=True) if len(each.units) > 1]
        disputed = [name for name, each in zip(self._order, columns, strict=True) if each.disputed]
        if units:
            counted.append(
                say(
                    "Quantities in several units stand in one column, as numbers alone: {units}.",
                    units=", ".join(units),
                )
            )
        if disputed:
            counted.append(
                say(
                    "One code has several labels in these columns; the first is kept: {disputed}.",
                    disputed=", ".join(disputed),
                )
            )
        return counted

    def _walk(self, items: object, *, row: int, marks: tuple[str, ...], depth: int) -> None:
        if depth > _DEEPEST:
            self.too_deep = True
            return
        seen: Counter[str] = Counter()
        for item in items if isinstance(items, list) else []:
            link = str(item.get("linkId"))
            seen[link] += 1
            nested = item.get("item")
            again = bool(nested) and seen[link] > 1
            here = (*marks, f"{link} {seen[link]}") if again else marks
            self._question(item, link, row=row, marks=here)
            for number, answer in enumerate(item.get("answer") or [], start=1):
                below = here if number == 1 else (*here, f"{link} {number}")
                self._walk(answer.get("item"), row=row, marks=below, depth=depth + 1)
            self._walk(nested, row=row, marks=here, depth=depth + 1)

    def _question(self, item: Mapping[str, Any], link: str, *, row: int, marks: tuple[str, ...]) -> None:
        """One item; a group, which has items and no answers, makes no column."""
        answers = item.get("answer") or []
        reason = absent_code(item)
        if item.get("item") and not answers and not reason:
            return
        column = self._column(link, marks, label=str(item.get("text") or "").strip())
        if not answers and reason:
            column.absent[row] = reason
        for answer in answers:
            self._answer(column, value_of(answer), row=row)
            if any(in_utc(value) for name, value in answer.items() if name == "valueDateTime"):
                self._counts[_IN_UTC] += 1

    def _answer(self, column: _Column, value: Value, *, row: int) -> None:
        if value.absent:
            column.absent[row] = value.absent
            return
        if value.kind == "Attachment":
            self._counts[to_say("Attached files, which were left out")] += 1
        if value.text is None:
            return
        cells = column.cells.setdefault(row, [])
        if value.kind == "Date" and len(value.text) < len("2024-01-01"):
            self._counts[to_say("Answers that are dates without a day or a month, kept as they are")] += 1
        if BETWEEN in value.text and value.kind == "Coding":
            self._counts[to_say("Codes with a semicolon, which also parts several answers")] += 1
        cells.append(value.text)
        column.kinds.add(value.kind)
        if value.unit:
            column.units.add(value.unit)
        if value.kind == "Coding":
            kept = column.choices.setdefault(value.text, value.display)
            column.disputed |= bool(kept and value.display and kept != value.display)

    def _column(self, link: str, marks: tuple[str, ...], *, label: str) -> _Column:
        name = f"{link} ({', '.join(marks)})" if marks else column_of(link)
        while self._owners.setdefault(name, (link, marks)) != (link, marks):
            name += " (another)"
        if name not in self._columns:
            self._columns[name] = _Column()
            place = self._order.index(self._last) + 1 if self._last else 0
            self._order.insert(place, name)
        self._last = name
        column = self._columns[name]
        column.label = column.label or label
        return column

    def _cells(self, column: _Column, height: int) -> list[str | None]:
        cells: list[str | None] = [None] * height
        written = _absent_texts(column)
        for row, code in column.absent.items():
            cells[row] = written[code]
        for row, several in column.cells.items():
            cells[row] = BETWEEN.join(several)
            if len(several) > 1 and column.kinds != {"Coding"} and any(BETWEEN in each for each in several):
                self._counts[to_say("Cells that join several texts of which one holds a semicolon itself")] += 1
        return cells


def _absent_texts(column: _Column) -> dict[str, str]:
    """HL7's code -> what stands in the cell: the code itself, unless an answer reads the same."""
    answers = {each for several in column.cells.values() for each in several}
    clash = not answers.isdisjoint(column.absent.values())
    return {code: f"{_PREFIX}{code}" if clash else code for code in sorted(set(column.absent.values()))}


def _field(name: str, column: _Column) -> Field:
    several = any(len(each) > 1 for each in column.cells.values())
    return Field(
        name=name,
        label=column.label,
        holds=_holds(column.kinds, several=several),
        choices=dict(column.choices),
        missing=tuple(
            MissingCode(code=text, name=REASON_OF.get(code, code)) for code, text in _absent_texts(column).items()
        ),
    )


def _holds(kinds: set[str], *, several: bool) -> Holds | None:
    if kinds == {"Coding"} and several:
        return Holds.CHOICES
    if len(kinds) != 1:
        return Holds.TEXT if kinds else None
    return Holds.TEXT if several else HOLDS.get(next(iter(kinds)), Holds.TEXT)
