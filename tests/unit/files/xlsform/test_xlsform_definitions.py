"""A form becomes an XLSForm that its servers accept, and comes back the same: languages, choices, bounds, sections."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyxform.xls2xform import convert

from casearc.errors import DataRefusedError
from casearc.files.dialects import companion_role
from casearc.files.form import Form, Question
from casearc.files.formats import read_file
from casearc.files.sheet import Holds, Sheet, sheet_of
from casearc.files.xlsform.read import read_form
from casearc.files.xlsform.types import split
from casearc.files.xlsform.write import write_form
from casearc.tables import FaultLog

ROOT = Path(__file__).parents[4]
HTCDS = ROOT.parent / "shared" / "data" / "formats" / "htcds" / "htcds_xlsform.xlsx"
ENGLISH, SPANISH = "English (en)", "Español (es)"

WORDS = st.text(st.characters(categories=("L", "N", "P", "S"), exclude_characters="'$"), min_size=1, max_size=12)
CODES = st.from_regex(r"[A-Za-z0-9_]{1,6}", fullmatch=True)
BOUNDS = st.none() | st.integers(-1000, 1000).map(float) | st.integers(-(10**6), 10**6).map(lambda each: each / 1024)


@st.composite
def forms(draw: st.DrawFn) -> Form:
    languages = draw(st.sampled_from([(), (ENGLISH,), (ENGLISH, SPANISH), (SPANISH, ENGLISH)]))
    texts = st.fixed_dictionaries(dict.fromkeys(languages or ("",), WORDS))
    questions = []
    for number in range(draw(st.integers(1, 6))):
        holds = draw(st.sampled_from(list(Holds)))
        selects = holds in (Holds.CHOICE, Holds.CHOICES) or (holds is Holds.YES_NO and draw(st.booleans()))
        codes = draw(st.lists(CODES, min_size=1, max_size=4, unique=True)) if selects else []
        labels = {language: {code: draw(WORDS) for code in codes} for language in languages or ("",)}
        first, *others = labels
        bounded = holds in (Holds.NUMBER, Holds.INTEGER)
        questions.append(
            Question(
                name=f"q_{number}",
                text=draw(texts),
                holds=holds,
                choices=labels[first],
                choice_texts={language: labels[language] for language in others if codes},
                section=draw(st.sampled_from(["", "one", "one/two", "Further questions: part 2", "three"])),
                required=draw(st.booleans()),
                identifier=draw(st.booleans()),
                low=draw(BOUNDS) if bounded else None,
                high=draw(BOUNDS) if bounded else None,
                shown_if=draw(st.sampled_from(["", "${q_0} != ''"])) if number else "",
            )
        )
    return Form(
        id=draw(st.from_regex(r"[a-z]{1,8}", fullmatch=True)),
        title=draw(WORDS),
        version=draw(st.sampled_from(["", "3", "2024-05-01"])),
        languages=languages,
        instructions=draw(st.just({}) | texts),
        questions=tuple(questions),
    )


def pages(path: Path) -> dict[str, Sheet]:
    log = FaultLog()
    sheets = read_file(path, name=path.name, log=log)
    log.raise_if_any(DataRefusedError, "The workbook was")
    return {sheet.name.partition("#")[2]: sheet for sheet in sheets}


def back(path: Path) -> Form:
    found = pages(path)
    return read_form(found["survey"], found.get("choices"), found.get("settings"))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(form=forms())
def test_a_form_comes_back_the_same(form: Form) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        write_form(form, path)
        assert back(path) == form
        assert "<h:html" in convert(path, validate=False).xform


def test_the_worksheets_are_known_for_what_they_are(tmp_path: Path) -> None:
    form = Form(
        id="f", title="F", questions=(Question(name="a", text={"": "A"}, holds=Holds.CHOICE, choices={"1": "x"}),)
    )
    write_form(form, tmp_path / "form.xlsx")
    roles = {name: companion_role(sheet) for name, sheet in pages(tmp_path / "form.xlsx").items()}
    assert {name: role and (role[0].id, role[1]) for name, role in roles.items()} == {
        name: ("xlsform", name) for name in ("survey", "choices", "settings")
    }


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (Question(name="1st", text={"": "A"}), "cannot stand"),
        (Question(name="my age", text={"": "A"}), "cannot stand"),
        (Question(name="a", text={"": "A"}, holds=Holds.CHOICES, choices={"x y": "X"}), "Codes of choices have spaces"),
        (Question(name="b", text={"": "A"}), "Two questions"),
        (Question(name="a", text={"": "A"}, shown_if="${nobody} = 1"), "converter"),
    ],
)
def test_what_servers_would_refuse_is_refused_here(tmp_path: Path, question: Question, words: str) -> None:
    form = Form(id="f", questions=(question, Question(name="b", text={"": "B"})))
    with pytest.raises(DataRefusedError, match=words):
        write_form(form, tmp_path / "form.xlsx")
    assert not (tmp_path / "form.xlsx").exists()


def test_what_cannot_be_carried_is_said(tmp_path: Path) -> None:
    questions = (
        Question(name="a", text={"": "A"}, shown_if="[b] = '1'"),
        Question(name="b", text={"": "B"}, holds=Holds.CHOICE),
        Question(name="c"),
    )
    notes = " ".join(write_form(Form(id="f", questions=questions), tmp_path / "form.xlsx"))
    assert "condition for asking a" in notes
    assert "b has no choices" in notes
    assert "c asks nothing in words" in notes


SURVEY = [
    {"type": "start", "name": "start"},
    {"type": "note", "name": "hello", "label::English (en)": "Welcome", "label::Español (es)": "Hola"},
    {"type": "begin group", "name": "person"},
    {"type": "integer", "name": "age", "label::English (en)": "Age", "constraint": "(. >= 10) and (. <= 24)"},
    {"type": "decimal", "name": "w", "label::English (en)": "W", "constraint": ". <= 9.5"},
    {"type": "integer", "name": "odd", "label::English (en)": "O", "constraint": ". >= 0 and . <= 10 or . = 99"},
    {"type": "geopoint", "name": "place", "label::English (en)": "Where"},
    {"type": "select one from kinds", "name": "kind", "label::English (en)": "Kind", "required": "true()"},
    {"type": "select_multiple kinds or_other", "name": "kinds", "label::English (en)": "Kinds"},
    {"type": "note", "name": "more", "label::English (en)": "More to come"},
    {"type": "end_group"},
    {"type": "begin_repeat", "name": "visit"},
    {"type": "dateTime", "name": "when", "label::English (en)": "When", "relevant": "${age} > 12"},
    {"type": "image", "name": "photo", "label::English (en)": "Photo"},
    {"type": "end_repeat"},
    {"type": "calculate", "name": "sum", "calculation": "1+1"},
    {"type": "text", "name": "off", "label::English (en)": "Off", "disabled": "yes"},
    {"type": "hologram", "name": "new", "label::English (en)": "New"},
]
CHOICES = [
    {"list_name": "kinds", "name": "a", "label::English (en)": "Apple", "label::Español (es)": "Manzana"},
    {"list_name": "kinds", "name": "b", "label::English (en)": "Pear"},
]


def page(name: str, rows: list[dict[str, str]]) -> Sheet:
    return sheet_of(f"form.xlsx#{name}", "xlsx", pl.DataFrame(rows, infer_schema_length=None))


def test_a_form_as_others_write_it() -> None:
    settings_page = page(
        "settings", [{"form_title": "Visits", "form_id": "visits", "default_language": "Español (es)"}]
    )
    form = read_form(page("survey", SURVEY), page("choices", CHOICES), settings_page)
    assert form.languages == (SPANISH, ENGLISH)
    assert form.title == "Visits"
    assert form.instructions == {SPANISH: "Hola", ENGLISH: "Welcome"}
    assert {each.name: each.holds for each in form.questions} == {
        "age": Holds.INTEGER, "w": Holds.NUMBER, "odd": Holds.INTEGER, "place": Holds.TEXT, "kind": Holds.CHOICE,
        "kinds": Holds.CHOICES, "when": Holds.MOMENT, "photo": Holds.TEXT, "sum": Holds.TEXT,
    }  # fmt: skip
    assert [(each.low, each.high) for each in form.questions[:3]] == [(10, 24), (None, 9.5), (None, None)]
    assert {each.name for each in form.questions if each.identifier} == {"place", "photo"}
    assert form.question("kind").choices == {"a": "Manzana", "b": "Pear"}
    assert form.question("kind").choice_texts == {ENGLISH: {"a": "Apple", "b": "Pear"}}
    assert form.question("kind").required
    assert form.question("when").section == "visit"
    assert form.question("when").shown_if == "${age} > 12"
    notes = " ".join(form.notes)
    assert "1 notes" in notes
    assert "left out: start" in notes
    assert "left out: new" in notes


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("select_one yes_no", ("select_one", "yes_no")),
        ("select one yes_no", ("select_one", "yes_no")),
        ("select one from yes_no", ("select_one", "yes_no")),
        ("select all that apply from kinds", ("select_multiple", "kinds")),
        ("select_multiple kinds or_other", ("select_multiple", "kinds")),
        ("select_one_from_file places.csv", ("select_one_from_file", "places.csv")),
        ("begin group", ("begin_group", "")),
        ("begin_repeat", ("begin_repeat", "")),
        ("end  group", ("end_group", "")),
        ("dateTime", ("datetime", "")),
        ("rank kinds", ("rank", "kinds")),
        ("", ("", "")),
    ],
)
def test_types_as_they_are_written(cell: str, kind: tuple[str, str]) -> None:
    assert split(cell) == kind


@pytest.mark.skipif(not HTCDS.is_file(), reason="the XLSForm lies beside the repository (../shared) and is not here")
def test_the_form_of_the_standard() -> None:
    form = back(HTCDS)
    assert len(form.questions) == 32
    assert form.version == "vSmt4GQA3C9uBMLPEVfgND"
    assert len(form.question("prs_Citizenship").choices) > 240
    assert form.question("prs_First_Name").identifier
    assert not form.question("prs_Gender").identifier
    assert form.question("vic_TypeOfExploitation").holds is Holds.CHOICES


@pytest.mark.skipif(not HTCDS.is_file(), reason="the XLSForm lies beside the repository (../shared) and is not here")
def test_the_form_of_the_standard_comes_back(tmp_path: Path) -> None:
    form = back(HTCDS)
    write_form(form, tmp_path / "again.xlsx")
    again = back(tmp_path / "again.xlsx")
    assert [each.choices for each in again.questions] == [each.choices for each in form.questions]
    assert [each.name for each in again.questions] == [each.name for each in form.questions]
