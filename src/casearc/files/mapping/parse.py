"""Read mapping.toml and check all that can be checked without the files it names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

from casearc.errors import MappingError
from casearc.files.mapping.conditions import parse_conditions
from casearc.files.mapping.definition import (
    YES,
    Case,
    Cases,
    Constant,
    Derivation,
    Duplicates,
    Feed,
    FirstOf,
    Flag,
    Join,
    Lookup,
    Pick,
    RowNumber,
    TableMapping,
)
from casearc.files.mapping.reader import Reader
from casearc.tables import FILE, ROW, TABLES, FaultLog, item_columns, suggestion

_FEED_KEYS = ("file", "columns", "codes", "where", "derive", "duplicates")


def read_mapping(path: Path) -> TableMapping:
    """Read a mapping; raises MappingError with everything that is wrong in it."""
    log = FaultLog()
    content = _load(path, log)
    top = Reader(path.name, "", content, log)
    feeds: list[Feed] = []
    for key in content:
        if key not in ("table", "version"):
            near = suggestion(key, ("table", "version"))
            log.add(f"There is no key {key}.", near or "Known: version, table.", file=path.name)
    if content.get("version", 0) != 0:
        log.add("This is a version of mapping that Casearc does not know.", "Write version = 0.", file=path.name)
    tables = content.get("table", {})
    if not isinstance(tables, Mapping) or not tables:
        log.add("The mapping maps no table.", "Write [table.contacts] and so on.", file=path.name)
        tables = {}
    for name in tables:
        feeds += _parse_table(top.below("table", tables), name)
    log.raise_if_any(MappingError, "The mapping was")
    return TableMapping(name=path.name, feeds=tuple(feeds))


def _load(path: Path, log: FaultLog) -> Mapping[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        log.add("There is no such file.", "Give the path of the mapping.", file=path.name)
    except UnicodeDecodeError:
        log.add("The file is not UTF-8.", "Save it as UTF-8.", file=path.name)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        log.add(
            "The file is not valid TOML from here on.",
            "Look for a missing quotation mark, bracket or comma.",
            file=path.name,
            row=int(line.group(1)) if line else None,
        )
    log.raise_if_any(MappingError, "The mapping was")
    return {}


def _parse_table(reader: Reader, name: str) -> list[Feed]:
    if name not in TABLES:
        near = suggestion(name, TABLES)
        reader.fault(f"there is no table {name}.", near or f"Known: {', '.join(TABLES)}.")
        return []
    entries = Reader(reader.file, "", reader.content, reader.log).tables(name)
    feeds = (_parse_feed(Reader(e.file, f"table.{e.place}", e.content, e.log), name) for e in entries)
    return [feed for feed in feeds if feed is not None]


def _parse_feed(reader: Reader, table: str) -> Feed | None:
    reader.only(_FEED_KEYS)
    file = reader.text("file", needed=True)
    codes = {key: reader.below("codes", reader.content["codes"]).pairs(key) for key in _keys_of(reader, "codes")}
    derive = {}
    for key in _keys_of(reader, "derive"):
        inner = reader.content["derive"][key]
        if not isinstance(inner, Mapping):
            reader.fault(f"derive.{key} must be a table.", 'Write { value = "…" } or another way to make a column.')
            continue
        made = parse_derivation(reader.below(f"derive.{key}", inner))
        if made is not None:
            derive[key] = made
    feed = Feed(
        table=table,
        file=file or "",
        place=reader.place,
        columns=reader.pairs("columns"),
        codes=codes,
        derive=derive,
        where=parse_conditions(reader),
        duplicates=_parse_duplicates(reader),
    )
    _check_file(reader, file)
    _check_targets(reader, feed)
    return feed if file else None


def _keys_of(reader: Reader, key: str) -> tuple[str, ...]:
    value = reader.content.get(key, {})
    if not isinstance(value, Mapping):
        reader.fault(f"{key} must be a table.", f"Write {key} = {{ column = … }}")
        return ()
    return tuple(value)


def _check_file(reader: Reader, file: str | None) -> None:
    if file is not None and (Path(file).is_absolute() or ".." in Path(file).parts or "\\" in file):
        reader.fault("the file must lie inside the data folder.", "Write its name alone.")


def _check_targets(reader: Reader, feed: Feed) -> None:
    """Every named column must be one of the table; participants may have more."""
    accepted = TABLES[feed.table].accepted
    for name in dict.fromkeys((*feed.targets(), *feed.codes)):
        if name in accepted or (feed.table == "participants" and not name.startswith("_")):
            continue
        if feed.table == "responses" and item_columns([name.removesuffix("_missing_reason")]):
            continue
        helper = "A column for use within the mapping begins with _."
        near = suggestion(name, accepted)
        reader.fault(f"the table {feed.table} has no column {name}.", f"{near} {helper}".strip())
    for name in feed.derive:
        if name in (FILE, ROW):
            reader.fault(f"the name {name} is taken.", "Give the column another name.")
    for name in feed.columns:
        if name in feed.derive:
            reader.fault(f"{name} is both in columns and in derive.", "Keep one of the two.")


def _parse_duplicates(reader: Reader) -> Duplicates | None:
    if "duplicates" not in reader.content:
        return None
    found = reader.tables("duplicates")
    if len(found) != 1:
        reader.fault("duplicates must be one table.", 'Write duplicates = { key = ["…"], keep = "last" }')
        return None
    inner = found[0]
    inner.only(("key", "keep", "by", "reason"))
    keep = inner.text("keep", needed=True)
    if keep not in ("first", "last", None):
        inner.fault('keep must be "first" or "last".')
    return Duplicates(
        key=inner.texts("key", needed=True),
        keep=keep or "first",
        by=inner.texts("by"),
        reason=inner.text("reason") or "",
    )


def parse_derivation(reader: Reader) -> Derivation | None:
    """One way to make a column; which one is told by the key it leads with."""
    ways = [key for key in _WAYS if key in reader.content]
    if len(ways) != 1:
        reader.fault("a column is derived in exactly one way.", f"Write one of {', '.join(_WAYS)}.")
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
            entry.fault("a case gives either a value or a column.")
        where = parse_conditions(entry)
        if not where and "where" not in entry.content:
            entry.fault("the key where is missing.", "For all other rows write otherwise = … beside cases.")
        cases.append(Case(where=where, value=entry.text("value"), column=entry.text("column")))
    return Cases(cases=tuple(cases), otherwise=reader.text("otherwise"))


def _row_number(reader: Reader) -> Derivation:
    return RowNumber(prefix=reader.text("row_number") or "")


def _lookup(reader: Reader) -> Derivation | None:
    file = reader.text("from")
    _check_file(reader, file)
    key = reader.content.get("key")
    same = {} if isinstance(key, Mapping) else {each: each for each in reader.texts("key", needed=True)}
    keys = same or reader.pairs("key")
    pick = reader.text("pick") or "only"
    if pick not in [each.value for each in Pick]:
        reader.fault(f"pick must be one of {', '.join(each.value for each in Pick)}.")
        return None
    by, not_after = reader.texts("by"), reader.text("not_after")
    if not_after is not None and not (by and pick == "last"):
        reader.fault('not_after goes with pick = "last" and by.', 'Write pick = "last", by = "…"')
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
    )


_Way = tuple[tuple[str, ...], Callable[[Reader], Derivation | None]]
_WAYS: dict[str, _Way] = {
    "value": ((), _constant),
    "join": (("with", "prefix", "skip_empty"), _join),
    "first_of": (("otherwise",), _first_of),
    "flag": (("yes", "several", "none"), _flag),
    "cases": (("otherwise",), _cases),
    "row_number": ((), _row_number),
    "from": (("key", "column", "pick", "by", "not_after", "where", "otherwise"), _lookup),
}
