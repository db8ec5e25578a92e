"""Cells that a spreadsheet program would run as a formula: found, and made harmless on the way out.

A cell is made harmless by an apostrophe before it, which spreadsheet programs hide; reading takes it off again, so that
what went out comes back the same.
"""

from __future__ import annotations

import polars as pl

PATTERN = r"^(?:[=@\t\r]|[+-](?:[^0-9.]|[0-9.]+[^0-9.eE]))"
"""Signs that begin a formula; a plain signed number is none."""


def is_formula(cell: pl.Expr) -> pl.Expr:
    """Whether a text cell would run; null becomes false."""
    return cell.str.contains(PATTERN).fill_null(value=False)


def harmless(cell: pl.Expr) -> pl.Expr:
    """A text cell that no program runs. One that begins with an apostrophe already gets another."""
    quoted = is_formula(cell) | cell.str.starts_with("'")
    return pl.when(quoted).then(pl.lit("'") + cell).otherwise(cell)


def as_written(cell: pl.Expr) -> pl.Expr:
    """The opposite of `harmless`: the apostrophe off where it only made a formula harmless or doubled another."""
    rest = cell.str.slice(1)
    quoted = cell.str.starts_with("'") & (is_formula(rest) | rest.str.starts_with("'"))
    return pl.when(quoted).then(rest).otherwise(cell)


def harmless_frame(frame: pl.DataFrame) -> pl.DataFrame:
    """A frame whose text columns hold no formula."""
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    return frame.with_columns(harmless(pl.col(name)).alias(name) for name in texts)
