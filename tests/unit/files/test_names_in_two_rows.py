"""Column names in two rows, as survey services write them: told from rows of cells, in text files and workbooks."""

from __future__ import annotations

from pathlib import Path

import pytest
from xlsxwriter import Workbook

from casearc.errors import TableError
from casearc.files.csv.sniff import sniff
from casearc.files.header_pair import is_pair
from casearc.files.proposal import propose

GRID = (["Respondent ID", "Day", "How is it?", "", ""], ["", "Response", "At home", "At school", "At work"])

# two rows -> whether both are names
PAIRS = {
    "a question above its rows": (*GRID, True),
    "a number in the second": (GRID[0], ["", "Response", "At home", "At school", "3"], False),
    "a date in the second": (GRID[0], ["", "2024-01-02", "At home", "At school", "At work"], False),
    "a column that neither names": (GRID[0], ["", "Response", "At home", "", "At work"], False),
    "a column without a name": (["Respondent ID", "Day", "How is it?", "Where?", ""], GRID[1], False),
    "the same below twice": (GRID[0], ["", "Response", "At home", "At home", "At home"], False),
    "every cell filled in the second": (GRID[0], ["r1", "Response", "At home", "At school", "At work"], False),
    "every cell filled in both": (["a", "b", "c"], ["x", "y", "z"], False),
}


@pytest.mark.parametrize("kind", PAIRS)
def test_two_rows_are_names_or_not(kind: str) -> None:
    first, second, wanted = PAIRS[kind]
    assert is_pair(first, second) is wanted


BODY = [["s1", "2024-01-02", "3", "4", "5"], ["s2", "2024-01-03", "1", "2", "3"], ["s3", "2024-01-04", "2", "2", "1"]]


@pytest.mark.parametrize("above", [[], [["Harbor Light (made up)", "", "", "", ""]]], ids=["first", "below a title"])
def test_a_text_file_is_seen_to_have_them(above: list[list[str]], tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("".join(",".join(row) + "\n" for row in [*above, *GRID, *BODY]), encoding="utf-8")
    reading = sniff(path).reading
    assert (reading.header_row, reading.header_height) == (1 + len(above), 2)


def test_an_ordinary_file_is_not(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("id,day,mood\ns1,0,good\ns2,1,bad\n", encoding="utf-8")
    assert sniff(path).reading.header_height == 1


def test_rows_of_people_below_names_are_no_names(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    people = ["id,gender,home,school,work", "P1,girl,a,b,", "P2,girl,,,x", ",,c,d,y", "P4,boy,e,f,z"]
    path.write_text("\n".join(people) + "\n", encoding="utf-8")
    reading = sniff(path).reading
    assert (reading.header_row, reading.header_height) == (1, 1)


@pytest.mark.parametrize("merged", [True, False])
def test_a_worksheet_is_seen_to_have_them(merged: bool, tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    with Workbook(path) as book:
        page = book.add_worksheet("Sheet")
        for number, row in enumerate([*GRID, *BODY]):
            page.write_row(number, 0, row)
        if merged:
            page.merge_range(0, 2, 0, 4, "How is it?")
    proposal = propose([path])
    assert '[file."s.xlsx"]\nheader_height = 2' in proposal.text
    assert [left.column for left in proposal.left if left.column.startswith("How")] == [
        f"How is it? [{row}]" for row in ("At home", "At school", "At work")
    ]


def test_cells_merged_among_the_answers_are_refused_as_ever(tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    with Workbook(path) as book:
        page = book.add_worksheet("Sheet")
        for number, row in enumerate([*GRID, *BODY]):
            page.write_row(number, 0, row)
        page.merge_range(3, 2, 3, 4, "3")
    with pytest.raises(TableError, match="Cells are merged"):
        propose([path])
