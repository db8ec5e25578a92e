"""FHIR responses come in: items called by number under a questionnaire that names the instrument."""

from __future__ import annotations

from pathlib import Path

import pytest
from case_database import write_roster
from compared import ALL, assert_same
from fhir_exports import write_bundle, write_relative
from programs import program
from taken_in import take_in

from casearc.files.importing import import_files
from casearc.files.proposal import propose

ANSWERS_ALONE = dict.fromkeys(("contacts", "services", "goals", "needs"), ALL) | {
    "administrations": ("mode", "version"),
    "responses": ("missing_reason",),
}
NOBODY_ELSE = {
    "participants": (
        *("age_at_enrollment", "gender", "race_ethnicity", "language", "education", "housing"),
        *("trafficking_status", "screening_score", "exploitation_types", "victimization_types"),
    ),
    "enrollments": (*("program", "site", "staff_id", "start_date", "first_service_day", "exit_day", "exit_reason"),),
}


def test_a_bundle_beside_a_roster(tmp_path: Path) -> None:
    made = program()
    found = take_in([write_bundle(made, tmp_path / "bundle.json"), *write_roster(made, tmp_path)])
    assert_same(found.tables, made, lost=ANSWERS_ALONE)


def test_days_told_from_the_start_need_no_roster(tmp_path: Path) -> None:
    """Responses say whose stay they count from; the stays are made of that."""
    made = program()
    found = take_in(write_relative(made, tmp_path))
    dates = {
        name: (*ANSWERS_ALONE.get(name, ()), "start_date", "date")
        for name in ("administrations", "responses", "scores")
    }
    assert_same(found.tables, made, lost=ANSWERS_ALONE | NOBODY_ELSE | dates)


@pytest.mark.parametrize("version", ["fhir-r4", "fhir-r5"])
def test_a_mapping_may_name_the_version(version: str, tmp_path: Path) -> None:
    """Files that do not say it are read as what the mapping says; R4's shape is refused where it says R5."""
    made = program()
    paths = [write_bundle(made, tmp_path / "bundle.json"), *write_roster(made, tmp_path)]
    mapping = tmp_path / "mapping.toml"
    text = f'{propose(paths).text}\n[file."bundle.json"]\nformat = "{version}"\n'
    mapping.write_text(text.replace('format = "fhir"\n', f'format = "{version}"\n'), encoding="utf-8")
    found = import_files(mapping, tmp_path)
    assert found.tables.administrations.height == made.tables["administrations"].height
    assert not any("does not say its version" in note for note in found.tables.report.notes)
