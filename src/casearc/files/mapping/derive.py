"""Derived columns: from data to expressions, with the faults that only show on rows that are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from casearc.files.mapping.conditions import all_hold, columns_of, number
from casearc.files.mapping.definition import (
    Cases,
    Constant,
    CountWithin,
    Derivation,
    Digest,
    Duration,
    FirstOf,
    Flag,
    Join,
    Lookup,
    RowNumber,
    WrittenIn,
)
from casearc.files.mapping.lookup import number_text
from casearc.tables import ROW

_BETWEEN = "\x1f"
_DIGITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A fault that counts only for rows the mapping keeps: `mask` is a true/false column of the frame."""

    mask: str
    column: str
    problem: str
    remedy: str


def needs(derivation: Derivation) -> set[str]:
    """Columns of the feeding file that a derivation looks at."""
    if isinstance(derivation, Join | FirstOf | CountWithin | Digest):
        return set(derivation.columns)
    if isinstance(derivation, Duration):
        return {derivation.column}
    if isinstance(derivation, Flag):
        return {column for column, _ in derivation.codes}
    if isinstance(derivation, Cases):
        conditions = [condition for case in derivation.cases for condition in case.where]
        return columns_of(conditions) | {case.column for case in derivation.cases if case.column}
    if isinstance(derivation, Lookup):
        mine = {pair[0] for pair in derivation.keys}
        return mine | ({derivation.not_after} if derivation.not_after else set())
    return set()


def lookups_of(name: str, made: Mapping[str, Derivation]) -> tuple[Lookup, ...]:
    """The lookups that a derived column rests on; () where it is a column of the file."""
    how = made.get(name)
    if isinstance(how, Lookup):
        return (how,)
    parts = how.columns if isinstance(how, Join | FirstOf) else ()
    return tuple(lookup for part in parts if part != name for lookup in lookups_of(part, made))


_OfOneRow = Constant | Join | FirstOf | Flag | Cases | Duration


def expression(derivation: _OfOneRow | RowNumber | CountWithin | Digest) -> pl.Expr:
    """The derived text of each row."""
    if isinstance(derivation, CountWithin):
        return _count(derivation)
    if isinstance(derivation, Digest):
        return _digest(derivation)
    if isinstance(derivation, RowNumber):
        return pl.lit(derivation.prefix) + pl.col(ROW).cast(pl.String)
    return _of_one_row(derivation)


def _of_one_row(derivation: _OfOneRow) -> pl.Expr:
    if isinstance(derivation, Constant):
        return text(derivation.value)
    if isinstance(derivation, Join):
        return _join(derivation)
    if isinstance(derivation, FirstOf):
        return pl.coalesce([*(pl.col(name) for name in derivation.columns), text(derivation.otherwise)])
    if isinstance(derivation, Flag):
        return _flag(derivation)
    return _cases(derivation) if isinstance(derivation, Cases) else _minutes(derivation)


def _count(count: CountWithin) -> pl.Expr:
    number = pl.int_range(1, pl.len() + 1).over(count.columns)
    return pl.when(number > 1).then(number.cast(pl.String))


def _digest(digest: Digest) -> pl.Expr:
    """Named cells, the empty ones left out: a column that came later changes nothing for rows that lack it."""
    cells = [pl.lit(f"{name}=") + pl.col(name) for name in sorted(digest.columns)]
    return pl.concat_str(cells, separator=_BETWEEN, ignore_nulls=True).map_batches(_digested, return_dtype=pl.String)


def _digested(texts: pl.Series) -> pl.Series:
    known = texts.unique().to_list()
    short = [hashlib.sha256(text.encode()).hexdigest()[:_DIGITS] for text in known]
    return texts.replace_strict(known, short, return_dtype=pl.String)


def text(value: str | None) -> pl.Expr:
    """A constant; empty text is null."""
    return pl.lit(value or None, dtype=pl.String)


def _join(join: Join) -> pl.Expr:
    parts = [pl.col(name) for name in join.columns]
    joined = pl.concat_str(parts, separator=join.between, ignore_nulls=join.skip_empty)
    joined = pl.when(joined != "").then(joined)
    return pl.lit(join.prefix) + joined


def set_flags(flag: Flag) -> Iterable[pl.Expr]:
    """For each column of the flag, whether it says yes."""
    return [pl.col(column).is_in(flag.yes).fill_null(value=False) for column, _ in flag.codes]


def _flag(flag: Flag) -> pl.Expr:
    chosen = [pl.when(yes).then(pl.lit(code)) for yes, (_, code) in zip(set_flags(flag), flag.codes, strict=True)]
    first = pl.coalesce([*chosen, text(flag.none)])
    if flag.several in ("refuse", "first"):
        return first
    several = pl.sum_horizontal(set_flags(flag)) > 1
    many = pl.concat_str(chosen, separator=";", ignore_nulls=True) if flag.several == "join" else pl.lit(flag.several)
    return pl.when(several).then(many).otherwise(first)


_CLOCK = r"^(\d{1,2}):([0-5]\d)(?::([0-5]\d))?$"


def _minutes(duration: Duration) -> pl.Expr:
    cell = pl.col(duration.column)
    if duration.written_in is WrittenIn.MINUTES:
        return cell
    if duration.written_in is WrittenIn.HOURS:
        return pl.coalesce(number_text((number(duration.column) * 60).round(2)), cell)
    first, second, third = (cell.str.extract(_CLOCK, group).cast(pl.Float64, strict=False) for group in (1, 2, 3))
    of_hours = first * 60 + second + third.fill_null(0) / 60
    of_minutes = pl.when(third.is_null()).then(first + second / 60).otherwise(of_hours)
    minutes = of_hours if duration.written_in is WrittenIn.CLOCK else of_minutes
    return pl.coalesce(number_text(minutes.round(2)), cell)


def _cases(cases: Cases) -> pl.Expr:
    result = text(cases.otherwise)
    for case in reversed(cases.cases):
        then = pl.col(case.column) if case.column else text(case.value)
        result = pl.when(all_hold(case.where)).then(then).otherwise(result)
    return result
