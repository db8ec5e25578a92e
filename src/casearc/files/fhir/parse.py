"""From the bytes of a file to JSON values, guarding against what JSON text can do to a reader.

The standard library's parser reads the text; around it: keys that stand twice, numbers no float or database holds,
NaN, half characters, nesting without end. Each is found, placed and said, and none of it is passed on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from casearc.language import say, to_say
from casearc.tables import FaultLog

_LONGEST_NUMBER = 60
_LARGEST_EXPONENT = 320
_EXPORT = to_say("Export it again as FHIR in JSON (R4 or R5).")
_NOT_TEXT = (
    (b"\xff\xfe", to_say("The file is in UTF-16 or UTF-32; FHIR in JSON is UTF-8.")),
    (b"\xfe\xff", to_say("The file is in UTF-16 or UTF-32; FHIR in JSON is UTF-8.")),
    (b"PK\x03\x04", to_say("The file is a zip archive or a workbook, not JSON; unpack it first.")),
    (b"\x1f\x8b", to_say("The file is packed with gzip; unpack it first.")),
    (b"%PDF", to_say("The file is a PDF, not JSON.")),
    (b"<!doctype", to_say("The file is a web page, not JSON; a download may have ended at a sign-in page.")),
    (b"<html", to_say("The file is a web page, not JSON; a download may have ended at a sign-in page.")),
    (b"<", to_say("The file is XML, and FHIR is read in JSON only.")),
)
_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")


_NOTHING: tuple[object, ...] = (None, [], {})
"""What FHIR does not allow as an element's content, and many write for one that is not there."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Stands where the text has a number that is none, or that nothing can hold."""

    problem: str


class Doubled(dict[str, Any]):
    """An object whose text gives a key more than once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One JSON value of a file; `line` is where it stands if the file has one value a line."""

    value: object
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """The values of a file, and whether any part of them has to be looked at for spoiled pieces."""

    each: tuple[Document, ...]
    suspect: bool


class _Parser:
    """One run of the parser; remembers whether anything was spoiled."""

    def __init__(self) -> None:
        self.suspect = False

    def value(self, text: str) -> object:
        return json.loads(
            text,
            object_pairs_hook=self._object,
            parse_int=self._whole,
            parse_float=self._decimal,
            parse_constant=self._constant,
        )

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = {name: value for name, value in pairs if value not in _NOTHING}
        if len({name for name, _ in pairs}) == len(pairs):
            return found
        self.suspect = True
        return Doubled(found)

    def _whole(self, text: str) -> int | Unreadable:
        return (
            int(text) if len(text) <= _LONGEST_NUMBER else self._spoiled(say("A number has more digits than are read."))
        )

    def _decimal(self, text: str) -> Decimal | Unreadable:
        try:
            number = Decimal(text)
        except InvalidOperation:
            return self._spoiled(say("A number is too large or too small to be read."))
        if len(text) > _LONGEST_NUMBER:
            return self._spoiled(say("A number has more digits than are read."))
        if number and abs(number.adjusted()) > _LARGEST_EXPONENT:
            return self._spoiled(say("A number is too large or too small to be read."))
        return number

    def _constant(self, _text: str) -> Unreadable:
        return self._spoiled(
            say("Something stands for a number that is none (NaN or Infinity), which JSON does not have.")
        )

    def _spoiled(self, problem: str) -> Unreadable:
        self.suspect = True
        return Unreadable(problem)


def documents_in(data: bytes, *, name: str, log: FaultLog) -> Documents | None:
    """The JSON values of a file: one, or one a line. None after logging why there are none."""
    text = _text(data, name, log)
    if text is None:
        return None
    parser = _Parser()
    try:
        each: tuple[Document, ...] = (Document(value=parser.value(text)),)
    except RecursionError:
        _too_deep(name, log)
        return None
    except json.JSONDecodeError as error:
        lines = _lines(text)
        if not _one_a_line(lines):
            _not_json(error, text, name, log)
            return None
        found = _each_line(lines, parser, name, log)
        if found is None:
            return None
        each = found
    return Documents(each=each, suspect=parser.suspect or _HALF_CHARACTER.search(text) is not None)


def _text(data: bytes, name: str, log: FaultLog) -> str | None:
    data = data.removeprefix(b"\xef\xbb\xbf")
    start = data[:200].lstrip().lower()
    for signature, problem in _NOT_TEXT:
        if start.startswith(signature.lower()):
            log.add(say(problem), say(_EXPORT), file=name)
            return None
    if not data.strip():
        log.add(say("The file is empty."), say(_EXPORT), file=name)
        return None
    if b"\x00" in data:
        log.add(say("The file has NUL bytes: it was damaged, or is not text in UTF-8."), say(_EXPORT), file=name)
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        log.add(say("The file is not UTF-8 from line {line} on.", line=line), say(_EXPORT), file=name)
        return None


def _lines(text: str) -> list[tuple[int, str]]:
    """Lines that are not blank, numbered. Only line feeds part them: JSON text may hold other line ends as they are."""
    return [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]


def _one_a_line(lines: list[tuple[int, str]]) -> bool:
    """Whether the first line is a JSON value by itself and others follow."""
    if len(lines) < 2:
        return False
    try:
        return isinstance(json.loads(lines[0][1]), dict)
    except (ValueError, RecursionError):
        return False


def _each_line(lines: list[tuple[int, str]], parser: _Parser, name: str, log: FaultLog) -> tuple[Document, ...] | None:
    found: list[Document] = []
    for number, line in lines:
        try:
            found.append(Document(value=parser.value(line), line=number))
        except json.JSONDecodeError:
            log.add(
                say("The line is not JSON."), say("It may be cut off: export the file again."), file=name, row=number
            )
        except RecursionError:
            _too_deep(name, log, row=number)
    return tuple(found) if len(found) == len(lines) else None


def _not_json(error: json.JSONDecodeError, text: str, name: str, log: FaultLog) -> None:
    if not text[error.pos :].strip():
        log.add(say("The file ends in the middle: it was cut off."), say("Export or download it again."), file=name)
        return
    log.add(
        say("The file is not JSON from line {line}, sign {sign} of that line on.", line=error.lineno, sign=error.colno),
        say(_EXPORT),
        file=name,
    )


def _too_deep(name: str, log: FaultLog, *, row: int | None = None) -> None:
    log.add(say("Parts lie inside parts deeper than any questionnaire does."), say(_EXPORT), file=name, row=row)


def spoiled(value: object) -> Iterator[tuple[str, str]]:
    """What is spoiled in a parsed value: where (names of elements, linkId included), and what."""
    open_: list[tuple[str, object]] = [("", value)]
    while open_:
        place, each = open_.pop()
        if isinstance(each, Doubled):
            yield place, say("An element stands twice in the same place, and which one counts cannot be told.")
        if isinstance(each, Unreadable):
            yield place, each.problem
        elif isinstance(each, str) and _half(each):
            yield place, say("A text holds half a character, which no file can hold.")
        elif isinstance(each, dict):
            link = each.get("linkId")
            inside = link if isinstance(link, str) and not _half(link) else place
            open_.extend((inside, part) for part in (*each.values(), *each))
        elif isinstance(each, list):
            open_.extend((place, part) for part in each)


def _half(text: str) -> bool:
    return any("\ud800" <= sign <= "\udfff" for sign in text)
