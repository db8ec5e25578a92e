"""Taking keys out of a TOML table, with faults in plain words where they are not what they should be."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any as Anything

from casearc.language import say
from casearc.tables import FaultLog, suggestion


@dataclass(frozen=True, slots=True)
class Reader:
    """One TOML table being read. `place` is its path (``table.contacts, derive.outcome``)."""

    file: str
    place: str
    content: Mapping[str, Anything]
    log: FaultLog

    def fault(self, problem: str, remedy: str = "") -> None:
        """Log what is wrong at this place."""
        self.log.add(say("In {place}: {problem}", place=self.place, problem=problem), remedy, file=self.file)

    def below(self, key: str, content: Mapping[str, Anything]) -> Reader:
        """A reader for a table inside this one."""
        return Reader(self.file, f"{self.place}, {key}" if self.place else key, content, self.log)

    def only(self, known: Collection[str]) -> None:
        """Log keys that are not among the known ones."""
        for key in self.content:
            if key not in known:
                near = suggestion(key, known)
                self.fault(
                    say("there is no key {key}.", key=key), near or say("Known here: {known}.", known=", ".join(known))
                )

    def text(self, key: str, *, needed: bool = False) -> str | None:
        """A text (a number is taken as its text); None where it is absent or wrong."""
        if key not in self.content:
            if needed:
                self.fault(say("the key {key} is missing.", key=key), say("Write {key} = …", key=key))
            return None
        found = as_text(self.content[key])
        if found is None:
            self.fault(say("{key} must be a text.", key=key))
        return found

    def texts(self, key: str, *, needed: bool = False) -> tuple[str, ...]:
        """A list of texts, or one text standing alone; () where it is absent or wrong."""
        if key not in self.content:
            if needed:
                self.fault(say("the key {key} is missing.", key=key), say("Write {key} = […]", key=key))
            return ()
        value = self.content[key]
        entries = value if isinstance(value, list) else [value]
        found = [as_text(entry) for entry in entries]
        if not found or any(entry is None for entry in found):
            self.fault(say("{key} must be a list of texts.", key=key))
            return ()
        return tuple(entry for entry in found if entry is not None)

    def pairs(self, key: str) -> dict[str, str]:
        """A table of text to text; {} where it is absent or wrong."""
        value = self.content.get(key, {})
        found = {} if not isinstance(value, Mapping) else {k: as_text(v) for k, v in value.items()}
        if not isinstance(value, Mapping) or None in found.values():
            self.fault(say("{key} must be a table of texts.", key=key), say('Write {key} = {{ name = "…" }}', key=key))
            return {}
        return {name: entry for name, entry in found.items() if entry is not None}

    def tables(self, key: str) -> tuple[Reader, ...]:
        """A list of tables, or one table standing alone; () where it is absent or wrong."""
        value = self.content.get(key, [])
        entries = [value] if isinstance(value, Mapping) else value
        if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
            self.fault(
                say("{key} must be a list of tables.", key=key), say("Write {key} = [ {{ … }}, {{ … }} ]", key=key)
            )
            return ()
        return tuple(
            self.below(key if len(entries) == 1 else f"{key} {index}", entry)
            for index, entry in enumerate(entries, start=1)
        )

    def flag(self, key: str) -> bool:
        """True or false; false where it is absent or wrong."""
        value = self.content.get(key, False)
        if not isinstance(value, bool):
            self.fault(say("{key} must be true or false.", key=key))
            return False
        return value


def as_text(value: object) -> str | None:
    """Text as it is, a number as it would stand in a cell, anything else None."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return f"{value:g}" if isinstance(value, float) else str(value)


def check_file(reader: Reader, file: str | None) -> None:
    """Log a file that lies outside the data folder."""
    if file is not None and (Path(file).is_absolute() or ".." in Path(file).parts or "\\" in file):
        reader.fault(say("the file must lie inside the data folder."), say("Write its name alone."))
