"""Columns of answers that no name ties to an instrument: which one they are is asked, and the answer is enough."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from made_up_files import CLIENTS, answers, survey, write

from casearc.errors import MappingError
from casearc.files.importing import Imported, import_files
from casearc.files.mapping import open_questions
from casearc.files.mapping.parse import load_mapping
from casearc.files.proposal import Proposal, propose
from casearc.instruments import load
from casearc.instruments._locate import SHIPPED

DAY = {"Survey date": "2024-02-01", "language": "en"}
MSPSS, COP_SE = load("mspss"), load("cop_se")
GISTS = {item.id: item.gist for item in MSPSS.items}


def numbered(instrument: str, *, first: int = 1, low: int | None = None, high: int | None = None) -> pl.DataFrame:
    """Answers under Q1, Q2 …, or from another number on."""
    ids = [item.id for item in load(instrument).items]
    names = {item: f"Q{first + at}" for at, item in enumerate(ids)}
    return survey(answers(instrument, low=low, high=high, name=names.__getitem__), **DAY)


def with_texts(order: list[str] | None = None, *, above: str = "", number: bool = False) -> pl.DataFrame:
    """Answers to the MSPSS under texts of our own, in the published order or another."""
    frame = survey(answers("mspss"), **DAY)
    told = [
        (item, f"{f'{at}. ' if number else ''}{GISTS[item]}") for at, item in enumerate(order or list(GISTS), start=1)
    ]
    names = {f"mspss_{item}": f"{above} [{text}]" if above else text for item, text in told}
    return frame.select("Client ID", *(pl.col(name).alias(to) for name, to in names.items()), *DAY)


def in_words(words: list[str]) -> pl.DataFrame:
    frame = numbered("mspss")
    items = [name for name in frame.columns if name.startswith("Q")]
    codes = {str(number): word for number, word in enumerate(words, start=1)}
    return frame.with_columns(pl.col(items).cast(pl.String).replace(codes))


def beside(first: pl.DataFrame, second: pl.DataFrame) -> pl.DataFrame:
    return first.drop(*DAY).join(second, on="Client ID")


ENGLISH = [
    "Very strongly disagree", "Strongly disagree", "Mildly disagree", "Neutral", "Mildly agree", "Strongly agree",
    "Very strongly agree",
]  # fmt: skip
SPANISH = [
    "Muy fuertemente en desacuerdo", "Fuertemente en desacuerdo", "Levemente en desacuerdo", "Neutral",
    "Levemente de acuerdo", "Fuertemente de acuerdo", "Muy fuertemente de acuerdo",
]  # fmt: skip
FIVE = ["Strongly disagree", "Disagree", "Disagree", "Neutral", "Agree", "Agree", "Strongly agree"]
BACKWARDS = list(reversed(GISTS))
FORMS_OF_13 = ("cop_se", "cop_se:short-13", "cop_se:short-13-full-numbers", "no")

# what stands in a file -> the questions of its batteries, with what can be answered
ASKED: dict[str, tuple[Callable[[], pl.DataFrame], dict[str, tuple[str, ...]]]] = {
    "12 columns, 1 to 7": (lambda: numbered("mspss"), {"s-Q1-instrument": ("mspss", "no")}),
    "12 columns, 0 to 6": (lambda: numbered("mspss", low=0, high=6), {"s-Q1-instrument": ("mspss", "no")}),
    "26 columns, 0 to 10": (lambda: numbered("cop_se"), {"s-Q1-instrument": ("cop_se", "no")}),
    "26 columns, 1 to 10": (lambda: numbered("cop_se", low=1), {"s-Q1-instrument": ("cop_se", "no")}),
    "26 columns, 0 to 100": (lambda: numbered("cop_se", high=100), {"s-Q1-instrument": ("cop_se", "no")}),
    "32 columns, 1 to 5": (lambda: numbered("urica"), {"s-Q1-instrument": ("urica", "no")}),
    "13 columns, 0 to 10": (lambda: numbered("cop_se:short-13"), {"s-Q1-instrument": FORMS_OF_13}),
    "12 columns from Q3 on": (lambda: numbered("mspss", first=3), {"s-Q3-instrument": ("mspss", "no")}),
    "two scales in one numbering": (
        lambda: beside(numbered("mspss"), numbered("cop_se", first=13)),
        {"s-Q1-instrument": ("mspss", "no"), "s-Q13-instrument": ("cop_se", "no")},
    ),
    "texts in the published order": (with_texts, {"s-2-13-instrument": ("mspss", "no")}),
    "texts the other way round": (
        lambda: with_texts(BACKWARDS),
        {"s-2-13-instrument": (f"mspss {','.join(BACKWARDS)}", "mspss", "no")},
    ),
    "rows of a grid": (
        lambda: with_texts(above="How is it with you?", number=True),
        {"s-2-13-instrument": ("mspss", "no")},
    ),
    "words": (lambda: in_words(ENGLISH), {"s-Q1-instrument": ("mspss", "no")}),
    "Spanish words": (lambda: in_words(SPANISH), {"s-Q1-instrument": ("mspss", "no")}),
    "words of five points": (lambda: in_words(FIVE), {}),
    "12 columns of yes and no": (lambda: numbered("mspss", low=0, high=1), {}),
    "12 columns, 1 to 4": (lambda: numbered("mspss", high=4), {}),
    "11 columns": (lambda: numbered("mspss").drop("Q12"), {}),
}  # fmt: skip


@pytest.mark.parametrize("kind", ASKED)
def test_one_question_a_battery(kind: str, tmp_path: Path) -> None:
    frame, wanted = ASKED[kind]
    proposal = propose(write(tmp_path, clients=CLIENTS, s=frame()))
    asked = {each.id: each.answers for each in proposal.questions if each.id.endswith("-instrument")}
    assert {name: sorted(told) for name, told in asked.items()} == {name: sorted(told) for name, told in wanted.items()}


def run(folder: Path, proposal: Proposal, **given: str) -> Imported:
    (folder / "mapping.toml").write_text(proposal.text, encoding="utf-8")
    return import_files(folder / "mapping.toml", folder, answers=given)


def responses(imported: Imported) -> list[tuple[object, ...]]:
    rows = imported.tables.responses.join(imported.tables.administrations, on="administration_id")
    return sorted(rows.select("enrollment_id", "item", "response").rows())


NAMED = survey(answers("mspss"), **DAY)


SAME = (
    *("12 columns, 1 to 7", "texts in the published order", "texts the other way round", "rows of a grid", "words"),
    *("Spanish words", "12 columns from Q3 on"),
)


@pytest.mark.parametrize("kind", SAME)
def test_with_the_answer_all_is_as_if_the_columns_were_named(kind: str, tmp_path: Path) -> None:
    """Of texts in another order the first answer takes each text for its item."""
    for folder in ("asked", "named"):
        (tmp_path / folder).mkdir()
    proposal = propose(write(tmp_path / "asked", clients=CLIENTS, s=ASKED[kind][0]()))
    (question,) = proposal.questions
    asked = run(tmp_path / "asked", proposal, **{question.id: question.answers[0]})
    named = run(tmp_path / "named", propose(write(tmp_path / "named", clients=CLIENTS, s=NAMED)))
    assert responses(asked) == responses(named)
    assert asked.scored == named.scored


def test_the_published_order_may_be_taken_against_the_texts(tmp_path: Path) -> None:
    frame = with_texts(BACKWARDS)
    proposal = propose(write(tmp_path, clients=CLIENTS, s=frame))
    taken = run(tmp_path, proposal, **{"s-2-13-instrument": "mspss"}).tables.responses
    first = taken.filter(item="mspss_1")["response"].to_list()
    assert first == [float(cell) for cell in frame[GISTS["12"]]]


def test_with_no_the_columns_are_left_out_and_nothing_else_is_asked(tmp_path: Path) -> None:
    """The coding and the language are questions of what is not there."""
    frame = numbered("cop_se", low=1)
    proposal = propose(write(tmp_path, clients=CLIENTS, s=frame))
    assert [question.id for question in proposal.questions] == ["s-Q1-instrument", "cop_se-coding"]
    tables = run(tmp_path, proposal, **{"s-Q1-instrument": "no"}).tables
    assert tables.participants.height == 40
    assert tables.administrations.height == tables.responses.height == 0


def test_a_question_is_needed_where_its_battery_counts(tmp_path: Path) -> None:
    proposal = propose(write(tmp_path, clients=CLIENTS, s=numbered("cop_se", low=1)))
    with pytest.raises(MappingError) as nothing:
        run(tmp_path, proposal)
    with pytest.raises(MappingError) as half:
        run(tmp_path, proposal, **{"s-Q1-instrument": "cop_se"})
    assert ["s-Q1-instrument" in str(fault) for fault in nothing.value.faults] == [True]
    assert ["cop_se-coding" in str(fault) for fault in half.value.faults] == [True]


@pytest.mark.parametrize(
    ("answer", "left"), [("", ["s-Q1-instrument", "cop_se-coding"]), ("cop_se", ["cop_se-coding"]), ("no", [])]
)
def test_questions_that_are_still_open(answer: str, left: list[str], tmp_path: Path) -> None:
    text = propose(write(tmp_path, clients=CLIENTS, s=numbered("cop_se", low=1))).text
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(text.replace('answer = ""', f'answer = "{answer}"', 1), encoding="utf-8")
    assert [question["id"] for question in open_questions(load_mapping(mapping))] == left


def test_an_agencys_own_instrument_is_offered_too(tmp_path: Path) -> None:
    own = tmp_path / "own" / "harbor_support"
    shutil.copytree(SHIPPED / "mspss", own)
    for path in own.iterdir():
        path.write_text(path.read_text(encoding="utf-8").replace("mspss", "harbor_support"), encoding="utf-8")
    proposal = propose(write(tmp_path, clients=CLIENTS, s=numbered("mspss")), folders=[tmp_path / "own"])
    (question,) = (each for each in proposal.questions if each.id.endswith("-instrument"))
    assert sorted(question.answers) == ["harbor_support", "mspss", "no"]
    assert run(tmp_path, proposal, **{question.id: "mspss"}).scored == {"mspss 1.0.0": 40}


def test_files_with_the_same_columns_are_asked_about_once(tmp_path: Path) -> None:
    later = numbered("mspss").with_columns(pl.lit("2024-08-01").alias("Survey date"))
    proposal = propose(write(tmp_path, clients=CLIENTS, north=numbered("mspss"), south=later))
    (question,) = proposal.questions
    assert question.asks.startswith("12 columns of north.csv and south.csv (from Q1 to Q12)")
    assert run(tmp_path, proposal, **{question.id: "mspss"}).tables.administrations.height == 80


# columns numbered scale by scale: the items they are taken for, by the name of the first
SCALES = {
    "MSPSS_Fam MSPSS_Fri MSPSS_SO": ("mspss", {"MSPSS_Fam1": "3", "MSPSS_Fri2": "7", "MSPSS_SO4": "10"}),
    "Family Friends SignificantOther": ("mspss", {"Family4": "11", "Friends1": "6", "SignificantOther2": "2"}),
    "URICA_PC URICA_C URICA_A URICA_M": ("urica", {"URICA_PC2": "5", "URICA_C1": "2", "URICA_A7": "30"}),
    "COPSE_Problem COPSE_Emotion COPSE_Support": (  # the 13-item form, with its own numbers
        "cop_se",
        {"COPSE_Problem6": "6", "COPSE_Support1": "11"},
    ),
}


@pytest.mark.parametrize("kind", SCALES)
def test_names_of_scales_tell_the_items_once_somebody_says_so(kind: str, tmp_path: Path) -> None:
    name, items = SCALES[kind]
    scores = {"mspss": ("family", "friends", "significant_other"), "cop_se": ("problem", "emotion", "support")}.get(
        name, ("precontemplation", "contemplation", "action", "maintenance")
    )
    stems = dict(zip(scores, kind.split(), strict=True))
    known = load(name)
    names = {
        item: f"{stem}{at}"
        for score, stem in stems.items()
        for at, item in enumerate(known.score(f"{name}_{score}").items, start=1)
    }
    frame = survey(answers(name), **DAY)
    frame = frame.select("Client ID", *(pl.col(f"{name}_{item}").alias(to) for item, to in names.items()), *DAY)
    proposal = propose(write(tmp_path, clients=CLIENTS, s=frame))
    (question,) = (each for each in proposal.questions if each.id == f"s-{name}-scales")
    found = run(tmp_path, proposal, **{question.id: question.answers[0]}).tables.responses
    for column, item in items.items():
        taken = found.filter(item=f"{name}_{item}")["response"].to_list()
        assert taken == [float(cell) for cell in frame[column]], column
