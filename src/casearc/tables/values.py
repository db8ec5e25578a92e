"""From text to typed columns; what cannot be read is logged with its place."""

from __future__ import annotations

import polars as pl

from casearc.language import both, say
from casearc.tables.diagnose import LOOKS, diagnose
from casearc.tables.faults import FaultLog
from casearc.tables.schema import Column, Kind, TableSchema
from casearc.tables.source import FILE, ROW, SourceTable

_SERIAL_DATES = (20000, 60000)  # spreadsheet day numbers from 1954 to 2064
_EARLIEST, _LATEST = pl.date(1900, 1, 1), pl.date(2100, 1, 1)


def read_values(schema: TableSchema, frame: pl.DataFrame, source: SourceTable, log: FaultLog) -> pl.DataFrame:
    """Read the contract's columns of a text frame; day columns may still stand as dates under their own name.

    Columns that are absent are left absent; columns beyond the contract pass unread.
    """
    for column in schema.columns:
        twins = [name for name in (column.name, column.date_column) if name in frame.columns]
        if not twins:
            continue
        _log_filling(column, twins, frame, source, log)
        if column.name in twins:
            frame = _read(column, frame, source, log)
        if column.date_column in twins:
            dates = Column(name=str(column.date_column), kind=Kind.DATE, meaning=column.meaning)
            frame = _read(dates, frame, source, log)
    return frame


def _log_filling(column: Column, names: list[str], frame: pl.DataFrame, source: SourceTable, log: FaultLog) -> None:
    """A required cell must be filled; a day may be given as days or as a date, in one row not as both."""
    filled = pl.sum_horizontal([pl.col(name).is_not_null() for name in names])
    if column.must_fill:
        empty = frame.filter(filled == 0)
        unfound = source.unfound.filter(pl.col("column").is_in(names))
        _log_unfound(empty.select(FILE, ROW).join(unfound, on=[FILE, ROW], maintain_order="left"), source, log)
        log.add_rows(
            empty.join(unfound, on=[FILE, ROW], how="anti", maintain_order="left"),
            source,
            column=names[-1],
            problem=say("The cell is empty, and this column must be filled."),
            remedy=say("Fill it in, or set the row aside in mapping.toml."),
        )
    log.add_rows(
        frame.filter(filled > 1),
        source,
        column=names[-1],
        problem=say("Both {columns} are filled.", columns=both(names)),
        remedy=say("Keep one of the two: days since the start, or the date."),
    )


def _log_unfound(cells: pl.DataFrame, source: SourceTable, log: FaultLog) -> None:
    """A cell that another file should have filled and has no row for."""
    for (other, by), rows in cells.group_by("other", "by", maintain_order=True):
        log.add_rows(
            rows,
            source,
            column=str(by),
            problem=say("No row of {file} has this id, so nothing says to whom the row belongs.", file=other),
            remedy=say(
                "Add the row there or correct the id (compare capital letters and leading zeros); or set this row "
                "aside in mapping.toml."
            ),
        )


def _read(column: Column, frame: pl.DataFrame, source: SourceTable, log: FaultLog) -> pl.DataFrame:
    name = column.name
    if column.kind is Kind.ID:
        _log_looks(column, frame, source, log)
        return frame
    if column.kind is Kind.CODE:
        _log_codes(column, frame, source, log)
        return frame
    if column.kind is Kind.CODES:
        return _read_codes(column, frame, source, log)
    if column.kind is Kind.TEXT:
        return frame
    typed = _cast(column.kind, pl.col(name))
    unread = frame.filter(pl.col(name).is_not_null() & typed.is_null())
    if unread.height:
        _log_looks(column, unread, source, log)
    frame = frame.with_columns(typed)
    _log_range(column, frame, source, log)
    return frame


def _cast(kind: Kind, text: pl.Expr) -> pl.Expr:
    if kind is Kind.DATE:
        written = pl.when(text.str.contains(r"^\d{4}-\d{2}-\d{2}$")).then(text)
        date = written.str.to_date("%Y-%m-%d", strict=False)
        return pl.when(date.is_between(_EARLIEST, _LATEST)).then(date)
    number = text.cast(pl.Float64, strict=False)
    number = pl.when(number.is_finite()).then(number)
    if kind is Kind.NUMBER:
        return number
    whole = (number == number.round(0)) & (number.abs() < 2**53)
    return pl.when(whole).then(number).cast(pl.Int64)


def _log_looks(column: Column, frame: pl.DataFrame, source: SourceTable, log: FaultLog) -> None:
    looks = LOOKS[column.kind]
    named = _item_of(column, frame, source)
    cells = frame.select(column.name, FILE, ROW, named.alias("_column"), diagnose(looks, column.name).alias("_look"))
    found = cells.filter(pl.col("_look").is_not_null())
    for (index, name), rows in found.group_by("_look", "_column", maintain_order=True):
        look = looks[int(str(index))]
        log.add_rows(
            rows,
            source,
            column=str(name),
            problem=say(look.problem, kind=say("number" if column.kind is Kind.DAY else column.kind.value)),
            remedy=say(look.remedy, date_column=column.date_column),
        )


def _item_of(column: Column, frame: pl.DataFrame, source: SourceTable) -> pl.Expr:
    """What the cells' column is called in the file: of wide responses, the item."""
    wide = column.name == "response" and "response" not in source.frame.columns and "item" in frame.columns
    return pl.col("item") if wide else pl.lit(column.name)


def _log_codes(column: Column, frame: pl.DataFrame, source: SourceTable, log: FaultLog) -> None:
    log.add_rows(
        frame.filter(pl.col(column.name).is_in(column.codes).not_()),
        source,
        column=column.name,
        problem=say("The cell holds a code that is not in the list."),
        remedy=say("Permitted: {codes} (in this spelling).", codes=", ".join(column.codes)),
    )


def _read_codes(column: Column, frame: pl.DataFrame, source: SourceTable, log: FaultLog) -> pl.DataFrame:
    name = column.name
    log.add_rows(
        frame.filter(pl.col(name).str.contains(r"[,|]")),
        source,
        column=name,
        problem=say("Several codes stand in the cell with a comma or bar between."),
        remedy=say("Put ; between codes."),
    )
    parts = pl.col(name).str.split(";").list.eval(pl.element().str.strip_chars())
    parts = parts.list.eval(pl.element().filter(pl.element() != ""))
    tidy = parts.list.unique(maintain_order=True).list.join(";")
    return frame.with_columns(pl.when(tidy != "").then(tidy).alias(name))


def _log_range(column: Column, frame: pl.DataFrame, source: SourceTable, log: FaultLog) -> None:
    if column.low is None and column.high is None:
        return
    value = pl.col(column.name)
    low = -float("inf") if column.low is None else column.low
    high = float("inf") if column.high is None else column.high
    outside = value.is_between(low, high).not_()
    if column.kind is Kind.DAY:
        serial = value.is_between(*_SERIAL_DATES)
        log.add_rows(
            frame.filter(serial),
            source,
            column=column.name,
            problem=say("The number of days looks like a spreadsheet's serial date."),
            remedy=say("Put dates (yyyy-mm-dd) in the column {date_column} instead.", date_column=column.date_column),
        )
        outside = outside & serial.not_()
    negative = (value < 0) if low == 0 else pl.lit(value=False)
    log.add_rows(
        frame.filter(outside & negative),
        source,
        column=column.name,
        problem=say("The number is negative."),
        remedy=say("It must be {range}; leave the cell empty where it is not known.", range=_range_words(column)),
    )
    log.add_rows(
        frame.filter(outside & negative.not_()),
        source,
        column=column.name,
        problem=say("The number is out of range."),
        remedy=say("It must be {range}.", range=_range_words(column)),
    )


def _range_words(column: Column) -> str:
    if column.high is None:
        return say("{low:g} or more", low=column.low)
    if column.low is None:
        return say("{high:g} or less", high=column.high)
    return say("from {low:g} to {high:g}", low=column.low, high=column.high)
