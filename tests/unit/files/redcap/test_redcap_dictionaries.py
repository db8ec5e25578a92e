"""A dictionary is read whole or refused with every fault named, and what is written as one is read back the same."""

from __future__ import annotations

import string
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casearc.errors import Fault, TableError
from casearc.files.csv import read_csv
from casearc.files.form import Form, Question
from casearc.files.redcap.choices import choices_cell, parse_choices, plain, tick_column
from casearc.files.redcap.columns import HEADERS
from casearc.files.redcap.dictionary import is_dictionary, read_dictionary
from casearc.files.redcap.dictionary_out import write_dictionary
from casearc.files.sheet import Holds, Sheet, sheet_of
from casearc.tables import FaultLog

ROOT = Path(__file__).resolve().parents[4]
DATA = ROOT / ".." / "shared" / "data" / "formats" / "redcap"
HERE = pytest.mark.skipif(not DATA.is_dir(), reason="the format samples lie beside the repository and are not here")

SOUND = {"field_name": "record_id", "form_name": "intake", "field_type": "text", "field_label": "Record"}


def dictionary(*lines: dict[str, str], by_header: bool = True) -> Sheet:
    """A dictionary whose first field is sound, with further lines."""
    rows = [SOUND, *({"form_name": "intake", "field_label": "Something", **line} for line in lines)]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(HEADERS, pl.String()))
    return sheet_of("fields.csv", "csv", frame.rename(dict(HEADERS)) if by_header else frame)


def faults_of(sheet: Sheet) -> list[Fault]:
    log = FaultLog()
    assert read_dictionary(sheet, log=log) is None
    with pytest.raises(TableError) as caught:
        log.raise_if_any(TableError, "It was")
    return list(caught.value.faults)


def field(**cells: str) -> dict[str, str]:
    return {"field_name": "here", "field_type": "text", **cells}


CHOICES, BOUNDS = "select_choices_or_calculations", "text_validation_min"
VALIDATION = "text_validation_type_or_show_slider_number"

SPOILED = {
    "no name": ([field(field_name="")], 3, "no name"),
    "a name in capitals": ([field(field_name="Here")], 3, "signs that REDCap does not take"),
    "a name that begins with a digit": ([field(field_name="1st")], 3, "signs that REDCap does not take"),
    "a name twice": ([field(), field()], 4, "there already, in row 3"),
    "a name REDCap needs": ([field(field_name="redcap_event_name")], 3, "REDCap adds itself"),
    "the name of a form's state": ([field(field_name="intake_complete")], 3, "REDCap adds itself"),
    "no form": ([field(form_name="")], 3, "form has no name"),
    "a form's title for its name": ([field(form_name="The Intake")], 3, "signs that REDCap does not give"),
    "no type": ([field(field_type="")], 3, "no type"),
    "an unknown type": ([field(field_type="radoi")], 3, "no such type"),
    "no choices": ([field(field_type="radio")], 3, "has none"),
    "a choice without a comma": ([field(field_type="radio", **{CHOICES: "0, No | Yes"})], 3, "number 2 has no comma"),
    "a choice without a code": ([field(field_type="dropdown", **{CHOICES: ", No | 1, Yes"})], 3, "no code"),
    "a code twice": ([field(field_type="radio", **{CHOICES: "1, No | 1, Yes"})], 3, "code 1 stands for two"),
    "a code with odd signs": ([field(field_type="radio", **{CHOICES: "a b, No | 1, Yes"})], 3, "signs that REDCap"),
    "codes that make one column": ([field(field_type="checkbox", **{CHOICES: "A, x | a, y"})], 3, "same column"),
    "a column that is a field": (
        [field(field_type="checkbox", **{CHOICES: "1, x | 2, y"}), field(field_name="here___1")],
        3,
        "name of another field",
    ),
    "bounds that cross": (
        [field(**{VALIDATION: "integer", BOUNDS: "9", "text_validation_max": "1"})],
        3,
        "above the highest",
    ),
}


@pytest.mark.parametrize(("lines", "row", "words"), SPOILED.values(), ids=SPOILED)
def test_a_spoiled_line_is_refused_where_it_stands(lines: list[dict[str, str]], row: int, words: str) -> None:
    found = faults_of(dictionary(*lines))
    assert any(words in fault.problem and fault.row == row and fault.file == "fields.csv" for fault in found)
    assert all(fault.remedy and fault.column for fault in found)


def test_every_fault_is_told_at_once() -> None:
    found = faults_of(dictionary(*(line for lines, _, _ in SPOILED.values() for line in lines)))
    assert len(found) >= len(SPOILED)


SPOILED_COLUMNS = {
    "a column is missing": (lambda frame: frame.drop("Field Type"), "Field Type is missing"),
    "a column is there twice": (
        lambda frame: frame.with_columns(pl.col("Field Type").alias("field_type")),
        "Field Type is there twice",
    ),
    "an optional column is there twice": (
        lambda frame: frame.with_columns(pl.lit("y").alias("identifier")),
        "Identifier? is there twice",
    ),
    "there are no lines": (lambda frame: frame.clear(), "no fields"),
}


@pytest.mark.parametrize(("spoil", "words"), SPOILED_COLUMNS.values(), ids=SPOILED_COLUMNS)
def test_spoiled_columns_are_refused(spoil: object, words: str) -> None:
    frame = spoil(dictionary().frame)  # type: ignore[operator]
    assert [words in fault.problem for fault in faults_of(sheet_of("fields.csv", "csv", frame))] == [True]


TYPES = {
    ("text", ""): (Holds.TEXT, False),
    ("text", "integer"): (Holds.INTEGER, False),
    ("text", "number"): (Holds.NUMBER, False),
    ("text", "number_2dp_comma_decimal"): (Holds.NUMBER, False),
    ("text", "date_mdy"): (Holds.DATE, False),
    ("text", "date_dmy"): (Holds.DATE, False),
    ("text", "datetime_seconds_ymd"): (Holds.MOMENT, False),
    ("text", "time"): (Holds.TIME, False),
    ("text", "alpha_only"): (Holds.TEXT, False),
    ("text", "phone"): (Holds.TEXT, True),
    ("text", "phone_australia"): (Holds.TEXT, True),
    ("text", "email"): (Holds.TEXT, True),
    ("text", "zipcode"): (Holds.TEXT, True),
    ("text", "ssn"): (Holds.TEXT, True),
    ("text", "mrn_10d"): (Holds.TEXT, True),
    ("notes", ""): (Holds.TEXT, False),
    ("yesno", ""): (Holds.YES_NO, False),
    ("truefalse", ""): (Holds.YES_NO, False),
    ("calc", ""): (Holds.NUMBER, False),
    ("slider", "number"): (Holds.INTEGER, False),
    ("file", ""): (Holds.TEXT, True),
    ("file", "signature"): (Holds.TEXT, True),
    ("sql", ""): (Holds.CHOICE, False),
}


@pytest.mark.parametrize(("kind", "expected"), TYPES.items(), ids=["-".join(filter(None, kind)) for kind in TYPES])
def test_a_type_of_field_says_what_its_column_holds(kind: tuple[str, str], expected: tuple[Holds, bool]) -> None:
    form = read_dictionary(dictionary(field(field_type=kind[0], **{VALIDATION: kind[1]})))
    assert form is not None
    assert (form.question("here").holds, form.question("here").identifier) == expected


@pytest.mark.parametrize("by_header", [True, False], ids=["as downloaded", "as the programming interface gives it"])
def test_a_line_becomes_a_question(by_header: bool) -> None:
    line = field(
        field_type="radio",
        identifier="y",
        required_field="y",
        branching_logic='[other] = "1"',
        section_header="<b>At home</b>",
        field_label='<div class="rich"><p>With whom,<br>mostly?</p></div>',
        **{CHOICES: "1, Mother, father | 2, Others &amp; friends"},
    )
    form = read_dictionary(dictionary(line, field(field_name="next"), by_header=by_header))
    assert form is not None
    assert (form.id, form.question("next").section) == ("intake", "At home")
    assert form.question("here") == Question(
        name="here",
        text={"": "With whom, mostly?"},
        holds=Holds.CHOICE,
        choices={"1": "Mother, father", "2": "Others & friends"},
        section="At home",
        required=True,
        identifier=True,
        shown_if='[other] = "1"',
    )


def test_forms_become_sections_and_a_header_ends_with_its_form() -> None:
    lines = [
        field(field_name="a", section_header="Where"),
        field(field_name="b"),
        field(field_name="c", form_name="visit"),
    ]
    form = read_dictionary(dictionary(*lines))
    assert form is not None
    assert [question.section for question in form.questions] == ["intake", "intake: Where", "intake: Where", "visit"]


def test_notes_say_what_a_form_cannot_carry() -> None:
    lines = [
        field(field_name="a", field_type="descriptive"),
        field(field_name="b", field_type="calc"),
        field(field_name="c", field_annotation="@HIDDEN @READONLY"),
        field(field_name="d", **{VALIDATION: "integer", BOUNDS: "[b]"}),
        field(field_name="e", field_type="radio", matrix_group_name="m", **{CHOICES: "1, x"}),
        field(field_name="f", field_type="radio", matrix_group_name="m", **{CHOICES: "2, y"}),
        field(field_name="g", form_name="visit"),
        field(field_name="h"),
    ]
    form = read_dictionary(dictionary(*lines))
    assert form is not None
    told = " ".join(form.notes)
    for words in ("descriptive", "calc", "@HIDDEN", "Bounds", "matrix", "do not stand together"):
        assert words in told
    assert "a" not in {question.name for question in form.questions}


@pytest.mark.parametrize(
    ("name", "code", "column"),
    [("gym", "0", "gym___0"), ("race", "-99", "race____99"), ("x", "UNK", "x___unk"), ("x", "1.5", "x___1_5")],
)
def test_the_column_of_a_choice(name: str, code: str, column: str) -> None:
    assert tick_column(name, code) == column


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("age < 5 and > 3", "age < 5 and > 3"),
        ("<p>One</p><p>two</p>", "One two"),
        ("a<script>alert(1)</script>b", "ab"),
        ("Tom &amp; Ann", "Tom & Ann"),
        ("R&D; 5 & 6", "R&D; 5 & 6"),
        (None, ""),
    ],
)
def test_labels_are_read_as_a_person_reads_them(text: str | None, read: str) -> None:
    assert plain(text) == read


@HERE
def test_a_dictionary_that_others_wrote() -> None:
    log = FaultLog()
    sheet = read_csv(DATA / "longitudinal_dictionary.csv", name="longitudinal_dictionary.csv", log=log)
    assert sheet is not None
    assert is_dictionary(sheet)
    form = read_dictionary(sheet, log=log)
    assert form is not None
    assert (log.total, len(form.questions)) == (0, sheet.frame.height)
    assert form.question("num_children").low == 0
    assert form.question("meds").choices["5"] == "Zoloft"
    assert form.question("gym").section.startswith("demographics: ")
    assert form.question("given_birth").choices == {"1": "Yes", "0": "No"}
    assert {q.name for q in form.questions if q.identifier} == {
        "patient_document",
        "first_name",
        "last_name",
        "telephone_1",
        "email",
        "dob",
        "ec_phone",
        "next_of_kin_contact_phone",
    }


names = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=12).map(lambda text: f"q{text}")
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Z"]) | st.just(" "), max_size=30)
labels = texts.map(lambda text: " ".join(text.split()))
codes = st.from_regex(r"-?[A-Za-z0-9]{1,4}", fullmatch=True)
bounds = st.integers(-1000, 1000) | st.integers(-4000, 4000).map(lambda quarter: quarter / 4)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    holds = draw(st.sampled_from(list(Holds)))
    label = draw(labels)
    made = {"name": draw(names), "text": {"": label} if label else {}, "holds": holds}
    if holds in (Holds.CHOICE, Holds.CHOICES):
        found = draw(st.lists(codes, min_size=1, max_size=5, unique_by=lambda code: tick_column("q", code)))
        made["choices"] = {code: draw(labels).replace("|", "/") for code in found}
    if holds is Holds.YES_NO:
        made["choices"] = draw(st.sampled_from([{"1": "Yes", "0": "No"}, {"1": "True", "0": "False"}]))
    if holds in (Holds.NUMBER, Holds.INTEGER) and draw(st.booleans()):
        made["low"], made["high"] = sorted((draw(bounds), draw(bounds)))
    made["required"], made["identifier"] = draw(st.booleans()), draw(st.booleans())
    made["shown_if"] = draw(st.sampled_from(["", "[q1] = '1'", '[q2(3)] = "1" and [q1] > 4']))
    return Question(**made)


@settings(max_examples=60, deadline=None)
@given(asked=st.lists(questions(), min_size=1, max_size=6, unique_by=lambda q: q.name), told=labels)
def test_a_form_comes_back_from_its_dictionary(
    tmp_path_factory: pytest.TempPathFactory, asked: list[Question], told: str
) -> None:
    form = Form(id="visit", questions=tuple(asked), instructions={"": told} if told else {})
    path = tmp_path_factory.mktemp("redcap") / "visit.csv"
    assert not [note for note in write_dictionary(form, path) if "is called" in note or "left out" in note]
    log = FaultLog()
    sheet = read_csv(path, name="visit.csv", log=log)
    assert sheet is not None
    back = read_dictionary(sheet, log=log)
    assert log.total == 0
    assert back is not None
    assert (back.id, back.questions, back.instructions) == (form.id, form.questions, form.instructions)


def test_forms_and_headers_come_back(tmp_path: Path) -> None:
    sections = ["intake", "intake: At home", "intake: At home", "visit", "visit: After"]
    asked = tuple(Question(name=f"q{number}", section=section) for number, section in enumerate(sections))
    write_dictionary(Form(id="both", questions=asked), tmp_path / "both.csv")
    sheet = read_csv(tmp_path / "both.csv", name="both.csv", log=FaultLog())
    assert sheet is not None
    assert list(sheet.frame.columns) == list(HEADERS.values())
    back = read_dictionary(sheet)
    assert back is not None
    assert (back.id, back.questions) == ("both", asked)


def test_what_redcap_does_not_take_is_changed_and_told(tmp_path: Path) -> None:
    form = Form(
        id="Visit 2",
        title="A visit",
        languages=("en", "es"),
        questions=(
            Question(name="First Question", text={"en": "One?", "es": "¿Uno?"}),
            Question(name="first_question", holds=Holds.CHOICE, choices={"a b": "x", "c": "y"}),
            Question(name="several", holds=Holds.CHOICES, choices={"A": "x", "a": "y"}, shown_if="${x} = 'y'"),
            Question(name="none", holds=Holds.CHOICE),
            Question(name="a_name_that_is_longer_than_26_letters", text={"en": "=1+1"}),
        ),
    )
    told = " ".join(write_dictionary(form, tmp_path / "visit.csv"))
    for words in ("First Question is called", "first_question_2", "numbered from 1", "one language", "notation", "26"):
        assert words in told
    written = pl.read_csv(tmp_path / "visit.csv", infer_schema=False)
    assert written["Field Label"][4] == "'=1+1"
    assert written["Form Name"].unique().to_list() == ["visit_2"]
    sheet = read_csv(tmp_path / "visit.csv", name="visit.csv", log=FaultLog())
    assert sheet is not None
    back = read_dictionary(sheet)
    assert back is not None
    assert [question.name for question in back.questions][:2] == ["first_question", "first_question_2"]
    assert dict(back.question("several").choices) == {"1": "x", "2": "y"}
    assert back.question("none").holds is Holds.TEXT


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(codes, labels.map(lambda text: text.replace("|", "/")), min_size=1, max_size=6))
def test_choices_come_back_from_their_cell(choices: dict[str, str]) -> None:
    wanted = {code: plain(label) for code, label in choices.items()}
    assert parse_choices(choices_cell(wanted))[0].keys() == wanted.keys()
