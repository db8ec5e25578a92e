"""REDCap projects come in: an agency's own with events and a form that repeats, and one that Casearc wrote."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from compared import ALL, assert_same
from programs import INSTRUMENTS, program, simple_program
from redcap_exports import PLAIN, Naming, write_project_of_an_agency
from taken_in import take_in

from casearc.files.exporting import described
from casearc.files.redcap import write_project
from casearc.instruments import load
from casearc.tables import build

OF_THE_AGENCY = {
    "participants": (
        "language",
        "education",
        "housing",
        "screening_score",
        "exploitation_types",
        "victimization_types",
    ),
    "enrollments": ("program", "staff_id", "exit_reason"),
    "contacts": ("medium", "staff_id"),
    "administrations": ("mode", "version", "language"),
    "services": ALL,
    "goals": ALL,
    "needs": ALL,
}
"""What the agency's project does not ask."""
NAMES: dict[str, Naming] = {
    "named after the instruments": PLAIN,
    "named otherwise, on forms named after them": {"mspss": "ss0", "cop_se": "cope_", "urica": "rc_"},
}


@pytest.mark.parametrize("names", NAMES)
def test_an_agencys_longitudinal_project(names: str, tmp_path: Path) -> None:
    """The date in the row of record and event is the day; boxes for race are one list; missing codes are reasons."""
    made = simple_program()
    paths = write_project_of_an_agency(made, tmp_path, names=NAMES[names])
    found = take_in(paths, {"data.csv-language": "(leave empty)"})
    assert_same(found.tables, made, lost=OF_THE_AGENCY)
    assert found.tables.administrations["administration_id"].str.contains("^[a-z_]+-P[0-9]+-[a-z]+.*_arm_1$").all()


def test_days_by_the_projects_schedule_where_no_date_stands_in_the_rows(tmp_path: Path) -> None:
    paths = write_project_of_an_agency(simple_program(), tmp_path)
    pl.read_csv(paths[0], infer_schema=False).drop("survey_date").write_csv(paths[0])
    found = take_in(paths, {"data.csv-language": "en"})
    assert sorted(set(found.tables.administrations["day"])) == [1, 180, 360]


def test_a_project_that_casearc_wrote_comes_back_the_same(tmp_path: Path) -> None:
    made = program()
    write_project(described(build(made.tables), [load(name) for name in INSTRUMENTS]), tmp_path, title="Made up")
    found = take_in(sorted(tmp_path.glob("*.csv")))
    assert_same(found.tables, made)
    for table, own in (("enrollments", "enrollment_id"), ("contacts", "contact_id"), ("goals", "goal_id")):
        assert set(found.tables.table(table)[own]) == set(made.tables[table][own])
