"""CSV as it comes out of the world: what is accepted, and that rows are counted right."""

from __future__ import annotations

from pathlib import Path

import pytest

from casearc.errors import TableError
from casearc.files.csv import read_csv
from casearc.files.sheet import Sheet
from casearc.tables import FaultLog


def read(folder: Path, data: bytes) -> Sheet:
    path = folder / "some.csv"
    path.write_bytes(data)
    log = FaultLog()
    raw = read_csv(path, name="some.csv", log=log)
    log.raise_if_any(TableError, "The data were")
    assert raw is not None
    return raw


# what the file holds, the cells, the row each record is said to stand in
ACCEPTED = {
    "plain": (b"a,b\n1,2\n3,4\n", [("1", "2"), ("3", "4")], [2, 3]),
    "no line end at the end": (b"a,b\n1,2", [("1", "2")], [2]),
    "header only": (b"a,b\n", [], []),
    "byte-order mark": (b"\xef\xbb\xbfa,b\n1,2\n", [("1", "2")], [2]),
    "Windows line ends": (b"a,b\r\n1,2\r\n", [("1", "2")], [2]),
    "old Mac line ends": (b"a,b\r1,2\r", [("1", "2")], [2]),
    "blanks around cells and names": (b" a ,b\n 1 ,\t2\n", [("1", "2")], [2]),
    "no-break spaces around cells": ("a,b\n\u00a01\u00a0,2\n".encode(), [("1", "2")], [2]),
    "empty rows count but are left out": (b"a,b\n\n1,2\n,\n \t, \n3,4\n\n\n", [("1", "2"), ("3", "4")], [3, 6]),
    "empty cell and empty quotes are missing": (b'a,b\n1,\n"",2\n', [("1", None), (None, "2")], [2, 3]),
    "delimiter and marks inside quotes": (b'a,b\n"1,5","x ""y"" z"\n', [("1,5", 'x "y" z')], [2]),
    "a cell that is one quotation mark": (b'a,b\n"""",2\n', [('"', "2")], [2]),
    "a record of three lines is one row": (b'a,b\n"p\nq\nr",2\n3,4\n', [("p\nq\nr", "2"), ("3", "4")], [2, 3]),
    "an empty line inside quotes is no row": (b'a,b\n"p\n\nq",2\n\n3,4\n', [("p\n\nq", "2"), ("3", "4")], [2, 4]),
    "a quoted header": (b'"a","b"\n1,2\n', [("1", "2")], [2]),
    "formulas are text": (b"a,b\n=1+1,@SUM(A1)\n", [("=1+1", "@SUM(A1)")], [2]),
    "leading zeros stay": (b"a,b\n007,1e5\n", [("007", "1e5")], [2]),
    "empty columns at the right fall away": (b"a,b,,\n1,2,,\n", [("1", "2")], [2]),
    "one column": (b"a\n1\n\n2\n", [("1",), ("2",)], [2, 4]),
    "a comment sign is no comment": (b"a,b\n#1,2\n", [("#1", "2")], [2]),
}


@pytest.mark.parametrize("kind", ACCEPTED)
def test_what_is_accepted(kind: str, tmp_path: Path) -> None:
    """Cells come through as text; rows are those a spreadsheet program shows, the header being row 1."""
    data, cells, rows = ACCEPTED[kind]
    raw = read(tmp_path, data)
    assert raw.frame.rows() == cells
    assert raw.places["_row"].to_list() == rows
    assert raw.places["_file"].to_list() == ["some.csv"] * len(rows)


def test_empty_rows_are_counted(tmp_path: Path) -> None:
    raw = read(tmp_path, b"a,b\n\n1,2\n,\n3,4\n\n")
    assert (raw.rows_read, raw.empty_rows, raw.frame.height) == (5, 3, 2)


# what the file holds, the row in which quoting is said to go wrong
QUOTES = {
    "left open in the last row": (b'a,b\n1,2\n3,"4\n', 3),
    "left open, others follow": (b'a,b\n1,"2\n3,"4"\n5,"6"\n', 2),
    "in the middle of a cell": (b'a,b\n1,2\n3,4"x"5\n', 3),
    "an inch sign at the end": (b'a,b\n1,5"\n3,4\n', 2),
    "text behind the closing mark": (b'a,b\n1,2\n"3"x,4\n', 3),
    "a blank before the opening mark": (b'a,b\n1, "2"\n', 2),
    "doubled in a cell without marks": (b'a,b\n1,2\n3,4""5\n', 3),
    "in the header": (b'a,"b\n1,2\n', 1),
    "after a good record of two lines": (b'a,b\n"x\ny",2\n3,4"\n', 3),
}


@pytest.mark.parametrize("kind", QUOTES)
def test_quoting_that_goes_wrong_is_found_where_it_begins(kind: str, tmp_path: Path) -> None:
    data, row = QUOTES[kind]
    with pytest.raises(TableError) as caught:
        read(tmp_path, data)
    assert [fault.row for fault in caught.value.faults] == [row]


def test_a_row_too_short_is_not_filled_up(tmp_path: Path) -> None:
    """The parser underneath would; a missing comma shifts every cell after it."""
    with pytest.raises(TableError) as caught:
        read(tmp_path, b"a,b,c\n1,2,3\n4,5\n6,7,8,9\n")
    assert [(fault.row, fault.problem) for fault in caught.value.faults] == [
        (3, "The row has fewer cells than the header (which has 3)."),
        (4, "The row has more cells than the header (which has 3)."),
    ]
