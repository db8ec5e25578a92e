"""Cells as the library gives them, made text: one column at a time, by polars expressions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from casearc.files.sheet import Holds, text_cells
from casearc.files.statistical.calendars import Calendar, as_text, calendar_of
from casearc.language import say


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Column:
    """One column as text.

    text
        Its cells. A code for missing in a column of dates stays the number that it is in the file.
    calendar
        What its numbers count, where they are dates or times.
    whole
        Every number is a whole one.
    notes
        What could not be said as a date or time, in sentences.
    """

    text: pl.Series
    calendar: Calendar | None = None
    whole: bool = False
    notes: tuple[str, ...] = ()


def column_of(column: str, cells: Sequence[Any], *, program: str, meta: Any) -> Column:
    """One column's cells as text.

    Parameters
    ----------
    column
        Its name.
    cells
        Text, or numbers among which letters stand for codes for missing.
    program
        ``spss``, ``stata`` or ``sas``.
    meta
        The library's object, from the reading of these cells.

    Returns
    -------
    Column

    Examples
    --------
    >>> column_of("age", [15.0, None], program="spss", meta=meta).text.to_list()  # doctest: +SKIP
    ['15', None]
    """
    stored = meta.readstat_variable_types[column]
    if stored == "string":
        return Column(text=text_of(pl.Series(column, cells, dtype=pl.String)))
    tagged = meta.missing_user_values
    numbers = pl.Series("number", cells, dtype=pl.Float64, strict=column not in tagged)
    frame = pl.DataFrame([numbers, _plain(numbers, stored), _tags(cells, numbers, is_tagged=column in tagged)])
    calendar = calendar_of(program, meta.original_variable_types[column])
    missing = meta.missing_ranges.get(column, [])
    frame = frame.with_columns(_dated(calendar, missing))
    return Column(
        text=frame.select(pl.coalesce("dated", "plain", "tag").alias(column)).to_series(),
        calendar=calendar,
        whole=bool((numbers == numbers.round(0)).all()),
        notes=() if calendar is None else _notes(column, calendar, frame, missing),
    )


def text_of(values: pl.Series) -> pl.Series:
    """A column's values as a sheet's text.

    Parameters
    ----------
    values
        Of any plain type.

    Returns
    -------
    polars.Series

    Examples
    --------
    >>> text_of(pl.Series([1.0, 2.5])).to_list()
    ['1', '2.5']
    """
    text = text_cells(values.to_frame()).to_series()
    return text.str.strip_suffix(".0") if values.dtype.is_float() else text


def _plain(numbers: pl.Series, stored: str) -> pl.Series:
    """A number kept in four bytes is said with as many digits as four bytes hold."""
    return text_of(numbers.cast(pl.Float32) if stored == "float" else numbers).alias("plain")


def _tags(cells: Sequence[Any], numbers: pl.Series, *, is_tagged: bool) -> pl.Series:
    """Stata's and SAS's codes for missing, a letter each in the library, with the point that the programs show."""
    if not is_tagged:
        return pl.Series("tag", [None], dtype=pl.String).new_from_index(0, len(numbers))
    letters = pl.Series("tag", cells, dtype=pl.String, strict=False)
    return pl.select(tag=pl.when(numbers.is_null()).then("." + letters)).to_series()


def _dated(calendar: Calendar | None, missing: Sequence[Mapping[str, Any]]) -> pl.Expr:
    if calendar is None:
        return pl.lit(None, pl.String).alias("dated")
    return pl.when(~_is_missing(missing)).then(as_text(pl.col("number"), calendar)).alias("dated")


def _is_missing(missing: Sequence[Mapping[str, Any]]) -> pl.Expr:
    number = pl.col("number")
    return pl.any_horizontal(pl.lit(False), *(number.is_between(each["lo"], each["hi"]) for each in missing))


def _notes(
    column: str, calendar: Calendar, frame: pl.DataFrame, missing: Sequence[Mapping[str, Any]]
) -> tuple[str, ...]:
    """What a reader of dates must know."""
    seen = frame.filter(~_is_missing(missing) & pl.col("number").is_not_null())
    strange = seen["dated"].null_count()
    notes = []
    if calendar.per_year:
        notes.append(
            say("Column {column}: each {shown} is given as its first day.", column=column, shown=say(calendar.shown))
        )
    elif calendar.shown:
        notes.append(
            say(
                "Column {column}: the file shows the {shown} only; the date kept beneath it is given.",
                column=column,
                shown=say(calendar.shown),
            )
        )
    if strange:
        notes.append(
            say(
                "Column {column}: {strange:,} cells are no {holds}; the numbers in the file were kept.",
                column=column,
                strange=strange,
                holds=say(calendar.holds.value),
            )
        )
    if calendar.holds is Holds.TIME and seen.select((pl.col("number") >= calendar.per_day).any()).item():
        notes.append(
            say(
                "Column {column} holds moments of which the file shows the time of day: their days are left out.",
                column=column,
            )
            if calendar.wraps
            else say(
                "Column {column} holds times of 24 hours and more: durations, as hours:minutes:seconds.", column=column
            )
        )
    return tuple(notes)
