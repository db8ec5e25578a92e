"""Read mapping.toml and check all that can be checked without the files it names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from casearc.errors import MappingError
from casearc.files.mapping.conditions import parse_conditions
from casearc.files.mapping.definition import (
    Duplicates,
    Feed,
    Made,
    TableMapping,
    Total,
    VaultColumns,
)
from casearc.files.mapping.derivations import parse_derivation
from casearc.files.mapping.file_entries import FileEntry, read_file_entry
from casearc.files.mapping.questions import Question, read_questions, with_answers
from casearc.files.mapping.reader import Reader, check_file
from casearc.files.mapping.scales import parse_scales
from casearc.files.mapping.switches import SIGN, Switch, switch_of
from casearc.language import say
from casearc.tables import FILE, MISSING_REASONS, ROW, TABLES, FaultLog, item_columns, suggestion

_TOP = ("version", "table", "file", "question", "coding", "vault")
_FEED_KEYS = (
    *("file", "only_if", "columns", "leave", "codes", "otherwise", "where", "derive", "duplicates", "missing"),
    *("reversed", "totals", "scale"),
)
_ONLY_FOR = {"missing": "responses", "reversed": "responses", "scale": "responses", "totals": "administrations"}
_VERSIONS = (0, 1)


def read_mapping(path: Path, *, answers: Mapping[str, str] | None = None) -> TableMapping:
    """Read a mapping; raises MappingError with everything that is wrong in it, questions without an answer among it.

    `answers` are given beside those that stand in the mapping, by the question's id, and go before them.
    """
    log = FaultLog()
    content = _load(path, log)
    questions = _answered(read_questions(content, file=path.name, log=log), answers or {}, path.name, log)
    answered = with_answers(content, questions, file=path.name, log=log)
    log.raise_if_any(
        MappingError, say("The mapping was")
    )  # what follows would find fault with each missing answer again
    mapping = _parse(answered, questions, name=path.name, log=log)
    log.raise_if_any(MappingError, say("The mapping was"))
    return mapping


def _answered(
    questions: tuple[Question, ...], answers: Mapping[str, str], file: str, log: FaultLog
) -> tuple[Question, ...]:
    known = {question.id: question for question in questions}
    for name, answer in answers.items():
        if name not in known:
            near = suggestion(name, known)
            log.add(
                say("An answer was given to a question {name}, which the mapping does not ask.", name=name),
                near,
                file=file,
            )
        elif known[name].answers and answer not in known[name].answers:
            takes = say("It takes: {answers}.", answers=", ".join(known[name].answers))
            log.add(
                say("The answer given to the question {name} is none of those it takes.", name=name), takes, file=file
            )
        else:
            known[name] = replace(known[name], answer=answer)
    return tuple(known.values())


def _parse(content: Mapping[str, object], questions: tuple[Question, ...], *, name: str, log: FaultLog) -> TableMapping:
    top = Reader(name, "", content, log)
    for key in content:
        if key not in _TOP:
            near = suggestion(key, _TOP)
            log.add(
                say("There is no key {key}.", key=key), near or say("Known: {known}.", known=", ".join(_TOP)), file=name
            )
    if content.get("version", 0) not in _VERSIONS:
        log.add(say("This is a version of mapping that Casearc does not know."), say("Write version = 1."), file=name)
    tables = content.get("table", {})
    if not isinstance(tables, Mapping) or not tables:
        log.add(say("The mapping maps no table."), say("Write [table.contacts] and so on."), file=name)
        tables = {}
    return TableMapping(
        name=name,
        feeds=tuple(feed for table in tables for feed in _parse_table(top.below("table", tables), table)),
        entries=_parse_entries(top),
        questions=questions,
        coding={name: coding for name, coding in top.pairs("coding").items() if not coding.startswith(SIGN)},
        vault=tuple(_parse_vault(entry) for entry in top.tables("vault")),
    )


def _parse_entries(top: Reader) -> dict[str, FileEntry]:
    content = top.content.get("file", {})
    if not isinstance(content, Mapping) or not all(isinstance(entry, Mapping) for entry in content.values()):
        top.log.add(say("file must be tables by the files' names."), say('Write [file."visits.csv"].'), file=top.file)
        return {}
    found = {}
    for file, entry in content.items():
        reader = Reader(top.file, f'file."{file}"', entry, top.log)
        check_file(reader, file)
        found[file] = read_file_entry(reader, file=file)
    return found


def _parse_vault(reader: Reader) -> VaultColumns:
    reader.only(("file", "key", "columns"))
    file = reader.text("file", needed=True)
    check_file(reader, file)
    return VaultColumns(file=file or "", key=reader.text("key", needed=True) or "", columns=reader.pairs("columns"))


def load_mapping(path: Path) -> Mapping[str, object]:
    """A mapping as TOML holds it, answered or not; raises MappingError where it is no TOML."""
    return _load(path, FaultLog())


def _load(path: Path, log: FaultLog) -> Mapping[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        log.add(say("There is no such file."), say("Give the path of the mapping."), file=path.name)
    except UnicodeDecodeError:
        log.add(say("The file is not UTF-8."), say("Save it as UTF-8."), file=path.name)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        log.add(
            say("The file is not valid TOML from here on."),
            say("Look for a missing quotation mark, bracket or comma."),
            file=path.name,
            row=int(line.group(1)) if line else None,
        )
    log.raise_if_any(MappingError, say("The mapping was"))
    return {}


def _parse_table(reader: Reader, name: str) -> list[Feed]:
    if name not in TABLES:
        near = suggestion(name, TABLES)
        reader.fault(
            say("there is no table {name}.", name=name), near or say("Known: {known}.", known=", ".join(TABLES))
        )
        return []
    entries = Reader(reader.file, "", reader.content, reader.log).tables(name)
    feeds = (_parse_feed(Reader(e.file, f"table.{e.place}", e.content, e.log), name) for e in entries)
    return [feed for feed in feeds if feed is not None]


def _parse_feed(reader: Reader, table: str) -> Feed | None:
    if not _counts(reader):
        return None
    reader.only(_FEED_KEYS)
    file = reader.text("file", needed=True)
    codes = {key: reader.below("codes", reader.content["codes"]).pairs(key) for key in _keys_of(reader, "codes")}
    derive = {}
    for key in _keys_of(reader, "derive"):
        inner = reader.content["derive"][key]
        if not isinstance(inner, Mapping):
            reader.fault(
                say("derive.{key} must be a table.", key=key),
                say('Write { value = "…" } or another way to make a column.'),
            )
            continue
        made = parse_derivation(reader.below(f"derive.{key}", inner))
        if made is not None:
            derive[key] = made
    feed = Feed(
        table=table,
        file=file or "",
        place=reader.place,
        columns=reader.pairs("columns"),
        codes=parse_scales(reader, codes),
        derive=derive,
        where=parse_conditions(reader),
        duplicates=_parse_duplicates(reader),
        missing=_parse_missing(reader),
        reversed=_parse_reversed(reader),
        totals=_parse_totals(reader),
        otherwise=reader.pairs("otherwise"),
        leave=reader.texts("leave"),
    )
    for key, only in _ONLY_FOR.items():
        if key in reader.content and table != only:
            reader.fault(say("{key} goes with the table {only}.", key=key, only=only))
    check_file(reader, file)
    _check_targets(reader, feed)
    return feed if file else None


def _counts(reader: Reader) -> bool:
    """Whether an answer switches the feed on; one without a switch is."""
    if "only_if" in reader.content:
        told = reader.content["only_if"]
        if isinstance(told, Mapping):
            inner = reader.below("only_if", told)
            inner.only(("answer", "is"))
            inner.text("answer", needed=True)
            inner.texts("is", needed=True)
        else:
            reader.fault(say("only_if must be one table."), say('Write only_if = { answer = "?…", is = "yes" }'))
    return switch_of(reader.content, {}) is Switch.ON


def _parse_missing(reader: Reader) -> dict[str, str]:
    codes = reader.pairs("missing")
    for reason in set(codes.values()) - {"", *MISSING_REASONS}:
        near = suggestion(reason, MISSING_REASONS)
        reader.fault(
            say("missing names a reason that is not known."),
            near or say("Known: {known}.", known=", ".join(MISSING_REASONS)),
        )
    return codes


def _parse_reversed(reader: Reader) -> tuple[str, ...]:
    """A list of items, or items with "yes" or "no" as answers to questions have it."""
    given = reader.content.get("reversed", [])
    if not isinstance(given, Mapping):
        return reader.texts("reversed") if given else ()
    told = reader.pairs("reversed")
    for item, answer in told.items():
        if answer not in ("yes", "no"):
            reader.fault(say('reversed.{item} must be "yes" or "no".', item=item))
    return tuple(item for item, answer in told.items() if answer == "yes")


def _parse_totals(reader: Reader) -> dict[str, Total]:
    found = {}
    for score in _keys_of(reader, "totals"):
        inner = reader.content["totals"][score]
        if not isinstance(inner, Mapping):
            reader.fault(
                say("totals.{score} must be a table.", score=score), say('Write { column = "…", made = "sum" }.')
            )
            continue
        below = reader.below(f"totals.{score}", inner)
        below.only(("column", "made"))
        column, made = below.text("column", needed=True), below.text("made", needed=True)
        if made is not None and made not in [each.value for each in Made]:
            below.fault(say('made must be "sum" or "mean".'))
        elif column and made:
            found[score] = Total(column=column, made=Made(made))
    return found


def _keys_of(reader: Reader, key: str) -> tuple[str, ...]:
    value = reader.content.get(key, {})
    if not isinstance(value, Mapping):
        reader.fault(say("{key} must be a table.", key=key), say("Write {key} = {{ column = … }}", key=key))
        return ()
    return tuple(value)


def _check_targets(reader: Reader, feed: Feed) -> None:
    """Every named column must be one of the table; participants may have more."""
    accepted = TABLES[feed.table].accepted
    for name in feed.reversed:
        if not item_columns([name]):
            reader.fault(say("reversed must name items, such as mspss_3."))
    for name in dict.fromkeys((*feed.targets(), *feed.codes, *feed.otherwise)):
        if name in accepted or (feed.table == "participants" and not name.startswith("_")):
            continue
        if feed.table == "responses" and item_columns([name.removesuffix("_missing_reason")]):
            continue
        if feed.table == "responses" and name.endswith("_*"):
            continue
        helper = say("A column for use within the mapping begins with _.")
        near = suggestion(name, accepted)
        reader.fault(
            say("the table {table} has no column {name}.", table=feed.table, name=name), f"{near} {helper}".strip()
        )
    for name in feed.derive:
        if name in (FILE, ROW):
            reader.fault(say("the name {name} is taken.", name=name), say("Give the column another name."))
    for name in set(feed.leave) & set(feed.targets()):
        reader.fault(say("{name} is left out and taken.", name=name), say("Keep one of the two."))
    for name in feed.columns:
        if name in feed.derive:
            reader.fault(say("{name} is both in columns and in derive.", name=name), say("Keep one of the two."))


def _parse_duplicates(reader: Reader) -> Duplicates | None:
    if "duplicates" not in reader.content:
        return None
    found = reader.tables("duplicates")
    if len(found) != 1:
        reader.fault(say("duplicates must be one table."), say('Write duplicates = { key = ["…"], keep = "last" }'))
        return None
    inner = found[0]
    inner.only(("key", "keep", "by", "reason"))
    keep = inner.text("keep", needed=True)
    if keep not in ("first", "last", "all", None):
        inner.fault(say('keep must be "first", "last" or "all".'))
    return Duplicates(
        key=inner.texts("key", needed=True),
        keep=keep or "first",
        by=inner.texts("by"),
        reason=inner.text("reason") or "",
    )
