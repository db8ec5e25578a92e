"""Merging of levels: stages or categories taken together under a new name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

Groups = Mapping[str, Sequence[str]]
"""New level -> the levels it takes in; levels not named stay as they are."""


def new_levels(levels: Sequence[str], groups: Groups | None) -> dict[str, str]:
    """Each level and the level that takes it in: itself, where no group does.

    >>> new_levels(["a", "b", "c"], {"bc": ["b", "c"]})
    {'a': 'a', 'b': 'bc', 'c': 'bc'}
    """
    new_name = _new_names(groups or {})
    return {level: new_name.get(level, level) for level in levels}


def merged_levels(levels: Sequence[str], groups: Groups) -> tuple[str, ...]:
    """The levels after merging, in the order in which their first members stood.

    >>> merged_levels(["a", "b", "c"], {"bc": ["b", "c"]})
    ('a', 'bc')
    """
    return tuple(dict.fromkeys(new_levels(levels, groups).values()))


def merge_codes(codes: pl.Expr, groups: Groups) -> pl.Expr:
    """The expression with each code replaced by the level that takes it in; others and nulls stay."""
    new_name = _new_names(groups)
    return codes.replace(list(new_name), list(new_name.values())) if new_name else codes


def _new_names(groups: Groups) -> dict[str, str]:
    return {level: name for name, members in groups.items() for level in members}
