"""New rows beside those of earlier imports: the same row is never there twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from casearc.tables import TABLES, Tables, TableSchema

_NEW, _OLD, _COPY = "_new", "_old", "_copy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What an import did to a table. `same` rows were there already, `others` are not in these files and stay."""

    added: int
    changed: int
    same: int
    others: int

    @property
    def total(self) -> int:
        """Rows afterwards."""
        return self.added + self.changed + self.same + self.others


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Merged:
    """The tables afterwards, and what was done to each."""

    frames: Mapping[str, pl.DataFrame]
    counts: Mapping[str, Counts]


def merge(there: Tables | None, new: Tables) -> Merged:
    """Put new tables beside those that are there.

    Parameters
    ----------
    there, new
        What earlier imports left, if any, and what is to stand beside it.

    Returns
    -------
    Merged
        Rows are the same by their identity; where a table has none, each copy of a whole row counts. What a row had
        stays where the new files say nothing, unless old and new cells together cannot be: then the new row stands.

    Examples
    --------
    >>> merge(None, tables).counts["needs"].added  # doctest: +SKIP
    4
    """
    frames, counts = {}, {}
    for name, schema in TABLES.items():
        old = None if there is None else there.table(name)
        frames[name], counts[name] = _merge(schema, old, new.table(name))
    return Merged(frames=frames, counts=counts)


def _merge(schema: TableSchema, old: pl.DataFrame | None, new: pl.DataFrame) -> tuple[pl.DataFrame, Counts]:
    if old is None or old.is_empty():
        return new, Counts(added=new.height, changed=0, same=0, others=0)
    if new.is_empty():
        return old, Counts(added=0, changed=0, same=0, others=old.height)
    old, new = _alike(old, new)
    if not schema.identity:
        old, new = _numbered(old), _numbered(new)
    else:
        new = _with_what_stays(schema, old, new)
    keys = list(schema.identity) or new.columns
    known = new.join(old.select(keys), on=keys, how="semi", nulls_equal=True, maintain_order="left")
    added = new.join(old.select(keys), on=keys, how="anti", nulls_equal=True, maintain_order="left")
    same = known.join(old, on=new.columns, how="semi", nulls_equal=True).height
    renewed = old.join(new.select(keys), on=keys, how="anti", nulls_equal=True, maintain_order="left")
    counts = Counts(added=added.height, changed=known.height - same, same=same, others=renewed.height)
    if counts.changed == 0:
        return pl.concat([old, added]).drop(_COPY, strict=False), counts
    kept = old.select(keys).join(new, on=keys, how="left", nulls_equal=True, maintain_order="left")
    present = old.join(new.select(keys), on=keys, how="semi", nulls_equal=True, maintain_order="left").select(keys)
    changed = present.join(kept, on=keys, how="left", nulls_equal=True, maintain_order="left").select(old.columns)
    return pl.concat([renewed, changed, added]).drop(_COPY, strict=False), counts


def _with_what_stays(schema: TableSchema, old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """New rows with what the same rows have already, where they are empty."""
    keys, before = list(schema.identity), "|before"
    beside = new.join(old, on=keys, how="left", suffix=before, nulls_equal=True, maintain_order="left")
    kept = beside.select(pl.col(name) if name in keys else pl.coalesce(name, name + before) for name in new.columns)
    broken = [rule.impossible for rule in schema.rules if set(rule.impossible.meta.root_names()) <= set(kept.columns)]
    if not broken:
        return kept
    wrong = kept.select(pl.any_horizontal(broken).fill_null(value=False)).to_series()
    return kept.with_columns(pl.when(wrong).then(new[name]).otherwise(pl.col(name)).alias(name) for name in new.columns)


def _alike(old: pl.DataFrame, new: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Both with the columns of either, and with the same types: a covariate may be numbers in one and text in the
    other."""
    columns = list(dict.fromkeys((*old.columns, *new.columns)))
    for name in columns:
        kinds = {frame.schema[name] for frame in (old, new) if name in frame.columns}
        kind = next(iter(kinds)) if len(kinds) == 1 else pl.String()
        old, new = (
            frame.with_columns(
                pl.col(name).cast(kind) if name in frame.columns else pl.lit(None, dtype=kind).alias(name)
            )
            for frame in (old, new)
        )
    return old.select(columns), new.select(columns)


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    """Copies of the same row told apart: the first, the second …"""
    return frame.with_columns(pl.int_range(pl.len()).over(frame.columns).alias(_COPY))
