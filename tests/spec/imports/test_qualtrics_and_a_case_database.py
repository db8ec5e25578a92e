"""A survey service's export beside a case database comes in without a change by hand, however it was exported."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from case_database import write_contacts, write_roster
from compared import ALL, assert_same
from programs import program
from qualtrics_exports import in_words, older, responses, with_headers, write, write_tsv
from taken_in import take_in

from casearc.files.proposal import propose
from casearc.synthetic.exports import write_exports

NO_REASONS = {"administrations": ("mode", "version"), "responses": ("missing_reason",)}
"""A survey service does not say why there is no answer, nor how the survey was given."""
BY_PERSON = ("day", "start_date")
"""Contacts name a person. One before a return is counted to the stay before; its date is the same."""
SURVEY_ALONE = NO_REASONS | dict.fromkeys(("contacts", "services", "goals", "needs"), ALL)


def test_the_survey_and_the_workbook(tmp_path: Path) -> None:
    made = program()
    numbers = {name: str(1001 + place) for place, name in enumerate(made.tables["participants"]["participant_id"])}
    found = take_in(write_exports(made, tmp_path), {"survey_export.csv-date": "StartDate"})
    lost = {"participants": ("language",), "enrollments": ("staff_id",), "contacts": ("staff_id", *BY_PERSON)}
    assert_same(found.tables, made, lost=NO_REASONS | lost, people=numbers)


def test_csv_files_of_the_case_database(tmp_path: Path) -> None:
    made = program()
    survey = write(with_headers(responses(made)), tmp_path / "survey.csv")
    paths = [survey, *write_roster(made, tmp_path), write_contacts(made, tmp_path)]
    found = take_in(paths, {"survey.csv-date": "StartDate"})
    assert_same(
        found.tables,
        made,
        lost=NO_REASONS | dict.fromkeys(("services", "goals", "needs"), ALL) | {"contacts": BY_PERSON},
    )


def test_an_older_export_with_two_rows_of_names(tmp_path: Path) -> None:
    made = program()
    survey = write(older(responses(made)), tmp_path / "survey.csv")
    found = take_in([survey, *write_roster(made, tmp_path)], {"survey.csv-date": "V8"})
    assert_same(found.tables, made, lost=SURVEY_ALONE)


def test_tabs_in_utf_16(tmp_path: Path) -> None:
    made = program()
    survey = write_tsv(with_headers(responses(made)), tmp_path / "survey.tsv")
    found = take_in([survey, *write_roster(made, tmp_path)], {"survey.tsv-date": "EndDate"})
    assert_same(found.tables, made, lost=SURVEY_ALONE)


def test_previews_are_set_aside_and_unfinished_responses_kept(tmp_path: Path) -> None:
    made = program()
    rows = responses(made)
    preview = rows.head(3).with_columns(
        pl.lit("1").alias("Status"), pl.format("R_preview{}", pl.int_range(3)).alias("ResponseId")
    )
    unfinished = pl.int_range(pl.len()) % 5 == 0
    rows = rows.with_columns(pl.when(unfinished).then(pl.lit("0")).otherwise("Finished").alias("Finished"))
    survey = write(with_headers(pl.concat([preview, rows])), tmp_path / "survey.csv")
    found = take_in([survey, *write_roster(made, tmp_path)], {"survey.csv-date": "StartDate"})
    assert_same(found.tables, made, lost=SURVEY_ALONE)
    aside = {(use.purpose, each.reason): each.rows for use in found.tables.report.files for each in use.set_aside}
    assert aside["responses", "a preview, a test or spam (Status)"] == 3


def test_the_order_of_words_that_nobody_knows_is_asked_for_once(tmp_path: Path) -> None:
    """With the order given, the scores are those of the numbers."""
    made = program()
    words = {number: f"{'dis' if number < 4 else ''}agree, step {number}" for number in range(1, 8)}
    survey = write(with_headers(in_words(responses(made), "mspss", words)), tmp_path / "survey.csv")
    answers = {"mspss-scale": " < ".join(words.values()), "survey.csv-date": "StartDate"}
    found = take_in([survey, *write_roster(made, tmp_path)], answers)
    assert_same(found.tables, made, lost=SURVEY_ALONE)


def test_where_no_column_names_anybody_each_response_is_a_person(tmp_path: Path) -> None:
    """And the proposal says that no change can be seen so."""
    rows = responses(program()).drop("ExternalReference")
    survey = write(with_headers(rows), tmp_path / "survey.csv")
    assert any("no change can be measured" in note for note in propose([survey]).notes)
    found = take_in([survey], {"survey.csv-date": "StartDate"})
    assert found.tables.participants.height == rows.height
    assert set(found.tables.administrations["day"]) == {0}
