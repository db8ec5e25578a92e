"""A table on its way out: typed columns with what is to be said of each. Every writer of a format takes these.

Missing reasons travel in two ways. In a long table they have a column of their own. In a wide one, for formats that
know of missing codes, they are negative numbers in the item's own column, the same in every file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import polars as pl

from casearc.files.sheet import Field

REASON_CODES: Mapping[str, int] = MappingProxyType(
    {
        "declined": -91,
        "not_asked": -92,
        "not_applicable": -93,
        "unknown": -94,
        "not_reached": -95,
        "staff_omission": -96,
    }
)
"""Missing reason -> the code that stands for it in a wide file; no instrument's range reaches so low."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Described:
    """One table to be written.

    name
        The file's name without its end, such as ``contacts``.
    title
        What a row is, in a sentence.
    frame
        Typed columns: String, Int64, Float64, Boolean, Date or Datetime.
    fields
        What to say of each column, by name; every column has one.
    """

    name: str
    title: str
    frame: pl.DataFrame
    fields: Mapping[str, Field] = field(default_factory=dict)
