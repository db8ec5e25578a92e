"""Rules between rows and between tables: ids that repeat, ids found nowhere, dates to days, impossible rows."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from casearc.language import say, to_say
from casearc.tables.faults import FaultLog
from casearc.tables.schema import Column, TableSchema
from casearc.tables.source import FILE, ROW, SourceTable

_DUPLICATES = {
    "needs": (
        to_say("The same need is rated twice on this day (first in row {other})."),
        to_say("Keep one of the two rows."),
    ),
    "responses": (
        to_say("This item stands twice for the same administration (first in row {other})."),
        to_say("Keep one of the two rows; two administrations need two ids."),
    ),
}


def check_identity(schema: TableSchema, frame: pl.DataFrame, source: SourceTable, log: FaultLog) -> None:
    """Log rows whose identity an earlier row has."""
    keys = list(schema.identity)
    if not keys or not set(keys) <= set(frame.columns):
        return
    known = frame.filter(pl.all_horizontal(pl.col(keys).is_not_null()))
    if known.select(keys).is_unique().all():
        return
    first = pl.col(ROW).first().over(keys).alias("_other")
    later = known.with_columns(first).filter(pl.struct(keys).is_first_distinct().not_())
    column = "item" if schema.name == "responses" else keys[0]
    problem, remedy = _DUPLICATES.get(
        schema.name,
        (
            to_say("Another row has the same id (first in row {other})."),
            to_say("Give each row an id of its own, or remove the copy."),
        ),
    )
    log.add_rows(later, source, column=column, problem=say(problem), remedy=say(remedy))


def check_references(
    schema: TableSchema,
    frame: pl.DataFrame,
    source: SourceTable,
    *,
    others: Mapping[str, pl.DataFrame],
    log: FaultLog,
) -> None:
    """Log ids that the table they refer to does not have. Silent where that table could not be read at all."""
    for column in schema.columns:
        other = others.get(column.refers_to or "")
        if column.refers_to is None or other is None or not {column.name} <= set(frame.columns):
            continue
        if column.name not in other.columns:
            continue
        known = other.select(column.name).unique()
        log.add_rows(
            frame.filter(pl.col(column.name).is_not_null()).join(
                known, on=column.name, how="anti", maintain_order="left"
            ),
            source,
            column=column.name,
            problem=say("The table {refers_to} has no such {name}.", refers_to=column.refers_to, name=column.name),
            remedy=say("Add the row there or correct the id; compare capital letters and leading zeros."),
        )


def starts_of(stays: pl.DataFrame | None, source: SourceTable | None) -> pl.DataFrame:
    """enrollment_id, start_date and ``_no_start`` (the cell is empty, not merely unreadable), one row an enrollment.

    `stays` are the enrollments read, in the order of `source`.
    """
    if stays is None or source is None or "enrollment_id" not in stays.columns:
        return pl.DataFrame(schema={"enrollment_id": pl.String, "start_date": pl.Date, "_no_start": pl.Boolean})
    if "start_date" in source.frame.columns:
        starts = stays.select("enrollment_id", "start_date").with_columns(
            source.frame["start_date"].is_null().alias("_no_start")
        )
    else:
        starts = stays.select("enrollment_id", pl.lit(None, dtype=pl.Date).alias("start_date"))
        starts = starts.with_columns(pl.lit(value=True).alias("_no_start"))
    return starts.filter(pl.col("enrollment_id").is_not_null()).unique("enrollment_id", keep="first")


def days_from_dates(
    schema: TableSchema,
    frame: pl.DataFrame,
    source: SourceTable,
    *,
    starts: pl.DataFrame,
    log: FaultLog,
) -> pl.DataFrame:
    """Replace date columns by day columns: date minus the start of the row's enrollment (see `starts_of`)."""
    columns = [column for column in schema.columns if column.date_column in frame.columns]
    if not columns or "enrollment_id" not in frame.columns:
        return frame.drop([str(column.date_column) for column in columns])
    given = frame.columns
    dated = frame.drop("start_date", strict=False).join(starts, on="enrollment_id", how="left", maintain_order="left")
    for column in columns:
        dated = _to_days(column, dated, source, log)
    made = [column.name for column in columns]
    kept = [name for name in given if name in dated.columns and name not in made]
    return dated.select(*kept, *made)


def _to_days(column: Column, frame: pl.DataFrame, source: SourceTable, log: FaultLog) -> pl.DataFrame:
    dates = str(column.date_column)
    log.add_rows(
        frame.filter(pl.col(dates).is_not_null() & pl.col("_no_start")),
        source,
        column=dates,
        problem=say("The date cannot become a day: its enrollment has no start_date."),
        remedy=say("Fill in start_date of that enrollment, or give days instead of dates."),
    )
    day = (pl.col(dates) - pl.col("start_date")).dt.total_days()
    log.add_rows(
        frame.filter(day.is_between(column.low, column.high).not_()),
        source,
        column=dates,
        problem=say("The date is more than ten years before its enrollment's start, or more than a hundred after it."),
        remedy=say("Correct it, or the start_date of the enrollment; a day that nobody knows is an empty cell."),
    )
    given = [pl.col(column.name)] if column.name in frame.columns else []
    return frame.with_columns(pl.coalesce([*given, day]).alias(column.name)).drop(dates)


def check_rows(schema: TableSchema, frame: pl.DataFrame, source: SourceTable, log: FaultLog) -> None:
    """Log rows whose cells contradict each other."""
    for rule in schema.rules:
        if not set(rule.impossible.meta.root_names()) <= set(frame.columns):
            continue
        failing = frame.filter(rule.impossible.fill_null(value=False))
        log.add_rows(failing, source, column=rule.column, problem=say(rule.problem), remedy=say(rule.remedy))


def without_places(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame without the columns that say where rows came from."""
    return frame.drop(FILE, ROW)
