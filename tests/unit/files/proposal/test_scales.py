"""What would change a score without a sign: codes for missing, scales the other way round, numbers that could be other
items, copies, forms before and after in files of their own.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyreadstat
import pytest
from made_up_files import CLIENTS, answers, survey, write

from casearc.files.importing import Imported, import_files
from casearc.files.proposal import Proposal, propose

DAY = {"Survey date": "2024-02-01", "language": "en"}
MSPSS = survey(answers("mspss"), **DAY)


def with_cells(frame: pl.DataFrame, column: str, *cells: int) -> pl.DataFrame:
    """The first cells of a column, others than they were."""
    kept = frame[column].to_list()[len(cells) :]
    return frame.with_columns(pl.Series(column, [*cells, *kept]))


def asked(proposal: Proposal) -> dict[str, tuple[str, ...]]:
    return {each.id: each.answers for each in proposal.questions}


def run(folder: Path, proposal: Proposal, **given: str) -> Imported:
    (folder / "mapping.toml").write_text(proposal.text, encoding="utf-8")
    return import_files(folder / "mapping.toml", folder, answers=given)


# what stands among answers from 1 to 7: what it is taken for
AMONG = {
    "99 twice": ([99, 99], ["mspss-missing-99"]),
    "99 and -9": ([99, -9, -9], ["mspss-missing--9", "mspss-missing-99"]),
    "0 for a blank": ([0, 0, 0], ["mspss-missing-0"]),
    "8 for a blank": ([8], ["mspss-missing-8"]),
    "nothing": ([], []),
}


@pytest.mark.parametrize("kind", AMONG)
def test_stray_numbers_are_asked_about_and_no_coding(kind: str, tmp_path: Path) -> None:
    cells, wanted = AMONG[kind]
    proposal = propose(write(tmp_path, clients=CLIENTS, s=with_cells(MSPSS, "mspss_4", *cells)))
    assert list(asked(proposal)) == wanted


def test_a_stray_number_becomes_no_answer_with_its_reason(tmp_path: Path) -> None:
    proposal = propose(write(tmp_path, clients=CLIENTS, s=with_cells(MSPSS, "mspss_4", 99, 99)))
    responses = run(tmp_path, proposal, **{"mspss-missing-99": "declined"}).tables.responses
    assert responses.filter(pl.col("missing_reason") == "declined").height == 2
    assert responses["response"].max() == 7


def test_from_0_to_6_is_another_coding_and_no_stray_0(tmp_path: Path) -> None:
    frame = survey(answers("mspss", low=0, high=6), **DAY)
    assert asked(propose(write(tmp_path, clients=CLIENTS, s=frame))) == {"mspss-coding": ("0-6",)}


def test_a_percentage_is_offered_and_nothing_absurd(tmp_path: Path) -> None:
    frame = survey(answers("cop_se", low=0, high=100), **DAY)
    assert asked(propose(write(tmp_path, clients=CLIENTS, s=frame))) == {"cop_se-coding": ("0-100",)}


def test_few_forms_with_many_answers_and_never_a_0(tmp_path: Path) -> None:
    few = survey(answers("cop_se", people=20, low=1), **DAY)
    assert "0-10" in asked(propose(write(tmp_path, clients=CLIENTS, s=few)))["cop_se-coding"]


LABELS = ["very strongly disagree", "strongly disagree", "mildly disagree", "neutral", "mildly agree", "strongly agree"]


@pytest.mark.parametrize(("backwards", "questions"), [(True, ["mspss-turned"]), (False, [])])
def test_labels_that_run_the_other_way_are_asked_about(
    backwards: bool, questions: list[str], tmp_path: Path
) -> None:
    order = [*LABELS, "very strongly agree"]
    labels = dict(enumerate(reversed(order) if backwards else order, start=1))
    path = tmp_path / "s.sav"
    items = [name for name in MSPSS.columns if name.startswith("mspss_")]
    named = MSPSS.rename({"Client ID": "client_id", "Survey date": "survey_date"})
    pyreadstat.write_sav(named, str(path), variable_value_labels=dict.fromkeys(items, labels))
    proposal = propose([*write(tmp_path, clients=CLIENTS), path])
    assert [name.removeprefix("s-") for name in asked(proposal)] == questions
    if backwards:
        turned, kept = (
            run(tmp_path, proposal, **{"s-mspss-turned": answer}).tables.responses["response"].sum()
            for answer in ("yes", "no")
        )
        assert turned + kept == 8 * 12 * 40


def test_thirteen_of_twenty_six_or_a_form_of_its_own(tmp_path: Path) -> None:
    frame = survey(answers("cop_se", name=lambda item: f"COPSE_{item}"), **DAY)
    first = frame.drop([f"COPSE_{number}" for number in range(14, 27)])
    proposal = propose(write(tmp_path, clients=CLIENTS, s=first))
    assert asked(proposal) == {"s-cop_se-variant": ("short-13", "(leave empty)")}
    whole = run(tmp_path, proposal, **{"s-cop_se-variant": "(leave empty)"})
    assert whole.tables.administrations["variant"].null_count() == 40
    assert asked(propose(write(tmp_path, clients=CLIENTS, s=frame))) == {}


def test_scales_that_no_score_is_named_after_are_left_out_and_said(tmp_path: Path) -> None:
    names = iter([f"MSPSS_{scale}{number}" for scale in ("X", "Y", "Z") for number in range(1, 5)])
    frame = survey(answers("mspss", name=lambda _: next(names)), **DAY)
    proposal = propose(write(tmp_path, clients=CLIENTS, s=frame))
    assert "table.responses" not in proposal.text
    assert len([note for note in proposal.notes if "same number of mspss" in note]) == 3


def test_columns_called_reversed_are_items_and_asked_about_together(tmp_path: Path) -> None:
    frame = survey(answers("urica", name=lambda item: f"URICA_{item}{'R' if item in ('1', '5') else ''}"), **DAY)
    proposal = propose(write(tmp_path, clients=CLIENTS, s=frame))
    assert asked(proposal) == {"s-urica-R": ("yes", "no")}
    back, kept = (
        run(tmp_path, proposal, **{"s-urica-R": answer}).tables.responses.filter(pl.col("item") == "urica_5")
        for answer in ("yes", "no")
    )
    assert (back["response"] + kept["response"]).unique().to_list() == [6]


# columns that hold answers to something: what is said
QUESTIONS = {
    "numbers": [1, 2, 3, 4, 5, 6, 7] * 5 + [1] * 5,
    "words": ["Strongly agree", "Agree", "Neutral", "Disagree"] * 10,
}


@pytest.mark.parametrize("kind", QUESTIONS)
def test_a_battery_that_nothing_names_is_never_left_out_in_silence(kind: str, tmp_path: Path) -> None:
    columns = {f"What do you think of thing {'abcdefgh'[at]}?": QUESTIONS[kind] for at in range(8)}
    frame = pl.DataFrame({"Client ID": CLIENTS["Client ID"], "Survey date": ["2024-02-01"] * 40, **columns})
    notes = [note for note in propose(write(tmp_path, clients=CLIENTS, s=frame)).notes if "look like answers" in note]
    assert len(notes) == 1
    assert notes[0].startswith("8 columns of s.csv (from number 3 to number 10)")


def test_the_same_form_twice_is_once(tmp_path: Path) -> None:
    later = MSPSS.with_columns(pl.lit("2024-08-01").alias("Survey date"))
    frame = pl.concat([MSPSS, later, MSPSS.head(2)])
    imported = run(tmp_path, propose(write(tmp_path, clients=CLIENTS, s=frame)))
    assert imported.tables.administrations.height == 80
    aside = {(use.purpose, each.rows) for use in imported.tables.report.files for each in use.set_aside}
    assert aside == {("administrations", 2), ("responses", 2)}


def test_before_and_after_in_files_of_their_own(tmp_path: Path) -> None:
    after = MSPSS.with_columns(pl.lit("2024-08-01").alias("Survey date"))
    imported = run(tmp_path, propose(write(tmp_path, clients=CLIENTS, pre=MSPSS, post=after)))
    assert imported.tables.administrations.height == 80
    assert imported.tables.administrations["administration_id"].n_unique() == 80


@pytest.mark.parametrize("cells", [None, "x"])
def test_a_column_of_the_file_that_has_a_derived_name(cells: str | None, tmp_path: Path) -> None:
    """An empty column `language` is there and another is made; `instrument` holds something else."""
    frame = MSPSS.drop("language").with_columns(
        pl.lit(None, dtype=pl.String).alias("language"), pl.lit(cells, dtype=pl.String).alias("instrument")
    )
    proposal = propose(write(tmp_path, clients=CLIENTS, s=frame))
    imported = run(tmp_path, proposal, **{"s.csv-language": "es"})
    assert imported.tables.administrations["language"].unique().to_list() == ["es"]
    assert imported.tables.administrations["instrument"].unique().to_list() == ["mspss"]


def test_answers_of_nobody_in_particular(tmp_path: Path) -> None:
    imported = run(tmp_path, propose(write(tmp_path, s=MSPSS.drop("Client ID"))))
    assert imported.tables.participants.height == imported.tables.administrations.height == 40
