"""Rows that are nobody's, and ids that a spreadsheet program changed."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from made_up_files import CLIENTS, answers, survey, write

from casearc.errors import TableError
from casearc.files.importing import Imported, import_files
from casearc.files.proposal import Proposal, propose

DAY = {"Survey date": "2024-02-01"}
ENGLISH = {"language": "en"}


def run(folder: Path, proposal: Proposal, **given: str) -> Imported:
    """Answers by the end of the question's id."""
    mapping = folder / "mapping.toml"
    mapping.write_text(proposal.text, encoding="utf-8")
    known = {q.id: value for q in proposal.questions for end, value in given.items() if q.id.endswith(end)}
    return import_files(mapping, folder, answers=known)


def below(frame: pl.DataFrame, *rows: dict[str, str]) -> pl.DataFrame:
    """Further rows, the cells not named empty."""
    text = frame.cast(pl.String)
    return pl.concat([text, pl.DataFrame(rows, schema=dict.fromkeys(text.columns, pl.String))])


# how the last rows of a roster begin
SUMS = [
    [{"Client ID": "Total", "Gender": "40"}],
    [{"Client ID": "TOTALS:", "Age": "1,234.5"}],
    [{"Client ID": "Grand Total"}],
    [{"Client ID": "Count", "Gender": "40"}, {"Client ID": "Average", "Age": "15.5"}],
    [{"Client ID": "N = 40"}],
    [{"Client ID": "Promedio", "Age": "15"}],
    [{"Client ID": "Total general", "Age": "40"}, {"Client ID": "Informe de octubre"}],
]


@pytest.mark.parametrize("rows", SUMS[:-1], ids=[rows[0]["Client ID"] for rows in SUMS[:-1]])
def test_rows_of_sums_are_nobodys(rows: list[dict[str, str]], tmp_path: Path) -> None:
    proposal = propose(write(tmp_path, clients=below(CLIENTS, *rows)))
    assert proposal.questions == ()
    imported = run(tmp_path, proposal)
    assert imported.tables.participants.height == imported.tables.enrollments.height == 40
    aside = [(use.purpose, each.rows) for use in imported.tables.report.files for each in use.set_aside]
    assert aside == [("participants", len(rows)), ("enrollments", len(rows))]


def test_rows_of_sums_above_a_remark_are_found(tmp_path: Path) -> None:
    proposal = propose(write(tmp_path, clients=below(CLIENTS, *SUMS[-1])))
    assert 'not_begins = ["Total general"]' in proposal.text


def test_events_have_sums_as_well(tmp_path: Path) -> None:
    visits = pl.DataFrame(
        {
            "Client ID": ["c1", "c2", "c3"],
            "Contact date": ["2024-02-01", "2024-02-02", "2024-02-03"],
            "Contact type": ["Youth", "Parent", "Youth"],
            "Outcome": ["Completed", "No answer", "Completed"],
            "Minutes": ["10", "1", "5"],
        }
    )
    proposal = propose(write(tmp_path, clients=CLIENTS, visits=below(visits, {"Client ID": "Total", "Minutes": "16"})))
    contacts = run(tmp_path, proposal).tables.contacts
    assert contacts["minutes"].to_list() == [10, 1, 5]


@pytest.mark.parametrize(("answer", "people"), [("Total", 40), ("(leave empty)", 41)])
def test_a_row_that_is_only_like_one_of_sums_is_asked_about(answer: str, people: int, tmp_path: Path) -> None:
    rows = below(CLIENTS, {"Client ID": "Total", "Gender": "Girl"})
    proposal = propose(write(tmp_path, clients=rows))
    assert [question.answers for question in proposal.questions] == [("Total", "(leave empty)")]
    assert run(tmp_path, proposal, rows=answer).tables.participants.height == people


# the ids of a roster whose last row is somebody's
SOMEBODY = {
    "a word that only begins so": [*[f"c{n}" for n in range(39)], "Summer-9"],
    "a word of other rows too": [*[f"sum {n}" for n in range(40)]],
}


@pytest.mark.parametrize("kind", SOMEBODY)
def test_a_row_of_somebody_stays(kind: str, tmp_path: Path) -> None:
    roster = CLIENTS.with_columns(pl.Series("Client ID", SOMEBODY[kind]))
    assert run(tmp_path, propose(write(tmp_path, clients=roster))).tables.participants.height == 40


ZEROS = [f"00{number}" for number in range(417, 457)]


def with_ids(frame: pl.DataFrame, ids: list[str]) -> pl.DataFrame:
    return frame.with_columns(pl.Series("Client ID", ids))


def answered(ids: list[str]) -> pl.DataFrame:
    return with_ids(survey(answers("mspss"), **DAY, **ENGLISH), ids)


@pytest.mark.parametrize("lost", ["survey", "roster"])
def test_ids_that_lost_their_zeros_are_asked_about_and_link(lost: str, tmp_path: Path) -> None:
    plain = [each.lstrip("0") for each in ZEROS]
    roster, other = (ZEROS, plain) if lost == "survey" else (plain, ZEROS)
    proposal = propose(write(tmp_path, clients=with_ids(CLIENTS, roster), survey=answered(other)))
    assert [question.id for question in proposal.questions] == ["survey.csv-Client-ID-zeros"]
    given = run(tmp_path, proposal, zeros="yes").tables.administrations
    assert given["enrollment_id"].to_list() == roster
    with pytest.raises(TableError, match="no such enrollment_id"):
        run(tmp_path, proposal, zeros="no")


def test_ids_part_of_which_lost_zeros(tmp_path: Path) -> None:
    """Four in five are the same in both files: the others are not to be passed over."""
    ids = [f"{number:04d}" for number in range(960, 1000)]
    mixed = [*[f"1{each}" for each in ids[:36]], *ids[36:]]
    proposal = propose(
        write(tmp_path, clients=with_ids(CLIENTS, mixed), survey=answered([each.lstrip("0") for each in mixed]))
    )
    assert run(tmp_path, proposal, zeros="yes").tables.administrations["enrollment_id"].to_list() == mixed


def test_ids_that_would_be_one_without_zeros_are_never_the_same(tmp_path: Path) -> None:
    roster = [*ZEROS[:39], "417"]
    proposal = propose(
        write(tmp_path, clients=with_ids(CLIENTS, roster), survey=answered([each.lstrip("0") for each in ZEROS]))
    )
    assert proposal.questions == ()
    assert any("no column of it leads to a participant" in note for note in proposal.notes)


def test_a_stay_by_an_id_without_zeros_is_found_by_its_start(tmp_path: Path) -> None:
    roster = with_ids(CLIENTS.drop("Intake date"), ZEROS)
    stays = pl.DataFrame(
        {
            "Client ID": [*[each.lstrip("0") for each in ZEROS], "417"],
            "Enrollment date": [*["2024-01-01"] * 40, "2024-06-01"],
            "Program": ["Harbor"] * 41,
        }
    )
    visits = pl.DataFrame(
        {
            "Client ID": ["00417", "00417", "00418"],
            "Contact date": ["2024-02-01", "2024-06-03", "2024-01-05"],
            "Contact type": ["Youth", "Parent", "Youth"],
            "Outcome": ["Completed", "No answer", "Completed"],
            "Minutes": [10, 1, 5],
        }
    )
    proposal = propose(write(tmp_path, clients=roster, enrollments=stays, visits=visits))
    contacts = run(tmp_path, proposal, zeros="yes").tables.contacts
    assert contacts["enrollment_id"].to_list() == ["00417-2024-01-01", "00417-2024-06-01", "00418-2024-01-01"]
    assert contacts["day"].to_list() == [31, 2, 4]


def test_a_case_is_a_person_where_no_column_is_named_after_persons(tmp_path: Path) -> None:
    roster = CLIENTS.rename({"Client ID": "Case ID"})
    assert run(tmp_path, propose(write(tmp_path, clients=roster))).tables.participants["gender"].null_count() == 0


def test_a_roster_without_ids_keeps_what_it_says_of_people(tmp_path: Path) -> None:
    proposal = propose(write(tmp_path, clients=CLIENTS.drop("Client ID")))
    tables = run(tmp_path, proposal).tables
    assert tables.participants.select("gender", "age_at_enrollment").null_count().row(0) == (0, 0)
    assert tables.enrollments["start_date"].null_count() == 0
