"""Conditions: from TOML to data, from data to an expression, and in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from casearc.files.mapping.definition import AllOf, AnyOf, Condition, Is, Test
from casearc.files.mapping.reader import Reader

_STATES = (Is.PRESENT, Is.EMPTY, Is.NUMBER, Is.INTEGER, Is.DATE)
_ONE = (Is.EQUALS, Is.NOT)
_LISTS = (Is.ONE_OF, Is.NOT_IN)
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
            "a condition asks exactly one thing of its column.",
            f"Write one of is, {', '.join(each.value for each in _ASKS)}.",
        )
        return None
    return None if column is None else _test(reader, column, asked[0], reason)


def _any_present(reader: Reader, reason: str) -> AnyOf | None:
    """``{ columns = ["q1", "q2"], is = "present" }``: at least one of the cells is filled."""
    columns = reader.texts("columns")
    if reader.text("is") != Is.PRESENT.value:
        reader.fault('columns goes with is = "present": at least one of the cells is filled.')
        return None
    tests = tuple(Test(column=column, asks=Is.PRESENT) for column in columns)
    return AnyOf(conditions=tests, reason=reason) if tests else None


def _test(reader: Reader, column: str, asked: str, reason: str) -> Test | None:
    if asked == "is":
        state = reader.text("is")
        if state not in [each.value for each in _STATES]:
            reader.fault(f"is must be one of {', '.join(each.value for each in _STATES)}.")
            return None
        return Test(column=column, asks=Is(state), reason=reason)
    ask = Is(asked)
    if ask in _BOUNDS:
        bound = reader.content[asked]
        if isinstance(bound, bool) or not isinstance(bound, int | float):
            reader.fault(f"{asked} must be a number.")
            return None
        return Test(column=column, asks=ask, bound=float(bound), reason=reason)
    values = reader.texts(asked)
    if not values:
        return None
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
        Is.AT_LEAST: value >= test.bound,
        Is.AT_MOST: value <= test.bound,
        Is.ABOVE: value > test.bound,
        Is.BELOW: value < test.bound,
    }
    return tests[test.asks]


def why_not(condition: Condition) -> str:
    """In words, why a row for which the condition does not hold was set aside."""
    if condition.reason:
        return condition.reason
    if isinstance(condition, AnyOf):
        return " and ".join(why_not(each) for each in condition.conditions)
    if isinstance(condition, AllOf):
        return " or ".join(why_not(each) for each in condition.conditions)
    return f"{condition.column} {_negated(condition)}"


def _negated(test: Test) -> str:
    listed = ", ".join(test.values)
    words = {
        Is.PRESENT: "is empty",
        Is.EMPTY: "is filled",
        Is.NUMBER: "is no number",
        Is.INTEGER: "is no whole number",
        Is.DATE: "is no date",
        Is.EQUALS: f"is not {listed}",
        Is.NOT: f"is {listed}",
        Is.ONE_OF: f"is none of {listed}",
        Is.NOT_IN: f"is one of {listed}",
        Is.AT_LEAST: f"is not at least {test.bound:g}",
        Is.AT_MOST: f"is not at most {test.bound:g}",
        Is.ABOVE: f"is not above {test.bound:g}",
        Is.BELOW: f"is not below {test.bound:g}",
    }
    return words[test.asks]
