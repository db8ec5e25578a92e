"""Notes of many tables and columns told together where they say the same."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from casearc.language import say, say_many

_NAME, _SAID = "\0name", "\0said"


def folded(notes: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Notes by table as sentences, what is said of several columns said once.

    Parameters
    ----------
    notes
        Table -> what a writer said of it.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> folded({"a": ["Column x: shortened.", "Column y: shortened."], "b": ["Column z: shortened."]})
    ('a.x and 2 other columns: shortened.',)
    >>> folded({"a": ["No label."], "b": ["No label."]})
    ('a, b: No label.',)
    """
    columns: dict[str, list[str]] = {}
    tables: dict[str, list[str]] = {}
    of_column = _of_column()
    for table, told in notes.items():
        for note in told:
            match = of_column.match(note)
            if match:
                columns.setdefault(match["said"], []).append(f"{table}.{match['name']}")
            else:
                tables.setdefault(note, []).append(table)
    return (
        *(f"{', '.join(names)}: {said}" for said, names in tables.items()),
        *(f"{_first_of(names)}: {said}" for said, names in columns.items()),
    )


def _first_of(names: Sequence[str]) -> str:
    others = len(names) - 1
    if others < 1:
        return names[0]
    return say_many("{name} and {count:,} other column", "{name} and {count:,} other columns", others, name=names[0])


def _of_column() -> re.Pattern[str]:
    """How writers begin a note on a column, in the language in force."""
    start, _, _ = say("Column {column}: {note}.", column=_NAME, note=_SAID).partition(_SAID)
    named = re.escape(start).replace(re.escape(_NAME), r"(?P<name>[^\s:]+)")
    return re.compile(rf"^{named}(?P<said>.+)$", re.DOTALL)
