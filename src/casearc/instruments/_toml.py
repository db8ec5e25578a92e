"""Reading TOML key by key: what is wrong is collected with its file and line, never raised at the first fault."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

from casearc.errors import Fault

E = TypeVar("E", bound=StrEnum)
_HEADER = re.compile(r"^\s*\[(\[?)\s*([^\[\]]+?)\s*\]?\]\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*("[^"]*"|'[^']*'|[A-Za-z0-9_-]+)\s*=""")


def find_lines(text: str) -> dict[tuple[str, int, str], int]:
    """Lines of keys: (table, how many-eth of its name, key) -> line. An empty key stands for the table's header."""
    found: dict[tuple[str, int, str], int] = {("", 0, ""): 1}
    seen: dict[str, int] = {}
    table, count = "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = header[2]
            # A sub-table ([score.published]) counts with its parent, an array's table ([[score]]) by itself.
            if header[1]:
                seen[table] = seen.get(table, -1) + 1
            count = seen.get(table, seen.get(table.split(".")[0], 0))
            found[table, count, ""] = number
        elif key := _KEY.match(line):
            found.setdefault((table, count, key[1].strip("\"'")), number)
    return found


class TomlTable:
    """One table of a TOML file. Getters note a fault and return a harmless stand-in where a value is wrong."""

    def __init__(
        self,
        values: Mapping[str, Any],
        *,
        file: str,
        faults: list[Fault],
        lines: Mapping[tuple[str, int, str], int],
        place: tuple[str, int] = ("", 0),
        under: str = "",
    ) -> None:
        self.values = values
        self.file = file
        self._faults = faults
        self._lines = lines
        self._place = place
        self._under = under  # the key of the parent under which an inline table stands
        self._asked: set[str] = set()

    def line(self, key: str = "") -> int | None:
        """The line a key stands on, as far as it can be told."""
        table, count = self._place
        return self._lines.get((table, count, self._under or key)) or self._lines.get((table, count, ""))

    def fault(self, problem: str, remedy: str = "", *, key: str = "") -> None:
        """Note that something is wrong with this table or one of its keys."""
        self._faults.append(Fault(problem=problem, remedy=remedy, file=self.file, row=self.line(key)))

    def _get(self, key: str, *, required: bool) -> Any:
        self._asked.add(key)
        if key not in self.values and required:
            self.fault(f"`{key}` is missing here.", key=key)
        return self.values.get(key)

    def text(self, key: str, *, required: bool = True) -> str:
        """A text; empty where it is absent."""
        value = self._get(key, required=required)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.fault(f"`{key}` must be a text in quotes.", key=key)
            return ""
        if required and not value.strip():
            self.fault(f"`{key}` is empty.", key=key)
        return value.strip()

    def choice(self, key: str, options: type[E], *, default: E, required: bool = True) -> E:
        """One of an enumeration's values."""
        value = self._get(key, required=required)
        if value is None:
            return default
        if value not in [option.value for option in options]:
            self.fault(f"`{key}` must be one of: {', '.join(options)}.", key=key)
            return default
        return options(value)

    def flag(self, key: str, *, default: bool = False) -> bool:
        """true or false."""
        value = self._get(key, required=False)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.fault(f"`{key}` must be true or false, without quotes.", key=key)
            return default
        return value

    def whole(self, key: str, *, required: bool = True) -> int | None:
        """A whole number."""
        value = self._get(key, required=required)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            self.fault(f"`{key}` must be a whole number, without quotes.", key=key)
            return None
        return value

    def number(self, key: str, *, required: bool = True) -> Fraction | None:
        """A number, exact: 3, 10.15 or the fraction "45.6/26"."""
        value = self._get(key, required=required)
        if value is None:
            return None
        exact = None if isinstance(value, bool) else exact_number(value)
        if exact is None:
            self.fault(f'`{key}` must be a number such as 8, 10.15 or "59/7".', key=key)
        return exact

    def texts(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        """A list of texts; whole numbers are taken as texts, so that items may be written bare."""
        value = self._get(key, required=required)
        if value is None:
            return ()
        if not isinstance(value, list) or any(isinstance(v, bool) or not isinstance(v, str | int) for v in value):
            self.fault(f'`{key}` must be a list such as [1, 2] or ["a", "b"].', key=key)
            return ()
        return tuple(str(v) for v in value)

    def items_or_all(self, key: str) -> tuple[str, ...] | None:
        """A list of items, or None for "all"."""
        if self.values.get(key) == "all":
            self._asked.add(key)
            return None
        return self.texts(key)

    def table(self, key: str) -> TomlTable | None:
        """A sub-table, written as its own header or inline."""
        value = self._get(key, required=False)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.fault(f"`{key}` must be a table.", key=key)
            return None
        name = f"{self._place[0]}.{key}" if self._place[0] else key
        has_header = (name, self._place[1], "") in self._lines
        return self._child(
            value, place=(name, self._place[1]) if has_header else self._place, under="" if has_header else key
        )

    def tables(self, key: str) -> list[TomlTable]:
        """An array of tables, written with double brackets or as a list of inline tables."""
        value = self._get(key, required=False)
        if value is None:
            return []
        if not isinstance(value, list) or any(not isinstance(v, dict) for v in value):
            self.fault(f"`{key}` must be written as [[{key}]] tables.", key=key)
            return []
        headers = (key, 0, "") in self._lines and not self._place[0]
        return [
            self._child(v, place=(key, number) if headers else self._place, under="" if headers else key)
            for number, v in enumerate(value)
        ]

    def _child(self, values: Mapping[str, Any], *, place: tuple[str, int], under: str) -> TomlTable:
        return TomlTable(values, file=self.file, faults=self._faults, lines=self._lines, place=place, under=under)

    def refuse_unknown(self) -> None:
        """Note every key nobody asked for: a misspelled key would otherwise be ignored in silence."""
        for key in self.values:
            if key not in self._asked:
                near = get_close_matches(key, self._asked, n=1)
                known = f"Known here: {', '.join(sorted(self._asked))}."
                remedy = f"Did you mean `{near[0]}`?" if near else known
                self.fault(f"`{key}` is not a known key.", remedy, key=key)


def exact_number(value: object) -> Fraction | None:
    """A TOML number or a text such as "59/7" or "45.6/26" as an exact fraction; None where it is neither."""
    if isinstance(value, int | Decimal):
        return Fraction(value) if not isinstance(value, Decimal) or value.is_finite() else None
    if not isinstance(value, str):
        return None
    try:
        above, _, below = value.partition("/")
        return Fraction(above.strip()) / (Fraction(below.strip()) if below else 1)
    except (ValueError, ZeroDivisionError):
        return None


def read_toml(path: Path, *, faults: list[Fault], name: str | None = None) -> TomlTable | None:
    """Read one file; None with a fault where it is absent, unreadable or not TOML."""
    file = name or path.name
    try:
        text = path.read_text(encoding="utf-8-sig")
        values = tomllib.loads(text, parse_float=Decimal)
    except FileNotFoundError:
        faults.append(Fault(problem="the file is missing.", file=file))
    except (OSError, UnicodeDecodeError):
        faults.append(Fault(problem="the file cannot be read.", remedy="Save it as UTF-8 text.", file=file))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        faults.append(
            Fault(
                problem="this is not valid TOML.",
                remedy="Texts stand in quotes, lists in square brackets, and no key comes twice.",
                file=file,
                row=int(line[1]) if line else None,
            )
        )
    else:
        return TomlTable(values, file=file, faults=faults, lines=find_lines(text))
    return None


def unique(values: Sequence[str]) -> tuple[str, ...]:
    """The values without repeats, in order."""
    return tuple(dict.fromkeys(values))
