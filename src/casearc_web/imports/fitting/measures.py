"""Administrations with their responses become answers to instruments."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import partial
from typing import Any

import polars as pl
from django.db.models import Model

from casearc.instruments import load
from casearc_web.imports.fitting.columns import ON, coded, content_columns, dated, left_out, of_stays
from casearc_web.imports.fitting.house import House
from casearc_web.imports.fitting.plan import Plan
from casearc_web.imports.reading import Read
from casearc_web.surveys.models import Administration

_LONGEST = 40


def fit_measures(read: Read, starts: pl.DataFrame, house: House, plan: Plan) -> None:
    """One record an administration, its answers in it."""
    table = "administrations"
    frame = read.tables.with_places(table)
    frame = of_stays(frame, table, plan)
    frame = left_out(dated(frame, starts), pl.col(ON) > house.today, "future", table, plan, column="day")
    frame = left_out(frame, _coded_otherwise(frame), "coding", table, plan, column="coding")
    frame = coded(frame, "language", _LANGUAGES, table=table, notes=plan.notes)
    answers = _answers(read)
    frame = frame.join(answers, on="administration_id", how="left", maintain_order="left")
    frame = left_out(frame, pl.col("_broken").fill_null(value=False), "answer", table, plan)
    said = content_columns(read.tables.table(table))
    for row in frame.iter_rows(named=True):
        stay = plan.stay(row["enrollment_id"])
        content = [*(row[name] for name in said), row["_items"], row["_responses"], row["_reasons"]]
        plan.settle(table, row["administration_id"], content, partial(_administration, row, stay, house))


_LANGUAGES = {"en": "en", "english": "en", "es": "es", "spanish": "es", "español": "es"}


def _coded_otherwise(frame: pl.DataFrame) -> pl.Expr:
    ranges = {}
    for name in frame["instrument"].unique():
        instrument = load(name)
        ranges[name] = f"{instrument.low}-{instrument.high}"
    own = pl.col("instrument").replace_strict(ranges, default=None, return_dtype=pl.String)
    return pl.col("coding").is_not_null() & (pl.col("coding").str.replace_all(r"\s", "") != own)


def _answers(read: Read) -> pl.DataFrame:
    """The responses of each administration in lists beside each other."""
    given = read.tables.responses.join(
        read.tables.administrations.select("administration_id", "instrument"), on="administration_id"
    )
    item = pl.col("item").str.strip_prefix(pl.col("instrument") + pl.lit("_"))
    broken = pl.col("response").is_not_null() & (pl.col("response") != pl.col("response").round(0))
    return (
        given.with_columns(item.alias("_item"))
        .sort("administration_id", "_item")
        .group_by("administration_id", maintain_order=True)
        .agg(
            pl.col("_item").alias("_items"),
            pl.col("response").alias("_responses"),
            pl.col("missing_reason").alias("_reasons"),
            broken.any().alias("_broken"),
        )
    )


def _administration(row: Mapping[str, Any], stay: uuid.UUID, house: House) -> list[Model]:
    each = list(zip(row["_items"] or (), row["_responses"] or (), row["_reasons"] or (), strict=True))
    given = Administration(
        agency_id=house.agency_id,
        enrollment_id=stay,
        instrument=row["instrument"],
        variant=row["variant"] or "",
        wording_version=(row["version"] or "")[:_LONGEST],
        language=row["language"] or "",
        mode=row["mode"] or "",
        on=row[ON],
        answers={item: int(value) for item, value, _ in each if value is not None},
        reasons={item: reason for item, value, reason in each if value is None and reason},
        created_by_id=house.by_id,
    )
    return [given]
