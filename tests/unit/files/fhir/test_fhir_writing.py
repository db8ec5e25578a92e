"""Promise: forms and answers go out as valid FHIR that keeps the specification's rules, and come back the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_up_fhir import read_text

from casearc.errors import DataRefusedError, UsageError
from casearc.files.described import REASON_CODES
from casearc.files.fhir import questionnaire_form, write_questionnaire, write_responses
from casearc.files.fhir.names import ABOUT, CODE_OF, REASON_OF, RELATIVE_COLUMNS, WHO
from casearc.files.fhir.structure import questionnaire_problems, response_problems
from casearc.files.fhir.validity import refusals
from casearc.files.form import Form, Question
from casearc.files.sheet import Field, Holds, MissingCode, Sheet, sheet_of
from casearc.tables import MISSING_REASONS

VERSIONS = ("R4", "R5")
OFTEN = {"0": "never", "1": "often"}
FORM = Form(
    id="calm_scale",
    title="Calm",
    version="2.0",
    languages=("en", "es"),
    instructions={"en": "Think of last week.", "es": "Piense en la semana pasada."},
    questions=(
        Question(
            name="calm_1",
            text={"en": "Felt calm", "es": "Tranquila"},
            holds=Holds.CHOICE,
            choices=OFTEN,
            choice_texts={"es": {"0": "nunca", "1": "a menudo"}},
            section="Feelings",
            required=True,
        ),
        Question(
            name="helped", text={"en": "What helped"}, holds=Holds.CHOICES, choices={"a": "A walk", "b": "A, or B"}
        ),
        Question(name="hours", text={"en": "Hours"}, holds=Holds.INTEGER, low=0, high=24, shown_if='"calm_1" = "0"'),
        Question(name="weight", text={"en": "Weight"}, holds=Holds.NUMBER, low=0.5),
        Question(name="since", text={"en": "Since"}, holds=Holds.DATE),
        Question(name="last", text={"en": "Last time"}, holds=Holds.MOMENT),
        Question(name="bed", text={"en": "To bed"}, holds=Holds.TIME),
        Question(name="alone", text={"en": "Alone"}, holds=Holds.YES_NO),
        Question(name="who", text={"en": "Your name"}, identifier=True),
    ),
)


def form_back(form: Form, folder: Path, version: str) -> Form:
    path = folder / "form.json"
    write_questionnaire(form, path, version=version)
    sheets, faults = read_text(path.read_bytes(), folder)
    assert faults == []
    back = questionnaire_form(sheets[0])
    assert back is not None
    return replace(back, notes=())


def answers_back(form: Form, answers: Sheet | pl.DataFrame, folder: Path, **more: str) -> Sheet:
    path = folder / "answers.json"
    write_responses(form, answers, path, **more)
    check(json.loads(path.read_text(encoding="utf-8")), more.get("version", "R4"))
    sheets, faults = read_text(path.read_bytes(), folder)
    assert faults == []
    return sheets[0]


def check(bundle: dict[str, Any], version: str) -> None:
    """Valid for the library, and sound by the specification's rules."""
    assert refusals(bundle, kind="Bundle", version=version) == ()
    asked, *given_ = (entry["resource"] for entry in bundle["entry"])
    assert questionnaire_problems(asked) == ()
    assert [response_problems(each, asked) for each in given_] == [()] * len(given_)
    assert len({entry["fullUrl"] for entry in bundle["entry"]}) == len(bundle["entry"])


@pytest.mark.parametrize("version", VERSIONS)
def test_a_form_comes_back_the_same(version: str, tmp_path: Path) -> None:
    assert form_back(FORM, tmp_path, version) == FORM


@pytest.mark.parametrize("version", VERSIONS)
def test_a_questionnaire_is_valid_and_says_its_version_by_its_shape(version: str, tmp_path: Path) -> None:
    assert write_questionnaire(FORM, tmp_path / "q.json", version=version, canonical="https://example.org/q") == ()
    made = json.loads((tmp_path / "q.json").read_text(encoding="utf-8"))
    assert refusals(made, kind="Questionnaire", version=version) == ()
    assert (made["id"], made["url"], made["status"]) == ("calm-scale", "https://example.org/q", "active")
    assert made["item"][1]["item"][0]["type"] == {"R4": "choice", "R5": "coding"}[version]


names = st.text("abcxyz_09./- ", min_size=1, max_size=8).map(str.strip).filter(lambda text: text and text not in ABOUT)
words = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs")), min_size=1, max_size=8)
codes = st.text("abc019-._", min_size=1, max_size=4)
KINDS = st.sampled_from([each for each in Holds if each not in (Holds.CHOICE, Holds.CHOICES)])
bounds = st.none() | st.integers(-(10**6), 10**6).map(float)


@st.composite
def questions(draw: st.DrawFn, name: str, languages: tuple[str, ...]) -> Question:
    keys = languages or ("",)
    common: dict[str, Any] = {
        "name": name,
        "text": {key: draw(words) for key in keys if draw(st.booleans())},
        "section": draw(st.sampled_from(["", "One", "Two, and a half"])),
        "required": draw(st.booleans()),
        "identifier": draw(st.booleans()),
    }
    if draw(st.booleans()):
        choices = draw(st.dictionaries(codes, words | st.just(""), min_size=1, max_size=4))
        others = {key: {code: draw(words) for code in choices} for key in keys[1:]}
        holds = draw(st.sampled_from([Holds.CHOICE, Holds.CHOICES]))
        return Question(**common, holds=holds, choices=choices, choice_texts=others)
    holds = draw(KINDS)
    limits = {each: draw(bounds) for each in ("low", "high")} if holds in (Holds.NUMBER, Holds.INTEGER) else {}
    return Question(**common, holds=holds, **limits)


@st.composite
def forms(draw: st.DrawFn) -> Form:
    languages = draw(st.sampled_from([(), ("en",), ("en", "es"), ("es", "en", "pt-BR")]))
    listed = draw(st.lists(names, min_size=1, max_size=6, unique=True))
    asked = tuple(draw(questions(name, languages)) for name in listed)
    told = {key for each in asked for key in each.text} | {key for each in asked for key in each.choice_texts}
    above = {key: draw(words) for key in languages}
    kept = languages if all(key in told | set(above) for key in languages) else ()
    return Form(
        id=draw(st.text("abc_-.1", min_size=1, max_size=10)),
        title=draw(words | st.just("")),
        version=draw(words | st.just("")),
        languages=kept,
        instructions=above if kept else {},
        questions=asked if kept or not languages else tuple(replace(each, text={}, choice_texts={}) for each in asked),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(forms(), st.sampled_from(VERSIONS))
def test_any_form_comes_back_the_same(tmp_path: Path, form: Form, version: str) -> None:
    assert form_back(form, tmp_path, version) == form


CELLS: Mapping[Holds, st.SearchStrategy[str]] = {
    Holds.TEXT: words | st.sampled_from(["error", "unknown", "a;b"]),
    Holds.INTEGER: st.integers(-90, 10**9 - 1).map(str),
    Holds.NUMBER: st.floats(-(10**9), 10**9, allow_nan=False).map(repr) | st.integers(0, 99).map(str),
    Holds.DATE: st.dates().map(str),
    Holds.MOMENT: st.datetimes().map(lambda moment: moment.strftime("%Y-%m-%d %H:%M:%S").rjust(19, "0")),
    Holds.TIME: st.times().map(lambda time: time.strftime("%H:%M:%S")),
    Holds.YES_NO: st.sampled_from(["true", "false"]),
}
reasons = st.sampled_from(sorted(REASON_CODES))


@st.composite
def cells(draw: st.DrawFn, question: Question) -> str | None:
    """An answer, a reason for its absence (as ``!declined``), or nothing."""
    kind = draw(st.integers(0, 4))
    if kind < 2:
        return None if kind else f"!{draw(reasons)}"
    if question.holds is Holds.CHOICES:
        return ";".join(draw(st.lists(st.sampled_from(list(question.choices)), min_size=1, max_size=3)))
    return draw(st.sampled_from(list(question.choices))) if question.choices else draw(CELLS[question.holds])


@st.composite
def tables(draw: st.DrawFn) -> tuple[Form, dict[str, list[str | None]]]:
    form = draw(forms())
    height = draw(st.integers(1, 4))
    return form, {each.name: [draw(cells(each)) for _ in range(height)] for each in form.questions}


def plain(cell: str | None, holds: Holds) -> object:
    """A number by its value: 1e-07 and 0.0000001 are one."""
    return float(cell) if cell is not None and holds is Holds.NUMBER and not cell.startswith("!") else cell


def as_told(sheet: Sheet, name: str) -> list[str | None]:
    """The cells of a column, reasons as ``!declined``."""
    missing = sheet.field(name).missing
    if name not in sheet.frame.columns:
        return [None] * sheet.frame.height
    return [
        next((f"!{code.name}" for code in missing if cell is not None and cell in code), cell)
        for cell in sheet.frame[name].to_list()
    ]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables(), st.sampled_from(VERSIONS))
def test_any_answers_come_back_the_same_reasons_too(
    tmp_path: Path, table: tuple[Form, dict[str, list[str | None]]], version: str
) -> None:
    form, columns = table
    height = len(next(iter(columns.values())))
    ids = {"administration_id": [f"A_{row}" for row in range(height)], "participant_id": ["P1"] * height}
    marked = {name: [cell and cell.replace("!", "reason:") for cell in column] for name, column in columns.items()}
    missing = tuple(MissingCode(code=f"reason:{each}", name=each) for each in MISSING_REASONS)
    fields = {name: Field(name=name, missing=missing) for name in columns}
    sheet = sheet_of("a.csv", "csv", pl.DataFrame({**ids, **marked}, schema_overrides=dict.fromkeys(marked, pl.String)))
    plain_cells = {name: sheet.frame[name].to_list() for name in marked}
    back = answers_back(form, replace(sheet, fields=fields), tmp_path, version=version)
    assert back.frame["response_id"].to_list() == ids["administration_id"]
    for question in form.questions:
        told = [cell and cell.replace("reason:", "!") for cell in as_told(back, question.name)]
        sent = [cell and cell.replace("reason:", "!") for cell in plain_cells[question.name]]
        assert [plain(cell, question.holds) for cell in told] == [plain(cell, question.holds) for cell in sent]


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_known_about_an_administration_comes_back(version: str, tmp_path: Path) -> None:
    answers = pl.DataFrame(
        {
            "administration_id": ["A1", "A_2", "A3"],
            "participant_id": ["P1", "P1", "P2"],
            "enrollment_id": ["E1", "E1", "E2"],
            "day": [0, -7, 400],
            "authored": [None, "2024-05-06", "2024-05-06 10:00:00"],
            "language": ["en", "es", None],
            "status": ["amended", None, "stopped"],
            "hours": [7, -91, None],
            "weight": [61.0, 61.25, -94.0],
        }
    )
    back = answers_back(FORM, answers, tmp_path, version=version, utc_offset="-05:00")
    about = ["response_id", "participant", "enrollment", "day", "authored", "language", "status", "version"]
    assert back.frame.select(about).rows() == [
        ("A1", "P1", "E1", "0", None, "en", "amended", "2.0"),
        ("A_2", "P1", "E1", "-7", "2024-05-06", "es", "completed", "2.0"),
        ("A3", "P2", "E2", "400", "2024-05-06 10:00:00", None, "stopped", "2.0"),
    ]
    assert as_told(back, "hours") == ["7", "!declined", None]
    assert as_told(back, "weight") == ["61", "61.25", "!unknown"]
    assert set(back.frame.columns) >= set(RELATIVE_COLUMNS)


def test_no_name_goes_out_and_what_is_left_out_is_noted(tmp_path: Path) -> None:
    answers = pl.DataFrame(
        {
            "administration_id": ["A1"],
            "participant_id": ["P1"],
            "first_name": ["Zebulon"],
            "last": ["2024-01-01 08:00:00"],
        }
    )
    notes = write_responses(FORM, answers, tmp_path / "a.json")
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert "Zebulon" not in text
    given_ = json.loads(text)["entry"][1]["resource"]
    assert given_[WHO] == {"type": "Patient", "identifier": {"value": "P1"}}
    assert "display" not in given_[WHO]
    assert any("first_name" in note for note in notes)
    assert any("UTC" in note for note in notes)


def test_every_missing_reason_has_a_code_of_its_own() -> None:
    assert set(CODE_OF) == set(MISSING_REASONS)
    assert {reason: REASON_OF[code] for reason, code in CODE_OF.items()} == {each: each for each in MISSING_REASONS}
    assert len(set(CODE_OF.values())) == len(MISSING_REASONS)


WRONG: dict[str, tuple[dict[str, list[Any]], str]] = {
    "a fraction": ({"hours": ["1.5"]}, "not a whole number"),
    "a leading zero": ({"hours": ["007"]}, "not a whole number"),
    "a word": ({"weight": ["much"]}, "not a number"),
    "more digits than JSON keeps": ({"weight": ["0.12345678901234567890"]}, "more digits"),
    "a day in another order": ({"since": ["06/05/2024"]}, "not a date"),
    "a day that never was": ({"since": ["2023-02-29"]}, "no such day"),
    "half a moment": ({"last": ["2024-05-06 10"]}, "not a date and time"),
    "a late hour": ({"bed": ["25:00:00"]}, "not a time"),
    "a maybe": ({"alone": ["maybe"]}, "neither true nor false"),
    "no choice": ({"calm_1": ["2"]}, "none of the question's choices"),
    "one wrong choice of two": ({"helped": ["a;z"]}, "none of the question's choices"),
    "a status of our own": ({"status": ["done"]}, "none of FHIR's statuses"),
    "a moment of our own": ({"authored": ["yesterday"]}, "no day and no moment"),
    "a day of our own": ({"day": ["soon"]}, "whole number of days"),
    "no participant": ({"participant_id": [None]}, "no id here"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_cell_that_is_no_answer_is_refused_by_its_place(kind: str, tmp_path: Path) -> None:
    columns, words_ = WRONG[kind]
    ids: dict[str, list[Any]] = {"administration_id": ["A1"], "participant_id": ["P1"]}
    with pytest.raises(DataRefusedError, match=words_) as refused:
        write_responses(FORM, pl.DataFrame(ids | columns), tmp_path / "a.json")
    fault = refused.value.faults[0]
    assert (fault.row, fault.column) == (2, next(iter(columns)))
    assert not (tmp_path / "a.json").exists()
    assert not any(str(cell) in fault.problem for cell in next(iter(columns.values())) if cell)


def test_an_id_that_stands_twice_or_nowhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataRefusedError, match="another row"):
        write_responses(
            FORM, pl.DataFrame({"administration_id": ["A"] * 2, "participant_id": ["P"] * 2}), tmp_path / "a"
        )
    with pytest.raises(DataRefusedError, match="lacks this column"):
        write_responses(FORM, pl.DataFrame({"administration_id": ["A"]}), tmp_path / "a")


BROKEN: dict[str, Form] = {
    "a name twice": Form(id="x", questions=(Question(name="a"), Question(name="a"))),
    "a code with blanks at its ends": Form(
        id="x", questions=(Question(name="a", holds=Holds.CHOICE, choices={" 1 ": ""}),)
    ),
    "a question without a name": Form(id="x", questions=(Question(name=""),)),
}


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("version", VERSIONS)
def test_a_form_that_breaks_a_rule_is_not_written(kind: str, version: str, tmp_path: Path) -> None:
    with pytest.raises(DataRefusedError):
        write_questionnaire(BROKEN[kind], tmp_path / "q.json", version=version)
    assert not (tmp_path / "q.json").exists()


def test_there_are_two_versions(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="R4 or R5"):
        write_questionnaire(FORM, tmp_path / "q.json", version="STU3")


def test_what_a_form_cannot_carry_is_noted(tmp_path: Path) -> None:
    form = Form(
        id="x",
        questions=(
            Question(name="a", holds=Holds.YES_NO, choices={"1": "Yes", "0": "No"}),
            Question(name="b", shown_if="[a] = '1'"),
            Question(name="c", low=1),
        ),
    )
    notes = " ".join(write_questionnaire(form, tmp_path / "q.json"))
    assert "became that kind: 1." in notes
    assert "another notation, which were left out: 1." in notes
    assert "do not ask for a number, which were left out: 1." in notes
