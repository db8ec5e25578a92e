"""The tables ``[file."…"]`` of a mapping: how each file is to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from casearc.files.dates import Order
from casearc.files.dialects import FORMS_OF_FHIR, dialect_named, dialects
from casearc.files.formats import FORMATS
from casearc.files.header_pair import PAIR
from casearc.files.mapping.reader import Reader, check_file
from casearc.files.reading import Reading
from casearc.language import say

_KEYS = ("format", "encoding", "delimiter", "decimal", "header_row", "header_height", "dates")
_OF_SAS = ("catalog",)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry:
    """How one file, or one sheet of it, is read. `dates`: column -> how it writes dates."""

    reading: Reading = field(default_factory=Reading)
    dates: Mapping[str, Order] = field(default_factory=dict)


def read_file_entry(reader: Reader, *, file: str) -> FileEntry:
    """The ``[file."…"]`` of one file; logs what is wrong in it."""
    form = reader.text("format") or ""
    companions = _OF_SAS if file.lower().endswith(".sas7bdat") else _roles(form)
    reader.only((*_KEYS, *companions))
    if form and form not in FORMATS and dialect_named(form) is None:
        known = dict.fromkeys((*FORMATS, *dialects(), *FORMS_OF_FHIR))
        reader.fault(say("Casearc knows no such format."), say("Known: {known}.", known=", ".join(known)))
    delimiter, decimal = reader.text("delimiter") or "", reader.text("decimal") or ""
    if delimiter and (len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\n\r'):
        reader.fault(say("delimiter must be one sign."), say('Such as ";" or "\\t".'))
    if decimal not in ("", ".", ","):
        reader.fault(say('decimal must be "." or ",".'))
    described_by = {role: name for role in companions if (name := reader.text(role))}
    for role, name in described_by.items():
        check_file(reader.below(role, {}), name)
    return FileEntry(
        reading=Reading(
            format=form,
            encoding=reader.text("encoding") or "",
            delimiter=delimiter if len(delimiter) == 1 else "",
            decimal=decimal,
            header_row=_header_row(reader),
            header_height=_header_height(reader),
            companions=described_by,
        ),
        dates=_dates(reader),
    )


def _roles(form: str) -> tuple[str, ...]:
    dialect = dialect_named(form)
    return () if dialect is None else tuple(dialect.companions)


def _header_row(reader: Reader) -> int:
    row = reader.content.get("header_row", 1)
    if isinstance(row, bool) or not isinstance(row, int) or not 1 <= row <= 1000:
        reader.fault(say("header_row must be a row's number, from 1 to 1000."))
        return 1
    return row


def _header_height(reader: Reader) -> int:
    height = reader.content.get("header_height", 1)
    if isinstance(height, bool) or height not in (1, PAIR):
        reader.fault(say("header_height must be 1 or 2: the rows in which the column names stand."))
        return 1
    return int(height)


def _dates(reader: Reader) -> dict[str, Order]:
    known = {order.value: order for order in Order}
    found: dict[str, Order] = {}
    for column, order in reader.pairs("dates").items():
        if order in known:
            found[column] = known[order]
        else:
            reader.fault(
                say("dates.{column} must say how dates are written.", column=column),
                say("One of: {known}.", known=", ".join(known)),
            )
    return found
