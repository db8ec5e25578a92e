"""Responses come long or wide; inside they are always long."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from casearc.language import say
from casearc.tables.faults import FaultLog
from casearc.tables.names import check_names, say_column, suggestion
from casearc.tables.schema import TableSchema
from casearc.tables.source import FILE, ROW, SourceTable

_ITEM = re.compile(r"^[a-z][a-z0-9_]*_\d+$")
_REASON = "_missing_reason"


def item_columns(names: Sequence[str]) -> list[str]:
    """Those of the names that are an instrument and an item number, like ``mspss_1``."""
    return [name for name in names if _ITEM.fullmatch(name)]


def to_long(
    schema: TableSchema, source: SourceTable, administrations: pl.DataFrame | None, log: FaultLog
) -> pl.DataFrame | None:
    """The responses as text, one row an item, with their places; None where the columns cannot be understood.

    A wide row may have columns of several instruments. Empty cells under an instrument that the administration
    was not of are no missing responses, and fall away.
    """
    given = source.frame.columns
    items = item_columns(given)
    if {"item", "response"} & set(given) or not items:
        if items:
            log.add(
                say("The file has columns of single items beside item or response."),
                say("Give responses one way: a row for each item, or a column for each item."),
                file=source.files,
                column=items[0],
            )
            return None
        check_names(schema, source, (), log)
        return source.placed() if set(given) <= set(schema.names) else None
    if not _wide_names_fit(source, items, log):
        return None
    _log_repeats(source, log)
    return _melt(source, items, administrations)


def _wide_names_fit(source: SourceTable, items: list[str], log: FaultLog) -> bool:
    known = {"administration_id", "missing_reason", *items, *(item + _REASON for item in items)}
    given = source.frame.columns
    if "administration_id" not in given:
        log.add(say("The column administration_id is missing."), say("Add it."), file=source.files)
    for position, name in enumerate(given, start=1):
        if name not in known:
            near = suggestion(name, sorted(known - set(given)))
            log.add(
                say("The column is neither administration_id, an item (<instrument>_<number>) nor missing_reason."),
                near or say("Remove it, or say in mapping.toml what it is."),
                file=source.files,
                column=say_column(name, position),
            )
    return "administration_id" in given and set(given) <= known


def _log_repeats(source: SourceTable, log: FaultLog) -> None:
    key = pl.col("administration_id")
    rows = source.placed().filter(key.is_not_null())
    log.add_rows(
        rows.with_columns(pl.col(ROW).first().over(key).alias("_other")).filter(key.is_first_distinct().not_()),
        source,
        column="administration_id",
        problem=say("Another row has the same administration (first in row {other})."),
        remedy=say("Keep one of the two rows; two administrations need two ids."),
    )


def _melt(source: SourceTable, items: list[str], administrations: pl.DataFrame | None) -> pl.DataFrame:
    wide = source.placed().with_row_index("_line")
    if "missing_reason" not in wide.columns:
        wide = wide.with_columns(pl.lit(None, dtype=pl.String).alias("missing_reason"))
    first = wide.unique("administration_id", keep="first", maintain_order=True)
    keep = ["_line", "administration_id", "missing_reason", FILE, ROW]
    long = first.unpivot(items, index=keep, variable_name="item", value_name="response")
    reasons = [item + _REASON for item in items if item + _REASON in wide.columns]
    if reasons:
        own = first.unpivot(reasons, index="_line", variable_name="item", value_name="_own")
        own = own.with_columns(pl.col("item").str.strip_suffix(_REASON))
        long = long.join(own, on=["_line", "item"], how="left", maintain_order="left")
    else:
        long = long.with_columns(pl.lit(None, dtype=pl.String).alias("_own"))
    whole_row = pl.when(pl.col("response").is_null()).then(pl.col("missing_reason"))
    long = long.with_columns(pl.coalesce("_own", whole_row).alias("missing_reason"))
    long = _without_other_instruments(long, administrations)
    return long.sort("_line", maintain_order=True).select(
        "administration_id", "item", "response", "missing_reason", FILE, ROW
    )


def _without_other_instruments(long: pl.DataFrame, administrations: pl.DataFrame | None) -> pl.DataFrame:
    if administrations is None or not {"administration_id", "instrument"} <= set(administrations.columns):
        return long
    of = administrations.select("administration_id", "instrument").unique("administration_id")
    long = long.join(of, on="administration_id", how="left", maintain_order="left")
    prefix = pl.col("item").str.replace(r"_\d+$", "")
    own = prefix == pl.col("instrument")
    matched = own.any().over("administration_id").fill_null(value=False)
    return long.filter(pl.col("response").is_not_null() | pl.col("_own").is_not_null() | own | matched.not_())
