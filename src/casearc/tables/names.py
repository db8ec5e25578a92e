"""Column names: those missing, those unknown, those that identify a person."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable

from casearc.language import say
from casearc.tables.faults import FaultLog
from casearc.tables.schema import TableSchema
from casearc.tables.source import SourceTable

_PERSONS = frozenset(
    {"first", "last", "middle", "full", "given", "sur", "maiden", "nick", "preferred", "legal", "birth"}
    | {"client", "participant", "patient", "youth", "child", "guardian", "parent", "caregiver", "contact"}
    | {"mother", "father", "staff", "worker"}
)
_IDENTITY = frozenset(
    {"dob", "birthdate", "birthday", "surname", "firstname", "lastname", "fullname", "username", "signature"}
    | {"phone", "telephone", "cellphone", "mobile", "fax", "email", "mail", "photo", "ssn", "mrn", "passport"}
    | {"address", "street", "zip", "zipcode", "postcode", "postal", "latitude", "longitude", "license"}
    | {"facebook", "instagram", "snapchat", "tiktok", "whatsapp", "medicaid", "medicare"}
)
_PHRASES = (("date", "birth"), ("birth", "day"), ("social", "security"), ("e", "mail"), ("ip", "address"))
_TEXT = frozenset(
    {"note", "notes", "comment", "comments", "narrative", "narratives", "description", "memo", "freetext"}
)


def words_of(name: str) -> tuple[str, ...]:
    """The words in a column name: ``firstName``, ``first_name`` and ``First name`` are the same two."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return tuple(re.findall(r"[a-z]+|[0-9]+", spaced.lower()))


def identifies(name: str) -> bool:
    """Whether a column of this name would hold something that tells who a person is."""
    words = words_of(name)
    if not words:
        return False
    found = set(words)
    if found & _IDENTITY or any(found.issuperset(phrase) for phrase in _PHRASES):
        return True
    return words == ("name",) or ("name" in found and bool(found & _PERSONS))


def holds_text(name: str) -> bool:
    """Whether a column of this name would hold free text."""
    return bool(set(words_of(name)) & _TEXT)


def suggestion(name: str, known: Iterable[str]) -> str:
    """``Did you mean day?`` where a known name is near; otherwise empty."""
    near = nearest(name, known)
    return say("Did you mean {name}?", name=near) if near else ""


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that is near this one; empty where none is."""
    flat = {re.sub(r"[^a-z0-9]", "", candidate.lower()): candidate for candidate in known}
    near = difflib.get_close_matches(re.sub(r"[^a-z0-9]", "", name.lower()), flat, n=1, cutoff=0.72)
    return flat[near[0]] if near else ""


def check_names(schema: TableSchema, source: SourceTable, allowed: Collection[str], log: FaultLog) -> None:
    """Log required columns that are missing, columns nobody knows, and columns that must not be here."""
    given = source.frame.columns
    if not set(given) & set(schema.accepted):
        log.add(
            say("None of the columns is one of the table {table}; the header row may be missing.", table=schema.name),
            say("The first row must hold column names, at least {needed}.", needed=", ".join(_needed(schema))),
            file=source.files,
        )
        return
    taken: set[str] = set()
    for column in schema.columns:
        dates = column.date_column
        if column.required and column.name not in given and (dates is None or dates not in given):
            spare = [name for name in given if name not in schema.accepted]
            near = nearest(column.name, spare)
            taken.add(near)
            log.add(
                say("The column {name} (or {dates} with dates) is missing.", name=column.name, dates=dates)
                if dates
                else say("The column {name} is missing.", name=column.name),
                _rename(near, column.name) or say("Add the column, or say in mapping.toml which one it is."),
                file=source.files,
            )
    for position, name in enumerate(given, start=1):
        if name not in schema.accepted and name not in taken:
            place = say_column(name, position)
            _check_unknown(name, schema, source, allowed=allowed, place=place, log=log)


def _needed(schema: TableSchema) -> list[str]:
    return [column.name for column in schema.columns if column.required]


def say_column(name: str, position: int) -> str:
    """How to name a column of a file in a message: by its name, unless that looks like a value of a file
    without a header; then by its position."""
    return name if re.fullmatch(r"[A-Za-z_][\w .()/-]{0,60}", name) else say("number {position}", position=position)


def _rename(near: str, wanted: str) -> str:
    if not near:
        return ""
    return say("Is it the column called {name}? Then rename that to {wanted}, or map it.", name=near, wanted=wanted)


def _check_unknown(
    name: str,
    schema: TableSchema,
    source: SourceTable,
    *,
    allowed: Collection[str],
    place: str,
    log: FaultLog,
) -> None:
    if identifies(name):
        log.add(
            say("The column looks as if it tells who a person is."),
            say("Take it out of the file: an evaluation needs pseudonymous ids only."),
            file=source.files,
            column=place,
        )
    elif holds_text(name):
        log.add(
            say("The column looks like free text, and notes never enter an evaluation."),
            say("Take it out of the file."),
            file=source.files,
            column=place,
        )
    elif name not in allowed:
        near = suggestion(name, [known for known in schema.accepted if known not in source.frame.columns])
        remedy = near or (
            say("Remove it, or name it as a covariate in the study plan.")
            if schema.name == "participants"
            else say("Remove it, or say in mapping.toml what it is.")
        )
        log.add(
            say("The table {table} has no such column.", table=schema.name), remedy, file=source.files, column=place
        )
