"""What a second import must leave as it is: columns it says nothing of, starts that days are counted from, rows that
only their number tells apart.
"""

from __future__ import annotations

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
