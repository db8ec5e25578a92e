"""What a mapping says of the answers beyond their codes: items stored the wrong way round, and their coding."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import polars as pl

from casearc.files.mapping.conditions import number
from casearc.files.mapping.lookup import number_text
from casearc.instruments import Instrument
from casearc.scoring import read_coding

Instruments = Callable[[str], Instrument | None]
"""An instrument by its id; None where there is none."""


def turn_items(
    frame: pl.DataFrame, items: Sequence[str], instruments: Instruments, coding: Mapping[str, str]
) -> pl.DataFrame:
    """Items turned back within their coding: the lowest code becomes the highest. Cells that are no numbers stay."""
    for item in items:
        instrument = instruments(item.rpartition("_")[0])
        if instrument is None or item not in frame.columns:
            continue
        ends = read_coding(coding.get(instrument.id), instrument)
        turned = number_text(ends.low + ends.high - number(item))
        frame = frame.with_columns(pl.coalesce(turned, pl.col(item)).alias(item))
    return frame


def with_coding(frame: pl.DataFrame, coding: Mapping[str, str]) -> pl.DataFrame:
    """Administrations with the coding of each, where the mapping declares one for its instrument."""
    if not coding or "instrument" not in frame.columns:
        return frame
    declared = pl.col("instrument").replace_strict(
        list(coding), list(coding.values()), default=None, return_dtype=pl.String
    )
    given = [pl.col("coding")] if "coding" in frame.columns else []
    return frame.with_columns(pl.coalesce([*given, declared]).alias("coding"))
