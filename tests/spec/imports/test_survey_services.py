"""Surveys whose questions nobody named come in with one answer an instrument, from every survey service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from case_database import write_roster
from compared import ALL, assert_same
from programs import INSTRUMENTS, simple_program
from survey_services import write_google_forms, write_qualtrics, write_surveymonkey, write_surveymonkey_workbook
from taken_in import take_in

from casearc.errors import MappingError
from casearc.files.importing import import_files
from casearc.files.proposal import propose
from casearc.synthetic.make import Program

ALONE = {"administrations": ("mode", "version"), "responses": ("missing_reason",)}
ALONE |= dict.fromkeys(("contacts", "services", "goals", "needs"), ALL)
NO_LANGUAGE = ALONE | {"administrations": ("mode", "version", "language")}

Write = Callable[[Program, Path], Path]
# the export, its file, the columns that each question is named after, further answers, what it cannot carry
SERVICES: Mapping[str, tuple[Write, str, tuple[str, str, str], Mapping[str, str], Mapping[str, tuple[str, ...] | str]]]
SERVICES = {
    "Qualtrics, recode values": (
        lambda made, path: write_qualtrics(made, path, words=False),
        "survey.csv",
        ("Q3", "Q4", "Q5"),
        {"survey.csv-date": "StartDate"},
        ALONE,
    ),
    "Qualtrics, choice texts": (
        lambda made, path: write_qualtrics(made, path, words=True),
        "survey.csv",
        ("Q3", "Q4", "Q5"),
        {"survey.csv-date": "StartDate"},
        ALONE,
    ),
    "SurveyMonkey, CSV": (
        write_surveymonkey,
        "survey.csv",
        ("5-16", "17-42", "43-74"),
        {"survey.csv-language": "(leave empty)"},
        NO_LANGUAGE,
    ),
    "SurveyMonkey, XLSX": (
        write_surveymonkey_workbook,
        "survey.xlsx",
        ("5-16", "17-42", "43-74"),
        {"survey.xlsx-language": "(leave empty)"},
        NO_LANGUAGE,
    ),
    "Google Forms": (
        write_google_forms,
        "survey.csv",
        ("4-15", "16-41", "42-73"),
        {"survey.csv-language": "(leave empty)"},
        NO_LANGUAGE,
    ),
}


@pytest.mark.parametrize("service", SERVICES)
def test_a_survey_whose_questions_nobody_named(service: str, tmp_path: Path) -> None:
    write, file, columns, more, lost = SERVICES[service]
    made = simple_program()
    survey = write(made, tmp_path / file)
    which = {f"survey-{each}-instrument": name for each, name in zip(columns, INSTRUMENTS, strict=True)}
    found = take_in([survey, *write_roster(made, tmp_path)], {**which, **more})
    assert_same(found.tables, made, lost=lost)


@pytest.mark.parametrize("service", SERVICES)
def test_nothing_of_it_comes_in_unasked(service: str, tmp_path: Path) -> None:
    write, file, columns, _, _ = SERVICES[service]
    made = simple_program()
    proposal = propose([write(made, tmp_path / file), *write_roster(made, tmp_path)])
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(proposal.text, encoding="utf-8")
    with pytest.raises(MappingError) as caught:
        import_files(mapping, tmp_path)
    told = "\n".join(str(fault) for fault in caught.value.faults)
    assert all(f"survey-{each}-instrument" in told for each in columns)
