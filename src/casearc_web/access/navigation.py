"""The entries of the menu. An app adds its own; each shows to those whose role has its verb."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from casearc_web.access.asker import Asker
from casearc_web.access.verbs import Verb


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry: what it says, where it leads, what it takes, where it stands."""

    label: str | Promise
    route: str
    verb: Verb
    order: int
    count: Callable[[Asker], int] | None = None
    """How many things wait behind it; asked once a page, so it must be quick."""


_entries: dict[str, Entry] = {}


def add(entry: Entry) -> None:
    """Add an entry, or replace the one with the same route."""
    _entries[entry.route] = entry


def entries() -> list[Entry]:
    """All entries in order."""
    return sorted(_entries.values(), key=lambda entry: entry.order)
