"""Several files that feed one table, one below the other."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from casearc.tables import FILE, ROW, SourceTable, item_columns


def stack(name: str, parts: list[SourceTable]) -> SourceTable:
    """One table of all the files that feed it."""
    if len(parts) == 1:
        return parts[0]
    if name == "responses" and (0 < sum(_is_long(part) for part in parts) < len(parts) or _complete_one_another(parts)):
        parts = [part if _is_long(part) else _melted(part) for part in parts]
    labels: dict[str, dict[str, str]] = {}
    for part in parts:
        for file, renamed in part.labels.items():
            labels.setdefault(file, {}).update(renamed)
    return SourceTable(
        name=name,
        frame=pl.concat([part.frame for part in parts], how="diagonal"),
        places=pl.concat([part.places for part in parts]),
        uses=tuple(use for part in parts for use in part.uses),
        labels=labels,
        named=frozenset().union(*(part.named for part in parts)),
        notes=tuple(dict.fromkeys(note for part in parts for note in part.notes)),
        fates=pl.concat([part.fates for part in parts]),
        unfound=pl.concat([part.unfound for part in parts]),
        totals=pl.concat([part.totals for part in parts], how="diagonal"),
    )


def _is_long(part: SourceTable) -> bool:
    return "item" in part.frame.columns


def _complete_one_another(parts: list[SourceTable]) -> bool:
    """Whether the same administration stands in several wide parts, with other items in each."""
    ids = "administration_id"
    if not all(ids in part.frame.columns and not _is_long(part) for part in parts):
        return False
    items = [set(item_columns(part.frame.columns)) for part in parts]
    shared = [
        items[one] & items[other]
        for one in range(len(parts))
        for other in range(one)
        if parts[one].frame[ids].drop_nulls().is_in(parts[other].frame[ids].drop_nulls().implode()).any()
    ]
    return bool(shared) and not any(shared)


def _melted(part: SourceTable) -> SourceTable:
    """Wide responses as long ones, to stand below others that are long."""
    items = item_columns(part.frame.columns)
    wide = part.placed().with_row_index("_line")
    keep = ["_line", "administration_id", FILE, ROW]
    long = wide.unpivot(items, index=keep, variable_name="item", value_name="response")
    reasons = [name for item in items if (name := f"{item}_missing_reason") in wide.columns]
    if reasons:
        own = wide.unpivot(reasons, index="_line", variable_name="item", value_name="missing_reason")
        own = own.with_columns(pl.col("item").str.strip_suffix("_missing_reason"))
        long = long.join(own, on=["_line", "item"], how="left", maintain_order="left")
    long = long.sort("_line", maintain_order=True).drop("_line")
    return replace(part, frame=long.drop(FILE, ROW), places=long.select(FILE, ROW))
