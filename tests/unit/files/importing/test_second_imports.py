"""What a second import must leave as it is: columns it says nothing of, cells that are empty in it, starts that days
are counted from, rows that only their number tells apart.
"""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from casearc.errors import TableError
from casearc.files.importing import import_files, write_import

CLIENTS = """
[table.participants]
file = "clients.csv"
columns = { participant_id = "who", gender = "gender" }

[table.enrollments]
file = "clients.csv"
columns = { enrollment_id = "who", participant_id = "who", start_date = "began", exit_reason = "left" }

[table.contacts]
file = "contacts.csv"
columns = { enrollment_id = "who", date = "on" }

[table.contacts.derive]
contact_id = { row_number = "c-" }
contact_type = { value = "client" }
outcome = { value = "completed" }
"""
PEOPLE = "who,gender,began,left\na,girl,2024-01-01,completed\nb,boy,2024-01-02,completed\n"


def put(folder: Path, mapping: str, **files: str) -> dict[str, pl.DataFrame]:
    """Import files into `tables`; the tables afterwards."""
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    path = folder / "mapping.toml"
    path.write_text(f"version = 1\n{mapping}", encoding="utf-8")
    write_import(import_files(path, folder), folder / "tables", mapping=path, folder=folder)
    return {one.stem: pl.read_csv(one) for one in (folder / "tables").glob("*.csv")}


def told(folder: Path) -> tuple[dict[str, dict[str, int]], list[str]]:
    """The counts by table and the notes of the last import."""
    report = json.loads((folder / "tables" / "import-report.json").read_text(encoding="utf-8"))
    return report["tables"], report["notes"]


@pytest.fixture
def before(tmp_path: Path) -> dict[str, pl.DataFrame]:
    return put(tmp_path, CLIENTS, clients=PEOPLE, contacts="who,on\na,2024-02-01\nb,2024-02-02\n")


SURVEYED = """
[table.participants]
file = "survey.csv"
columns = { participant_id = "who" }

[table.enrollments]
file = "survey.csv"
columns = { enrollment_id = "who", participant_id = "who", start_date = "began" }
"""


def test_what_new_files_say_nothing_of_stays(before: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    after = put(tmp_path, SURVEYED, survey="who,began\na,2024-01-01\nc,2024-03-01\n")
    genders = dict(after["participants"].select("participant_id", "gender").rows())
    assert genders == {"a": "girl", "b": "boy", "c": None}
    assert dict(after["enrollments"].select("enrollment_id", "exit_reason").rows()) == {
        "a": "completed",
        "b": "completed",
        "c": None,
    }


# the second roster, the genders and why "a" left afterwards, how many rows changed
SECOND = {
    "empty cells": ("who,gender,began,left\na,,2024-01-01,\nb,,2024-01-02,\n", ["girl", "boy"], "completed", 0),
    "other cells": ("who,gender,began,left\na,boy,2024-01-01,moved\n", ["boy", "boy"], "moved", 2),
    "one empty, one other": ("who,gender,began,left\na,boy,2024-01-01,\n", ["boy", "boy"], "completed", 1),
}


@pytest.mark.parametrize("kind", SECOND)
def test_an_empty_cell_takes_nothing_away(kind: str, before: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    text, genders, reason, changed = SECOND[kind]
    after = put(tmp_path, CLIENTS, clients=text, contacts="who,on\na,2024-02-01\n")
    assert after["participants"].sort("participant_id")["gender"].to_list() == genders
    assert after["enrollments"].filter(pl.col("enrollment_id") == "a")["exit_reason"].to_list() == [reason]
    assert sum(counts["changed"] for counts in told(tmp_path)[0].values()) == changed


FIRST_ANSWERS = """
[table.participants]
file = "survey.csv"
columns = { participant_id = "who" }
duplicates = { key = "who", keep = "first" }

[table.enrollments]
file = "survey.csv"
columns = { enrollment_id = "who", participant_id = "who", start_date = "on" }
duplicates = { key = "who", keep = "first", by = "on" }

[table.needs]
file = "survey.csv"
columns = { enrollment_id = "who", date = "on" }
derive = { domain = { value = "housing" } }
"""
ANSWERED = "who,on,level\na,2024-03-01,1\na,2024-08-01,2\nb,2023-12-31,1\nc,2024-05-01,1\nc,2024-05-09,2\n"


def test_a_start_taken_from_first_answers_moves_none_that_is_there(
    before: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    """And the new days are counted from the start that is there."""
    after = put(tmp_path, FIRST_ANSWERS, survey=ANSWERED)
    starts = dict(after["enrollments"].select("enrollment_id", "start_date").rows())
    assert starts == {"a": "2024-01-01", "b": "2024-01-02", "c": "2024-05-01"}
    days = sorted(after["needs"].select("enrollment_id", "day").rows())
    assert days == [("a", 60), ("a", 213), ("b", -2), ("c", 0), ("c", 8)]
    counts, notes = told(tmp_path)
    assert counts["enrollments"]["changed"] == 0
    assert [note for note in notes if note.startswith("2 enrollments keep the start that they have in tables")]


IN_DAYS = """
[table.participants]
file = "survey.csv"
columns = { participant_id = "who" }

[table.enrollments]
file = "survey.csv"
columns = { enrollment_id = "who", participant_id = "who" }

[table.needs]
file = "survey.csv"
columns = { enrollment_id = "who", day = "day" }
derive = { domain = { value = "school" } }
"""


def test_days_whose_start_nobody_named_are_not_mixed_with_others(tmp_path: Path) -> None:
    put(tmp_path, IN_DAYS, survey="who,day,level\na,40,1\n")
    with pytest.raises(TableError, match="1 enrollment has days in tables and no start there"):
        put(tmp_path, FIRST_ANSWERS, survey=ANSWERED)


COUNTED = """contact_id = { join = ["who", "kind", "_copy"], with = "-", skip_empty = true }"""


def test_rows_that_may_have_been_corrected_are_told(before: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    """Where only what it says tells a row from another, a corrected one is another one."""
    mapping = CLIENTS.replace(
        'contact_id = { row_number = "c-" }', f'_copy = {{ count_within = ["who", "kind"] }}\n{COUNTED}'
    )
    put(tmp_path, mapping, contacts="who,on,kind\na,2024-05-01,x\nb,2024-05-02,x\n")
    put(tmp_path, mapping, contacts="who,on,kind\na,2024-05-01,y\n")
    assert [note for note in told(tmp_path)[1] if note.startswith("1 row of contacts in tables is of a day of which")]
    put(tmp_path, mapping, contacts="who,on,kind\na,2024-06-01,z\n")
    assert told(tmp_path)[1] == []


def test_another_start_is_refused(before: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    with pytest.raises(TableError) as refused:
        put(tmp_path, SURVEYED, survey="who,began\na,2024-03-01\nb,2024-01-02\n")
    assert "1 enrollment that is in tables already would begin on another day" in str(refused.value)
    assert pl.read_csv(tmp_path / "tables" / "enrollments.csv").equals(before["enrollments"])


# the next export of contacts, whose ids are numbers of rows: whether it goes
NEXT = {
    "the same": ("who,on\na,2024-02-01\nb,2024-02-02\n", True),
    "new rows after the old ones": ("who,on\na,2024-02-01\nb,2024-02-02\na,2024-03-01\n", True),
    "only new rows, of others": ("who,on\nb,2024-03-01\na,2024-03-02\n", False),
    "only new rows, on other days": ("who,on\na,2024-03-01\nb,2024-03-02\n", False),
    "a new row before the old ones": ("who,on\na,2024-01-31\na,2024-02-01\nb,2024-02-02\n", False),
}


@pytest.mark.parametrize("kind", NEXT)
def test_a_row_is_never_written_over_one_of_somebody_else(
    kind: str, before: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    text, goes = NEXT[kind]
    if goes:
        assert put(tmp_path, CLIENTS, contacts=text)["contacts"].height == text.count("\n") - 1
        return
    with pytest.raises(TableError, match="would be written over"):
        put(tmp_path, CLIENTS, contacts=text)
    assert pl.read_csv(tmp_path / "tables" / "contacts.csv").equals(before["contacts"])
