"""Notes of many tables and columns told together where they say the same."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_COLUMN = re.compile(r"^Column (?P<name>[^\s:]+): (?P<said>.+)$", re.DOTALL)
_LISTED = re.compile(r"those of (?P<names>[^;.]+, [^;.]+) are left out")


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
    for table, told in notes.items():
        for note in told:
            match = _COLUMN.match(note)
            if match:
                columns.setdefault(match["said"], []).append(f"{table}.{match['name']}")
            else:
                tables.setdefault(_LISTED.sub("those of all columns that have any are left out", note), []).append(
                    table
                )
    return (
        *(f"{', '.join(names)}: {said}" for said, names in tables.items()),
        *(f"{_first_of(names)}: {said}" for said, names in columns.items()),
    )


def _first_of(names: Sequence[str]) -> str:
    others = len(names) - 1
    if others < 1:
        return names[0]
    return f"{names[0]} and {others:,} other {'columns' if others > 1 else 'column'}"
