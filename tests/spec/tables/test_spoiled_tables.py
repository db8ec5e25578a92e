"""What is refused, where the message points, and that it never repeats a participant's value.

One good folder of files; each row of a table below spoils one thing in it. All people are made up.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casearc.errors import TableError
from casearc.files import read_folder

GOOD = {
    "participants.csv": (
        "participant_id,age_at_enrollment,gender,race_ethnicity,trafficking_status\n"
        "P01,14,girl,black;latina,confirmed\n"
        "P02,15.5,girl,white,presumed\n"
        "P03,,boy,,not_identified\n"
    ),
    "enrollments.csv": (
        "enrollment_id,participant_id,program,start_date,first_service_date,exit_date\n"
        "E01,P01,north,2023-03-14,2023-05-20,2024-02-01\n"
        "E02,P02,north,2023-04-02,,\n"
        "E03,P03,south,2023-04-15,2023-07-01,\n"
    ),
    "contacts.csv": (
        "contact_id,enrollment_id,date,contact_type,outcome,minutes\n"
        "C01,E01,2023-05-21,client,completed,45\n"
        "C02,E01,2023-05-28,joint,completed,\n"
        "C03,E02,2023-06-02,client,attempted,5\n"
    ),
    "goals.csv": (
        "goal_id,enrollment_id,domain,opened_day,closed_day,status,rating\n"
        "G01,E01,school,10,100,met,1\n"
        "G02,E02,housing,12,,open,\n"
    ),
    "needs.csv": "enrollment_id,day,domain,level\nE01,3,housing,2\nE01,90,housing,1\n",
    "administrations.csv": (
        "administration_id,enrollment_id,instrument,day,mode\nA01,E01,mspss,3,self\nA02,E02,mspss,-2,paper\n"
    ),
    "responses.csv": (
        "administration_id,item,response,missing_reason\nA01,mspss_1,4,\nA01,mspss_2,,declined\nA02,mspss_1,7,\n"
    ),
}


def written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def spoiled(folder: Path, file: str, row: int, line: str) -> Path:
    """The good folder with one line of one file replaced (row 1 is the header)."""
    lines = GOOD[file].splitlines()
    lines[row - 1] = line
    return written(folder, GOOD | {file: "\n".join(lines) + "\n"})


def test_the_good_folder_is_accepted(tmp_path: Path) -> None:
    """Otherwise every refusal below might have another cause."""
    tables = read_folder(written(tmp_path, GOOD))
    assert tables.report.tables["contacts"] == 3
    assert tables.enrollments["exit_day"].to_list() == [324, None, None]
    assert tables.contacts["day"].to_list() == [68, 75, 61]
    assert tables.contacts["minutes"].to_list() == [45.0, None, 5.0]


# file, row, the spoiled line, column the message names, words it must have, the value it must not have
CELLS = {
    "text in a number column": (
        "contacts.csv", 2, "C01,E01,2023-05-21,client,completed,fortyfive", "minutes", "Text stands", "fortyfive"),
    "decimal comma": (
        "participants.csv", 3, 'P02,"15,75",girl,white,presumed', "age_at_enrollment", "a comma in it", "15,75"),
    "comma between thousands": (
        "contacts.csv", 2, 'C01,E01,2023-05-21,client,completed,"1,045.5"', "minutes", "between thousands", "1,045"),
    "word for missing": (
        "contacts.csv", 3, "C02,E01,2023-05-28,joint,completed,N/A", "minutes", "sign for missing", "N/A"),
    "unit behind the number": (
        "contacts.csv", 2, "C01,E01,2023-05-21,client,completed,47 min", "minutes", "unit behind it", "47"),
    "clock time": (
        "contacts.csv", 2, "C01,E01,2023-05-21,client,completed,1:17", "minutes", "clock time", "1:17"),
    "spreadsheet error": (
        "contacts.csv", 2, "C01,E01,2023-05-21,client,completed,#REF!", "minutes", "spreadsheet error", "#REF"),
    "infinite": (
        "contacts.csv", 2, "C01,E01,2023-05-21,client,completed,inf", "minutes", "infinite", "inf."),
    "negative minutes": (
        "contacts.csv", 4, "C03,E02,2023-06-02,client,attempted,-37", "minutes", "negative", "-37"),
    "minutes beyond a day": (
        "contacts.csv", 4, "C03,E02,2023-06-02,client,attempted,4537", "minutes", "out of range", "4537"),
    "age out of range": (
        "participants.csv", 2, "P01,147,girl,black,confirmed", "age_at_enrollment", "from 0 to 120", "147"),
    "rating out of range": (
        "goals.csv", 2, "G01,E01,school,10,100,met,37", "rating", "from -2 to 2", "37"),
    "rating with decimals": (
        "goals.csv", 2, "G01,E01,school,10,100,met,1.37", "rating", "whole number", "1.37"),
    "goal met below zero": (
        "goals.csv", 2, "G01,E01,school,10,100,met,-1", "rating", "met with a rating below 0", "G01"),
    "goal not met at zero": (
        "goals.csv", 2, "G01,E01,school,10,100,not_met,0", "rating", "not met with a rating", "G01"),
    "goal closed before opened": (
        "goals.csv", 2, "G01,E01,school,10,7,met,1", "closed_day", "before it was opened", "G01"),
    "open goal with a closing day": (
        "goals.csv", 3, "G02,E02,housing,12,77,open,", "status", "open and has a closing day", "77"),
    "unknown code": (
        "contacts.csv", 3, "C02,E01,2023-05-28,teammeeting,completed,", "contact_type", "team_partner", "teammeeting"),
    "known code in another spelling": (
        "contacts.csv", 3, "C02,E01,2023-05-28,joint,Completed,", "outcome", "completed, attempted", "Completed,"),
    "unknown missing reason": (
        "responses.csv", 3, "A01,mspss_2,,asleep", "missing_reason", "staff_omission", "asleep"),
    "codes with a bar between": (
        "participants.csv", 2, "P01,14,girl,black|latina,confirmed", "race_ethnicity", "Put ; between", "latina"),
    "required cell empty": (
        "contacts.csv", 4, "C03,E02,,client,attempted,5", "date", "The cell is empty", "C03"),
    "serial date": (
        "contacts.csv", 4, "C03,E02,45079,client,attempted,5", "date", "serial number", "45079"),
    "two-digit year": (
        "contacts.csv", 4, "C03,E02,6/2/23,client,attempted,5", "date", "two-digit year", "6/2/23"),
    "month and day swapped": (
        "contacts.csv", 4, "C03,E02,2023-31-05,client,attempted,5", "date", "look swapped", "2023-31"),
    "day first": (
        "contacts.csv", 4, "C03,E02,28/05/2023,client,attempted,5", "date", "like day, month, year", "28/05"),
    "month first": (
        "contacts.csv", 4, "C03,E02,05/28/2023,client,attempted,5", "date", "like month, day, year", "05/28"),
    "day and month not to be told apart": (
        "contacts.csv", 4, "C03,E02,05/06/2023,client,attempted,5", "date", "nobody can tell", "05/06"),
    "no such day": (
        "contacts.csv", 4, "C03,E02,2023-02-30,client,attempted,5", "date", "no such day", "2023-02"),
    "date with a time": (
        "contacts.csv", 4, "C03,E02,2023-06-02 09:30,client,attempted,5", "date", "time of day", "09:30"),
    "date without hyphens": (
        "contacts.csv", 4, "C03,E02,20230602,client,attempted,5", "date", "no hyphens", "20230602"),
    "month in words": (
        "contacts.csv", 4, "C03,E02,2 June 2023,client,attempted,5", "date", "month in words", "June"),
    "date where days belong": (
        "administrations.csv", 2, "A01,E01,mspss,2023-06-02,self", "day", "Put dates (yyyy-mm-dd) in the column date",
        "2023-06"),
    "serial date where days belong": (
        "administrations.csv", 2, "A01,E01,mspss,45079,self", "day", "serial date", "45079"),
    "date of an enrollment without a start": (
        "enrollments.csv", 4, "E03,P03,south,,2023-07-01,", "first_service_date", "start_date", "2023-07"),
    "exit before start": (
        "enrollments.csv", 2, "E01,P01,north,2023-03-14,2023-05-20,2022-02-01", "exit_day", "before the enrollment",
        "2022"),
    "duplicate participant": (
        "participants.csv", 4, "P02,16,boy,,presumed", "participant_id", "first in row 3", "P02"),
    "duplicate contact": (
        "contacts.csv", 4, "C01,E02,2023-06-02,client,attempted,5", "contact_id", "first in row 2", "C01"),
    "duplicate administration": (
        "administrations.csv", 3, "A01,E02,mspss,-2,paper", "administration_id", "first in row 2", "A01"),
    "the same need twice on a day": (
        "needs.csv", 3, "E01,3,housing,1", "enrollment_id", "rated twice on this day (first in row 2)", "E01"),
    "the same item twice": (
        "responses.csv", 3, "A01,mspss_1,5,", "item", "twice for the same administration (first in row 2)", "A01"),
    "orphan participant": (
        "enrollments.csv", 3, "E02,P77,north,2023-04-02,,", "participant_id", "participants has no such", "P77"),
    "orphan enrollment": (
        "contacts.csv", 3, "C02,e01,2023-05-28,joint,completed,", "enrollment_id", "enrollments has no such", "e01"),
    "orphan administration": (
        "responses.csv", 4, "A77,mspss_1,7,", "administration_id", "administrations has no such", "A77"),
    "response and reason": (
        "responses.csv", 2, "A01,mspss_1,4,declined", "missing_reason", "Keep one of the two", "A01"),
    "id in scientific notation": (
        "contacts.csv", 2, "1.23E+11,E01,2023-05-21,client,completed,45", "contact_id", "scientific notation", "1.23E"),
    "id that is an email address": (
        "participants.csv", 4, "ana@example.org,,boy,,presumed", "participant_id", "email address", "ana"),
    "id that is a name": (
        "participants.csv", 4, "Ana Example,,boy,,presumed", "participant_id", "a person's name", "Ana"),
    "id that is a social security number": (
        "participants.csv", 4, "078-05-1120,,boy,,presumed", "participant_id", "social security", "078-05"),
    "id that is a phone number": (
        "participants.csv", 4, "(202) 555-0143,,boy,,presumed", "participant_id", "phone number", "0143"),
}  # fmt: skip


@pytest.mark.parametrize("kind", CELLS)
def test_a_bad_cell_is_named_by_file_row_and_column_and_not_repeated(kind: str, tmp_path: Path) -> None:
    """A reader finds the cell; a log, an email or a screenshot of the message gives nobody away."""
    file, row, line, column, words, value = CELLS[kind]
    with pytest.raises(TableError) as caught:
        read_folder(spoiled(tmp_path, file, row, line))
    said = [fault for fault in caught.value.faults if words in str(fault)]
    assert said, str(caught.value)
    assert [(fault.file, fault.row, fault.column) for fault in said] == [(file, row, column)]
    assert said[0].remedy
    follow = [fault for fault in caught.value.faults if fault not in said]
    assert all("has no such" in fault.problem for fault in follow), "one spoiled cell is one fault, and its orphans"
    assert value not in str(caught.value)


# file, its header, words the message must have
COLUMNS = {
    "column missing": (
        "contacts.csv", "contact_id,enrollment_id,date,contact_type,result_of_it,minutes",
        "The column outcome is missing."),
    "column missing, near name there": (
        "contacts.csv", "contact_id,enrolment_id,date,contact_type,outcome,minutes",
        "Is it the column called enrolment_id?"),
    "unknown column, near name": (
        "contacts.csv", "contact_id,enrollment_id,date,contact_type,outcome,minuts", "Did you mean minutes?"),
    "unknown column": (
        "contacts.csv", "contact_id,enrollment_id,date,contact_type,outcome,weather", "contacts has no such column"),
    "covariate the plan does not name": (
        "participants.csv", "participant_id,age_at_enrollment,shoe_size,race_ethnicity,trafficking_status",
        "name it as a covariate in the study plan"),
    "birth date": (
        "participants.csv", "participant_id,date_of_birth,gender,race_ethnicity,trafficking_status",
        "tells who a person is"),
    "name": (
        "participants.csv", "participant_id,age_at_enrollment,FirstName,race_ethnicity,trafficking_status",
        "tells who a person is"),
    "free text": (
        "contacts.csv", "contact_id,enrollment_id,date,contact_type,outcome,contact note", "free text"),
    "the same name twice": (
        "contacts.csv", "contact_id,enrollment_id,date,outcome,outcome,minutes", "number 4 and 5 have the same name"),
    "a column without a name": (
        "contacts.csv", "contact_id,enrollment_id,date,contact_type,outcome,", "has cells but no name"),
    "no header at all": (
        "contacts.csv", "C00,E01,2023-05-21,client,completed,45", "the header row may be missing"),
}  # fmt: skip


@pytest.mark.parametrize("kind", COLUMNS)
def test_a_bad_header_is_refused_with_what_to_do(kind: str, tmp_path: Path) -> None:
    file, header, words = COLUMNS[kind]
    with pytest.raises(TableError) as caught:
        read_folder(spoiled(tmp_path, file, 1, header))
    assert [fault for fault in caught.value.faults if words in str(fault) and fault.file == file], str(caught.value)


def test_a_first_row_of_values_is_not_repeated_as_if_it_were_names(tmp_path: Path) -> None:
    """A file without a header must not print its first participant as a list of unknown columns."""
    with pytest.raises(TableError) as caught:
        read_folder(spoiled(tmp_path, "participants.csv", 1, "P00,14,girl,black,confirmed"))
    assert "P00" not in str(caught.value)
    assert "girl" not in str(caught.value)


# what the whole file becomes, row the message names, words it must have
FILES = {
    "empty": (b"", None, "is empty"),
    "blank": (b"\n \n\n", None, "is empty"),
    "UTF-16": ("\ufeff" + GOOD["enrollments.csv"], None, "UTF-16 (little endian)"),
    "UTF-16 without a mark": (GOOD["enrollments.csv"], None, "UTF-16 (without"),
    "Windows-1252": (GOOD["enrollments.csv"].replace("south", "s\u00fcd\u2019s").encode("cp1252"), 4, "Windows-1252"),
    "a spreadsheet": (b"PK\x03\x04rest", None, "spreadsheet"),
    "a web page": (b"<!doctype html><p>Sign in", None, "web page"),
    "NUL bytes": (GOOD["enrollments.csv"].replace("E02,", "E02\0,").encode(), 3, "NUL bytes"),
    "semicolons": (GOOD["enrollments.csv"].replace(",", ";").encode(), 1, "separated by semicolons"),
    "tabs": (GOOD["enrollments.csv"].replace(",", "\t").encode(), 1, "separated by tabs"),
    "a cell too many": (GOOD["enrollments.csv"].replace("E02,P02", "E02,P02,x").encode(), 3, "more cells"),
    "a cell too few": (GOOD["enrollments.csv"].replace("E02,P02", "P02").encode(), 3, "fewer cells"),
    "an open quotation mark": (GOOD["enrollments.csv"].replace("P02", '"P02').encode(), 3, "left open"),
    "a quotation mark inside": (GOOD["enrollments.csv"].replace("P02", 'P"02').encode(), 3, "inside a cell"),
    "a title above the header": (b"Enrollments,,,,,\n" + GOOD["enrollments.csv"].encode(), 1, "a title may stand"),
    "an empty row above the header": (b",,,,,\n" + GOOD["enrollments.csv"].encode(), 1, "first row is empty"),
    "header only": (GOOD["enrollments.csv"].splitlines()[0].encode(), None, "has no rows"),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_a_bad_file_is_refused_with_what_it_seems_to_be(kind: str, tmp_path: Path) -> None:
    content, row, words = FILES[kind]
    data = content if isinstance(content, bytes) else content.encode("utf-16-le")
    (written(tmp_path, GOOD) / "enrollments.csv").write_bytes(data)
    with pytest.raises(TableError) as caught:
        read_folder(tmp_path)
    said = [fault for fault in caught.value.faults if words in str(fault)]
    assert [(fault.file, fault.row) for fault in said] == [("enrollments.csv", row)], str(caught.value)
    assert "is missing" not in str(caught.value), "a file that cannot be read is not reported as missing too"
    assert "P02" not in str(caught.value)


def test_an_open_quotation_mark_is_found_where_it_opened(tmp_path: Path) -> None:
    """A parser swallows the rows up to the next mark and blames that one, or says nothing."""
    text = GOOD["contacts.csv"].replace("C02,", '"C02,') + 'C04,E02,2023-06-09,client,completed,"7"\n'
    (written(tmp_path, GOOD) / "contacts.csv").write_text(text)
    with pytest.raises(TableError) as caught:
        read_folder(tmp_path)
    assert [fault.row for fault in caught.value.faults] == [3]


@pytest.mark.parametrize("name", ["participants", "enrollments", "administrations", "responses"])
def test_a_required_table_that_is_missing_is_named(name: str, tmp_path: Path) -> None:
    files = {file: text for file, text in GOOD.items() if file != f"{name}.csv"}
    with pytest.raises(TableError, match=f"The table {name} is missing"):
        read_folder(written(tmp_path, files))


@pytest.mark.parametrize(
    ("other", "words"),
    [("enrolments.csv", "Is it enrolments.csv?"), ("enrollments.xlsx", "There is enrollments.xlsx: save it as")],
)
def test_a_missing_table_is_looked_for_under_near_names(other: str, words: str, tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    (tmp_path / "enrollments.csv").rename(tmp_path / other)
    with pytest.raises(TableError) as caught:
        read_folder(tmp_path)
    assert words in str(caught.value)


@pytest.mark.parametrize("name", ["contacts", "services", "goals", "needs"])
def test_an_optional_table_may_be_absent_or_have_no_rows(name: str, tmp_path: Path) -> None:
    """And then has its columns and types all the same."""
    absent = read_folder(written(tmp_path, {k: v for k, v in GOOD.items() if k != f"{name}.csv"})).table(name)
    header = ",".join(absent.columns) + "\n"
    (tmp_path / f"{name}.csv").write_text(header)
    empty = read_folder(tmp_path).table(name)
    assert absent.is_empty()
    assert empty.schema == absent.schema


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    """Nobody should mend one fault a run; and a file that is beyond reading does not hide the others."""
    files = GOOD | {
        "participants.csv": GOOD["participants.csv"].replace("15.5", "147"),
        "enrollments.csv": GOOD["enrollments.csv"].replace("2023-04-02", "4/2/2023"),
        "goals.csv": GOOD["goals.csv"].replace(",", ";"),
        "contacts.csv": GOOD["contacts.csv"].replace("E02", "E99").replace("joint", "both"),
    }
    with pytest.raises(TableError) as caught:
        read_folder(written(tmp_path, files))
    assert [(fault.file, fault.row) for fault in caught.value.faults] == [
        ("goals.csv", 1),
        ("participants.csv", 3),
        ("enrollments.csv", 3),
        ("contacts.csv", 3),
        ("contacts.csv", 4),
    ]


def test_three_thousand_faults_of_one_kind_do_not_hide_one_of_another(tmp_path: Path) -> None:
    """At most fifty are shown, every kind among them, and the rest is counted."""
    rows = "".join(f'N{n},E01,2023-05-21,client,completed,"4,5"\n' for n in range(3000))
    files = GOOD | {"contacts.csv": GOOD["contacts.csv"].replace("E02", "E99") + rows}
    with pytest.raises(TableError) as caught:
        read_folder(written(tmp_path, files))
    *shown, last = caught.value.faults
    assert len(shown) == 50
    assert [fault.row for fault in shown if fault.column == "enrollment_id"] == [4]
    assert last.problem == "and 2,951 more."
    assert "3,001 faults" in caught.value.message


def test_a_row_may_give_days_or_a_date_but_not_both(tmp_path: Path) -> None:
    """Files of different origin can stand in one table; two answers in one row cannot."""
    mixed = "goal_id,enrollment_id,opened_day,opened_date,status\nG01,E01,10,,open\nG02,E01,,2023-03-16,open\n"
    tables = read_folder(written(tmp_path, GOOD | {"goals.csv": mixed}))
    assert tables.goals["opened_day"].to_list() == [10, 2]
    both = mixed + "G03,E01,10,2023-03-24,open\nG04,E01,,,open\n"
    with pytest.raises(TableError) as caught:
        read_folder(written(tmp_path, GOOD | {"goals.csv": both}))
    assert [(fault.row, fault.problem) for fault in caught.value.faults] == [
        (4, "Both opened_day and opened_date are filled."),
        (5, "The cell is empty, and this column must be filled."),
    ]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_whatever_stands_in_a_cell_no_message_repeats_it(data: st.DataObject) -> None:
    """Every cell of every file may be spoiled at once; only file, row and column are told."""
    shapes = ("{}", "{}@example.org", "{}, {}", "2023/{}", "{} min", "-{}", "=SUM({})", '"{}', "{}|{}", "<{}", "{}.5")
    files = {}
    for name, text in GOOD.items():
        header, *lines = text.splitlines()
        rows = [line.split(",") for line in lines]
        for row in rows:
            for index in data.draw(st.sets(st.sampled_from(range(len(row))))):
                row[index] = data.draw(st.sampled_from(shapes)).replace("{}", "73519")
        files[name] = "\n".join([header, *(",".join(row) for row in rows)]) + "\n"
    with tempfile.TemporaryDirectory() as folder:
        assert "73519" not in refusal(written(Path(folder), files))


def refusal(folder: Path) -> str:
    """The message; empty where the folder is accepted after all."""
    try:
        read_folder(folder)
    except TableError as error:
        return str(error)
    return ""
