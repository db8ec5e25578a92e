"""Numbers with a decimal comma, where a file is declared to write them so."""

from __future__ import annotations

import polars as pl

_COMMA = r"^[+-]?(\d{1,3}(\.\d{3})+|\d*),\d+$"
_PLAIN = r"^[+-]?(\d+|\d{1,3}(\.\d{3})+)$"


def with_points(frame: pl.DataFrame) -> pl.DataFrame:
    """Columns that hold nothing but numbers, at least one with a decimal comma, with points in their place.

    A column with any other text keeps its cells: in ``4,7`` beside ``none`` the comma may separate two codes.
    """
    numbers = [
        name
        for name in frame.columns
        if (cells := frame[name].drop_nulls()).str.contains(_COMMA).any()
        and (cells.str.contains(_COMMA) | cells.str.contains(_PLAIN)).all()
    ]
    changed = [
        pl.col(name).str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True) for name in numbers
    ]
    return frame.with_columns(changed)
