"""Reading one section of a plan key by key: what is wrong is noted in words, and reading goes on.

Each getter returns None where the key is absent or wrong; the caller keeps its default then, and `Section.sound`
tells whether anything was noted here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from casearc.language import say
from casearc.study.faults import Entry, PlanFaults
from casearc.study.plan import Merge
from casearc.tables import suggestion

E = TypeVar("E", bound=StrEnum)

_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


class Section:
    """One section: its values, its place, and the keys that were asked for."""

    def __init__(self, values: Mapping[str, Any], entry: Entry, faults: PlanFaults) -> None:
        self.values = values
        self.entry = entry
        self._faults = faults
        self._asked: list[str] = []
        self._missing: list[str] = []
        self._before = len(faults.found)

    @property
    def sound(self) -> bool:
        """Whether nothing was noted since this section was opened."""
        return len(self._faults.found) == self._before

    def fault(self, problem: str, remedy: str = "", *, key: str = "") -> None:
        """Note that something is wrong here."""
        self._faults.add(self.entry, problem, remedy, key=key)

    def text(self, key: str, *, required: bool = False) -> str | None:
        """A text, not empty."""
        value = self._get(key, required=required)
        if value is None:
            return None
        if not isinstance(value, str):
            self._wrong(key, say("a text in quotes"), value)
            return None
        if not value.strip():
            self.fault(say("The text is empty."), say("Fill it in, or remove the key."), key=key)
            return None
        return value.strip()

    def identifier(self, key: str) -> str | None:
        """A required name that can stand in a column name: letters, digits, underscores."""
        value = self.text(key, required=True)
        if value is not None and not _IDENTIFIER.fullmatch(value):
            self.fault(
                say("A name may hold letters, digits and underscores only, and starts with a letter."),
                say('Write it like "months_served"; what readers see goes into label.'),
                key=key,
            )
            return None
        return value

    def choice(self, key: str, options: type[E], *, required: bool = False) -> E | None:
        """One word of a closed list."""
        value = self.word(key, tuple(options), required=required)
        return None if value is None else options(value)

    def word(self, key: str, options: tuple[str, ...], *, required: bool = False) -> str | None:
        """One word of a closed list, as text."""
        value = self.text(key, required=required)
        if value is None or value in options:
            return value
        near = suggestion(value, options)
        allowed = say("Permitted: {options}.", options=", ".join(options))
        self.fault(say('"{value}" is not permitted here.', value=value), f"{near} {allowed}".strip(), key=key)
        return None

    def whole(self, key: str, *, required: bool = False, low: int | None = None) -> int | None:
        """A whole number."""
        value = self._get(key, required=required)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self._wrong(key, say("a whole number"), value)
            return None
        if low is not None and value < low:
            self.fault(say("The number must be {low} or more.", low=low), key=key)
            return None
        return value

    def number(self, key: str, *, required: bool = False) -> float | None:
        """A number."""
        value = self._get(key, required=required)
        if value is None:
            return None
        if not _is_number(value):
            self._wrong(key, say("a number"), value)
            return None
        return float(value)

    def flag(self, key: str) -> bool | None:
        """True or false."""
        value = self._get(key, required=False)
        if value is None or isinstance(value, bool):
            return value
        self._wrong(key, say("true or false, without quotes"), value)
        return None

    def numbers(self, key: str) -> tuple[float, ...] | None:
        """A list of numbers without repeats; a single number is taken as a list of one."""
        value = self._get(key, required=False)
        if value is None:
            return None
        listed = value if isinstance(value, list) else [value]
        if not listed or not all(_is_number(each) for each in listed):
            self._wrong(key, say("a list of numbers, such as [-0.5, -1]"), value)
            return None
        if len(set(listed)) < len(listed):
            self.fault(say("The list has a number twice."), say("Remove the second one."), key=key)
            return None
        return tuple(float(each) for each in listed)

    def wholes(self, key: str) -> tuple[int, ...] | None:
        """A list of whole numbers, as `numbers`."""
        value = self.numbers(key)
        if value is None:
            return None
        if any(each != int(each) for each in value):
            self.fault(say("This must be a list of whole numbers, such as [50, 95]."), key=key)
            return None
        return tuple(int(each) for each in value)

    def named_numbers(self, key: str) -> dict[str, float] | None:
        """Numbers by name: ``{ support = 0.4 }``."""
        value = self._get(key, required=False)
        if value is None:
            return None
        if not isinstance(value, dict) or not value or not all(_is_number(each) for each in value.values()):
            self._wrong(key, say("numbers by name, such as { support = 0.4 }"), value)
            return None
        return {name: float(each) for name, each in value.items()}

    def days(self, key: str) -> tuple[int, int] | None:
        """A required pair of whole numbers, the first not after the second."""
        value = self._get(key, required=True)
        if value is None:
            return None
        whole = isinstance(value, list) and all(isinstance(v, int) and not isinstance(v, bool) for v in value)
        if not whole or len(value) != 2:
            self._wrong(key, say("two whole numbers, such as [-30, 45]"), value)
            return None
        if value[0] > value[1]:
            self.fault(say("The first day comes after the last."), say("Swap the two numbers."), key=key)
            return None
        return value[0], value[1]

    def wave_or_day(self, key: str) -> str | int | None:
        """The required name of a wave, or a day since enrollment."""
        value = self._get(key, required=True)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, str | int):
            self._wrong(key, say("the name of a wave in quotes, or a day as a whole number"), value)
            return None
        return value

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...] | None:
        """A list of texts without repeats; a single text is taken as a list of one."""
        value = self._get(key, required=required)
        if value is None:
            return None
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(v, str) and v.strip() for v in listed):
            self._wrong(key, say('a list of texts, such as ["client", "caregiver"]'), value)
            return None
        if len(set(listed)) < len(listed):
            self.fault(say("The list names something twice."), say("Remove the second one."), key=key)
            return None
        if required and not listed:
            self.fault(say("The list is empty."), say("Name at least one."), key=key)
            return None
        return tuple(text.strip() for text in listed)

    def words(self) -> dict[str, str]:
        """Every key of the section with its text, for sections whose keys are names."""
        return {key: text for key in self.values if (text := self.text(key)) is not None}

    def merge(self, key: str) -> Merge | None:
        """Levels taken together: ``{ later = ["action", "maintenance"] }``."""
        value = self._get(key, required=False)
        return None if value is None else self._groups(key, value)

    def ladder(self, key: str) -> tuple[Merge, ...] | None:
        """A list of such groupings, finest first."""
        value = self._get(key, required=False)
        if value is None:
            return None
        if not isinstance(value, list):
            self._wrong(key, say('a list of groupings, such as [{ later = ["action", "maintenance"] }]'), value)
            return None
        rungs = [self._groups(key, rung) for rung in value]
        return tuple(rung for rung in rungs if rung is not None)

    def close(self) -> bool:
        """Note every key nobody asked for and every key that is missing; then whether the section is sound.

        A key that nobody asked for and that looks like a missing one is one fault: misspelled.
        """
        for key in self.values:
            if key not in self._asked:
                meant = [name for name in self._missing if suggestion(key, [name])]
                self._missing = [name for name in self._missing if name not in meant]
                near = suggestion(key, meant or [name for name in self._asked if name not in self.values])
                known = say("Keys here: {keys}.", keys=", ".join(self._asked))
                self.fault(say("There is no such key."), near or known, key=key)
        for key in self._missing:
            self.fault(say("The key is missing."), key=key)
        return self.sound

    def _get(self, key: str, *, required: bool) -> Any:
        if key not in self._asked:
            self._asked.append(key)
        if key not in self.values and required:
            self._missing.append(key)
        return self.values.get(key)

    def _wrong(self, key: str, wanted: str, value: object) -> None:
        self.fault(say("This must be {wanted}, and is {found}.", wanted=wanted, found=_in_words(value)), key=key)

    def _groups(self, key: str, value: object) -> Merge | None:
        lists = isinstance(value, dict) and all(
            isinstance(members, list) and members and all(isinstance(m, str) and m.strip() for m in members)
            for members in value.values()
        )
        if not isinstance(value, dict) or not value or not lists:
            self._wrong(key, say('a grouping of levels, such as { later = ["action", "maintenance"] }'), value)
            return None
        members = [member for group in value.values() for member in group]
        twice = sorted({member for member in members if members.count(member) > 1})
        if twice:
            self.fault(
                say('The level "{level}" stands in two groups.', level=twice[0]), say("Leave it in one."), key=key
            )
            return None
        return {name: tuple(group) for name, group in value.items()}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _in_words(value: object) -> str:
    if isinstance(value, bool):
        return say("true or false")
    if isinstance(value, str):
        return say("a text")
    if isinstance(value, int | float):
        return say("a number")
    if isinstance(value, dict):
        return say("a table of keys")
    return say("a list that does not fit") if isinstance(value, list) else say("a date or time")
