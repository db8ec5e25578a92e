"""Columns looked up in another file."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from casearc.files.mapping.conditions import all_hold, number
from casearc.files.mapping.definition import Lookup, Pick
from casearc.files.sheet import Sheet
from casearc.language import say
from casearc.tables import FILE, ROW, FaultLog

_LINE, _ON = "_line", "_on"


def look_up(lookup: Lookup, frame: pl.DataFrame, other: Sheet, log: FaultLog) -> pl.Series:
    """The looked-up cell of each row of `frame`, as text; null where no row there has the key."""
    there = [f"_key_{at}" for at in range(len(lookup.keys))]
    named = [pl.col(theirs).alias(key) for key, (_, theirs) in zip(there, lookup.keys, strict=True)]
    rows = other.frame.hstack(other.places).with_columns(named)
    rows = rows.filter(pl.all_horizontal(pl.col(there).is_not_null()), all_hold(lookup.where))
    if lookup.column is not None:
        rows = rows.filter(pl.col(lookup.column).is_not_null())
    here = frame.select(
        pl.int_range(pl.len()).alias(_LINE),
        *(pl.col(mine).alias(key) for key, (mine, _) in zip(there, lookup.keys, strict=True)),
        *([] if lookup.not_after is None else [_moment(lookup.not_after).alias(_ON)]),
    )
    if lookup.without_leading_zeros:
        _refuse_alike(here.select(there).hstack(frame.select(FILE, ROW)), lookup.keys[0][0], log)
        _refuse_alike(rows.select(*there, FILE, ROW), lookup.keys[0][1], log)
        plain = [without_leading_zeros(pl.col(key)).alias(key) for key in there]
        here, rows = here.with_columns(plain), rows.with_columns(plain)
    if lookup.not_after is not None:
        found = _as_of(lookup, here, rows, there)
    else:
        found = here.join(_one_row_a_key(lookup, rows, there, log), on=there, how="left")
    values = found.sort(_LINE)["_found"].cast(pl.String)
    otherwise = "0" if lookup.pick is Pick.COUNT else lookup.otherwise
    return values if otherwise is None else values.fill_null(otherwise)


def has_no_row(lookup: Lookup, frame: pl.DataFrame, other: Sheet) -> pl.Series:
    """For each row of `frame` whether its key is filled and in no row of the other file."""
    plain = replace(lookup, column=None, pick=Pick.COUNT, by=(), not_after=None, where=(), otherwise=None)
    found = look_up(plain, frame, other, FaultLog())
    keyed = frame.select(pl.all_horizontal(pl.col(mine).is_not_null() for mine, _ in lookup.keys)).to_series()
    return keyed & (found == "0")


def without_leading_zeros(cell: pl.Expr) -> pl.Expr:
    """A cell of nothing but digits as a spreadsheet program writes it; any other as it is.

    Examples
    --------
    >>> frame = pl.DataFrame({"id": ["00417", "417", "000", "0A7"]})
    >>> frame.select(without_leading_zeros(pl.col("id"))).to_series().to_list()
    ['417', '417', '0', '0A7']
    """
    digits = cell.str.contains(r"^\d+$")
    return pl.when(digits).then(cell.str.replace(r"^0+(\d)", "${1}")).otherwise(cell)


def _refuse_alike(keyed: pl.DataFrame, column: str, log: FaultLog) -> None:
    """Log rows whose key would be another one without leading zeros."""
    keys = [name for name in keyed.columns if name not in (FILE, ROW)]
    plain = pl.struct(without_leading_zeros(pl.col(key)) for key in keys)
    log.add_places(
        keyed.filter(pl.struct(keys).n_unique().over(plain) > 1).select(FILE, ROW),
        problem=say("Two ids differ in nothing but leading zeros, so it is open whose row this is."),
        remedy=say("Correct the ids in the file, or write without_leading_zeros = false in the mapping."),
        column=column,
    )


def _one_row_a_key(lookup: Lookup, rows: pl.DataFrame, there: list[str], log: FaultLog) -> pl.DataFrame:
    if lookup.pick is Pick.COUNT:
        return rows.group_by(there).agg(pl.len().alias("_found"))
    column = str(lookup.column)
    if lookup.pick in (Pick.MIN, Pick.MAX):
        return _extreme(lookup, rows, there, log)
    if lookup.pick is Pick.ONLY:
        rows = rows.unique([*there, column], keep="first", maintain_order=True)
        log.add_places(
            rows.filter(pl.struct(there).is_first_distinct().not_()).select(FILE, ROW),
            problem=say("An earlier row has the same key and another value, and the mapping wants the only one."),
            remedy=say('Say which row is meant: pick = "first" or "last" with by = "…", "min" or "max".'),
            column=column,
        )
    else:
        rows = rows.sort(*order_of(rows, lookup.by), maintain_order=True) if lookup.by else rows
    keep = "last" if lookup.pick is Pick.LAST else "first"
    last = rows.unique(there, keep="last" if keep == "last" else "first", maintain_order=True)
    return last.select(*there, pl.col(column).alias("_found"))


def _extreme(lookup: Lookup, rows: pl.DataFrame, there: list[str], log: FaultLog) -> pl.DataFrame:
    column = str(lookup.column)
    dates = rows[column].str.contains(r"^\d{4}-\d{2}-\d{2}$").all()
    if dates:
        value, text = pl.col(column), pl.col("_found")
    else:
        value = number(column)
        log.add_places(
            rows.filter(value.is_null()).select(FILE, ROW),
            problem=say("The cell is no number, and the mapping takes the smallest or largest."),
            remedy=say("Correct it, or leave such rows out with where in the lookup."),
            column=column,
        )
        text = number_text(pl.col("_found"))
    chosen = value.min() if lookup.pick is Pick.MIN else value.max()
    return rows.group_by(there).agg(chosen.alias("_found")).with_columns(text.alias("_found"))


def _as_of(lookup: Lookup, here: pl.DataFrame, rows: pl.DataFrame, there: list[str]) -> pl.DataFrame:
    """The last row there that is not after the moment here."""
    rows = rows.with_columns(_moment(lookup.by[0]).alias(_ON)).filter(pl.col(_ON).is_not_null())
    rows = rows.sort(*order_of(rows, lookup.by), maintain_order=True)
    rows = rows.unique([*there, _ON], keep="last", maintain_order=True).sort(_ON)
    rows = rows.select(*there, _ON, pl.col(str(lookup.column)).alias("_found"))
    dated = here.filter(pl.col(_ON).is_not_null()).sort(_ON)
    found = dated.join_asof(rows, on=_ON, by=there, strategy="backward", check_sortedness=False)
    undated = here.filter(pl.col(_ON).is_null()).with_columns(pl.lit(None, dtype=pl.String).alias("_found"))
    return pl.concat([found.select(_LINE, "_found"), undated.select(_LINE, "_found")])


def _moment(column: str) -> pl.Expr:
    """A cell's place in time: the number in it, or the days of its date."""
    days = pl.col(column).str.to_date("%Y-%m-%d", strict=False).dt.epoch("d").cast(pl.Float64)
    return pl.coalesce(number(column), days)


def order_of(rows: pl.DataFrame, by: tuple[str, ...]) -> list[pl.Expr]:
    """Sort keys: a column that holds nothing but numbers is sorted as numbers, any other as text."""
    return [
        number(name)
        if rows[name].cast(pl.Float64, strict=False).null_count() == rows[name].null_count()
        else pl.col(name)
        for name in by
    ]


def number_text(value: pl.Expr) -> pl.Expr:
    """A number as it would be written in a cell: whole ones without decimals."""
    whole = value == value.round(0)
    return pl.when(whole).then(value.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(value.cast(pl.String))
