"""What a mapping can say of ids that a spreadsheet program changed, and of rows that begin with a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from casearc.errors import MappingError, TableError
from casearc.files.importing import import_files
from casearc.tables import Tables

LOOKUP = 'derive = { participant_id = { from = "people.csv", key = { who = "id" }, column = "id", %s } }'
MAPPING = """
version = 1
[table.participants]
file = "people.csv"
columns = { participant_id = "id" }
[table.enrollments]
file = "stays.csv"
columns = { enrollment_id = "stay" }
%s
"""


def run(folder: Path, more: str, *, people: str, stays: str) -> Tables:
    (folder / "people.csv").write_text("id\n" + people.replace(" ", "\n"), encoding="utf-8")
    (folder / "stays.csv").write_text("stay,who\n" + stays.replace(" ", "\n"), encoding="utf-8")
    (folder / "mapping.toml").write_text(MAPPING % more, encoding="utf-8")
    return import_files(folder / "mapping.toml", folder).tables


# what the mapping says, the ids of the persons, the stays, whose they are
FOUND = [
    ("without_leading_zeros = true", "00417 00500", "a,417 b,500", ["00417", "00500"]),
    ('without_leading_zeros = "yes"', "417 500", "a,00417 b,0500", ["417", "500"]),
    ("without_leading_zeros = true", "0A1 000", "a,0A1 b,0", ["0A1", "000"]),
]


@pytest.mark.parametrize(("said", "people", "stays", "whose"), FOUND)
def test_ids_without_their_zeros(said: str, people: str, stays: str, whose: list[str], tmp_path: Path) -> None:
    tables = run(tmp_path, LOOKUP % said, people=people, stays=stays)
    assert tables.enrollments["participant_id"].to_list() == whose


# ids of the persons, the stays, the file and rows that are refused
REFUSED = {
    "two persons": ("00417 417 500", "a,417 b,500", {("people.csv", 2), ("people.csv", 3)}),
    "two ids in the other file": ("00417 500", "a,417 b,0417", {("stays.csv", 2), ("stays.csv", 3)}),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_ids_that_would_be_one_are_refused(kind: str, tmp_path: Path) -> None:
    people, stays, where = REFUSED[kind]
    with pytest.raises(TableError, match="differ in nothing but leading zeros") as caught:
        run(tmp_path, LOOKUP % "without_leading_zeros = true", people=people, stays=stays)
    assert where <= {(fault.file, fault.row) for fault in caught.value.faults}


@pytest.mark.parametrize("said", ['without_leading_zeros = "no"', "without_leading_zeros = false"])
def test_ids_keep_their_zeros_otherwise(said: str, tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"stays\.csv, row 2, column who: No row of people\.csv has this id"):
        run(tmp_path, LOOKUP % said, people="00417", stays="a,417")


def test_anything_but_yes_and_no_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="without_leading_zeros"):
        run(tmp_path, LOOKUP % 'without_leading_zeros = "perhaps"', people="00417", stays="a,417")


# the condition, the persons that come in
BEGINS = [
    ('["Total"]', ["c1", "Totality", "n = 3"]),
    ('["total", "N ="]', ["c1", "Totality"]),
    ('""', ["c1", "Totality", "Total 3", "TOTAL", "n = 3"]),
]


@pytest.mark.parametrize(("words", "people"), BEGINS)
def test_rows_that_begin_with_a_word(words: str, people: list[str], tmp_path: Path) -> None:
    rows = ["c1", "Totality", "Total 3", "TOTAL", "n = 3"]
    (tmp_path / "people.csv").write_text("id,x\n" + "".join(f"{row},1\n" for row in rows), encoding="utf-8")
    (tmp_path / "mapping.toml").write_text(
        "version = 1\n"
        '[table.participants]\nfile = "people.csv"\ncolumns = { participant_id = "id" }\n'
        f'where = [ {{ column = "id", not_begins = {words}, reason = "sums" }} ]\n'
        '[table.enrollments]\nfile = "people.csv"\ncolumns = { participant_id = "id", enrollment_id = "id" }\n'
        f'where = [ {{ column = "id", not_begins = {words}, reason = "sums" }} ]\n',
        encoding="utf-8",
    )
    assert import_files(tmp_path / "mapping.toml", tmp_path).tables.participants["participant_id"].to_list() == people
