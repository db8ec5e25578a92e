"""At the import itself: columns of codes take codes, whatever the mapping says; durations become minutes."""

from __future__ import annotations

from pathlib import Path

import pytest

from casearc.errors import MappingError, TableError
from casearc.files.importing import Imported, import_files

CLIENTS = """\
Id,Start,Gender,Housing,Why
a,2024-01-01,Girl,kin,Completed
b,2024-01-01,Girl,kin,Moved in with aunt Elena Madeup at 4 Madeup Ave
c,2024-01-01,Girl,with the Inventas,Completed
d,2024-01-01,"Girl, goes by Rosa Madeup",kin,Completed
"""
CONTACTS = """\
Id,On,Outcome,Time
a,2024-01-02,Completed,0.5
b,2024-01-02,Completed,1.25
c,2024-01-02,"Called Rosa Madeup 555-0142, left vm",2
d,2024-01-02,Completed,a while
"""
MAPPING = """
[table.participants]
file = "clients.csv"
columns = { participant_id = "Id", gender = "Gender", housing = "Housing" }
[table.enrollments]
file = "clients.csv"
columns = { enrollment_id = "Id", participant_id = "Id", start_date = "Start", exit_reason = "Why" }
"""
WITH_CONTACTS = """
[table.contacts]
file = "contacts.csv"
columns = { enrollment_id = "Id", date = "On", outcome = "Outcome" }
codes = { outcome = { Completed = "completed" } }
otherwise = { outcome = "attempted" }
derive = { contact_id = { row_number = "c-" }, contact_type = { value = "client" } }
"""
KEPT = {
    "gender": 'otherwise = { gender = "girl", housing = "(keep as written)" }',
    "exit_reason": 'otherwise = { exit_reason = "" }',
}


def run(folder: Path, text: str, *, clients: str = CLIENTS, contacts: str = CONTACTS) -> Imported:
    (folder / "clients.csv").write_text(clients, encoding="utf-8")
    (folder / "contacts.csv").write_text(contacts, encoding="utf-8")
    (folder / "mapping.toml").write_text(text, encoding="utf-8")
    return import_files(folder / "mapping.toml", folder)


def answered(**kept: str) -> str:
    """The mapping with what stands for texts."""
    people, stays = MAPPING.split("[table.enrollments]")
    return f"{people}{kept.get('gender', '')}\n[table.enrollments]{stays}{kept.get('exit_reason', '')}\n"


def test_texts_are_refused_by_row_and_column_and_without_their_words(tmp_path: Path) -> None:
    with pytest.raises(TableError) as caught:
        run(tmp_path, MAPPING)
    faults = {(fault.file, fault.row, fault.column) for fault in caught.value.faults}
    assert faults == {
        ("clients.csv", 5, "Gender (gender)"),
        ("clients.csv", 4, "Housing (housing)"),
        ("clients.csv", 3, "Why (exit_reason)"),
    }
    assert "otherwise.gender" in str(caught.value)
    assert not any(word in str(caught.value) for word in ("Rosa", "Elena", "Madeup", "Inventa"))


def test_what_stands_for_texts_is_taken_and_counted(tmp_path: Path) -> None:
    tables = run(tmp_path, answered(**KEPT)).tables
    assert tables.participants["gender"].to_list() == ["Girl", "Girl", "Girl", "girl"]
    assert tables.participants["housing"].to_list() == ["kin", "kin", "with the Inventas", "kin"]
    assert tables.enrollments["exit_reason"].to_list() == ["Completed", None, "Completed", "Completed"]
    assert any("1 cell of gender is no code" in note for note in tables.report.notes)


@pytest.mark.parametrize("column", ["gender", "exit_reason"])
def test_a_sentence_is_not_kept_even_where_the_mapping_says_so(column: str, tmp_path: Path) -> None:
    kept = {**KEPT, column: f'otherwise = {{ {column} = "(keep as written)", housing = "other" }}'}
    if column == "exit_reason":
        kept[column] = 'otherwise = { exit_reason = "(keep as written)" }'
    with pytest.raises(TableError, match="a text where a code belongs"):
        run(tmp_path, answered(**kept))


def test_a_new_code_is_not_taken_for_a_text(tmp_path: Path) -> None:
    """What stands for texts does not swallow a code that comes up later."""
    later = CONTACTS.replace("a while", "1") + "".join(f"a,2024-01-0{day},Postponed,1\n" for day in (3, 4, 5))
    with pytest.raises(TableError, match="a code that the mapping does not cover"):
        run(tmp_path, answered(**KEPT) + WITH_CONTACTS, contacts=later)
    outcomes = run(tmp_path, answered(**KEPT) + WITH_CONTACTS).tables.contacts["outcome"].to_list()
    assert outcomes == ["completed", "completed", "attempted", "completed"]


# how a column is written, its cells, the minutes
DURATIONS = [
    ("minutes", ("5", "75"), [5.0, 75.0]),
    ("hours", ("0.5", "1.25"), [30.0, 75.0]),
    ("hours:minutes", ("0:30", "1:15"), [30.0, 75.0]),
    ("minutes:seconds", ("0:30", "1:15"), [0.5, 1.25]),
]


@pytest.mark.parametrize(("written", "cells", "minutes"), DURATIONS, ids=[each[0] for each in DURATIONS])
def test_durations_become_minutes(written: str, cells: tuple[str, str], minutes: list[float], tmp_path: Path) -> None:
    contacts = f"Id,On,Outcome,Time\na,2024-01-02,Completed,{cells[0]}\nb,2024-01-02,Completed,{cells[1]}\n"
    made = f'minutes = {{ duration = "Time", written_in = "{written}" }}, contact_id ='
    text = answered(**KEPT) + WITH_CONTACTS.replace("contact_id =", made)
    assert run(tmp_path, text, contacts=contacts).tables.contacts["minutes"].to_list() == minutes


def test_a_cell_that_is_no_duration_is_refused(tmp_path: Path) -> None:
    made = 'minutes = { duration = "Time", written_in = "hours" }, contact_id ='
    with pytest.raises(TableError, match=r"contacts.csv, row 5, column minutes"):
        run(tmp_path, answered(**KEPT) + WITH_CONTACTS.replace("contact_id =", made))


# what is wrong in a mapping, and what is said of it
WRONG = {
    "a unit nobody knows": (
        WITH_CONTACTS.replace("contact_id =", 'minutes = { duration = "Time", written_in = "days" }, contact_id ='),
        "written_in must be one of minutes, hours",
    ),
    "a column the table has not": (WITH_CONTACTS.replace('{ outcome = "attempted" }', '{ mood = "other" }'), "mood"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_mapping_that_is_wrong_is_refused(kind: str, tmp_path: Path) -> None:
    text, words = WRONG[kind]
    with pytest.raises(MappingError, match=words):
        run(tmp_path, answered(**KEPT) + text)


def test_otherwise_for_a_column_that_is_not_made_is_refused(tmp_path: Path) -> None:
    text = WITH_CONTACTS.replace('{ outcome = "attempted" }', '{ outcome = "attempted", medium = "other" }')
    with pytest.raises(TableError, match="otherwise speaks of a column medium"):
        run(tmp_path, answered(**KEPT) + text)
