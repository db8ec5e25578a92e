"""Words by which files name what the contract's columns hold: read from vocabulary.toml, which is data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType

Words = Mapping[str, tuple[str, ...]]


def _read() -> dict[str, dict[str, object]]:
    return tomllib.loads(files("casearc.files.proposal").joinpath("vocabulary.toml").read_text(encoding="utf-8"))


def _words(table: object) -> Words:
    if not isinstance(table, dict):
        raise TypeError("vocabulary.toml holds tables of lists")
    return MappingProxyType({name: tuple(words) for name, words in table.items()})


_CONTENT = _read()

SHEETS: Words = _words(_CONTENT["sheets"])
"""Table -> names of files and sheets that hold it."""

NAMES: Mapping[str, Words] = {table: _words(columns) for table, columns in _CONTENT["names"].items()}
"""Table -> column -> names of columns."""

CODES: Mapping[str, Words] = {column: _words(codes) for column, codes in _CONTENT["codes"].items()}
"""Column -> the contract's code -> words that mean it; the first that fits counts."""

REASONS: Words = _words(_CONTENT["missing_reasons"])
"""Missing reason -> words that mean it."""

ALONE = frozenset(_words(_CONTENT["alone"])["words"])
"""Words that name a column only where nothing stands beside them."""

UNITS: Words = _words(_CONTENT["units"])
"""Unit -> words in the names of columns that say it."""

BESIDE = frozenset(_words(_CONTENT["beside_codes"])["words"])
"""Words that stand beside those of a code and usually change nothing."""

JOINING = frozenset(_words(_CONTENT["beside_codes"])["joining"])
"""Words between two that mean the same code."""

QUALIFYING = frozenset(_words(_CONTENT["beside_codes"])["qualifying"])
"""Words that deny or qualify what stands beside them."""

DAY_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "date": "day",
        "opened_date": "opened_day",
        "closed_date": "closed_day",
        "exit_date": "exit_day",
        "first_service_date": "first_service_day",
    }
)
"""Columns that carry dates, and the column of days a file may have in their place."""
