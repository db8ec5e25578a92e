"""Days far from a stay, and days that have not come yet: refused with their row, or told where an end is planned."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from casearc.errors import TableError
from casearc.files.importing import Imported, import_files

MAPPING = """
version = 1
[table.participants]
file = "clients.csv"
columns = { participant_id = "who" }
[table.enrollments]
file = "clients.csv"
columns = { enrollment_id = "who", participant_id = "who", start_date = "began", exit_date = "ended" }
[table.needs]
file = "needs.csv"
columns = { enrollment_id = "who", %s = "on" }
derive = { domain = { value = "housing" }, level = { value = "1" } }
"""
TODAY = date.today()
FAR = TODAY + timedelta(days=400)


def run(
    folder: Path, on: object, *, began: object = "2024-01-10", ended: object = "", column: str = "date"
) -> Imported:
    (folder / "clients.csv").write_text(f"who,began,ended\na,{began},{ended}\nb,2024-01-10,\n", encoding="utf-8")
    (folder / "needs.csv").write_text(
        f"who,on\nb,{'2024-02-01' if column == 'date' else 1}\na,{on}\n", encoding="utf-8"
    )
    (folder / "mapping.toml").write_text(MAPPING % column, encoding="utf-8")
    return import_files(folder / "mapping.toml", folder)


# the day of the row, of a stay that began on 10 January 2024
TAKEN = [("date", "2014-01-10", -3652), ("date", "2024-01-10", 0), ("day", "-3653", -3653), ("date", TODAY, None)]


@pytest.mark.parametrize(("column", "on", "day"), TAKEN)
def test_days_that_can_be(column: str, on: object, day: int | None, tmp_path: Path) -> None:
    days = run(tmp_path, on, column=column).tables.needs["day"].to_list()
    assert days[1] == ((TODAY - date(2024, 1, 10)).days if day is None else day)


REFUSED = {
    "the first day of a computer": ("date", "1970-01-01", "more than ten years before its enrollment's start"),
    "eleven years before": ("date", "2013-01-10", "more than ten years before its enrollment's start"),
    "days, far before": ("day", "-3654", "The number is out of range. It must be from -3653 to 36525"),
    "to come": ("date", FAR, "The day has not come yet"),
    "to come, in days": ("day", (FAR - date(2024, 1, 10)).days, "The day has not come yet"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_days_that_cannot_be_are_refused_with_their_row(kind: str, tmp_path: Path) -> None:
    column, on, words = REFUSED[kind]
    with pytest.raises(TableError) as caught:
        run(tmp_path, on, column=column)
    (fault,) = caught.value.faults
    assert words in f"{fault.problem} {fault.remedy}"
    assert (fault.file, fault.row, fault.column) == ("needs.csv", 3, f"on ({column})")
    assert str(on) not in str(caught.value).replace("from -3653 to", "")


def test_a_stay_that_begins_in_the_future_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"clients\.csv, row 2, column began \(start_date\): The day has not come yet"):
        run(tmp_path, TODAY, began=FAR)


def test_a_planned_end_is_told(tmp_path: Path) -> None:
    notes = run(tmp_path, "2024-02-01", ended=FAR).tables.report.notes
    told = "clients.csv, column ended (exit_date): 1 day has not come yet (row 2). It is taken for a planned end."
    assert told in notes
    assert not [note for note in run(tmp_path, "2024-02-01", ended=TODAY).tables.report.notes if "not come yet" in note]
