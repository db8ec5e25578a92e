"""Cells of sound workbooks arrive as they are, with the rows a spreadsheet program shows."""

from __future__ import annotations

import datetime
import time
from array import array
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from made_workbooks import blank, book, number, ods, read_bytes, row, saved, table, text, xls
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from casearc.files.spreadsheet.book import Book
from casearc.files.spreadsheet.scan import WorksheetScan, reaches_out


@pytest.mark.parametrize("epoch", [CALENDAR_WINDOWS_1900, CALENDAR_MAC_1904])
@pytest.mark.parametrize("day", [datetime.date(1904, 3, 1), datetime.date(2024, 2, 29), datetime.date(9999, 12, 31)])
def test_dates_by_either_calendar(tmp_path: Path, epoch: datetime.datetime, day: datetime.date) -> None:
    workbook = openpyxl.Workbook()
    workbook.epoch = epoch
    page: Any = workbook.active
    page.append(["day"])
    page.append([day])
    (sheet,), faults = read_bytes(saved(workbook), tmp_path)
    assert faults == ""
    assert sheet.frame["day"].to_list() == [day.isoformat()]


@pytest.mark.parametrize(
    ("value", "shown_as", "read"),
    [
        (5, "General", "5"),
        (5.0, "0.00", "5"),
        (0.123456789012345, "General", "0.123456789012345"),
        (1e14, "General", "100000000000000"),
        (-0.5, "General", "-0.5"),
        (0.25, "0%", "0.25"),
        (True, "General", "true"),
        ("007", "@", "007"),
        ("3,5", "@", "3,5"),
        ("  blanks  ", "@", "blanks"),
        ("'=1+1", "@", "=1+1"),
        ("'tis", "@", "'tis"),
        (datetime.date(2024, 1, 2), "d. mmm yy", "2024-01-02"),
        (datetime.datetime(2024, 1, 2, 3, 4, 5), "dd/mm/yyyy hh:mm:ss", "2024-01-02 03:04:05"),
        (datetime.time(3, 4), "hh:mm", "03:04:00"),
        (datetime.timedelta(hours=30, minutes=5), "[h]:mm", "30:05:00"),
    ],
)
def test_values(tmp_path: Path, value: Any, shown_as: str, read: str) -> None:
    def change(workbook: openpyxl.Workbook) -> None:
        page = workbook["Sheet"]
        page["A2"] = value
        page["A2"].number_format = shown_as

    (sheet,), faults = read_bytes(book((("a",),), change), tmp_path)
    assert faults == ""
    assert sheet.frame.rows() == [(read,)]


def test_rows_are_counted_as_shown(tmp_path: Path) -> None:
    rows = (("day", "kind"), (1, "a"), (), (), (2, "b"), (None, "   "))
    (sheet,), _ = read_bytes(book(rows), tmp_path)
    assert sheet.places["_row"].to_list() == [2, 5]
    assert sheet.empty_rows == 3
    assert sheet.rows_read == 5


def test_a_table_that_does_not_begin_at_the_left(tmp_path: Path) -> None:
    def change(workbook: openpyxl.Workbook) -> None:
        page = workbook["Sheet"]
        page["C1"], page["D1"], page["C2"] = "day", "kind", 4

    (sheet,), faults = read_bytes(book((), change), tmp_path)
    assert faults == ""
    assert sheet.frame.rows(named=True) == [{"day": "4", "kind": None}]
    assert sheet.places.rows() == [("cases.xlsx", 2)]


def test_several_worksheets_have_names_of_their_own(tmp_path: Path) -> None:
    def change(workbook: openpyxl.Workbook) -> None:
        page = workbook.create_sheet("Öffnung & Co")
        page.append(["a", "b"])
        page.append([1, 2])
        page["D7"] = "stray"
        workbook.create_sheet("Empty")

    _, faults = read_bytes(book((("x", "y"), (1, 2)), change), tmp_path)
    assert "cases.xlsx, sheet Öffnung & Co, row 1, column number 4" in faults
    sheets, _ = read_bytes(book((("x", "y"), (1, 2)), lambda w: w.create_sheet("Two").append(["a", "b"])), tmp_path)
    assert [sheet.name for sheet in sheets] == ["cases.xlsx#Sheet", "cases.xlsx#Two"]
    assert sheets[0].places["_file"].to_list() == ["cases.xlsx, sheet Sheet"]


def test_all_faults_of_all_worksheets_at_once(tmp_path: Path) -> None:
    def change(workbook: openpyxl.Workbook) -> None:
        page = workbook.create_sheet("Two")
        page.append(["a", "a"])

    _, faults = read_bytes(book((("x", None, "y"), (1, 2, 3), ("=1+1", 3, 4)), change), tmp_path)
    assert "sheet Two, row 1: The columns number 1 and 2" in faults
    assert "sheet Sheet, row 3, column x: The formula has no result" in faults
    assert "sheet Sheet, row 1, column number 2" in faults


def test_ods(tmp_path: Path) -> None:
    content = ods(
        table(
            row(text("day"), text("kind"), text("when"), text("took")),
            row(blank(4), repeated=3),
            row(
                number(2.5),
                text("a<text:s text:c='2'/>b"),
                '<table:table-cell office:value-type="date" office:date-value="2024-02-29"/>',
                '<table:table-cell office:value-type="time" office:time-value="PT30H04M05S"/>',
            ),
            row(number(3), text("=x"), repeated=2),
        )
    )
    (sheet,), faults = read_bytes(content, tmp_path, name="cases.ods")
    assert faults == ""
    assert sheet.format == "ods"
    assert sheet.frame.rows() == [
        ("2.5", "a  b", "2024-02-29", "30:04:05"),
        ("3", "=x", None, None),
        ("3", "=x", None, None),
    ]
    assert sheet.places["_row"].to_list() == [5, 6, 7]


@pytest.mark.parametrize(
    ("formula", "reaches"),
    [
        ("SUM(A1:A9)", False),
        ("Table1[Kind]&Sheet2!A1", False),
        ("Table1[[#This Row],[Kind]]+1", False),
        ('"a|b [1]x!"&A1', False),
        ("'My sheet'!A1", False),
        ('HYPERLINK("#Sheet2!A1","there")', False),
        ("[2]Data!$A$1", True),
        ("'[2]Data of May'!A1", True),
        ("[1]!name", True),
        (r"'C:\x\[a.xlsx]S'!B2", True),
        ("cmd|'/c calc'!A0", True),
        ('WEBSERVICE("https://example.org")', True),
        ('RTD("x",,"y")', True),
        ('HYPERLINK("https://example.org","x")', True),
        ("HYPERLINK(A1)", True),
    ],
)
def test_formulas_that_reach_out(formula: str, reaches: bool) -> None:
    assert reaches_out(formula) is reaches


def test_a_million_cells_take_seconds(tmp_path: Path) -> None:
    """Not a benchmark: it only tells seconds from minutes."""
    wide = pl.DataFrame({f"c{index}": pl.int_range(4_000, eager=True) for index in range(50)})
    wide.write_excel(tmp_path / "wide.xlsx")
    started = time.monotonic()
    (sheet,), _ = read_bytes((tmp_path / "wide.xlsx").read_bytes(), tmp_path)
    assert sheet.frame.shape == (4_000, 50)
    assert time.monotonic() - started < 20


def test_the_old_format(tmp_path: Path) -> None:
    cells = {(0, 0): "day", (0, 1): "kind", (1, 0): 5, (1, 1): "élan", (3, 0): 0.25, (3, 1): "'=1+1"}
    (sheet,), faults = read_bytes(xls(cells), tmp_path, name="cases.xls")
    assert faults == ""
    assert sheet.format == "xls"
    assert sheet.frame.rows() == [("5", "élan"), ("0.25", "=1+1")]
    assert sheet.places["_row"].to_list() == [2, 4]
    assert any("old format" in note for note in sheet.notes)


def test_the_old_format_named_as_the_new(tmp_path: Path) -> None:
    (sheet,), _ = read_bytes(xls({(0, 0): "day", (1, 0): 5}), tmp_path)
    assert sheet.frame.rows() == [("5",)]


@pytest.mark.parametrize(
    ("cells", "merged", "words"),
    [
        ({(0, 0): "a", (0, 1): "a"}, None, "same name"),
        ({(0, 0): "a", (65_535, 255): "b"}, None, "reaches over 16,777,216 cells"),
        ({(0, 0): "a", (0, 1): "b", (1, 0): 1, (2, 1): 2}, (1, 2, 0, 0), "rows 2 to 3, A"),
        ({(0, 0): "a", (0, 1): "b", (1, 0): 1, (1, 1): None}, None, "row 2, column b: The cell shows an error"),
    ],
)
def test_the_old_format_spoiled(
    tmp_path: Path, cells: dict[tuple[int, int], object], merged: tuple[int, int, int, int] | None, words: str
) -> None:
    _, faults = read_bytes(xls(cells, merged=merged), tmp_path, name="cases.xls")
    assert words in faults


def test_texts_are_weighed_wherever_they_are_stored() -> None:
    data = (
        '<w><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><r><t>äb</t></r><r><t>c</t></r></is></c>'
        '<c r="C1" t="str"><f>A1</f><v>four</v></c><c r="D1"><v>123456</v></c></row></w>'
    )
    found = WorksheetScan(Book(texts=array("L", [1_000])), weigh=True).run(BytesIO(data.encode()))
    assert found.text == 1_000 + 4 + 4
    assert found.formulas.total() == 1
    assert WorksheetScan(Book(), weigh=False).run(BytesIO(data.encode())).shared == 1
