"""Where a guess would change a score, the proposal asks; nothing is imported before the answer, which counts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from made_up_files import CLIENTS, answers, survey, write

from casearc.analyses import named_instruments, score_all
from casearc.errors import MappingError, TableError
from casearc.files.importing import Imported, import_files
from casearc.files.proposal import propose

DAY = {"Survey date": "2024-02-01"}
ENGLISH = {"language": "en"}


def files(kind: str) -> dict[str, pl.DataFrame]:
    """The clients and a survey with one doubt in it."""
    mspss, cop_se = answers("mspss"), answers("cop_se")
    made: dict[str, Callable[[], pl.DataFrame]] = {
        "nothing doubtful": lambda: survey(mspss, **DAY, **ENGLISH),
        "1-10 against 0-10": lambda: survey(answers("cop_se", low=1), **DAY, **ENGLISH),
        "0-6 against 1-7": lambda: survey(answers("mspss", low=0, high=6), **DAY, **ENGLISH),
        "a reversed column": lambda: survey(
            mspss.with_columns((8 - pl.col("mspss_3")).alias("mspss_3")), **DAY, **ENGLISH
        ),
        "items nobody names": lambda: survey(answers("mspss", name=lambda item: f"q{item}"), **DAY, **ENGLISH),
        "the language": lambda: survey(mspss, **DAY),
        "which of two dates": lambda: survey(mspss, started="2024-02-01", ended="2024-02-03", **ENGLISH),
        "day or month first": lambda: survey(mspss, **{"Survey date": "03/04/2024"}, **ENGLISH),
        "a sum or a mean": lambda: survey(
            cop_se, **DAY, **ENGLISH, cop_se_total=[None if n % 2 else 5 for n in range(40)]
        ),
        "words in place of numbers": lambda: survey(
            mspss.with_columns(pl.col("mspss_1").cast(pl.String).replace({"7": "very strongly agree"})),
            **DAY,
            **ENGLISH,
        ),
    }
    return {"clients": CLIENTS, "survey": made[kind]()}


# the doubt, the questions asked
ASKED = {
    "nothing doubtful": [],
    "1-10 against 0-10": ["cop_se-coding"],
    "0-6 against 1-7": ["mspss-coding"],
    "a reversed column": ["mspss_3-reversed"],
    "items nobody names": ["survey-q1-instrument"],
    "the language": ["survey.csv-language"],
    "which of two dates": ["survey.csv-date"],
    "day or month first": ["survey.csv-date-order"],
    "a sum or a mean": ["cop_se_total-made"],
    "words in place of numbers": ["mspss-answer-very-strongly-agree"],
}


@pytest.mark.parametrize("kind", ASKED)
def test_the_proposal_asks_what_only_a_person_knows(kind: str, tmp_path: Path) -> None:
    proposal = propose(write(tmp_path, **files(kind)))
    assert [question.id for question in proposal.questions] == ASKED[kind]


@pytest.mark.parametrize("kind", [kind for kind, asked in ASKED.items() if asked])
def test_nothing_is_imported_before_the_answer(kind: str, tmp_path: Path) -> None:
    proposal = propose(write(tmp_path, **files(kind)))
    with pytest.raises(MappingError) as caught:
        run(tmp_path, proposal.text)
    assert [ASKED[kind][0] in str(fault) for fault in caught.value.faults] == [True]


def run(folder: Path, text: str, **answers: str) -> Imported:
    mapping = folder / "mapping.toml"
    mapping.write_text(text, encoding="utf-8")
    return import_files(mapping, folder, answers={name.replace("__", "-"): value for name, value in answers.items()})


def run_with(kind: str, folder: Path, answer: str) -> Imported:
    proposal = propose(write(folder, **files(kind)))
    mapping = folder / "mapping.toml"
    mapping.write_text(proposal.text, encoding="utf-8")
    return import_files(mapping, folder, answers={ASKED[kind][0]: answer})


def mean(imported: Imported, score: str) -> float:
    tables = imported.tables
    scores = score_all(named_instruments(tables), tables, coding={}, missing="house")
    found = pl.concat(scores, how="diagonal")[score].mean()
    assert isinstance(found, float)
    return found


# the doubt, the score, two answers that give different means
COUNTS = [
    ("1-10 against 0-10", "cop_se_mean", "0-10", "1-10"),
    ("a reversed column", "mspss_family", "yes", "no"),
    ("words in place of numbers", "mspss_total", "7", "1"),
]


@pytest.mark.parametrize(("kind", "score", "one", "other"), COUNTS, ids=[each[0] for each in COUNTS])
def test_the_answer_decides_the_score(kind: str, score: str, one: str, other: str, tmp_path: Path) -> None:
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir()
    first = mean(run_with(kind, tmp_path / "one", one), score)
    second = mean(run_with(kind, tmp_path / "other", other), score)
    assert first != pytest.approx(second)


def test_a_coding_with_the_same_number_of_points_is_shifted(tmp_path: Path) -> None:
    """0 to 6 scored as 1 to 7: the same people answer a file coded the official way."""
    (tmp_path / "official").mkdir()
    (tmp_path / "shifted").mkdir()
    official = run(tmp_path / "official", propose(write(tmp_path / "official", **files("nothing doubtful"))).text)
    raw = {**files("nothing doubtful")}
    items = [name for name in raw["survey"].columns if name.startswith("mspss_")]
    raw["survey"] = raw["survey"].with_columns(pl.col(items) - 1)
    text = propose(write(tmp_path / "shifted", **raw)).text
    (tmp_path / "shifted" / "mapping.toml").write_text(text, encoding="utf-8")
    shifted = import_files(tmp_path / "shifted" / "mapping.toml", tmp_path / "shifted", answers={"mspss-coding": "0-6"})
    assert mean(official, "mspss_total") == pytest.approx(mean(shifted, "mspss_total"))
    assert set(shifted.tables.administrations["coding"]) == {"0-6"}


@pytest.mark.parametrize("answer", ["StartDate", "later"])
def test_an_answer_that_is_none_of_those_it_takes_is_refused(answer: str, tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="none of those it takes"):
        run_with("which of two dates", tmp_path, answer)


# what is wrong in the file although it names its items, and what its own total then shows
WRONG = {
    "items in another order": lambda frame: frame.rename({"mspss_1": "x", "mspss_3": "mspss_1"}).rename(
        {"x": "mspss_3"}
    ),
    "an item reversed": lambda frame: frame.with_columns((8 - pl.col("mspss_3")).alias("mspss_3")),
}


@pytest.mark.parametrize("kind", WRONG)
def test_the_files_own_total_shows_what_is_wrong_with_the_items(kind: str, tmp_path: Path) -> None:
    """Family is items 3, 4, 8 and 11; its mean stands in the file."""
    right = answers("mspss")
    family = sum((right[f"mspss_{item}"] for item in (4, 8, 11)), right["mspss_3"]) / 4
    spoiled = survey(WRONG[kind](right), **DAY, **ENGLISH, mspss_family=family.to_list())
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(propose(write(tmp_path, clients=CLIENTS, survey=spoiled)).text, encoding="utf-8")
    questions = {"mspss_3-reversed": "no"} if kind == "an item reversed" else {}
    with pytest.raises(TableError, match="mspss_family is not that of its items"):
        import_files(mapping, tmp_path, answers=questions)


def test_a_total_that_agrees_is_reported(tmp_path: Path) -> None:
    right = answers("mspss")
    items = [right[f"mspss_{item}"] for item in range(2, 13)]
    total = sum(items, right["mspss_1"])
    proposal = propose(
        write(tmp_path, clients=CLIENTS, survey=survey(right, **DAY, **ENGLISH, MSPSS_sum=total.to_list()))
    )
    agreements = run(tmp_path, proposal.text).agreements
    assert [(each.score, each.compared, each.agree) for each in agreements] == [("mspss_total", 40, 40)]
