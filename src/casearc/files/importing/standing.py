"""What new files must not move: the start that days are counted from, and rows that only a number tells apart."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from casearc.files.mapping import TableMapping
from casearc.files.mapping.definition import CountWithin, Feed, Join, RowNumber
from casearc.language import say, say_many
from casearc.tables import TABLES, FaultLog, SourceTable, Tables, TableSchema

_DATE, _DAY, _STAY = "date", "day", "enrollment_id"
_BY, _THERE = "_by", "_there"
_START_THERE = f"start_date{_THERE}"


def on_starts_there(
    there: Tables, new: Tables, sources: Mapping[str, SourceTable], mapping: TableMapping
) -> tuple[Tables, int]:
    """New tables counted from the starts that are there already, where the new files know no start but the day of the
    first answers; with the number of enrollments that would have begun on another day."""
    if not _starts_are_first_answers(mapping):
        return new, 0
    moved = (
        _both_starts(there, new)
        .filter(_has_moved())
        .select(_STAY, pl.col(_START_THERE).alias(_THERE), _days_between().alias(_BY))
    )
    if moved.is_empty():
        return new, 0
    frames = {
        name: _counted_from_there(schema, new.table(name), sources.get(name), moved) for name, schema in TABLES.items()
    }
    return Tables.made_of(frames, report=new.report, places=new.places), moved.height


def _days_between() -> pl.Expr:
    return (pl.col("start_date") - pl.col(_START_THERE)).dt.total_days()


def _has_moved() -> pl.Expr:
    return pl.col("start_date") != pl.col(_START_THERE)


def _both_starts(there: Tables, new: Tables) -> pl.DataFrame:
    """Enrollments that have a start there and in the new files."""
    old = there.enrollments.select(_STAY, "start_date").drop_nulls()
    return new.enrollments.select(_STAY, "start_date").drop_nulls().join(old, on=_STAY, suffix=_THERE)


def _starts_are_first_answers(mapping: TableMapping) -> bool:
    """Whether starts are taken from days on which something was answered or happened: the first of several rows."""
    stays = [feed for feed in mapping.feeds if feed.table == "enrollments"]
    return bool(stays) and all(_is_first_of_days(feed, mapping) for feed in stays)


def _is_first_of_days(stay: Feed, mapping: TableMapping) -> bool:
    start, rule = stay.columns.get("start_date"), stay.duplicates
    if start is None or rule is None or rule.keep != "first" or start not in rule.by:
        return False
    return any(feed.file == stay.file and feed.columns.get(_DATE) == start for feed in mapping.feeds)


def _counted_from_there(
    schema: TableSchema, frame: pl.DataFrame, source: SourceTable | None, moved: pl.DataFrame
) -> pl.DataFrame:
    """A table whose days that came as dates are counted from the starts that are there; days given as days stay."""
    if source is None or _STAY not in frame.columns:
        return frame
    given = source.frame
    dated = [column for column in schema.columns if column.date_column in given.columns]
    beside = frame.join(moved, on=_STAY, how="left", maintain_order="left")
    shifted = []
    for column in dated:
        as_date = given[str(column.date_column)].is_not_null()
        shifted.append(pl.when(as_date).then(pl.col(column.name) + pl.col(_BY).fill_null(0)).otherwise(column.name))
    if "start_date" in frame.columns:
        shifted.append(pl.coalesce(_THERE, "start_date").alias("start_date"))
    return beside.with_columns(shifted).select(frame.columns)


def refuse_moved(there: Tables, new: Tables, mapping: TableMapping, *, folder: str, log: FaultLog) -> None:
    """Log rows that new files would move: another start of a stay, under which everything else was counted; another
    person or day under an id that is no more than the number of a row."""
    _refuse_other_starts(there, new, folder=folder, log=log)
    _refuse_first_starts(there, new, mapping, folder=folder, log=log)
    for feed in mapping.feeds:
        identity = TABLES[feed.table].identity
        if len(identity) == 1 and _is_made_with(feed, feed.columns.get(identity[0], identity[0]), RowNumber):
            _refuse_other_rows(there, new, feed, identity[0], folder=folder, log=log)


def _refuse_other_starts(there: Tables, new: Tables, *, folder: str, log: FaultLog) -> None:
    moved = _both_starts(there, new).filter(_has_moved()).height
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


def _refuse_first_starts(there: Tables, new: Tables, mapping: TableMapping, *, folder: str, log: FaultLog) -> None:
    """Days that were given as days have a start that nobody named; the day of the first answers is not that one."""
    if not _starts_are_first_answers(mapping):
        return
    counted = [
        there.table(name).filter(pl.col(column.name).is_not_null()).select(_STAY)
        for name, schema in TABLES.items()
        for column in schema.columns
        if column.date_column and _STAY in schema.names
    ]
    unnamed = there.enrollments.filter(pl.col("start_date").is_null()).select(_STAY)
    unnamed = unnamed.join(pl.concat(counted), on=_STAY, how="semi")
    wrong = new.enrollments.filter(pl.col("start_date").is_not_null()).join(unnamed, on=_STAY, how="semi").height
    if wrong:
        log.add(
            say_many(
                "{count:,} enrollment has days in {folder} and no start there, and the new files know none but the day "
                "of the first answers, from which those days are not counted.",
                "{count:,} enrollments have days in {folder} and no start there, and the new files know none but the "
                "day of the first answers, from which those days are not counted.",
                wrong,
                folder=folder,
            ),
            say("Give a file with the starts of the enrollments together with these, or import into a new folder."),
        )


def _refuse_other_rows(there: Tables, new: Tables, feed: Feed, key: str, *, folder: str, log: FaultLog) -> None:
    same = [name for name in (_STAY, "participant_id", _DAY) if name in TABLES[feed.table].names and name != key]
    old = there.table(feed.table).select(key, *same)
    both = new.table(feed.table).select(key, *same).join(old, on=key, suffix=_THERE)
    other = both.filter(pl.any_horizontal(pl.col(name).ne_missing(pl.col(name + _THERE)) for name in same)).height
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


def left_beside(there: Tables, new: Tables, mapping: TableMapping, *, folder: str) -> tuple[str, ...]:
    """What to know of rows that are there, of days that the new files tell of as well, and are not in these: where a
    row has no id of its own, one that was corrected is another row."""
    notes = []
    for name in dict.fromkeys(feed.table for feed in mapping.feeds if _has_no_own_id(feed)):
        schema, old, here = TABLES[name], there.table(name), new.table(name)
        when = [_STAY, next((column for column in (_DAY, "opened_day") if column in schema.names), _STAY)]
        gone = old.join(here, on=list(schema.identity) or schema.names, how="anti", nulls_equal=True)
        count = gone.join(here, on=list(dict.fromkeys(when)), how="semi", nulls_equal=True).height
        if count:
            notes.append(
                say_many(
                    "{count:,} row of {table} in {folder} is of a day of which these files tell as well, and is not in "
                    "them. If it was corrected or taken out since, it still counts: import everything into a new "
                    "folder then.",
                    "{count:,} rows of {table} in {folder} are of days of which these files tell as well, and are not "
                    "in them. If they were corrected or taken out since, they still count: import everything into a "
                    "new folder then.",
                    count,
                    table=name,
                    folder=folder,
                )
            )
    return tuple(notes)


def _has_no_own_id(feed: Feed) -> bool:
    schema = TABLES[feed.table]
    if _DAY not in schema.names and "opened_day" not in schema.names:
        return False
    key = schema.identity[0] if len(schema.identity) == 1 else ""
    return not schema.identity or (bool(key) and _is_made_with(feed, feed.columns.get(key, key), CountWithin))


def _is_made_with(feed: Feed, source: str, way: type[RowNumber | CountWithin]) -> bool:
    """Whether a column is the number of the row, or a number among rows that are alike, or made with one."""
    how = feed.derive.get(source)
    if isinstance(how, Join):
        return any(_is_made_with(feed, part, way) for part in how.columns if part != source)
    return isinstance(how, way)
