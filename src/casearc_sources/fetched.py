"""What was fetched, before it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """Name of a file -> its cells, as text; and what deserves to be said, in sentences without values."""

    frames: Mapping[str, pl.DataFrame]
    notes: tuple[str, ...] = ()
