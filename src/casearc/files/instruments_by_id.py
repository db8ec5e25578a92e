"""Instruments by their id, for what a mapping says of items."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from casearc.files.mapping.turned import Instruments
from casearc.instruments import available, load


def by_id(folders: Sequence[str | Path] = ()) -> Instruments:
    """Instruments by id, those of an agency's own folders among them; None where there is none."""
    known = available(folders)
    return lambda name: load(name, folders=folders) if name in known else None
