"""Files as agencies keep them come in: HTCDS, long answers, two codings, several stays, copies, titles."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from case_database import write_contacts, write_roster
from compared import ALL, assert_same
from programs import answered, dated, items_of, program, simple_program, stays
from taken_in import take_in
from xlsxwriter import Workbook

from casearc.files.columnar.write import write_parquet
from casearc.files.exporting.contract import contract_tables
from casearc.files.proposal import propose
from casearc.synthetic.make import Program
from casearc.tables import build

NO_EVENTS = dict.fromkeys(("contacts", "services", "goals", "needs"), ALL)
NO_ANSWERS = NO_EVENTS | dict.fromkeys(("administrations", "responses", "scores"), ALL)
PLAIN_ANSWERS = NO_EVENTS | {"administrations": ("mode", "version"), "responses": ("missing_reason",)}


def test_parquet_of_the_contracts_tables(tmp_path: Path) -> None:
    made = program()
    written = [
        table for table in contract_tables(build(made.tables)) if table.name not in ("services", "goals", "needs")
    ]
    for table in written:
        write_parquet(table, tmp_path / f"{table.name}.parquet")
    found = take_in([tmp_path / f"{table.name}.parquet" for table in written])
    assert_same(found.tables, made, lost=dict.fromkeys(("services", "goals", "needs"), ALL))


SPELLINGS = {
    "the standard's": ("prs_FirstName", "prs_Gender", "prs_PrimaryLanguage", "vic_TraffickingStatus", "prs_Birthdate"),
    "its XLSForm's": (
        *("prs_First_Name", "prs_Gender", "prs_Primary_Language", "vic_Trafficking_Status", "prs_Birthdate"),
    ),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_roster_in_the_spelling_of_htcds(spelling: str, tmp_path: Path) -> None:
    """Codes of the standard become the contract's; a code it has no word for is asked about; names go to the vault."""
    name, gender, language, status, born = SPELLINGS[spelling]
    statuses = {"confirmed": "ActualVictimOfTrafficking", "presumed": "PossibleVictimOfTrafficking"}
    statuses["not_identified"] = "NotAVictimOfTrafficking"
    genders = {
        "girl": "Feminine",
        "boy": "Masculine",
        "nonbinary": "NonConforming",
        "transgender": "TransgenderFeminine",
    }
    people = program().tables["participants"]
    path = tmp_path / "people.csv"
    people.select(
        pl.col("participant_id").alias("person_id"),
        pl.format("Madeup{}", pl.int_range(pl.len())).alias(name),
        pl.lit("2008-01-02").alias(born),
        pl.col("gender").replace_strict(genders).alias(gender),
        pl.col("language").replace_strict({"en": "eng", "es": "spa"}).alias(language),
        pl.col("trafficking_status").replace_strict(statuses).alias(status),
    ).write_csv(path)
    assert f'given_name = "{name}"' in propose([path]).text
    assert f'birth_date = "{born}"' in propose([path]).text
    found = take_in([path]).tables.participants.sort("participant_id")
    ours = people.sort("participant_id")
    assert found["trafficking_status"].to_list() == ours["trafficking_status"].to_list()
    assert found["language"].to_list() == ours["language"].to_list()
    assert set(found["gender"]) == {"girl", "boy", "nonbinary", "transgender_girl"}


def _long(made: Program) -> pl.DataFrame:
    given = dated(made, "administrations", "day").select("administration_id", "participant_id", "day")
    rows = made.tables["responses"].join(given, on="administration_id", maintain_order="left")
    return rows.select(
        pl.col("participant_id").alias("Client ID"),
        pl.col("day").alias("Date completed"),
        pl.col("item").str.to_uppercase().str.replace("_(\\d+)$", " Q$1").alias("Question"),
        pl.col("response").cast(pl.Int64).alias("Answer"),
        pl.col("missing_reason").alias("Missing reason"),
    )


def test_answers_one_below_the_other(tmp_path: Path) -> None:
    made = simple_program()
    path = tmp_path / "answers.csv"
    _long(made).write_csv(path)
    found = take_in([path, *write_roster(made, tmp_path)])
    assert_same(found.tables, made, lost=NO_EVENTS | {"administrations": ("mode", "version", "language")})


def test_two_files_with_codings_of_their_own(tmp_path: Path) -> None:
    """One team codes 1 to 7, the other 0 to 6: the question is of the other's file, and so is its answer."""
    made = simple_program()
    rows = answered(made, "mspss").rename({"participant_id": "Client ID", "day": "Survey date"})
    rows = rows.select("Client ID", "Survey date", "language", *items_of("mspss"))
    half = pl.int_range(pl.len()) % 2 == 0
    rows.filter(half).write_csv(tmp_path / "north.csv")
    rows.filter(~half).with_columns(pl.col(items_of("mspss")) - 1).write_csv(tmp_path / "south.csv")
    paths = [tmp_path / "north.csv", tmp_path / "south.csv", *write_roster(made, tmp_path)]
    found = take_in(paths, {"south-mspss-coding": "0-6"}).tables
    assert sorted(set(found.administrations["coding"].fill_null(""))) == ["", "0-6"]
    scored = pl.col("instrument") == "mspss"
    only = {
        "administrations": made.tables["administrations"].filter(scored),
        "responses": made.tables["responses"].filter(pl.col("item").str.starts_with("mspss_")),
    }
    alike = Program(tables=made.tables | only, truth=made.truth)
    assert_same(found, alike, lost=PLAIN_ANSWERS | {"responses": ALL})


def test_two_stays_of_one_person_without_an_id_of_the_stay(tmp_path: Path) -> None:
    """Each start of a person is taken for a stay; contacts fall into the one that had begun."""
    made = program()
    path = tmp_path / "roster.csv"
    people = made.tables["participants"].select("participant_id", "gender", "age_at_enrollment")
    people.join(stays(made), on="participant_id").select(
        pl.col("participant_id").alias("Client ID"),
        pl.col("gender").alias("Gender"),
        pl.col("age_at_enrollment").alias("Age"),
        pl.col("start_date").alias("Intake date"),
    ).write_csv(path)
    found = take_in([path, write_contacts(made, tmp_path)]).tables
    assert found.enrollments.height == made.tables["enrollments"].height
    kept = ("participant_id", "gender", "age_at_enrollment")
    lost = NO_ANSWERS | {
        "participants": tuple(set(made.tables["participants"].columns) - set(kept)),
        "enrollments": ("program", "site", "staff_id", "first_service_day", "exit_day", "exit_reason"),
        "contacts": ("day", "start_date"),  # one before a return is counted to the stay before
    }
    assert_same(found, made, lost=lost)


@pytest.mark.parametrize(("counts", "housing"), [("first", "family"), ("last", "foster_care")])
def test_a_roster_with_people_twice(counts: str, housing: str, tmp_path: Path) -> None:
    """Copies are set aside in silence; where two rows of a person differ, somebody is asked which counts."""
    roster = pl.DataFrame(
        {
            "Client ID": ["c1", "c2", "c2", "c3", "c3", "c4"],
            "Gender": ["Girl", "Boy", "Boy", "Girl", "Girl", "Girl"],
            "Housing": ["family", "family", "family", "family", "foster care", "own place"],
            "Intake date": ["2024-01-01", "2024-02-01", "2024-02-01", "2024-03-01", "2024-03-01", "2024-04-01"],
        }
    )
    path = tmp_path / "roster.csv"
    roster.write_csv(path)
    found = take_in([path], {"roster.csv-Client-ID-row": counts}).tables.participants
    assert found["participant_id"].to_list() == ["c1", "c2", "c3", "c4"]
    assert found.filter(participant_id="c3")["housing"].to_list() == [housing]


def test_worksheets_with_a_title_above_the_names(tmp_path: Path) -> None:
    """The row of the names is found for each sheet by itself."""
    path = tmp_path / "cases.xlsx"
    with Workbook(path) as book:
        for name, above, rows in (
            (
                "Clients",
                2,
                [("Client ID", "Gender", "Intake date"), ("c1", "girl", "2024-01-02"), ("c2", "boy", "2024-02-02")],
            ),
            (
                "Contacts",
                3,
                [
                    ("Client ID", "Contact date", "Contact type", "Outcome"),
                    ("c1", "2024-01-05", "Client", "Completed"),
                    ("c2", "2024-02-05", "Parent", "Attempted"),
                ],
            ),
        ):
            page = book.add_worksheet(name)
            page.write(0, 0, "Harbor Light (made up)")
            for number, row in enumerate(rows, start=above):
                page.write_row(number, 0, row)
    found = take_in([path]).tables
    assert (found.participants.height, found.contacts.height) == (2, 2)
    assert found.contacts["day"].to_list() == [3, 3]
