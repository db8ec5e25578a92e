"""What a proposal recognizes: columns by their words, rows by their keys, answers by their items."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from made_up_files import CLIENTS, answers, survey, write

from casearc.files.importing import import_files
from casearc.files.proposal import Proposal, propose
from casearc.files.proposal.vocabulary import CODES, NAMES, REASONS, SHEETS
from casearc.tables import MISSING_REASONS, TABLES, Tables

ENGLISH = {"language": "en"}


def tables(folder: Path, proposal: Proposal) -> Tables:
    mapping = folder / "mapping.toml"
    mapping.write_text(proposal.text, encoding="utf-8")
    return import_files(mapping, folder).tables


def mapped(proposal: Proposal, table: str) -> dict[str, str]:
    """Column of the table -> column of the file, for the first feed of a table."""
    return next((dict(feed.columns) for feed in proposal.feeds if feed.table == table), {})


def test_the_vocabulary_names_what_the_contract_has() -> None:
    for table, columns in NAMES.items():
        assert set(columns) <= set(TABLES[table].accepted), table
    assert set(SHEETS) <= set(TABLES)
    assert set(REASONS) == set(MISSING_REASONS)
    for column, codes in CODES.items():
        known = [each.codes for schema in TABLES.values() for each in schema.columns if each.name == column]
        assert any(set(codes) == set(each) for each in known), column


# a column's name, the table and column it is taken for
NAMED = {
    ("No", "Fecha de ingreso", "Género", "Edad"): {"start_date": "Fecha de ingreso", "gender": "Género"},
    ("Client Number", "Program Entry Date", "Sex", "Age (years)"): {
        "start_date": "Program Entry Date",
        "gender": "Sex",
    },
    ("youth_id", "intakeDate", "gender_identity", "age"): {"start_date": "intakeDate", "gender": "gender_identity"},
    ("PID", "Date Enrolled", "Gender", "Age at intake"): {"start_date": "Date Enrolled", "gender": "Gender"},
}


@pytest.mark.parametrize("names", NAMED, ids=[each[0] for each in NAMED])
def test_a_roster_in_the_agencys_own_words(names: tuple[str, ...], tmp_path: Path) -> None:
    roster = CLIENTS.select("Client ID", "Intake date", "Gender", "Age").rename(
        dict(zip(("Client ID", "Intake date", "Gender", "Age"), names, strict=True))
    )
    proposal = propose(write(tmp_path, clients=roster))
    found = mapped(proposal, "participants") | mapped(proposal, "enrollments")
    assert found | NAMED[names] == found
    assert tables(tmp_path, proposal).participants.height == 40


def test_contacts_lead_to_the_stay_that_had_begun(tmp_path: Path) -> None:
    stays = pl.DataFrame(
        {
            "Entry ID": ["e1", "e2", "e3"],
            "Client ID": ["c1", "c1", "c2"],
            "Program Entry Date": ["2024-01-01", "2024-06-01", "2024-02-01"],
        }
    )
    contacts = pl.DataFrame(
        {
            "Client ID": ["c1", "c1", "c1", "c2"],
            "Contact date": ["2023-12-28", "2024-05-31", "2024-06-01", "2024-02-02"],
            "Contact type": ["Youth", "MDT", "Parent", "Crisis response"],
            "Outcome": ["No answer", "Completed", "Completed", "Left message"],
            "Minutes": [None, 10, 20, 5],
        }
    )
    proposal = propose(write(tmp_path, clients=CLIENTS.drop("Intake date").head(2), stays=stays, contacts=contacts))
    found = tables(tmp_path, proposal).contacts
    assert found["enrollment_id"].to_list() == ["e1", "e1", "e2", "e3"]
    assert found["day"].to_list() == [-4, 151, 0, 1]
    assert found["contact_type"].to_list() == ["client", "team_partner", "caregiver", "crisis_response"]
    assert found["outcome"].to_list() == ["attempted", "completed", "completed", "attempted"]


def test_one_row_a_person_with_two_measurements(tmp_path: Path) -> None:
    first, second = answers("mspss", seed=1), answers("mspss", seed=2)
    items = [name for name in first.columns if name != "Client ID"]
    wide = survey(first.rename({name: f"{name}_pre" for name in items}), pre_date="2024-01-16", **ENGLISH)
    wide = wide.hstack(second.select(pl.col(name).alias(f"{name}_post") for name in items))
    wide = survey(wide, post_date="2024-07-16")
    found = tables(tmp_path, propose(write(tmp_path, clients=CLIENTS, survey=wide)))
    given = found.administrations.sort("administration_id")
    assert given.height == 80
    assert sorted(set(given["day"])) == [1, 183]
    late = found.responses.filter(pl.col("administration_id") == "mspss-post-c40-2024-07-16")["response"].to_list()
    assert late == [float(value) for value in second.row(39)[1:]]


def test_answers_one_below_the_other(tmp_path: Path) -> None:
    wide = survey(answers("mspss"), Taken="2024-02-01")
    long = wide.unpivot(index=["Client ID", "Taken"], variable_name="Question", value_name="Answer")
    long = long.with_columns(pl.col("Question").str.replace("mspss_", "MSPSS item 0"))
    found = tables(tmp_path, propose(write(tmp_path, clients=CLIENTS, answers=long)))
    assert found.administrations.height == 40
    assert found.responses.height == 480
    assert set(found.responses["item"]) == {f"mspss_{number}" for number in range(1, 13)}


def test_tables_of_the_contract_need_no_words(tmp_path: Path) -> None:
    people = pl.DataFrame({"participant_id": ["p1", "p2"]})
    stays = pl.DataFrame(
        {"enrollment_id": ["e1", "e2"], "participant_id": ["p1", "p2"], "start_date": ["2024-01-01"] * 2}
    )
    needs = pl.DataFrame({"enrollment_id": ["e1"], "day": [3], "domain": ["housing"], "level": ["2"]})
    found = tables(tmp_path, propose(write(tmp_path, people=people, stays=stays, needs=needs)))
    assert (found.participants.height, found.enrollments.height, found.needs.height) == (2, 2, 1)


def test_columns_that_tell_who_somebody_is_stay_out(tmp_path: Path) -> None:
    """By name, by content under a harmless name, and free text; the vault's are named for the application."""
    clients = CLIENTS.with_columns(
        pl.Series("First Name", [f"Madeup{n}" for n in range(40)]),
        pl.Series("code2", [f"555-010-{1000 + n}" for n in range(40)]),
        pl.Series("housing", [f"made{n}@example.org" for n in range(40)]),
        pl.Series("remarks2", [f"Made-up words number {n} that go on for a while here" for n in range(40)]),
    )
    proposal = propose(write(tmp_path, clients=clients))
    why = {left.column: left.why for left in proposal.left}
    assert "phone numbers" in why["code2"]
    assert "mail addresses" in why["housing"]
    assert "sentences" in why["remarks2"]
    assert 'given_name = "First Name"' in proposal.text
    assert "housing" not in mapped(proposal, "participants")
    for secret in ("Madeup7", "555-010-1007", "made7@", "number 7"):
        assert secret not in proposal.text


def test_an_identity_column_that_somebody_maps_by_hand_is_refused(tmp_path: Path) -> None:
    clients = CLIENTS.with_columns(pl.Series("remark", [f"made{n}@example.org" for n in range(40)]))
    text = propose(write(tmp_path, clients=clients)).text
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(text.replace('gender = "Gender"', 'gender = "remark"').replace("gender = {", "# gender = {"))
    with pytest.raises(Exception, match="must not enter the table participants") as caught:
        import_files(mapping, tmp_path)
    assert "made7" not in str(caught.value)


def qualtrics(frame: pl.DataFrame) -> pl.DataFrame:
    """A frame as Qualtrics exports it: what was asked and import ids under the names."""
    ids = {"StartDate": "startDate", "ResponseId": "_recordId", "ExternalReference": "externalDataReference"}
    known = ids | {"UserLanguage": "userLanguage", "IPAddress": "ipAddress"}
    second = {name: f"What was asked under {name}" for name in frame.columns}
    third = {name: json.dumps({"ImportId": known.get(name, f"QID{name}")}) for name in frame.columns}
    return pl.concat([pl.DataFrame([second, third]), frame.select(pl.all().cast(pl.String))])


def test_a_qualtrics_export_beside_a_roster(tmp_path: Path) -> None:
    given = survey(
        answers("urica").rename({"Client ID": "ExternalReference"}),
        StartDate="2024-01-20 15:00:00",
        ResponseId=[f"R_{n}" for n in range(40)],
        UserLanguage="ES-ES",
        IPAddress="192.0.2.1",
    )
    found = tables(tmp_path, propose(write(tmp_path, clients=CLIENTS, survey=qualtrics(given))))
    assert found.administrations["language"].unique().to_list() == ["es"]
    assert found.administrations["day"].unique().to_list() == [5]
    assert found.responses.height == 40 * 32


def test_a_survey_alone_makes_its_own_roster(tmp_path: Path) -> None:
    given = pl.concat([survey(answers("mspss"), Taken="2024-01-20", **ENGLISH)])
    proposal = propose(write(tmp_path, survey=given))
    assert any("first answers is taken for the start" in note for note in proposal.notes)
    assert tables(tmp_path, proposal).enrollments.height == 40
