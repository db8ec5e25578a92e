"""An instrument on two sheets, or a row an answer: what is one administration, and how its answers are coded."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from made_up_files import CLIENTS, answers, survey, write

from casearc.errors import ScoringError
from casearc.files.importing import Imported, import_files
from casearc.files.proposal import Proposal, propose

DAY = {"Survey date": "2024-02-01", "language": "en"}
KEYS = ["Client ID", "Survey date", "language"]


def asked(proposal: Proposal) -> dict[str, tuple[str, ...]]:
    return {each.id: each.answers for each in proposal.questions}


def run(folder: Path, proposal: Proposal, **given: str) -> Imported:
    (folder / "mapping.toml").write_text(proposal.text, encoding="utf-8")
    return import_files(folder / "mapping.toml", folder, answers=given)


def halves(*, stem: str = "COPSE_", **coding: int) -> dict[str, pl.DataFrame]:
    """The first thirteen items in one file, the other thirteen in another."""
    whole = survey(answers("cop_se", name=lambda item: f"{stem}{item}", **coding), **DAY)
    columns = {"first": range(1, 14), "second": range(14, 27)}
    return {name: whole.select(*KEYS, *(f"{stem}{at}" for at in numbers)) for name, numbers in columns.items()}


def test_two_halves_of_the_same_people_and_days_are_one_administration(tmp_path: Path) -> None:
    proposal = propose(write(tmp_path, clients=CLIENTS, **halves()))
    assert asked(proposal) == {}
    found = run(tmp_path, proposal)
    assert found.scored == {"cop_se 1.0.0": 40}
    assert found.tables.administrations["variant"].null_count() == 40
    assert found.tables.responses.height == 40 * 26


def test_a_half_without_the_other_is_an_administration_of_its_own(tmp_path: Path) -> None:
    files = halves()
    proposal = propose(write(tmp_path, clients=CLIENTS, first=files["first"].head(35), second=files["second"]))
    assert any("5 rows of second.csv have no row of the same person and day" in note for note in proposal.notes)
    found = run(tmp_path, proposal)
    assert found.scored == {"cop_se 1.0.0": 35}
    assert found.tables.administrations.height == 40


def test_the_coding_of_two_halves_is_one_question(tmp_path: Path) -> None:
    proposal = propose(write(tmp_path, clients=CLIENTS, **halves(low=1)))
    assert list(asked(proposal)) == ["cop_se-coding"]
    given = run(tmp_path, proposal, **{"cop_se-coding": "1-10"}).tables.administrations
    assert set(given["coding"]) == {"1-10"}


def test_halves_that_nothing_names_are_one_administration_once_somebody_says_so(tmp_path: Path) -> None:
    proposal = propose(write(tmp_path, clients=CLIENTS, **halves(stem="Q")))
    both = dict.fromkeys(("first-Q1-instrument", "second-Q14-instrument"), "cop_se")
    assert set(asked(proposal)) == set(both)
    assert run(tmp_path, proposal, **both).scored == {"cop_se 1.0.0": 40}


def long(frame: pl.DataFrame) -> pl.DataFrame:
    """A row an answer."""
    return frame.unpivot(index=KEYS, variable_name="Question", value_name="Answer")


MSPSS, COP_SE = survey(answers("mspss"), **DAY), survey(answers("cop_se"), **DAY)
LOW = survey(answers("mspss", low=0, high=6), **DAY)
HIGH = survey(answers("cop_se", low=1), **DAY)

# answers one below the other -> the questions, an answer, the codings that the administrations get
CODED = {
    "officially": ([MSPSS], {}, {None}),
    "two instruments officially": ([MSPSS, COP_SE], {}, {None}),
    "0 to 6": ([LOW], {"mspss-coding": "0-6"}, {"0-6"}),
    "1 to 10": ([HIGH], {"cop_se-coding": "1-10"}, {"1-10"}),
    "1 to 10 beside 1 to 7": ([HIGH, MSPSS], {"cop_se-coding": "1-10"}, {"1-10", None}),
}


@pytest.mark.parametrize("kind", CODED)
def test_long_answers_are_asked_about_their_coding_as_wide_ones_are(kind: str, tmp_path: Path) -> None:
    frames, given, codings = CODED[kind]
    proposal = propose(write(tmp_path, clients=CLIENTS, s=pl.concat([long(frame) for frame in frames])))
    assert set(asked(proposal)) == set(given)
    assert set(run(tmp_path, proposal, **given).tables.administrations["coding"]) == codings


def test_each_of_two_long_files_has_its_own_coding(tmp_path: Path) -> None:
    later = LOW.with_columns(pl.lit("2024-08-01").alias("Survey date"))
    proposal = propose(write(tmp_path, clients=CLIENTS, north=long(MSPSS), south=long(later)))
    assert asked(proposal) == {"south-mspss-coding": ("0-6",)}
    given = run(tmp_path, proposal, **{"south-mspss-coding": "0-6"}).tables.administrations
    assert set(given.group_by("coding").len().rows()) == {(None, 40), ("0-6", 40)}


def test_codes_for_missing_in_long_answers_are_asked_about(tmp_path: Path) -> None:
    stray = pl.int_range(pl.len()) % 100 == 0
    frame = long(MSPSS).with_columns(pl.when(stray).then(99).otherwise("Answer").alias("Answer"))
    proposal = propose(write(tmp_path, clients=CLIENTS, s=frame))
    assert list(asked(proposal)) == ["mspss-missing-99"]
    found = run(tmp_path, proposal, **{"mspss-missing-99": "declined"}).tables.responses
    assert found.filter(missing_reason="declined").height == 5


def test_a_doubtful_coding_says_what_to_write_into_the_mapping(tmp_path: Path) -> None:
    proposal = propose(write(tmp_path, clients=CLIENTS, s=long(HIGH)))
    (tmp_path / "mapping.toml").write_text(
        proposal.text.replace('[coding]\ncop_se = "?cop_se-coding"', ""), encoding="utf-8"
    )
    with pytest.raises(ScoringError, match=r'mapping of an import .* under \[coding\]: cop_se = "0-10", or the other'):
        import_files(tmp_path / "mapping.toml", tmp_path)
