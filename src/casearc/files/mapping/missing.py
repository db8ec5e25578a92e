"""Codes in the cells of responses that mean that there is none, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from casearc.tables import item_columns

_REASON = "_missing_reason"


def expand(codes: Mapping[str, Mapping[str, str]], columns: Sequence[str]) -> dict[str, Mapping[str, str]]:
    """Codes by column, with ``mspss_*`` written out for each item of the instrument that is there."""
    found: dict[str, Mapping[str, str]] = {}
    for name, pairs in codes.items():
        stem = name.removesuffix("*")
        if stem == name:
            found[name] = pairs
            continue
        found |= {column: pairs for column in item_columns(columns) if column.startswith(stem)}
    return found


def with_reasons(frame: pl.DataFrame, missing: Mapping[str, str]) -> pl.DataFrame:
    """Responses with the codes for missing taken out, and the reason each stands for beside them."""
    if not missing:
        return frame
    items = item_columns(frame.columns)
    if not items:
        return _coded(frame, "response", "missing_reason", missing) if "response" in frame.columns else frame
    for item in items:
        frame = _coded(frame, item, item + _REASON, missing)
    return frame


def _coded(frame: pl.DataFrame, cell: str, reason: str, missing: Mapping[str, str]) -> pl.DataFrame:
    coded = pl.col(cell).is_in(list(missing))
    said = pl.col(cell).replace_strict(
        list(missing), [why or None for why in missing.values()], default=None, return_dtype=pl.String
    )
    given = [pl.col(reason)] if reason in frame.columns else []
    return frame.with_columns(pl.when(~coded).then(pl.col(cell)).alias(cell), pl.coalesce([*given, said]).alias(reason))
