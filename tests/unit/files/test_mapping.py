"""The mapping language: an agency's files become the contract's tables, and nothing is lost uncounted.

The agency, its files and its people are made up.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from casearc.errors import MappingError, TableError
from casearc.files import read_folder, read_mapping
from casearc.tables import Tables

FILES = {
    "youth.csv": ("No,Gender,Latina,Race,Intake worker name\n1,1,yes,W,Worker A\n2,2,no,B,Worker B\n3,9,,,Worker A\n"),
    "stays.csv": "No,Start,Where\n1,2023-01-10,N\n2,2023-02-01,S\n3,2023-02-05,N\n",
    "log.csv": (
        "No,On,Kind,Result,Min,Phone min,is_ill,is_away\n"
        "1,2023-01-12,c,1,30,,,\n"
        "1,2023-01-15,c,0,,,1,\n"
        "1,2023-01-15,c,1,,20,,\n"
        "2,2023-02-10,j,0,,,1,1\n"
        "\n"
        "2,,c,1,15,,,\n"
        "3,2023-02-06,note,1,,,,\n"
    ),
    "teams.csv": "No,Since,Team\n1,1,red\n1,4,blue\n2,0,white\n2,0,green\n2,30,red\n",
    "surveys.csv": "Id,No,Day,S1,S2\ns1,1,0,4,5\ns2,2,3,6,\n",
}

MAPPING = """
[table.participants]
file = "youth.csv"
columns = { participant_id = "No", gender = "Gender" }
codes = { gender = { 1 = "girl", 2 = "boy", 9 = "" }, race_ethnicity = { W = "white", B = "black", L = "latina" } }
[table.participants.derive]
_latina = { cases = [ { where = [ { column = "Latina", equals = "yes" } ], value = "L" } ] }
race_ethnicity = { join = ["Race", "_latina"], with = ";", skip_empty = true }

[table.enrollments]
file = "stays.csv"
columns = { enrollment_id = "No", participant_id = "No", start_date = "Start", site = "Where" }
derive = { exit_date = { from = "log.csv", key = "No", column = "On", pick = "max" } }

[[table.contacts]]
file = "log.csv"
columns = { enrollment_id = "No", date = "On", contact_type = "Kind", outcome = "Result" }
codes = { contact_type = { c = "client", j = "joint" }, outcome = { 1 = "completed", 0 = "attempted" } }
where = [ { column = "On", is = "present" }, { column = "Kind", not_in = ["note"], reason = "office notes" } ]
duplicates = { key = ["No", "On"], keep = "last", by = "Result" }
[table.contacts.derive]
contact_id = { row_number = "log-" }
minutes = { first_of = ["Min", "Phone min"] }
medium = { flag = { is_ill = "ill", is_away = "away" }, several = "join", none = "met" }

[[table.contacts]]
file = "surveys.csv"
columns = { enrollment_id = "No", day = "Day" }
derive = { contact_id = { join = ["Id"], prefix = "survey-" }, contact_type = { value = "client" }, outcome = { value = "completed" } }

[table.services]
file = "log.csv"
columns = { enrollment_id = "No", date = "On", quantity = "Min" }
where = [ { any = [ { column = "Min", at_least = 20 }, { column = "Phone min", above = 0 } ] } ]
derive = { service_code = { value = "talk" }, unit = { value = "minutes" } }

[table.administrations]
file = "surveys.csv"
columns = { administration_id = "Id", enrollment_id = "No", day = "Day" }
[table.administrations.derive]
instrument = { value = "mspss" }
version = { from = "teams.csv", key = "No", column = "Team", pick = "last", by = "Since", not_after = "Day" }
language = { from = "teams.csv", key = { No = "No" }, column = "Team", pick = "first", by = "Since", where = [ { column = "Since", above = 2 } ] }
variant = { from = "teams.csv", key = "No", pick = "count", where = [ { column = "Team", not = "red" } ] }

[table.responses]
file = "surveys.csv"
columns = { administration_id = "Id", mspss_1 = "S1", mspss_2 = "S2" }
"""  # noqa: E501


def read(folder: Path, mapping: str = MAPPING, **files: str) -> Tables:
    for name, text in (FILES | {f"{stem}.csv": text for stem, text in files.items()}).items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "mapping.toml").write_text(mapping, encoding="utf-8")
    return read_folder(folder, folder / "mapping.toml")


def test_columns_are_renamed_codes_translated_and_the_rest_left_behind(tmp_path: Path) -> None:
    """The worker's name in the file never enters: only what the mapping names does."""
    people = read(tmp_path).participants
    assert people["participant_id"].to_list() == ["1", "2", "3"]
    assert people["gender"].to_list() == ["girl", "boy", None]
    assert people["race_ethnicity"].to_list() == ["white;latina", "black", None]
    assert "Intake worker name" not in people.columns
    assert not [name for name in people.columns if name.startswith("_")]


def test_a_table_may_come_from_several_files(tmp_path: Path) -> None:
    contacts = read(tmp_path).contacts
    assert contacts["contact_id"].to_list() == ["log-2", "log-4", "log-5", "survey-s1", "survey-s2"]
    assert contacts["day"].to_list() == [2, 5, 9, 0, 3]
    assert contacts["minutes"].to_list() == [30.0, 20.0, None, None, None]
    assert contacts["medium"].to_list() == ["met", "met", "ill;away", None, None]


def test_every_row_left_out_is_counted_with_its_reason(tmp_path: Path) -> None:
    """Read = kept + set aside, for each file and table."""
    report = read(tmp_path).report
    log = next(use for use in report.files if (use.file, use.purpose) == ("log.csv", "contacts"))
    assert [(aside.reason, aside.rows) for aside in log.set_aside] == [
        ("empty row", 1),
        ("On is empty", 1),
        ("office notes", 1),
        ("another row has the same No, On; the last by Result was kept", 1),
    ]
    for use in report.files:
        assert use.rows_read == use.rows_kept + sum(aside.rows for aside in use.set_aside)
    assert report.tables["contacts"] == sum(use.rows_kept for use in report.files if use.purpose == "contacts")


def test_other_files_are_looked_up_by_key(tmp_path: Path) -> None:
    """Latest up to a day (of two on one day the later row), earliest under a condition, how many, largest date."""
    tables = read(tmp_path)
    given = tables.administrations
    assert given["version"].to_list() == [None, "green"]
    assert given["language"].to_list() == ["blue", "red"]
    assert given["variant"].to_list() == ["1", "2"]
    assert tables.enrollments["exit_day"].to_list() == [5, 9, 1]


def test_any_of_several_conditions(tmp_path: Path) -> None:
    assert read(tmp_path).services["quantity"].to_list() == [30.0, None]


def test_a_file_read_for_lookups_is_in_the_report_once(tmp_path: Path) -> None:
    uses = [use for use in read(tmp_path).report.files if use.file == "teams.csv"]
    assert [(use.purpose, use.rows_read) for use in uses] == [("lookup", 5)]


def test_a_fault_names_the_file_its_row_and_what_the_column_is_called_there(tmp_path: Path) -> None:
    with pytest.raises(TableError) as caught:
        read(tmp_path, surveys=FILES["surveys.csv"].replace("s2,2,3", "s2,2,three"))
    assert {(fault.file, fault.row, fault.column) for fault in caught.value.faults} == {("surveys.csv", 3, "Day (day)")}


# what is spoiled in the files, the place the message names, words, the value it must not repeat
DATA = {
    "a code the mapping does not cover": (
        {"log": FILES["log.csv"].replace(",c,1,30", ",kitchen,1,30")},
        ("log.csv", 2, "Kind (contact_type)"), "Covered: c, j.", "kitchen"),
    "one of several codes not covered": (
        {"youth": FILES["youth.csv"].replace("yes,W", "yes,martian")},
        ("youth.csv", 2, "race_ethnicity"), "Covered: W, B, L.", "martian"),
    "a number wanted for the largest": (
        {"log": FILES["log.csv"].replace("2023-01-12", "mid January")},
        ("log.csv", 2, "On"), "is no number", "January"),
    "a column the mapping speaks of is gone": (
        {"youth": FILES["youth.csv"].replace("Gender", "Genders")},
        ("youth.csv", None, None), "Did you mean Genders?", "Worker"),
    "a lookup's column is gone": (
        {"teams": FILES["teams.csv"].replace("Team", "Group")},
        ("teams.csv", None, None), "speaks of a column Team", "red"),
    "the mapped file is unreadable": (
        {"teams": FILES["teams.csv"].replace(",", ";")},
        ("teams.csv", 1, None), "semicolons", "red"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DATA)
def test_files_that_do_not_fit_the_mapping_are_refused(kind: str, tmp_path: Path) -> None:
    files, place, words, value = DATA[kind]
    with pytest.raises(MappingError) as caught:
        read(tmp_path, **files)
    said = [fault for fault in caught.value.faults if words in str(fault)]
    assert place in [(fault.file, fault.row, fault.column) for fault in said], str(caught.value)
    assert value not in str(caught.value)


def test_several_flags_are_refused_unless_the_mapping_says_what_they_mean(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=r"log.csv, row 5, column medium: More than one"):
        read(tmp_path, MAPPING.replace('several = "join", ', ""))
    for rule, expected in (("first", "ill"), ("several reasons", "several reasons")):
        tables = read(tmp_path, MAPPING.replace('several = "join"', f'several = "{rule}"'))
        assert tables.contacts["medium"].to_list()[2] == expected


def test_a_lookup_that_finds_two_values_is_refused_unless_the_mapping_picks(tmp_path: Path) -> None:
    lookup = 'derive = { site_team = { from = "teams.csv", key = "No", column = "Team" }, '
    with pytest.raises(MappingError) as caught:
        read(tmp_path, MAPPING.replace("derive = { exit_date", lookup.replace("site_team", "program") + "exit_date"))
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [(3, "Team"), (5, "Team"), (6, "Team")]
    assert "blue" not in str(caught.value)


CELLS = ["", "x", "y", "3", "3.5", "-1", "2023-01-10", "03"]

# a condition, the cells above for which it holds
CONDITIONS = {
    'is = "present"': CELLS[1:],
    'is = "empty"': [""],
    'is = "number"': ["3", "3.5", "-1", "03"],
    'is = "integer"': ["3", "-1", "03"],
    'is = "date"': ["2023-01-10"],
    'equals = "x"': ["x"],
    "equals = 3": ["3"],
    'not = "x"': ["", *CELLS[2:]],
    'one_of = ["x", "3"]': ["x", "3"],
    'not_in = ["x", "3"]': ["", "y", "3.5", "-1", "2023-01-10", "03"],
    "at_least = 3": ["3", "3.5", "03"],
    "at_most = 3": ["3", "-1", "03"],
    "above = 3": ["3.5"],
    "below = 3": ["-1"],
}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_what_a_condition_keeps(condition: str, tmp_path: Path) -> None:
    """Text is compared as text, sizes as numbers; an empty cell equals nothing and is no number."""
    rows = "".join(f"p{index},{cell}\n" for index, cell in enumerate(CELLS))
    (tmp_path / "cells.csv").write_text(f"id,cell\n{rows}", encoding="utf-8")
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        f"[table.participants]\nfile = 'cells.csv'\ncolumns = {{ participant_id = 'id', seen = 'cell' }}\n"
        f"where = [ {{ column = 'cell', {condition} }} ]\n",
        encoding="utf-8",
    )
    people = read_folder(tmp_path, mapping, required=(), text_columns=["seen"]).participants
    assert [cell or "" for cell in people["seen"]] == CONDITIONS[condition]


# what is replaced in the mapping, by what, words of the message
LANGUAGE = {
    "unknown key": ('where = [ { any', 'were = [ { any', "Did you mean where?"),
    "unknown table": ("[table.services]", "[table.service]", "Did you mean services?"),
    "unknown column": ("quantity = ", "quantitty = ", "Did you mean quantity?"),
    "unknown way to derive": ("{ value = \"talk\" }", "{ eval = \"talk\" }", "Write one of value, join"),
    "two ways to derive": ("{ value = \"talk\" }", "{ value = \"a\", join = [\"No\"] }", "exactly one way"),
    "unknown question": ("at_least = 20", "at_lest = 20", "Did you mean at_least?"),
    "a question without a column": ("column = \"Min\", at_least", "at_least", "the key column is missing"),
    "a bound that is no number": ("at_least = 20", "at_least = \"many\"", "must be a number"),
    "unknown state": ("is = \"present\"", "is = \"there\"", "is must be one of present"),
    "unknown pick": ("pick = \"max\"", "pick = \"latest\"", "pick must be one of"),
    "not_after without by": (
        "pick = \"last\", by = \"Since\", not_after", "pick = \"last\", not_after", "goes with pick"),
    "keep neither first nor last": ("keep = \"last\"", "keep = \"best\"", "keep must be"),
    "file outside the folder": ("file = \"stays.csv\"", "file = \"../stays.csv\"", "inside the data folder"),
    "file missing in the mapping": ("file = \"stays.csv\"\n", "", "the key file is missing"),
    "columns of the wrong type": (
        "columns = { administration_id = \"Id\", mspss", "columns = [\"Id\"] # ", "must be a table of texts"),
    "a name that is taken": ("_latina = {", "_file = {", "is taken"),
    "a column both mapped and derived": ("unit = { value", "quantity = { value", "both in columns and in derive"),
    "unknown version": ("\n[table.participants]", "version = 7\n[table.participants]", "version of mapping"),
    "unknown key at the top": ("\n[table.participants]", "tables = 1\n[table.participants]", "Did you mean table?"),
    "not TOML": ("[table.participants]", "[table.participants", "not valid TOML"),
}  # fmt: skip


@pytest.mark.parametrize("kind", LANGUAGE)
def test_a_mapping_that_is_wrong_is_refused_before_any_file_is_read(kind: str, tmp_path: Path) -> None:
    old, new, words = LANGUAGE[kind]
    assert old in MAPPING
    path = tmp_path / "mapping.toml"
    path.write_text(MAPPING.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(MappingError) as caught:
        read_mapping(path)
    assert words in str(caught.value)
    assert all(fault.file == "mapping.toml" for fault in caught.value.faults)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("stays.csv", "stay.csv", "Did you mean stays.csv?"),
        ("_latina = { cases", "Latina = { cases", "has a column Latina already"),
        ('join = ["Race", "_latina"]', 'join = ["Race", "later"]', "speaks of a column later"),
        ("gender = { 1 =", 'housing = { x = "y" }, gender = { 1 =', "that the mapping does not make"),
    ],
)
def test_a_mapping_that_does_not_fit_the_files_says_where(old: str, new: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="does not fit") as caught:
        read(tmp_path, MAPPING.replace(old, new))
    assert words in str(caught.value)


def test_a_column_derived_too_late_is_named_as_such(tmp_path: Path) -> None:
    lines = MAPPING.splitlines()
    index = next(number for number, line in enumerate(lines) if line.startswith("_latina"))
    lines[index], lines[index + 1] = lines[index + 1], lines[index]
    with pytest.raises(MappingError, match="derived further down"):
        read(tmp_path, "\n".join(lines))


def test_a_mapping_cannot_run_anything(tmp_path: Path) -> None:
    """Whatever stands in a mapping is data: text that looks like code stays text."""
    tables = read(tmp_path, MAPPING.replace('{ value = "talk" }', "{ value = \"__import__('os').getcwd()\" }"))
    assert tables.services["service_code"].unique().to_list() == ["__import__('os').getcwd()"]


def test_files_that_nobody_asked_for_are_named(tmp_path: Path) -> None:
    assert "spare.csv" in " ".join(read(tmp_path, spare="a\n1\n").report.notes)


def test_a_table_s_own_file_that_the_mapping_replaces_is_named_as_not_read(tmp_path: Path) -> None:
    """Two sources for one table: the reader must learn which one was taken."""
    tables = read(tmp_path, contacts="contact_id\nC01\n")
    assert "contacts.csv" in " ".join(tables.report.notes)
    assert "C01" not in tables.contacts["contact_id"].to_list()
