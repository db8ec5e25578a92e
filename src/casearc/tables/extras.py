"""Covariates beyond the contract: numbers where every cell is one, otherwise text."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from casearc.language import say


def read_extras(
    frame: pl.DataFrame, names: Iterable[str], *, as_text: frozenset[str]
) -> tuple[pl.DataFrame, list[str]]:
    """Turn extra columns that hold nothing but numbers into numbers; say which mix numbers and words."""
    notes = []
    for name in names:
        if name in as_text or frame[name].null_count() == frame.height:
            continue
        number = frame[name].cast(pl.Float64, strict=False)
        unread = number.null_count() - frame[name].null_count()
        if unread == 0 and number.drop_nulls().is_finite().all():
            frame = frame.with_columns(number)
        elif unread < frame.height - frame[name].null_count():
            notes.append(
                say(
                    "participants, column {name}: some cells are numbers and {unread:,} are not; read as text.",
                    name=name,
                    unread=unread,
                )
            )
    return frame, notes
