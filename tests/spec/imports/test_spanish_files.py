"""Files of a Spanish-speaking agency come in: windows-1252, semicolons, decimal commas, the day before the month."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from compared import ALL, assert_same
from programs import program
from spanish_exports import write_files
from taken_in import take_in

NOT_IN_IT = {
    "participants": (
        *("gender", "race_ethnicity", "language", "education", "housing", "screening_score"),
        *("exploitation_types", "victimization_types"),
    ),
    "enrollments": ("program", "site", "staff_id", "first_service_day"),
    "contacts": ("medium", "staff_id", "day", "start_date"),  # a contact before a return counts to the stay before
    "needs": ALL,
    "administrations": ALL,
    "responses": ALL,
    "scores": ALL,
}


def test_spanish_names_and_codes(tmp_path: Path) -> None:
    made = program()
    found = take_in(write_files(made, tmp_path)).tables
    assert_same(found, made, lost=NOT_IN_IT)
    genders = dict(zip(found.participants["participant_id"], found.participants["gender"], strict=True))
    ours = made.tables["participants"].select("participant_id", "gender").iter_rows()
    assert {(genders[name], gender) for name, gender in ours} == {
        ("nina", "girl"), ("nino", "boy"), ("no_binario", "nonbinary"), ("transgenero", "transgender")
    }  # fmt: skip


def test_the_answers_of_the_spanish_survey(tmp_path: Path) -> None:
    made = program()
    found = take_in(write_files(made, tmp_path)).tables
    given = made.tables["administrations"].filter(pl.col("instrument") == "mspss")
    assert_frame(found.administrations, given, "language", "day")
    ours = (
        made.tables["responses"]
        .join(given, on="administration_id", how="semi")
        .filter(pl.col("response").is_not_null())
    )
    assert_frame(found.responses.filter(pl.col("response").is_not_null()), ours, "item", "response")


def assert_frame(found: pl.DataFrame, ours: pl.DataFrame, *columns: str) -> None:
    assert found.select(columns).sort(columns).equals(ours.select(columns).sort(columns))
