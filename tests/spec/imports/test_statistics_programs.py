"""Files of statistics programs with one row a person come in: waves in the columns' names, codes for missing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from compared import ALL, assert_same
from programs import simple_program
from statistics_exports import write_dta, write_sav
from taken_in import take_in

from casearc.synthetic.make import Program

NOT_IN_IT = {
    "participants": (
        *("race_ethnicity", "language", "education", "housing", "screening_score"),
        *("exploitation_types", "victimization_types"),
    ),
    "enrollments": ("program", "site", "staff_id", "first_service_day", "exit_reason"),
    "administrations": ("mode", "version", "language"),
    "contacts": ALL,
    "services": ALL,
    "goals": ALL,
    "needs": ALL,
}
WRITERS: dict[str, Callable[[Program, Path], Path]] = {"wide.sav": write_sav, "wide.dta": write_dta}


@pytest.mark.parametrize("name", WRITERS)
def test_one_row_a_person(name: str, tmp_path: Path) -> None:
    """User-missing codes with their labels are reasons; value labels are the codes of the tables."""
    made = simple_program()
    path = WRITERS[name](made, tmp_path / name)
    assert_same(take_in([path], {f"{name}-language": "(leave empty)"}).tables, made, lost=NOT_IN_IT)
