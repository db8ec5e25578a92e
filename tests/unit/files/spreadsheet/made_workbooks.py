"""Workbooks made for tests: sound ones by a library, spoiled ones part by part."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import openpyxl

from casearc.errors import DataRefusedError
from casearc.files.formats import read_file
from casearc.files.reading import Reading
from casearc.files.sheet import Sheet
from casearc.tables import FaultLog

SHEET1 = "xl/worksheets/sheet1.xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
HEADER = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>day</t></is></c><c r="B1" t="inlineStr"><is><t>kind</t></is></c></row>'
)


def read_bytes(
    content: bytes, folder: Path, *, name: str = "cases.xlsx", reading: Reading | None = None
) -> tuple[tuple[Sheet, ...], str]:
    """The sheets of a workbook, and every fault in words."""
    path = folder / name
    path.write_bytes(content)
    log = FaultLog()
    sheets = read_file(path, name=name, log=log, reading=reading)
    try:
        log.raise_if_any(DataRefusedError, "Files were")
    except DataRefusedError as error:
        assert not sheets, "all or nothing"
        return (), str(error)
    return sheets, ""


def saved(workbook: openpyxl.Workbook) -> bytes:
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def book(rows: Sequence[Sequence[object]], change: Callable[[openpyxl.Workbook], object] | None = None) -> bytes:
    """A workbook with these rows on its first worksheet, changed by hand."""
    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    for row in rows:
        workbook.active.append(list(row))  # type: ignore[union-attr]
    if change is not None:
        change(workbook)
    return saved(workbook)


PLAIN = (("day", "kind"), (1, "client"), (2, "joint"))


def repacked(content: bytes, replaced: Mapping[str, bytes | str], *, without: Sequence[str] = ()) -> bytes:
    """The archive with parts replaced or added."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for name in old.namelist():
            if name not in without:
                new.writestr(name, replaced.get(name, old.read(name)))
        for name, part in replaced.items():
            if name not in old.namelist():
                new.writestr(name, part)
    return result.getvalue()


def worksheet(data: str, *, before: str = "") -> bytes:
    """A workbook whose first worksheet has this sheetData."""
    start = f'<?xml version="1.0"?><worksheet xmlns="{_MAIN}">{before}'
    part = f"{start}<sheetData>{data}</sheetData></worksheet>"
    return repacked(book(PLAIN), {SHEET1: part})


def ods(tables: str, *, before: str = "", more: Mapping[str, bytes | str] | None = None) -> bytes:
    """An ODS workbook with these tables."""
    spaces = " ".join(f'xmlns:{name}="{_OFFICE}:{name}:1.0"' for name in ("office", "table", "text", "style"))
    content = (
        f'<?xml version="1.0"?>{before}<office:document-content {spaces}><office:body><office:spreadsheet>{tables}'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", ODS_TYPE)
        archive.writestr(
            "META-INF/manifest.xml",
            f'<?xml version="1.0"?><manifest:manifest xmlns:manifest="{_OFFICE}:manifest:1.0"/>',
        )
        archive.writestr("content.xml", content)
        for name, part in (more or {}).items():
            archive.writestr(name, part)
    return result.getvalue()


def table(*rows: str, name: str = "Contacts") -> str:
    return f'<table:table table:name="{name}">{"".join(rows)}</table:table>'


def row(*cells: str, repeated: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeated}">{"".join(cells)}</table:table-row>'


def text(value: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {more}><text:p>{value}</text:p></table:table-cell>'


def number(value: float, more: str = "") -> str:
    shown = f"<text:p>{value}</text:p>"
    return f'<table:table-cell office:value-type="float" office:value="{value}" {more}>{shown}</table:table-cell>'


def blank(repeated: int = 1) -> str:
    return f'<table:table-cell table:number-columns-repeated="{repeated}"/>'


def xls(cells: Mapping[tuple[int, int], object], *, merged: tuple[int, int, int, int] | None = None) -> bytes:
    """A workbook in the old format with one worksheet, made record by record; None is a cell that shows an error."""
    page = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    for (row_at, column), value in cells.items():
        place = struct.pack("<HHH", row_at, column, 0)
        if isinstance(value, str):
            page += _record(0x0204, place + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
        elif isinstance(value, float | int):
            page += _record(0x0203, place + struct.pack("<d", value))
        elif value is None:
            page += _record(0x0205, place + bytes((0x07, 1)))
    if merged is not None:
        page += _record(0x00E5, struct.pack("<HHHHH", 1, *merged))
    page += _record(0x000A, b"")
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)) + _record(0x0042, b"\xb0\x04")
    at = len(start) + 4 + 8 + 8 + 4
    bound = _record(0x0085, struct.pack("<IBBBB", at, 0, 0, 8, 0) + b"Contacts")
    return _ole((start + bound + _record(0x000A, b"") + page).ljust(4096, b"\x00"))


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _ole(stream: bytes) -> bytes:
    """The wrapping of the old format around one stream: a header, the list of sectors, a directory, the stream."""
    stream = stream.ljust(-(-len(stream) // 512) * 512, b"\x00")
    count = len(stream) // 512
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<I", 0) + b"\xff" * (512 - len(header) - 4)
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + count), 0xFFFFFFFE]
    sectors = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    entries = _entry("Root Entry", 5, child=1, start=0xFFFFFFFE, size=0)
    entries += _entry("Workbook", 2, child=0xFFFFFFFF, start=2, size=len(stream))
    return header + sectors + entries.ljust(512, b"\x00") + stream


def _entry(name: str, kind: int, *, child: int, start: int, size: int) -> bytes:
    text_of = name.encode("utf-16-le") + b"\x00\x00"
    links = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
    head = text_of.ljust(64, b"\x00") + struct.pack("<HBB", len(text_of), kind, 1) + links + bytes(36)
    return head + struct.pack("<IQ", start, size)
