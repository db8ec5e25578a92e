"""Whether tables that came in are those of the program: every column of every table, save what a test names as lost."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import polars as pl
from polars.testing import assert_frame_equal

from casearc.analyses import named_instruments, score_all
from casearc.synthetic.make import Program
from casearc.tables import TABLES, Tables, build

ALL = "everything"
_OWN_IDS = ("contact_id", "goal_id", "administration_id", "enrollment_id", "coding")
Lost = Mapping[str, Collection[str] | str]


def assert_same(
    found: Tables, made: Program, *, lost: Lost | None = None, people: Mapping[str, str] | None = None
) -> None:
    """Compare tables row for row and column for column, and the scores.

    Parameters
    ----------
    found
        What came in.
    made
        The program it was exported from.
    lost
        Table -> columns that the export cannot carry; `ALL` where it does not hold the table.
    people
        The program's participant -> what the export calls the person, where it has names of its own.
    """
    expected = build(made.tables, required=())
    renamed = pl.col("participant_id").replace(dict(people or {}))
    for name in (*TABLES, "scores"):
        gone = (lost or {}).get(name, ())
        if gone == ALL:
            continue
        theirs, ours = _facts(found, name), _facts(expected, name).with_columns(renamed)
        if name == "responses" and "missing_reason" in gone:
            theirs, ours = (rows.filter(pl.col("response").is_not_null()) for rows in (theirs, ours))
        kept = [column for column in ours.columns if column not in gone]
        try:
            assert_frame_equal(_sorted(theirs, kept), _sorted(ours, kept), check_dtypes=False)
        except AssertionError as different:
            raise AssertionError(f"the table {name}: {different}") from None


def _facts(tables: Tables, name: str) -> pl.DataFrame:
    """The rows of a table with whose and which stay's they are, without the ids that an export makes up anew."""
    stays = tables.enrollments.select("enrollment_id", "participant_id", "start_date")
    given = tables.administrations.select("administration_id", "enrollment_id", "instrument", "day")
    if name == "scores":
        scored = pl.concat(score_all(named_instruments(tables), tables, coding={}, missing="house"), how="diagonal")
        found = scored.join(given, on="administration_id").drop("key_version")
    else:
        found = tables.table(name)
        if name == "responses":
            found = found.filter(pl.col("response").is_not_null() | pl.col("missing_reason").is_not_null())
            found = found.join(given.drop("instrument"), on="administration_id")
    if "enrollment_id" in found.columns and "participant_id" not in found.columns:
        found = found.join(stays, on="enrollment_id")
    if "day" in found.columns and "start_date" in found.columns:
        found = found.with_columns((pl.col("start_date") + pl.duration(days="day")).alias("date"))
    return found.drop(_OWN_IDS, strict=False)


def _sorted(rows: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    absent = [pl.lit(None).alias(column) for column in columns if column not in rows.columns]
    return rows.with_columns(absent).select(columns).sort(columns, nulls_last=True)
