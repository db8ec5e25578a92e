"""Answers that are words in place of numbers: told by the words, by a number beside them, or asked about once."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from made_up_files import CLIENTS, answers, survey, write

from casearc.files.importing import Imported, import_files
from casearc.files.proposal import Proposal, propose
from casearc.files.proposal.answer_scales import scales

DAY = {"Survey date": "2024-02-01", "language": "en"}
AGREE_7 = (
    *("very strongly disagree", "strongly disagree", "mildly disagree", "neutral", "mildly agree", "strongly agree"),
    "very strongly agree",
)
AGREE_5 = ("Strongly Disagree", "Disagree", "Undecided", "Agree", "Strongly Agree")
ACUERDO_5 = ("Totalmente en desacuerdo", "En desacuerdo", "Indecisa", "De acuerdo", "Totalmente de acuerdo")
CERTAIN = {0: "Cannot do at all", 5: "Moderately certain can do", 10: "Certain can do"}
UNKNOWN = ("one tree", "two trees", "three trees", "four trees", "five trees", "six trees", "seven trees")


def worded(instrument: str, words: dict[int, str]) -> pl.DataFrame:
    """A form of which some answers are written as words."""
    frame = survey(answers(instrument), **DAY)
    items = [name for name in frame.columns if name.startswith(f"{instrument}_")]
    return frame.with_columns(pl.col(items).cast(pl.String).replace({str(code): word for code, word in words.items()}))


def counted(*words: str, low: int = 1) -> dict[int, str]:
    return dict(enumerate(words, start=low))


# the instrument, number -> word, the questions that are asked, how they are answered
WRITTEN = {
    "every step of a known scale": ("mspss", counted(*AGREE_7), {}),
    "five steps": ("urica", counted(*AGREE_5), {}),
    "five steps in Spanish": ("urica", counted(*ACUERDO_5), {}),
    "a number before the words": ("mspss", {n: f"{n} - {w}" for n, w in counted(*AGREE_7).items()}, {}),
    "a number behind the words": ("mspss", {n: f"{w.title()} ({n})" for n, w in counted(*AGREE_7).items()}, {}),
    "words at the ends alone, with numbers": ("mspss", {1: "1 - fully against", 7: "7 - fully for"}, {}),
    "words at the ends alone": ("mspss", {1: "Very strongly disagree", 7: "Very strongly agree"}, {}),
    "words of certainty": ("cop_se", CERTAIN, {}),
    "words nobody knows": ("mspss", counted(*UNKNOWN), {"mspss-scale": " < ".join(UNKNOWN)}),
    "one word nobody knows": ("mspss", {7: "as much as can be"}, {"mspss-answer-as-much-as-can-be": "7"}),
}


def run(folder: Path, proposal: Proposal, given: dict[str, str]) -> Imported:
    (folder / "mapping.toml").write_text(proposal.text, encoding="utf-8")
    return import_files(folder / "mapping.toml", folder, answers=given)


@pytest.mark.parametrize("kind", WRITTEN)
def test_words_become_the_numbers_they_stand_for(kind: str, tmp_path: Path) -> None:
    instrument, words, given = WRITTEN[kind]
    proposal = propose(write(tmp_path, clients=CLIENTS, s=worded(instrument, words)))
    assert {question.id for question in proposal.questions} == set(given)
    responses = run(tmp_path, proposal, given).tables.responses
    plain = answers(instrument)
    for item in (name for name in plain.columns if name.startswith(f"{instrument}_")):
        assert responses.filter(item=item)["response"].to_list() == plain[item].cast(pl.Float64).to_list()


def test_which_of_two_scales_is_asked_where_not_every_word_occurs(tmp_path: Path) -> None:
    """Strongly agree is the highest of one scale of seven points, and the last but one of another."""
    frame = worded("mspss", counted(*AGREE_7)).with_columns(
        pl.when(pl.col(f"mspss_{at}").str.contains("disagree"))
        .then(pl.lit("strongly disagree"))
        .otherwise(pl.lit("strongly agree"))
        .alias(f"mspss_{at}")
        for at in range(1, 13)
    )
    proposal = propose(write(tmp_path, clients=CLIENTS, s=frame))
    (question,) = proposal.questions
    assert question.id == "mspss-scale"
    highest = {
        answer: run(tmp_path, proposal, {"mspss-scale": answer}).tables.responses["response"].max()
        for answer in question.answers
    }
    assert sorted(highest.values()) == [6.0, 7.0]
    assert highest[next(answer for answer in question.answers if answer.startswith("very strongly"))] == 6.0


def test_five_words_for_seven_points_are_not_spread_over_them_unasked(tmp_path: Path) -> None:
    """They are all of a scale of five points, and could be some of one of seven."""
    words = {1: AGREE_5[0], 2: AGREE_5[1], 3: AGREE_5[1], 4: "Neutral", 5: AGREE_5[3], 6: AGREE_5[3], 7: AGREE_5[4]}
    proposal = propose(write(tmp_path, clients=CLIENTS, s=worded("mspss", words)))
    (question,) = proposal.questions
    assert question.id == "mspss-scale"
    assert [answer.count("<") for answer in question.answers] == [6]


def test_a_word_for_no_answer_is_none_with_its_reason(tmp_path: Path) -> None:
    frame = worded("mspss", counted(*AGREE_7)).with_columns(
        pl.when(pl.col("Client ID").is_in(["c1", "c2", "c3"]))
        .then(pl.lit("Declined"))
        .otherwise("mspss_4")
        .alias("mspss_4")
    )
    proposal = propose(write(tmp_path, clients=CLIENTS, s=frame))
    found = run(tmp_path, proposal, {}).tables.responses.filter(item="mspss_4")
    assert found.filter(pl.col("response").is_null())["missing_reason"].to_list() == ["declined"] * 3


def test_a_word_beside_its_own_number_is_asked_about(tmp_path: Path) -> None:
    """Where 7 is answered as well, "very strongly agree" may be 7 or something else."""
    frame = worded("mspss", {}).with_columns(pl.col("mspss_1").replace({"7": "very strongly agree"}))
    asked = [question.id for question in propose(write(tmp_path, clients=CLIENTS, s=frame)).questions]
    assert asked == ["mspss-answer-very-strongly-agree"]


def test_an_item_that_runs_against_the_others_is_noticed_in_words_too(tmp_path: Path) -> None:
    frame = worded("mspss", counted(*AGREE_7))
    turned = dict(zip(AGREE_7, reversed(AGREE_7), strict=True))
    frame = frame.with_columns(pl.col("mspss_3").replace(turned))
    asked = [question.id for question in propose(write(tmp_path, clients=CLIENTS, s=frame)).questions]
    assert asked == ["mspss_3-reversed"]


def test_forms_in_two_languages_in_one_file(tmp_path: Path) -> None:
    """Each language has a scale of its own."""
    spanish = (
        *("Muy en desacuerdo", "En desacuerdo", "Algo en desacuerdo", "Neutral", "Algo de acuerdo", "De acuerdo"),
        "Muy de acuerdo",
    )
    frame = worded("mspss", counted(*AGREE_7))
    translated = dict(zip(AGREE_7, spanish, strict=True))
    half = pl.col("Client ID").is_in([f"c{number}" for number in range(1, 41, 2)])
    items = [f"mspss_{at}" for at in range(1, 13)]
    frame = frame.with_columns(
        pl.when(half).then(pl.col(item).replace(translated)).otherwise(item).alias(item) for item in items
    )
    proposal = propose(write(tmp_path, clients=CLIENTS, s=frame))
    assert proposal.questions == ()
    responses = run(tmp_path, proposal, {}).tables.responses
    plain = answers("mspss")
    for item in items:
        assert responses.filter(item=item)["response"].to_list() == plain[item].cast(pl.Float64).to_list()


def test_no_way_of_saying_a_step_is_another_step_of_the_same_scale() -> None:
    for scale in scales():
        ways = [way for step in scale.steps for way in step]
        assert len(set(ways)) == len(ways) == len(scale.places)


def test_items_in_brackets_are_named(tmp_path: Path) -> None:
    frame = survey(answers("mspss", name=lambda item: f"MSPSS [{item}]"), **DAY)
    proposal = propose(write(tmp_path, clients=CLIENTS, s=frame))
    assert proposal.questions == ()
    assert run(tmp_path, proposal, {}).scored == {"mspss 1.0.0": 40}
