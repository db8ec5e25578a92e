"""Kinds of spoiled workbooks, each with what is to happen to it."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import openpyxl
from made_workbooks import (
    HEADER,
    PLAIN,
    SHEET1,
    blank,
    book,
    number,
    ods,
    repacked,
    row,
    saved,
    table,
    text,
    worksheet,
)
from openpyxl.chart import BarChart
from openpyxl.utils.datetime import CALENDAR_MAC_1904

SECRET = "Zq7-secret"
"""Stands in cells of the spoiled files; no message may repeat it."""

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><worksheet>&c;</worksheet>'
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><sst>&a;</sst>'


def set_cells(**cells: Any) -> Callable[[openpyxl.Workbook], None]:
    def change(workbook: openpyxl.Workbook) -> None:
        for place, value in cells.items():
            workbook["Sheet"][place] = value

    return change


def with_format(place: str, value: Any, shown_as: str) -> Callable[[openpyxl.Workbook], None]:
    def change(workbook: openpyxl.Workbook) -> None:
        workbook["Sheet"][place] = value
        workbook["Sheet"][place].number_format = shown_as

    return change


def formula(text: str, value: str = "<v>3</v>", kind: str = "") -> bytes:
    """A worksheet whose A3 is a formula with a stored result, in a workbook whose results were worked out."""
    cells = f'<row r="3"><c r="A3"{kind}><f>{text}</f>{value}</c><c r="B3"><v>1</v></c></row>'
    made = worksheet(HEADER + cells)
    with zipfile.ZipFile(BytesIO(made)) as archive:
        workbook = archive.read("xl/workbook.xml").replace(b'fullCalcOnLoad="1"', b"")
    return repacked(made, {"xl/workbook.xml": workbook})


def merged(*ranges: str, rows: Any = PLAIN) -> bytes:
    return book(rows, lambda workbook: [workbook["Sheet"].merge_cells(each) for each in ranges])


def second(workbook: openpyxl.Workbook, state: str = "visible") -> None:
    page = workbook.create_sheet("Second")
    page.append(["a", "b"])
    page.append([1, SECRET])
    page.sheet_state = state


def chart_only() -> bytes:
    workbook = openpyxl.Workbook()
    page = workbook.create_chartsheet("Picture")
    page.add_chart(BarChart())
    return saved(workbook)


def from_1904() -> bytes:
    workbook = openpyxl.Workbook()
    workbook.epoch = CALENDAR_MAC_1904
    page: Any = workbook.active
    page.append(["day", "kind"])
    page.append([datetime.date(2024, 3, 5), "client"])
    return saved(workbook)


def twice() -> bytes:
    content = BytesIO(book(PLAIN))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr(SHEET1.upper(), "<worksheet/>")
    return content.getvalue()


def encrypted() -> bytes:
    """An archive whose entries say that they are encrypted."""
    content = bytearray(book(PLAIN))
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 4)
    return bytes(content)


def cut(share: float) -> bytes:
    whole = book(PLAIN)
    return whole[: int(len(whole) * share)]


def zeros(size: int) -> bytes:
    content = BytesIO(book(PLAIN))
    with (
        zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("x.xml", "w") as x,
    ):
        for _ in range(size // 1_000_000):
            x.write(b" " * 1_000_000)
    return content.getvalue()


def lying_size() -> bytes:
    """The archive's list says that a part has ten bytes; it has thirty million."""
    content = zeros(30_000_000)
    place = content.rindex(b"x.xml") - 46 + 24
    return content[:place] + (10).to_bytes(4, "little") + content[place + 4 :]


def one_text_in_many_cells() -> bytes:
    """A text of a million letters, stored once, in ten thousand cells."""
    cells = "".join(f'<row r="{at}"><c r="A{at}" t="s"><v>0</v></c></row>' for at in range(2, 10_002))
    made = worksheet(HEADER + cells)
    part = f"<sst><si><t>{'y' * 1_000_000}</t></si></sst>"
    with zipfile.ZipFile(BytesIO(made)) as archive:
        relations = archive.read("xl/_rels/workbook.xml.rels").decode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    if "sharedStrings" not in relations:
        target = f'<Relationship Id="rIdS" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
        relations = relations.replace("</Relationships>", target)
    return repacked(made, {"xl/sharedStrings.xml": part, "xl/_rels/workbook.xml.rels": relations})


@dataclass(frozen=True, kw_only=True)
class Spoiled:
    """One kind of spoiling. `refused` are words of the refusal, `noted` words of a note of the first sheet."""

    made: Callable[[], bytes]
    refused: tuple[str, ...] = ()
    noted: str = ""
    name: str = "cases.xlsx"
    rows: int | None = None


DATED = (("day", "kind"), (datetime.date(2024, 1, 5), SECRET), (SECRET, "x"))
BOMBS = {
    "zip bomb": Spoiled(made=lambda: zeros(450_000_000), refused=("unpacks to more than",)),
    "zip bomb below the limit": Spoiled(made=lambda: zeros(200_000_000), refused=("200 times its size",)),
    "sizes that lie": Spoiled(made=lying_size, refused=("damaged",)),
    "corner cells": Spoiled(
        made=lambda: worksheet(HEADER + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        refused=("reaches over 17,179,869,184 cells",),
    ),
    "declared dimension": Spoiled(
        made=lambda: worksheet(
            HEADER + '<row r="2"><c r="A2"><v>1</v></c></row>', before='<dimension ref="A1:XFD1048576"/>'
        ),
        rows=1,
    ),
    "column that does not exist": Spoiled(
        made=lambda: worksheet(HEADER + '<row r="2"><c r="ZZZZZZ2"><v>1</v></c></row>'), refused=("damaged",)
    ),
    "one text in many cells": Spoiled(made=one_text_in_many_cells, refused=("take more than 100 MB",)),
    "ods rows repeated": Spoiled(
        made=lambda: ods(table(row(text("a"), text("b")), row(number(1), text("x"), repeated=1_000_000_000))),
        refused=("reaches over",),
        name="cases.ods",
    ),
    "ods columns repeated": Spoiled(
        made=lambda: ods(table(row(text("a"), text("x", 'table:number-columns-repeated="1000000000"')))),
        refused=("reaches over",),
        name="cases.ods",
    ),
    "ods blanks repeated before a cell": Spoiled(
        made=lambda: ods(table(row(text("a"), text("b")), row(blank(16_000), repeated=1_000_000), row(text("x")))),
        name="cases.ods",
        rows=1,
    ),
    "ods blanks repeated at the end": Spoiled(
        made=lambda: ods(
            table(row(text("a"), text("b")), row(number(1), text("x")), row(blank(16_384), repeated=1_048_000))
        ),
        name="cases.ods",
        rows=1,
    ),
    "billion laughs": Spoiled(made=lambda: repacked(book(PLAIN), {SHEET1: LAUGHS}), refused=("declares XML entities",)),
}

SPOILED = BOMBS | {
    "entity from a file": Spoiled(
        made=lambda: repacked(book(PLAIN), {"xl/sharedStrings.xml": OUTSIDE}), refused=("declares XML entities",)
    ),
    "entity in UTF-16": Spoiled(
        made=lambda: repacked(book(PLAIN), {SHEET1: LAUGHS.replace("?>", ' encoding="utf-16"?>').encode("utf-16")}),
        refused=("declares XML entities",),
    ),
    "entity in ods": Spoiled(
        made=lambda: ods(table(row(text("a"))), before='<!DOCTYPE x [<!ENTITY a "b">]>'),
        refused=("declares XML entities",),
        name="cases.ods",
    ),
    "nested archive": Spoiled(
        made=lambda: repacked(book(PLAIN), {"xl/embeddings/inner.xlsx": book(PLAIN)}), refused=("embedded",)
    ),
    "nested archive under another name": Spoiled(
        made=lambda: repacked(book(PLAIN), {"xl/media/image1.png": book(PLAIN)}), refused=("embedded",)
    ),
    "embedded object": Spoiled(
        made=lambda: repacked(book(PLAIN), {"xl/embeddings/o.bin": b"\xd0\xcf\x11\xe0" + bytes(600)}),
        refused=("embedded",),
    ),
    "name that leads out": Spoiled(
        made=lambda: repacked(book(PLAIN), {"../../outside.txt": "x"}), refused=("lead out of it",)
    ),
    "absolute name": Spoiled(made=lambda: repacked(book(PLAIN), {"/outside.txt": "x"}), refused=("lead out of it",)),
    "part twice": Spoiled(made=twice, refused=("stand in it twice",)),
    "six thousand parts": Spoiled(
        made=lambda: repacked(book(PLAIN), {f"xl/p{index}.bin": b"" for index in range(6_000)}), refused=("parts",)
    ),
    "password, zip": Spoiled(made=encrypted, refused=("password",)),
    "password, OLE": Spoiled(
        made=lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        refused=("password", "save a copy without"),
    ),
    "password, ods": Spoiled(
        made=lambda: repacked(ods(""), {"META-INF/manifest.xml": "<manifest><encryption-data/></manifest>"}),
        refused=("password",),
        name="cases.ods",
    ),
    "OLE that is none": Spoiled(made=lambda: b"\xd0\xcf\x11\xe0" + bytes(2_000), refused=("damaged",), name="c.xls"),
    "cut at 1 %": Spoiled(made=lambda: cut(0.01), refused=("damaged",)),
    "cut at 25 %": Spoiled(made=lambda: cut(0.25), refused=("damaged",)),
    "cut at 50 %": Spoiled(made=lambda: cut(0.5), refused=("damaged",)),
    "cut at 90 %": Spoiled(made=lambda: cut(0.9), refused=("damaged",)),
    "cut at 99 %": Spoiled(made=lambda: cut(0.99), refused=("damaged",)),
    "empty file": Spoiled(made=lambda: b"", refused=("empty",)),
    "csv named xlsx": Spoiled(made=lambda: b"day,kind\n1,client\n", refused=("plain text", ".csv")),
    "web page named xls": Spoiled(made=lambda: b"<html><table>", refused=("web page",), name="cases.xls"),
    "pdf named xlsx": Spoiled(made=lambda: b"%PDF-1.7 x", refused=("PDF",)),
    "zip that is no workbook": Spoiled(
        made=lambda: repacked(book(PLAIN), {"a.txt": "x"}, without=("xl/workbook.xml",)), refused=("zip archive",)
    ),
    "xlsb": Spoiled(made=lambda: repacked(book(PLAIN), {"xl/workbook.bin": b"x"}), refused=("XLSB",)),
    "text document": Spoiled(
        made=lambda: repacked(book(PLAIN), {"word/document.xml": "<x/>"}), refused=("text document",)
    ),
    "broken xml": Spoiled(made=lambda: repacked(book(PLAIN), {SHEET1: "<worksheet><sheetData>"}), refused=("damaged",)),
    "styles missing": Spoiled(made=lambda: repacked(book(PLAIN), {}, without=("xl/styles.xml",)), rows=2),
    "text that is not there": Spoiled(
        made=lambda: worksheet(HEADER + '<row r="2"><c r="A2" t="s"><v>99</v></c></row>'), refused=("damaged",)
    ),
    "ods named xlsx": Spoiled(made=lambda: ods(table(row(text("a"), text("b")), row(number(1), text("x")))), rows=1),
    "macros": Spoiled(
        made=lambda: repacked(book(PLAIN), {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 macros"}), noted="macros", rows=2
    ),
    "macros in ods": Spoiled(
        made=lambda: ods(
            table(row(text("a")), row(number(1))), more={"Basic/script-lb.xml": "<!DOCTYPE library PUBLIC 'x' 'y'><x/>"}
        ),
        noted="macros",
        name="cases.ods",
    ),
    "connections": Spoiled(made=lambda: repacked(book(PLAIN), {"xl/connections.xml": "<x/>"}), noted="connections"),
    "another workbook": Spoiled(
        made=lambda: formula("[1]Sheet1!A1"), refused=("row 3, column day", "outside the workbook")
    ),
    "another workbook by path": Spoiled(
        made=lambda: formula(r"'C:\data\[old.xlsx]Sheet 1'!A1"), refused=("row 3, column day", "outside")
    ),
    "dde": Spoiled(made=lambda: formula("cmd|'/c calc'!A0"), refused=("row 3, column day", "starts a program")),
    "webservice": Spoiled(
        made=lambda: formula('_xlfn.WEBSERVICE("http://example.org/"&amp;B3)'), refused=("row 3", "outside")
    ),
    "hyperlink to a file": Spoiled(made=lambda: formula('HYPERLINK("file:///x","y")'), refused=("outside",)),
    "hyperlink within": Spoiled(made=lambda: formula('HYPERLINK("#Sheet!A1","y")'), noted="formulas"),
    "ods dde": Spoiled(
        made=lambda: ods(
            table(row(text("a")), row(number(1, 'table:formula="of:=DDE(&quot;soffice&quot;;&quot;x&quot;)"')))
        ),
        refused=("row 2, column a", "outside"),
        name="cases.ods",
    ),
    "formula with a result": Spoiled(made=lambda: formula("SUM(B2:B9)"), noted="1 cells are formulas", rows=1),
    "formula with an empty text": Spoiled(
        made=lambda: formula('IF(B3=1,"",2)', "<v></v>", ' t="str"'), noted="1 cells are formulas"
    ),
    "formula without a result": Spoiled(
        made=lambda: book((*PLAIN, ("=SUM(A2:A3)", "x"))), refused=("row 4, column day", "no result", "paste")
    ),
    "formulas never worked out": Spoiled(
        made=lambda: worksheet(HEADER + '<row r="2"><c r="A2"><f>1+1</f><v>0</v></c></row>'),
        refused=("did not work out", "day"),
    ),
    "error": Spoiled(
        made=lambda: worksheet(HEADER + '<row r="2"><c r="A2" t="e"><v>#REF!</v></c><c r="B2"><v>1</v></c></row>'),
        refused=("row 2, column day", "error"),
    ),
    "error of a formula": Spoiled(
        made=lambda: formula("1/0", "<v>#DIV/0!</v>", ' t="e"'), refused=("row 3, column day", "error")
    ),
    "error in ods": Spoiled(
        made=lambda: ods(
            table(
                row(text("a"), text("b")),
                row(number(1), text("#DIV/0!", 'table:formula="of:=1/0" office:string-value=""')),
            )
        ),
        refused=("row 2, column b", "error"),
        name="cases.ods",
    ),
    "merged in data": Spoiled(made=lambda: merged("A2:A3"), refused=("rows 2 to 3", "Unmerge")),
    "merged header": Spoiled(
        made=lambda: merged("B1:C1", rows=(("day", "kind"), (1, "x"))), refused=("row 1", "B to C", "Unmerge")
    ),
    "merged in ods": Spoiled(
        made=lambda: ods(
            table(row(text("a"), text("b")), row(number(1, 'table:number-rows-spanned="2"'), text("x")), row(text("y")))
        ),
        refused=("rows 2 to 3",),
        name="cases.ods",
    ),
    "merged title": Spoiled(
        made=lambda: merged("A1:B1", rows=(("Contacts of 2024",), *PLAIN)), refused=("row 2", "header_row = 2")
    ),
    "two lines of title": Spoiled(
        made=lambda: book((("Contacts",), ("of 2024",), (), *PLAIN)), refused=("header_row = 4",)
    ),
    "first row empty": Spoiled(made=lambda: book(((), (), *PLAIN)), refused=("header_row = 3",)),
    "names twice": Spoiled(
        made=lambda: book((("day", "kind", "day"), (1, SECRET, 2))), refused=("number 1 and 3", "same name")
    ),
    "a name of Casearc's": Spoiled(made=lambda: book((("day", "_row"), (1, 2))), refused=("_row is taken",)),
    "cells without a name": Spoiled(
        made=lambda: book((("day", None, "kind"), (1, SECRET, "x"))), refused=("column number 2", "no name")
    ),
    "many cells without a name": Spoiled(
        made=lambda: book((("day", "kind"), (1, "x", SECRET, SECRET))), refused=("2 columns have cells but no name",)
    ),
    "ten thousand columns": Spoiled(
        made=lambda: book(([f"c{index}" for index in range(10_000)], [1] * 10_000)), refused=("10,000 columns",)
    ),
    "blank columns to the last": Spoiled(
        made=lambda: worksheet(
            HEADER + '<row r="2"><c r="A2"><v>1</v></c><c r="XFD2" s="0"/></row><row r="1048576" spans="1:16384"/>'
        ),
        rows=1,
    ),
    "date out of range": Spoiled(
        made=lambda: book(PLAIN, with_format("A3", 20240102, "yyyy-mm-dd")), refused=("row 3, column day", "is none")
    ),
    "date below zero": Spoiled(
        made=lambda: book(PLAIN, with_format("A3", -4, "d/m/yy")), refused=("row 3, column day",)
    ),
    "leap day of 1900": Spoiled(made=lambda: book(PLAIN, with_format("A3", 60, "d/m/yy")), refused=("row 3",)),
    "dates and text": Spoiled(made=lambda: book(DATED), noted="mixed in: day", rows=2),
    "days from 1904": Spoiled(made=from_1904, rows=1),
    "hidden worksheet": Spoiled(
        made=lambda: book((), lambda workbook: second(workbook, "hidden")), noted="Second is hidden"
    ),
    "very hidden worksheet": Spoiled(
        made=lambda: book((), lambda workbook: second(workbook, "veryHidden")), noted="Second is hidden"
    ),
    "only a chart": Spoiled(made=chart_only, refused=("No worksheet",)),
    "nothing at all": Spoiled(made=lambda: book(()), refused=("No worksheet",)),
    "only a header": Spoiled(made=lambda: book((("day", "kind"),)), rows=0),
    "very long cell": Spoiled(made=lambda: book((("day", "kind"), (1, "x" * 32_767))), rows=1),
    "text that looks like a formula": Spoiled(
        made=lambda: worksheet(
            HEADER + '<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="inlineStr"><is><t>=cmd|x</t></is></c></row>'
        ),
        rows=1,
    ),
}
