"""What new files must not move: the start that days are counted from, and rows that only a number tells apart."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from casearc.files.mapping import TableMapping
from casearc.files.mapping.definition import Feed, Join, RowNumber
from casearc.language import say, say_many
from casearc.tables import TABLES, FaultLog, SourceTable, Tables

_DATE, _DAY = "date", "day"


def said_by(sources: Mapping[str, SourceTable]) -> dict[str, frozenset[str]]:
    """The columns of each table that the files say anything about; a date says the day it becomes."""
    found = {}
    for name, schema in TABLES.items():
        given = sources[name].frame.columns if name in sources else []
        days = {column.removesuffix(_DATE) + _DAY for column in given if column.endswith(_DATE)}
        found[name] = frozenset({*given, *(days & set(schema.names))})
    return found


def refuse_moved(there: Tables, new: Tables, mapping: TableMapping, *, folder: str, log: FaultLog) -> None:
    """Log rows that new files would move: another start of a stay, under which everything else was counted; another
    person or day under an id that is no more than the number of a row."""
    _refuse_other_starts(there, new, folder=folder, log=log)
    for feed in mapping.feeds:
        identity = TABLES[feed.table].identity
        if len(identity) == 1 and _counts_rows(feed, feed.columns.get(identity[0], identity[0])):
            _refuse_other_rows(there, new, feed, identity[0], folder=folder, log=log)


def _refuse_other_starts(there: Tables, new: Tables, *, folder: str, log: FaultLog) -> None:
    keys = ["enrollment_id", "start_date"]
    old = there.enrollments.select(keys).drop_nulls()
    both = new.enrollments.select(keys).drop_nulls().join(old, on="enrollment_id", suffix="_there")
    moved = both.filter(pl.col("start_date") != pl.col("start_date_there")).height
    if moved:
        log.add(
            say_many(
                "{count:,} enrollment that is in {folder} already would begin on another day, and every day there is "
                "counted from its start.",
                "{count:,} enrollments that are in {folder} already would begin on another day, and every day there is "
                "counted from their start.",
                moved,
                folder=folder,
            ),
            say(
                "Give the files with the enrollments together with these (`casearc import inspect` on all of them), so "
                "that all count from the same start; or import everything into a new folder where the start was wrong."
            ),
        )


def _refuse_other_rows(there: Tables, new: Tables, feed: Feed, key: str, *, folder: str, log: FaultLog) -> None:
    same = [name for name in ("enrollment_id", _DAY) if name in TABLES[feed.table].names]
    old = there.table(feed.table).select(key, *same)
    both = new.table(feed.table).select(key, *same).join(old, on=key, suffix="_there")
    other = both.filter(pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_there")) for name in same)).height
    if other:
        log.add(
            say_many(
                "{count:,} row of {table} would be written over one of somebody else or another day: their ids are the "
                "numbers of rows, and the rows are not those that were imported into {folder}.",
                "{count:,} rows of {table} would be written over others of somebody else or another day: their ids are "
                "the numbers of rows, and the rows are not those that were imported into {folder}.",
                other,
                table=feed.table,
                folder=folder,
            ),
            say(
                "Give the earlier rows too, in their order, with the new ones after them; or name a column that holds "
                "an id for each row."
            ),
            file=feed.file,
        )


def _counts_rows(feed: Feed, source: str) -> bool:
    """Whether a column is the number of the row, or made with it."""
    how = feed.derive.get(source)
    if isinstance(how, Join):
        return any(_counts_rows(feed, part) for part in how.columns if part != source)
    return isinstance(how, RowNumber)
