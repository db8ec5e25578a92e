"""Days that have not come yet: what happened cannot lie there, what is planned may."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from casearc.language import say, say_many
from casearc.tables import FILE, ROW, TABLES, FaultLog, SourceTable, Tables

_PLANNED = ("exit_day", "closed_day")
_STAY, _START = "enrollment_id", "_start"
_SHOWN = 5


def refuse_future(tables: Tables, sources: dict[str, SourceTable], log: FaultLog, *, today: date) -> tuple[str, ...]:
    """Log rows of things that happened on a day to come; says of planned ends that lie there.

    Parameters
    ----------
    tables
        With the places of their rows.
    sources
        What their columns are called in the files.
    log
        Takes the faults.
    today
        The day on which files are read. A day more is let pass: elsewhere it may be tomorrow.

    Returns
    -------
    tuple of str
        A note for each table and column with ends to come.

    Examples
    --------
    >>> refuse_future(Tables.of(), {}, FaultLog(), today=date(2024, 1, 31))
    ()
    """
    notes = []
    starts = tables.enrollments.select(_STAY, pl.col("start_date").alias(_START)).drop_nulls()
    for name, source in sources.items():
        dated = [each for each in TABLES[name].columns if each.name == "start_date" or each.date_column is not None]
        if not dated:
            continue
        rows = tables.with_places(name).join(starts, on=_STAY, how="left", maintain_order="left")
        for column in dated:
            on = pl.col("start_date") if column.date_column is None else _date(column.name)
            later = rows.filter(on > today + timedelta(days=1))
            shown = column.date_column if column.date_column in source.frame.columns else column.name
            if later.is_empty():
                continue
            if column.name in _PLANNED:
                notes += [_planned(places, source, str(shown)) for places in later.partition_by(FILE)]
                continue
            log.add_rows(
                later.select(FILE, ROW),
                source,
                column=shown,
                problem=say("The day has not come yet."),
                remedy=say("Correct it; where something is only planned, take the row out."),
            )
    return tuple(notes)


def _date(day: str) -> pl.Expr:
    return pl.col(_START) + pl.duration(days=pl.col(day))


def _planned(places: pl.DataFrame, source: SourceTable, column: str) -> str:
    file = str(places[FILE][0])
    rows = ", ".join(str(row) for row in places[ROW].head(_SHOWN))
    more = " …" if places.height > _SHOWN else ""
    return say_many(
        "{file}, column {column}: {count:,} day has not come yet (row {rows}). It is taken for a planned end.",
        "{file}, column {column}: {count:,} days have not come yet (rows {rows}). They are taken for planned ends.",
        places.height,
        file=file,
        column=source.label(file, column),
        rows=rows + more,
    )
