"""Read mapping.toml and check all that can be checked without the files it names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
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
    Made,
    Pick,
    RowNumber,
    TableMapping,
    Total,
    VaultColumns,
)
from casearc.files.mapping.file_entries import FileEntry, read_file_entry
from casearc.files.mapping.questions import Question, read_questions, with_answers
from casearc.files.mapping.reader import Reader
from casearc.tables import FILE, MISSING_REASONS, ROW, TABLES, FaultLog, item_columns, suggestion

_TOP = ("version", "table", "file", "question", "coding", "vault")
_FEED_KEYS = ("file", "columns", "codes", "where", "derive", "duplicates", "missing", "reversed", "totals")
_ONLY_FOR = {"missing": "responses", "reversed": "responses", "totals": "administrations"}
_VERSIONS = (0, 1)


def read_mapping(path: Path, *, answers: Mapping[str, str] | None = None) -> TableMapping:
    """Read a mapping; raises MappingError with everything that is wrong in it, questions without an answer among it.

    `answers` are given beside those that stand in the mapping, by the question's id, and go before them.
    """
    log = FaultLog()
    content = _load(path, log)
    questions = _answered(read_questions(content, file=path.name, log=log), answers or {}, path.name, log)
    answered = with_answers(content, questions, file=path.name, log=log)
    log.raise_if_any(MappingError, "The mapping was")  # what follows would find fault with each missing answer again
    mapping = _parse(answered, questions, name=path.name, log=log)
    log.raise_if_any(MappingError, "The mapping was")
    return mapping


def _answered(
    questions: tuple[Question, ...], answers: Mapping[str, str], file: str, log: FaultLog
) -> tuple[Question, ...]:
    known = {question.id: question for question in questions}
    for name, answer in answers.items():
        if name not in known:
            near = suggestion(name, known)
            log.add(f"An answer was given to a question {name}, which the mapping does not ask.", near, file=file)
        elif known[name].answers and answer not in known[name].answers:
            takes = f"It takes: {', '.join(known[name].answers)}."
            log.add(f"The answer given to the question {name} is none of those it takes.", takes, file=file)
        else:
            known[name] = replace(known[name], answer=answer)
    return tuple(known.values())


def _parse(content: Mapping[str, object], questions: tuple[Question, ...], *, name: str, log: FaultLog) -> TableMapping:
    top = Reader(name, "", content, log)
    for key in content:
        if key not in _TOP:
            near = suggestion(key, _TOP)
            log.add(f"There is no key {key}.", near or f"Known: {', '.join(_TOP)}.", file=name)
    if content.get("version", 0) not in _VERSIONS:
        log.add("This is a version of mapping that Casearc does not know.", "Write version = 1.", file=name)
    tables = content.get("table", {})
    if not isinstance(tables, Mapping) or not tables:
        log.add("The mapping maps no table.", "Write [table.contacts] and so on.", file=name)
        tables = {}
    return TableMapping(
        name=name,
        feeds=tuple(feed for table in tables for feed in _parse_table(top.below("table", tables), table)),
        entries=_parse_entries(top),
        questions=questions,
        coding=top.pairs("coding"),
        vault=tuple(_parse_vault(entry) for entry in top.tables("vault")),
    )


def _parse_entries(top: Reader) -> dict[str, FileEntry]:
    content = top.content.get("file", {})
    if not isinstance(content, Mapping) or not all(isinstance(entry, Mapping) for entry in content.values()):
        top.log.add("file must be tables by the files' names.", 'Write [file."visits.csv"].', file=top.file)
        return {}
    found = {}
    for file, entry in content.items():
        reader = Reader(top.file, f'file."{file}"', entry, top.log)
        _check_file(reader, file)
        found[file] = read_file_entry(reader)
    return found


def _parse_vault(reader: Reader) -> VaultColumns:
    reader.only(("file", "key", "columns"))
    file = reader.text("file", needed=True)
    _check_file(reader, file)
    return VaultColumns(file=file or "", key=reader.text("key", needed=True) or "", columns=reader.pairs("columns"))


def load_mapping(path: Path) -> Mapping[str, object]:
    """A mapping as TOML holds it, answered or not; raises MappingError where it is no TOML."""
    return _load(path, FaultLog())


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
        missing=_parse_missing(reader),
        reversed=_parse_reversed(reader),
        totals=_parse_totals(reader),
    )
    for key, only in _ONLY_FOR.items():
        if key in reader.content and table != only:
            reader.fault(f"{key} goes with the table {only}.")
    _check_file(reader, file)
    _check_targets(reader, feed)
    return feed if file else None


def _parse_missing(reader: Reader) -> dict[str, str]:
    codes = reader.pairs("missing")
    for reason in set(codes.values()) - {"", *MISSING_REASONS}:
        near = suggestion(reason, MISSING_REASONS)
        reader.fault("missing names a reason that is not known.", near or f"Known: {', '.join(MISSING_REASONS)}.")
    return codes


def _parse_reversed(reader: Reader) -> tuple[str, ...]:
    """A list of items, or items with "yes" or "no" as answers to questions have it."""
    given = reader.content.get("reversed", [])
    if not isinstance(given, Mapping):
        return reader.texts("reversed") if given else ()
    told = reader.pairs("reversed")
    for item, answer in told.items():
        if answer not in ("yes", "no"):
            reader.fault(f'reversed.{item} must be "yes" or "no".')
    return tuple(item for item, answer in told.items() if answer == "yes")


def _parse_totals(reader: Reader) -> dict[str, Total]:
    found = {}
    for score in _keys_of(reader, "totals"):
        inner = reader.content["totals"][score]
        if not isinstance(inner, Mapping):
            reader.fault(f"totals.{score} must be a table.", 'Write { column = "…", made = "sum" }.')
            continue
        below = reader.below(f"totals.{score}", inner)
        below.only(("column", "made"))
        column, made = below.text("column", needed=True), below.text("made", needed=True)
        if made is not None and made not in [each.value for each in Made]:
            below.fault('made must be "sum" or "mean".')
        elif column and made:
            found[score] = Total(column=column, made=Made(made))
    return found


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
    for name in feed.reversed:
        if not item_columns([name]):
            reader.fault("reversed must name items, such as mspss_3.")
    for name in dict.fromkeys((*feed.targets(), *feed.codes)):
        if name in accepted or (feed.table == "participants" and not name.startswith("_")):
            continue
        if feed.table == "responses" and item_columns([name.removesuffix("_missing_reason")]):
            continue
        if feed.table == "responses" and name.endswith("_*"):
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
