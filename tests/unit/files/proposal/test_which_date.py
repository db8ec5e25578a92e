"""Dates decide waves and doses: which column, of which wave, in which order; what is not understood is named."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from made_up_files import CLIENTS, answers, survey, write

from casearc.errors import TableError
from casearc.files.importing import Imported, import_files
from casearc.files.proposal import Proposal, propose

ENGLISH = {"language": "en"}
DAYS = [(date(2024, 1, 15) + timedelta(days=number * 9)).isoformat() for number in range(40)]


def run(folder: Path, proposal: Proposal, **given: str) -> Imported:
    """Answers by the end of the question's id."""
    mapping = folder / "mapping.toml"
    mapping.write_text(proposal.text, encoding="utf-8")
    known = {
        question.id: next((value for end, value in given.items() if question.id.endswith(end)), "")
        for question in proposal.questions
    }
    return import_files(mapping, folder, answers={name: value for name, value in known.items() if value})


def asked(proposal: Proposal) -> dict[str, tuple[str, ...]]:
    return {question.id: question.answers for question in proposal.questions}


def columns_of(proposal: Proposal, table: str) -> dict[str, str]:
    return next(dict(feed.columns) for feed in proposal.feeds if feed.table == table)


def pre_and_post(**dates: object) -> pl.DataFrame:
    pre = answers("mspss", name=lambda item: f"mspss{item}_pre")
    post = answers("mspss", name=lambda item: f"mspss{item}_post", seed=2)
    return survey(pre.hstack(post.drop("Client ID")), **dates, **ENGLISH)


# the dates beside answers of two waves, what is asked and its answers
WAVES = {
    "one date": ({"Survey Date": DAYS}, {"wide.csv-Survey-Date-pre-post": ("pre", "post", "(leave empty)")}),
    "one of each": ({"Pre Date": DAYS, "Post Date": DAYS}, {}),
    "two of neither": (
        {"First": DAYS, "Second": DAYS[::-1]},
        {"wide.csv-pre-date": ("First", "Second"), "wide.csv-post-date": ("First", "Second")},
    ),
    "the other's alone": ({"Pre Date": DAYS}, {}),
}


@pytest.mark.parametrize("kind", WAVES)
def test_a_date_beside_two_waves_is_of_one(kind: str, tmp_path: Path) -> None:
    dates, questions = WAVES[kind]
    proposal = propose(write(tmp_path, clients=CLIENTS, wide=pre_and_post(**dates)))
    assert asked(proposal) == questions
    no_day = [note for note in proposal.notes if "at post" in note]
    assert len(no_day) == (kind == "the other's alone")


# the answer, the waves that come in
@pytest.mark.parametrize(("answer", "waves"), [("pre", {"pre"}), ("post", {"post"}), ("(leave empty)", set())])
def test_answers_without_a_day_are_left_out_in_words(answer: str, waves: set[str], tmp_path: Path) -> None:
    proposal = propose(write(tmp_path, clients=CLIENTS, wide=pre_and_post(**{"Survey Date": DAYS})))
    imported = run(tmp_path, proposal, post=answer)
    ids = imported.tables.administrations["administration_id"].str.extract(r"mspss-(\w+)-")
    assert set(ids) == waves
    assert imported.tables.responses["administration_id"].n_unique() == 40 * len(waves)
    said = {each.reason for use in imported.tables.report.files for each in use.set_aside}
    assert said == {f"the date in Survey Date is not that of {wave}" for wave in {"pre", "post"} - waves}


def test_two_instruments_at_two_waves_are_one_doubt(tmp_path: Path) -> None:
    more = [
        answers("cop_se", name=lambda item, wave=wave: f"cop_se{item}_{wave}").drop("Client ID")
        for wave in ("pre", "post")
    ]
    wide = pl.concat([pre_and_post(**{"Survey Date": DAYS}), *more], how="horizontal")
    assert list(asked(propose(write(tmp_path, clients=CLIENTS, wide=wide)))) == ["wide.csv-Survey-Date-pre-post"]


def later(days: int) -> list[str]:
    return [(date.fromisoformat(day) + timedelta(days=days)).isoformat() for day in DAYS]


# dates of a roster, the question about its start and about its end
ENDS = {
    "four starts": (
        {"Referral Date": DAYS, "Intake Date": later(9), "Enrollment Date": later(20), "Program Start Date": later(30)},
        {"clients.csv-start_date": ("Enrollment Date", "Program Start Date", "Intake Date")},
    ),
    "the same day in every row": ({"Intake Date": DAYS, "Enrollment Date": DAYS}, {}),
    "two of them the same": (
        {"Intake Date": DAYS, "Enrollment Date": DAYS, "Admission Date": later(3)},
        {"clients.csv-start_date": ("Enrollment Date", "Admission Date")},
    ),
    "a referral beside a start": ({"Referral Date": DAYS, "Intake Date": later(3)}, {}),
    "two ends": (
        {"Intake Date": DAYS, "Case Closed Date": later(90), "Discharge Date": later(80)},
        {"clients.csv-exit_date": ("Discharge Date", "Case Closed Date")},
    ),
    "the start of something else": ({"Intake Date": DAYS, "Medication Start Date": later(3)}, {}),
}


@pytest.mark.parametrize("kind", ENDS)
def test_which_date_begins_and_ends_a_stay_is_asked_where_they_differ(kind: str, tmp_path: Path) -> None:
    dates, questions = ENDS[kind]
    proposal = propose(write(tmp_path, clients=survey(CLIENTS.drop("Intake date"), **dates)))
    assert asked(proposal) == questions


def test_the_answer_is_day_0(tmp_path: Path) -> None:
    roster = survey(CLIENTS.drop("Intake date"), **{"Intake Date": DAYS, "Enrollment Date": later(20)})
    visits = pl.DataFrame(
        {
            "Client ID": ["c1", "c2"],
            "Contact date": later(25)[:2],
            "Contact type": ["Youth", "Parent"],
            "Outcome": ["Completed", "No answer"],
            "Minutes": [5, 1],
        }
    )
    proposal = propose(write(tmp_path, clients=roster, visits=visits))
    days = {
        answer: run(tmp_path, proposal, start_date=answer).tables.contacts["day"].to_list()
        for answer in ("Enrollment Date", "Intake Date")
    }
    assert days == {"Enrollment Date": [5, 5], "Intake Date": [25, 25]}


def test_stays_by_their_start_are_told_apart_by_the_answer(tmp_path: Path) -> None:
    roster = pl.DataFrame(
        {
            "Client ID": ["c1", "c1", "c2"],
            "Gender": ["Girl", "Girl", "Boy"],
            "Intake Date": ["2024-01-01", "2024-06-01", "2024-02-01"],
            "Enrollment Date": ["2024-01-05", "2024-06-05", "2024-02-05"],
        }
    )
    proposal = propose(write(tmp_path, clients=roster))
    stays = run(tmp_path, proposal, start_date="Intake Date").tables.enrollments
    assert stays["enrollment_id"].to_list() == ["c1-2024-01-01", "c1-2024-06-01", "c2-2024-02-01"]


def test_a_referral_is_the_start_where_nothing_else_is(tmp_path: Path) -> None:
    proposal = propose(write(tmp_path, clients=survey(CLIENTS.drop("Intake date"), **{"Referral Date": DAYS})))
    assert columns_of(proposal, "enrollments")["start_date"] == "Referral Date"
    assert any("The day of their referral (Referral Date) is taken" in note for note in proposal.notes)


@pytest.mark.parametrize(
    "name", ["enroll_dt", "dt_intake", "enrolldt", "ENROLL_DATE", "admission_dt", "fecha_inicio", "Case Opening Date"]
)
def test_names_of_starts(name: str, tmp_path: Path) -> None:
    proposal = propose(write(tmp_path, clients=CLIENTS.rename({"Intake date": name})))
    assert columns_of(proposal, "enrollments")["start_date"] == name
    assert not any("says when people enrolled" in note for note in proposal.notes)


def test_a_start_that_only_its_label_names(tmp_path: Path) -> None:
    roster = CLIENTS.rename({"Client ID": "record_id", "Gender": "gender", "Age": "age", "Intake date": "d1"})
    fields = [
        ("record_id", "Record ID", ""),
        ("gender", "Gender", ""),
        ("age", "Age", ""),
        ("d1", "Enrollment date", "date_ymd"),
    ]
    dictionary = pl.DataFrame(
        {
            "Variable / Field Name": [name for name, _, _ in fields],
            "Form Name": ["demographics"] * 4,
            "Field Type": ["text"] * 4,
            "Field Label": [label for _, label, _ in fields],
            "Text Validation Type OR Show Slider Number": [kind for _, _, kind in fields],
        }
    )
    proposal = propose(write(tmp_path, data=roster, dictionary=dictionary))
    assert columns_of(proposal, "enrollments")["start_date"] == "d1"


def test_that_no_column_is_a_start_is_said(tmp_path: Path) -> None:
    roster = CLIENTS.drop("Intake date")
    proposal = propose(
        write(tmp_path, clients=roster, survey=survey(answers("mspss"), **{"Survey date": DAYS}, **ENGLISH))
    )
    assert "start_date" not in columns_of(proposal, "enrollments")
    assert [note for note in proposal.notes if note.startswith("No column of clients.csv says when people enrolled")]


def test_a_start_that_is_no_date_is_named(tmp_path: Path) -> None:
    proposal = propose(write(tmp_path, clients=survey(CLIENTS.drop("Intake date"), **{"Intake date": "spring"})))
    assert any("Intake date is named as if it held dates" in note for note in proposal.notes)


def test_a_question_about_race_leaves_the_first_answer_the_start(tmp_path: Path) -> None:
    race = ["Black", "White"] * 20
    alone = survey(answers("mspss"), **{"Survey date": DAYS, "Race": race}, **ENGLISH)
    proposal = propose(write(tmp_path, survey=alone))
    assert columns_of(proposal, "enrollments")["start_date"] == "Survey date"
    assert columns_of(proposal, "participants")["race_ethnicity"] == "Race"
    assert set(run(tmp_path, proposal).tables.administrations["day"]) == {0}


def test_the_start_and_end_of_a_form_are_no_stay(tmp_path: Path) -> None:
    form = survey(answers("mspss"), **{"Start Date": DAYS, "End Date": DAYS}, **ENGLISH)
    proposal = propose(write(tmp_path, survey=form))
    assert "exit_date" not in columns_of(proposal, "enrollments")


def serial(day: str) -> int:
    return (date.fromisoformat(day) - date(1899, 12, 30)).days


# how the days of a survey are written, the question about them
WRITTEN = {
    "month/day/yy": (lambda day: f"{int(day[5:7])}/{int(day[8:])}/{day[2:4]}", {}),
    "day-Mon-yy": (lambda day: date.fromisoformat(day).strftime("%d-%b-%y"), {}),
    "serial numbers": (serial, {}),
    "dd/mm, part of it turned round": (
        lambda day: f"{day[:4]}-{day[8:]}-{day[5:7]}" if int(day[8:]) <= 12 else f"{day[8:]}/{day[5:7]}/{day[:4]}",
        {"dates": "day month year, or a date turned round"},
    ),
    "dd/mm, and real dates": (lambda day: day if day[5:7] == "03" else f"{day[8:]}/{day[5:7]}/{day[:4]}", {}),
}


@pytest.mark.parametrize("kind", WRITTEN)
def test_the_day_is_read_however_it_is_written(kind: str, tmp_path: Path) -> None:
    wrote, given = WRITTEN[kind]
    dates = pl.Series("Survey date", [str(wrote(day)) for day in DAYS])
    proposal = propose(write(tmp_path, clients=CLIENTS, survey=survey(answers("mspss"), **ENGLISH).with_columns(dates)))
    days = run(tmp_path, proposal, **given).tables.administrations["day"].to_list()
    assert days == [9 * number for number in range(40)]
    assert len(proposal.questions) == len(given)


def test_years_of_two_digits_leave_the_order_open_where_it_is(tmp_path: Path) -> None:
    roster = survey(CLIENTS.drop("Intake date"), **{"Intake date": "3/4/22"})
    assert asked(propose(write(tmp_path, clients=roster))) == {
        "clients.csv-date-order": ("day month year", "month day year")
    }


def test_a_column_part_dates_part_text_is_told_with_its_row(tmp_path: Path) -> None:
    mixed = [day if number % 2 else "17/06/2024" for number, day in enumerate(["2024-03-04"] * 40)]
    proposal = propose(write(tmp_path, clients=survey(CLIENTS.drop("Intake date"), **{"Intake date": mixed})))
    assert [note for note in proposal.notes if "20 cells are real dates and 20 are dates as text, row 2" in note]
    assert not any("2024-03-04" in note or "17/06/2024" in note for note in proposal.notes)


def test_turning_dates_that_cannot_be_turned_is_refused(tmp_path: Path) -> None:
    mixed = [day if number % 2 else "17/06/2024" for number, day in enumerate(["2024-03-04"] * 40)]
    proposal = propose(write(tmp_path, clients=survey(CLIENTS.drop("Intake date"), **{"Intake date": mixed})))
    later_rows = survey(CLIENTS.drop("Intake date"), **{"Intake date": ["2024-03-14", *mixed[1:]]})
    write(tmp_path, clients=later_rows)
    with pytest.raises(TableError) as caught:
        run(tmp_path, proposal, dates="day month year, or a date turned round")
    assert [fault.row for fault in caught.value.faults] == [2]


def test_numbers_are_no_dates_where_no_name_says_so(tmp_path: Path) -> None:
    roster = survey(CLIENTS, **{"Household income": [str(serial(day)) for day in DAYS]})
    proposal = propose(write(tmp_path, clients=roster))
    assert [left.column for left in proposal.left] == ["Household income"]


def test_a_day_that_is_not_understood_is_named(tmp_path: Path) -> None:
    answered = survey(answers("mspss"), **{"Survey date": "winter term"}, **ENGLISH)
    notes = propose(write(tmp_path, clients=CLIENTS, survey=answered)).notes
    assert any("Survey date is named as if it said on which day mspss was answered" in note for note in notes)
