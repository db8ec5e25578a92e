"""Conditions: from TOML to data, from data to an expression, and in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import polars as pl

from casearc.files.mapping.definition import AllOf, AnyOf, Condition, Is, Test
from casearc.files.mapping.reader import Reader
from casearc.language import both, either, say, to_say

_STATES = (Is.PRESENT, Is.EMPTY, Is.NUMBER, Is.INTEGER, Is.DATE)
_ONE = (Is.EQUALS, Is.NOT)
_LISTS = (Is.ONE_OF, Is.NOT_IN, Is.NOT_BEGINS)
_BOUNDS = (Is.AT_LEAST, Is.AT_MOST, Is.ABOVE, Is.BELOW)
_ASKS = (*_ONE, *_LISTS, *_BOUNDS)
_KEYS = ("column", "columns", "is", *(ask.value for ask in _ASKS), "any", "all", "reason")


def parse_conditions(reader: Reader, key: str = "where") -> tuple[Condition, ...]:
    """The list of conditions under a key."""
    found = (_parse(entry) for entry in reader.tables(key))
    return tuple(condition for condition in found if condition is not None)


def _parse(reader: Reader) -> Condition | None:
    reader.only(_KEYS)
    reason = reader.text("reason") or ""
    for key, kind in (("any", AnyOf), ("all", AllOf)):
        if key in reader.content:
            inner = parse_conditions(reader, key)
            return kind(conditions=inner, reason=reason) if inner else None
    if "columns" in reader.content:
        return _any_present(reader, reason)
    column = reader.text("column", needed=True)
    asked = [ask for ask in ("is", *(each.value for each in _ASKS)) if ask in reader.content]
    if len(asked) != 1:
        reader.fault(
            say("a condition asks exactly one thing of its column."),
            say("Write one of is, {asks}.", asks=", ".join(each.value for each in _ASKS)),
        )
        return None
    return None if column is None else _test(reader, column, asked[0], reason)


def _any_present(reader: Reader, reason: str) -> AnyOf | None:
    """``{ columns = ["q1", "q2"], is = "present" }``: at least one of the cells is filled."""
    columns = reader.texts("columns")
    if reader.text("is") != Is.PRESENT.value:
        reader.fault(say('columns goes with is = "present": at least one of the cells is filled.'))
        return None
    tests = tuple(Test(column=column, asks=Is.PRESENT) for column in columns)
    return AnyOf(conditions=tests, reason=reason) if tests else None


def _test(reader: Reader, column: str, asked: str, reason: str) -> Test | None:
    if asked == "is":
        state = reader.text("is")
        if state not in [each.value for each in _STATES]:
            reader.fault(say("is must be one of {states}.", states=", ".join(each.value for each in _STATES)))
            return None
        return Test(column=column, asks=Is(state), reason=reason)
    ask = Is(asked)
    if ask in _BOUNDS:
        bound = reader.content[asked]
        if isinstance(bound, bool) or not isinstance(bound, int | float):
            reader.fault(say("{asked} must be a number.", asked=asked))
            return None
        return Test(column=column, asks=ask, bound=float(bound), reason=reason)
    values = reader.texts(asked)
    if not values:
        return None
    if ask is Is.NOT_BEGINS:
        values = tuple(word for word in values if word)
    return Test(column=column, asks=ask, values=values, reason=reason)


def columns_of(conditions: Iterable[Condition]) -> set[str]:
    """Columns that the conditions look at."""
    found: set[str] = set()
    for condition in conditions:
        found |= {condition.column} if isinstance(condition, Test) else columns_of(condition.conditions)
    return found


def holds(condition: Condition) -> pl.Expr:
    """True or false for each row; never null."""
    if isinstance(condition, AnyOf):
        return pl.any_horizontal([holds(each) for each in condition.conditions])
    if isinstance(condition, AllOf):
        return all_hold(condition.conditions)
    return _cell_test(condition).fill_null(value=False)


def all_hold(conditions: Sequence[Condition]) -> pl.Expr:
    """True where every condition holds; true everywhere if there is none."""
    return pl.all_horizontal([pl.lit(value=True), *(holds(each) for each in conditions)])


def number(column: str) -> pl.Expr:
    """A cell's number, null where it has none."""
    value = pl.col(column).cast(pl.Float64, strict=False)
    return pl.when(value.is_finite()).then(value)


def begins(cell: pl.Expr, words: Sequence[str]) -> pl.Expr:
    """Whether a cell begins with one of the words, written in capitals or not; no longer word counts."""
    ends = [re.escape(word) + (r"(?:\W|$)" if word[-1:].isalnum() else "") for word in words]
    return cell.str.contains(rf"(?i)^(?:{'|'.join(ends)})") if ends else pl.lit(value=False)


def _cell_test(test: Test) -> pl.Expr:
    cell = pl.col(test.column)
    value = number(test.column)
    member = cell.is_in(test.values).fill_null(value=False)
    tests = {
        Is.PRESENT: cell.is_not_null(),
        Is.EMPTY: cell.is_null(),
        Is.NUMBER: value.is_not_null(),
        Is.INTEGER: value == value.round(0),
        Is.DATE: cell.str.to_date("%Y-%m-%d", strict=False).is_not_null(),
        Is.EQUALS: member,
        Is.NOT: member.not_(),
        Is.ONE_OF: member,
        Is.NOT_IN: member.not_(),
        Is.NOT_BEGINS: begins(cell, test.values if test.asks is Is.NOT_BEGINS else ()).fill_null(value=False).not_(),
        Is.AT_LEAST: value >= test.bound,
        Is.AT_MOST: value <= test.bound,
        Is.ABOVE: value > test.bound,
        Is.BELOW: value < test.bound,
    }
    return tests[test.asks]


_NEGATED = {
    Is.PRESENT: to_say("{column} is empty"),
    Is.EMPTY: to_say("{column} is filled"),
    Is.NUMBER: to_say("{column} is no number"),
    Is.INTEGER: to_say("{column} is no whole number"),
    Is.DATE: to_say("{column} is no date"),
    Is.EQUALS: to_say("{column} is not {values}"),
    Is.NOT: to_say("{column} is {values}"),
    Is.ONE_OF: to_say("{column} is none of {values}"),
    Is.NOT_IN: to_say("{column} is one of {values}"),
    Is.NOT_BEGINS: to_say("{column} begins with one of {values}"),
    Is.AT_LEAST: to_say("{column} is not at least {bound}"),
    Is.AT_MOST: to_say("{column} is not at most {bound}"),
    Is.ABOVE: to_say("{column} is not above {bound}"),
    Is.BELOW: to_say("{column} is not below {bound}"),
}


def why_not(condition: Condition) -> str:
    """In words, why a row for which the condition does not hold was set aside."""
    if condition.reason:
        return condition.reason
    if isinstance(condition, AnyOf):
        return both(why_not(each) for each in condition.conditions)
    if isinstance(condition, AllOf):
        return either(why_not(each) for each in condition.conditions)
    said = {"values": ", ".join(condition.values), "bound": f"{condition.bound:g}"}
    return say(_NEGATED[condition.asks], column=condition.column, **said)
