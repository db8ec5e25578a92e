"""Workbooks made for tests: sound ones by a library, spoiled ones part by part."""

from __future__ import annotations

import io
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
