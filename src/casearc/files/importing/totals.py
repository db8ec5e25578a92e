"""The files' own totals against the items: a wrong order, a reversed column or another coding shows here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from casearc.files.mapping.definition import Made
from casearc.instruments import Instrument, Kind
from casearc.language import say
from casearc.scoring import read_coding
from casearc.tables import FILE, ROW, FaultLog, SourceTable, Tables

_ENOUGH = 5
_MUST_AGREE = 0.9
_TOLERANCE = {Made.SUM: 0.51, Made.MEAN: 0.06}
"""Files round: sums to whole numbers, means to one decimal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One of the files' totals: how many complete administrations have it, and in how many it agrees."""

    score: str
    compared: int
    agree: int


def compare_totals(
    sources: Mapping[str, SourceTable], tables: Tables, instruments: Sequence[Instrument], log: FaultLog
) -> tuple[Agreement, ...]:
    """Compare every total the mapping names with the items; logs the rows of those that mostly disagree."""
    source = sources.get("administrations")
    if source is None or source.totals.is_empty():
        return ()
    given = source.frame.select("administration_id").hstack(source.totals).hstack(source.places)
    found = []
    for name in source.totals.columns:
        score, made = name.rpartition(":")[0], Made(name.rpartition(":")[2])
        home = next((each for each in instruments if score in {one.id for one in each.scores}), None)
        if home is None:
            log.add(
                say("totals names a score {score} that no instrument of the data has.", score=score),
                say("Correct the mapping."),
            )
            continue
        compared = _compare(given, name, _sums(home, score, tables), made)
        agree = int(compared["agrees"].sum())
        found.append(Agreement(score=score, compared=compared.height, agree=agree))
        if compared.height >= _ENOUGH and agree < _MUST_AGREE * compared.height:
            _log(compared, score, agree, log)
    return tuple(found)


def _sums(instrument: Instrument, score: str, tables: Tables) -> pl.DataFrame:
    """administration_id, the sum of the score's items as the file codes them, and their number; complete ones only."""
    definition = instrument.score(score)
    if definition.kind not in (Kind.SUM, Kind.MEAN):
        return pl.DataFrame(schema={"administration_id": pl.String, "sum": pl.Float64, "count": pl.UInt32})
    given = tables.administrations.filter(instrument=instrument.id).select("administration_id", "coding")
    reverse = [instrument.column(item) for item in definition.items if instrument.item(item).reverse]
    codings = given["coding"].fill_null("").unique().to_list()
    both = (
        pl.col("coding")
        .fill_null("")
        .replace_strict(codings, [_ends(instrument, coding) for coding in codings], return_dtype=pl.Int64)
    )
    value = pl.when(pl.col("item").is_in(reverse)).then(both - pl.col("response")).otherwise(pl.col("response"))
    return (
        tables.responses.filter(pl.col("item").is_in([instrument.column(item) for item in definition.items]))
        .join(given, on="administration_id")
        .group_by("administration_id")
        .agg(value.sum().alias("sum"), pl.col("response").count().alias("count"))
        .filter(pl.col("count") == len(definition.items))
    )


def _ends(instrument: Instrument, coding: str) -> int:
    """Lowest and highest code together: what a reversed answer is taken from."""
    read = read_coding(coding or None, instrument)
    return read.low + read.high


def _compare(given: pl.DataFrame, name: str, sums: pl.DataFrame, made: Made) -> pl.DataFrame:
    ours = pl.col("sum") if made is Made.SUM else pl.col("sum") / pl.col("count")
    both = given.with_columns(pl.col(name).cast(pl.Float64, strict=False).alias("theirs")).join(
        sums, on="administration_id", maintain_order="left"
    )
    both = both.filter(pl.col("theirs").is_not_null())
    return both.with_columns(((ours - pl.col("theirs")).abs() <= _TOLERANCE[made]).alias("agrees"))


def _log(compared: pl.DataFrame, score: str, agree: int, log: FaultLog) -> None:
    log.add_places(
        compared.filter(~pl.col("agrees")).select(FILE, ROW),
        problem=(
            say(
                "The file's own {score} is not that of its items: of {compared} complete rows {agree} "
                "agree. The items may stand in another order, be reversed, be coded otherwise, or the "
                "total may be of another kind.",
                score=score,
                compared=compared.height,
                agree=agree,
            )
        ),
        remedy=say("Correct items, reversed, [coding] or made in the mapping; without totals nothing is compared."),
    )
