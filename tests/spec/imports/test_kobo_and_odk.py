"""A form of KoboToolbox or ODK comes in: questions in groups, and contacts that repeat within a visit."""

from __future__ import annotations

from pathlib import Path

import pytest
from compared import ALL, assert_same
from kobo_exports import write_central, write_form, write_workbook
from programs import simple_program
from taken_in import take_in

NOT_ASKED = {
    "participants": (
        *("race_ethnicity", "language", "education", "housing", "trafficking_status", "screening_score"),
        *("exploitation_types", "victimization_types"),
    ),
    "enrollments": ("program", "site", "staff_id", "first_service_day", "exit_day", "exit_reason"),
    "contacts": ("medium", "staff_id"),
    "administrations": ("mode", "version"),
    "responses": ("missing_reason",),
    "services": ALL,
    "goals": ALL,
    "needs": ALL,
}
"""What the form does not ask."""


@pytest.mark.parametrize("described", [True, False], ids=["with its XLSForm", "alone"])
def test_a_workbook_of_kobotoolbox(described: bool, tmp_path: Path) -> None:
    made = simple_program()
    paths = [write_workbook(made, tmp_path / "export.xlsx")]
    paths += [write_form(tmp_path / "form.xlsx")] if described else []
    assert_same(take_in(paths).tables, made, lost=NOT_ASKED)


@pytest.mark.parametrize("described", [True, False], ids=["with its XLSForm", "alone"])
def test_csv_files_of_odk_central(described: bool, tmp_path: Path) -> None:
    made = simple_program()
    paths = write_central(made, tmp_path)
    paths += [write_form(tmp_path / "form.xlsx")] if described else []
    assert_same(take_in(paths).tables, made, lost=NOT_ASKED)
