"""Ways to derive a column, from TOML to data."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from casearc.files.mapping.conditions import parse_conditions
from casearc.files.mapping.definition import (
    YES,
    Case,
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
    Pick,
    RowNumber,
    WrittenIn,
)
from casearc.files.mapping.reader import Reader, check_file
from casearc.language import say


def parse_derivation(reader: Reader) -> Derivation | None:
    """One way to make a column; which one is told by the key it leads with."""
    ways = [key for key in _WAYS if key in reader.content]
    if len(ways) != 1:
        reader.fault(say("a column is derived in exactly one way."), say("Write one of {ways}.", ways=", ".join(_WAYS)))
        return None
    known, parse = _WAYS[ways[0]]
    reader.only((ways[0], *known))
    return parse(reader)


def _constant(reader: Reader) -> Derivation:
    return Constant(value=reader.text("value") or "")


def _join(reader: Reader) -> Derivation:
    return Join(
        columns=reader.texts("join"),
        between=reader.text("with") or "",
        prefix=reader.text("prefix") or "",
        skip_empty=reader.flag("skip_empty"),
    )


def _first_of(reader: Reader) -> Derivation:
    return FirstOf(columns=reader.texts("first_of"), otherwise=reader.text("otherwise"))


def _flag(reader: Reader) -> Derivation | None:
    codes = reader.pairs("flag")
    if not codes:
        return None
    return Flag(
        codes=tuple(codes.items()),
        yes=reader.texts("yes") or YES,
        several=reader.text("several") or "refuse",
        none=reader.text("none"),
    )


def _cases(reader: Reader) -> Derivation:
    cases = []
    for entry in reader.tables("cases"):
        entry.only(("where", "value", "column"))
        if ("value" in entry.content) == ("column" in entry.content):
            entry.fault(say("a case gives either a value or a column."))
        where = parse_conditions(entry)
        if not where and "where" not in entry.content:
            entry.fault(say("the key where is missing."), say("For all other rows write otherwise = … beside cases."))
        cases.append(Case(where=where, value=entry.text("value"), column=entry.text("column")))
    return Cases(cases=tuple(cases), otherwise=reader.text("otherwise"))


def _row_number(reader: Reader) -> Derivation:
    return RowNumber(prefix=reader.text("row_number") or "")


def _count_within(reader: Reader) -> Derivation:
    return CountWithin(columns=reader.texts("count_within"))


def _digest(reader: Reader) -> Derivation:
    return Digest(columns=reader.texts("digest"))


def _duration(reader: Reader) -> Derivation | None:
    column, written = reader.text("duration", needed=True), reader.text("written_in", needed=True)
    if written is not None and written not in [each.value for each in WrittenIn]:
        reader.fault(say("written_in must be one of {ways}.", ways=", ".join(each.value for each in WrittenIn)))
        return None
    return Duration(column=column, written_in=WrittenIn(written)) if column and written else None


def _lookup(reader: Reader) -> Derivation | None:
    file = reader.text("from")
    check_file(reader, file)
    key = reader.content.get("key")
    same = {} if isinstance(key, Mapping) else {each: each for each in reader.texts("key", needed=True)}
    keys = same or reader.pairs("key")
    pick = reader.text("pick") or "only"
    if pick not in [each.value for each in Pick]:
        reader.fault(say("pick must be one of {pick}.", pick=", ".join(each.value for each in Pick)))
        return None
    by, not_after = reader.texts("by"), reader.text("not_after")
    if not_after is not None and not (by and pick == "last"):
        reader.fault(say('not_after goes with pick = "last" and by.'), say('Write pick = "last", by = "…"'))
        return None
    return Lookup(
        file=file or "",
        keys=tuple(keys.items()),
        column=reader.text("column", needed=pick != "count"),
        pick=Pick(pick),
        by=by,
        not_after=not_after,
        where=parse_conditions(reader),
        otherwise=reader.text("otherwise"),
        without_leading_zeros=_yes(reader, "without_leading_zeros"),
    )


def _yes(reader: Reader, key: str) -> bool:
    """True or false, or "yes" or "no" as answers to questions have it."""
    given = reader.content.get(key, False)
    if given in ("yes", "no"):
        return bool(given == "yes")
    return reader.flag(key)


_Way = tuple[tuple[str, ...], Callable[[Reader], Derivation | None]]
_WAYS: dict[str, _Way] = {
    "value": ((), _constant),
    "join": (("with", "prefix", "skip_empty"), _join),
    "first_of": (("otherwise",), _first_of),
    "flag": (("yes", "several", "none"), _flag),
    "cases": (("otherwise",), _cases),
    "row_number": ((), _row_number),
    "count_within": ((), _count_within),
    "digest": ((), _digest),
    "duration": (("written_in",), _duration),
    "from": (("key", "column", "pick", "by", "not_after", "where", "otherwise", "without_leading_zeros"), _lookup),
}
