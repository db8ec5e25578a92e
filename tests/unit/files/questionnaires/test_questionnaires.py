"""An instrument becomes a form without anybody's wording unless it is permitted; a form's draft is a sound folder
in which nothing is taken for confirmed."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casearc.errors import InstrumentError, UsageError
from casearc.files.form import Form, Question
from casearc.files.questionnaires import Wording, draft_instrument, form_of, read_wording
from casearc.files.sheet import Holds
from casearc.instruments import Confidence, MissingRule, available, check, load, score_exactly

SHIPPED = available()


def wording(language: str, *, holder: str = "Somebody made up", **changed: object) -> Wording:
    items = {str(number): f"{language} text {number}" for number in range(1, 13)}
    made = Wording(
        instrument="mspss",
        language=language,
        title=f"Title {language}",
        instructions=f"Instructions {language}",
        items=items,
        responses={"1": f"lowest {language}", "7": f"highest {language}"},
        holder=holder,
        granted_on="2026-01-02",
        document="letter.pdf",
    )
    return replace(made, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize("reference", SHIPPED)
def test_each_instrument_becomes_a_form_of_gists(reference: str) -> None:
    instrument = load(reference)
    form = form_of(instrument)
    assert [question.name for question in form.questions] == [instrument.column(item.id) for item in instrument.items]
    assert [question.label for question in form.questions] == [item.gist for item in instrument.items]
    codes = [str(number) for number in range(instrument.low, instrument.high + 1)]
    assert all(list(question.choices) == codes for question in form.questions)
    assert (form.languages, form.version) == ((), instrument.version)
    assert "not the instrument's wording" in form.notes[0]


def test_permitted_wording_comes_in_every_language() -> None:
    form = form_of(load("mspss"), wording={"es": wording("es"), "en": wording("en")})
    first = form.question("mspss_1")
    assert form.languages == ("es", "en")
    assert (form.title, form.instructions["en"], form.notes) == ("Title es", "Instructions en", ())
    assert first.text == {"es": "es text 1", "en": "en text 1"}
    assert (first.choices["7"], first.choices["4"]) == ("highest es", "4")
    assert first.choice_texts == {"en": {**{str(n): str(n) for n in range(2, 7)}, "1": "lowest en", "7": "highest en"}}


@pytest.mark.parametrize(
    ("pack", "words"),
    [
        (wording("en", holder=""), "names no permission"),
        (wording("en", granted_on=""), "names no permission"),
        (wording("en", items={"1": "only one"}), "leaves items out"),
    ],
)
def test_wording_without_permission_or_whole_text_is_left_out(pack: Wording, words: str) -> None:
    form = form_of(load("mspss"), wording={"en": pack})
    assert (form.languages, form.question("mspss_1").label) == ((), load("mspss").item("1").gist)
    assert words in form.notes[0]
    assert "gists" in form.notes[1]


def test_many_responses_become_a_number() -> None:
    form = form_of(replace(load("mspss"), low=0, high=100))
    question = form.question("mspss_1")
    assert (question.holds, question.choices, question.low, question.high) == (Holds.INTEGER, {}, 0, 100)


def scale(*names: str, codes: int = 5, **more: object) -> tuple[Question, ...]:
    choices = {str(code): f"label {code}" for code in range(1, codes + 1)}
    return tuple(
        replace(Question(name=name, text={"": f"Text of {name}"}, holds=Holds.CHOICE, choices=choices), **more)  # type: ignore[arg-type]
        for name in names
    )


@pytest.mark.parametrize("reference", SHIPPED)
def test_a_draft_is_a_sound_folder_with_nothing_confirmed(reference: str, tmp_path: Path) -> None:
    instrument = load(reference)
    notes = draft_instrument(form_of(instrument), tmp_path / "drafted", id="drafted")
    assert check(tmp_path / "drafted") == ()
    draft = load(tmp_path / "drafted")
    assert [item.id for item in draft.items] == [item.id for item in instrument.items]
    assert (draft.low, draft.high) == (instrument.low, instrument.high)
    assert not any(item.reverse for item in draft.items)
    (score,) = draft.scores
    assert (score.id, score.direction, score.missing_rule) == ("drafted_mean", "none", MissingRule.COMPLETE)
    assert score.confidence is score.missing_confidence is Confidence.UNVERIFIED
    assert "confirmed by nobody" in score.note
    assert any("confirmed by nobody" in note for note in notes)
    assert not any(item.gist in instrument_text for item in instrument.items for instrument_text in draft.notes)


def test_a_draft_has_no_wording_in_its_gists_and_no_permission(tmp_path: Path) -> None:
    texts = {"en": "How often?", "Español (es)": "¿Con qué frecuencia?"}
    choices = {"1": "never", "2": "always"}
    spanish = {"Español (es)": {"1": "nunca", "2": "siempre"}}
    question = Question(name="q1", text=texts, holds=Holds.CHOICE, choices=choices, choice_texts=spanish)
    form = Form(id="f", title="Asked", languages=("en", "Español (es)"), questions=(question,))
    draft_instrument(form, tmp_path / "asked", id="asked")
    assert check(tmp_path / "asked") == ()
    assert "How often" not in (tmp_path / "asked" / "items.csv").read_text(encoding="utf-8")
    assert load(tmp_path / "asked").languages == ("en", "es")
    for language, text, label in (("en", "How often?", "never"), ("es", "¿Con qué frecuencia?", "nunca")):
        pack = read_wording(tmp_path / "asked" / f"wording.{language}.toml", load(tmp_path / "asked"))
        assert (pack.items["1"], pack.responses["1"], pack.permitted) == (text, label, False)
    template = tomllib.loads((tmp_path / "asked" / "wording.TEMPLATE.toml").read_text(encoding="utf-8"))
    assert template["items"] == {"1": ""}


def test_a_language_names_no_file_elsewhere(tmp_path: Path) -> None:
    draft_instrument(Form(id="f", languages=("../../x",), questions=scale("a")), tmp_path / "in" / "asked", id="asked")
    assert {path.name for path in tmp_path.rglob("*") if path.name.startswith("wording.x")} == {"wording.x.toml"}
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


LEFT_OUT = {
    "a text": (Question(name="odd"), "no whole numbers"),
    "a date": (Question(name="odd", holds=Holds.DATE), "no whole numbers"),
    "several choices": (scale("odd", holds=Holds.CHOICES)[0], "no whole numbers"),
    "codes that are words": (scale("odd", choices={"a": "x", "b": "y"})[0], "no whole numbers"),
    "an identifier": (scale("odd", identifier=True)[0], "telling who a person is"),
    "another range": (scale("odd", codes=3)[0], "not the numbers from 1 to 5"),
    "a range that goes on": (scale("odd", codes=7)[0], "not the numbers from 1 to 5"),
    "a number without bounds": (Question(name="odd", holds=Holds.INTEGER), "no whole numbers"),
    "a number of another range": (Question(name="odd", holds=Holds.INTEGER, low=0, high=90), "not the numbers"),
}


@pytest.mark.parametrize(("odd", "words"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_cannot_be_an_item_is_left_out_and_named(odd: Question, words: str, tmp_path: Path) -> None:
    form = Form(id="f", questions=(*scale("mood_2", "mood_7"), odd))
    notes = draft_instrument(form, tmp_path / "mood", id="mood")
    assert any(words in note and "odd" in note for note in notes)
    assert [item.id for item in load(tmp_path / "mood").items] == ["2", "7"]
    assert check(tmp_path / "mood") == ()


def test_codes_of_no_answer_are_named_and_kept_out_of_the_range(tmp_path: Path) -> None:
    (asked,) = scale("a", choices={"1": "no", "2": "somewhat", "3": "yes", "9": "refused"})
    with pytest.raises(UsageError, match="whole numbers of one range"):
        draft_instrument(Form(id="f", questions=(asked,)), tmp_path / "x", id="x")
    assert not (tmp_path / "x").exists()
    notes = draft_instrument(Form(id="f", questions=(asked, *scale("b", "c", codes=3))), tmp_path / "x", id="x")
    assert any("codes of no answer: 9." in note for note in notes)
    draft = load(tmp_path / "x")
    assert (draft.low, draft.high, [item.id for item in draft.items]) == (1, 3, ["1", "2", "3"])


def test_the_range_may_be_said(tmp_path: Path) -> None:
    notes = draft_instrument(
        Form(id="f", questions=(*scale("a", "b"), *scale("c", codes=7))), tmp_path / "x", id="x", low=1, high=7
    )
    assert (load(tmp_path / "x").high, len(load(tmp_path / "x").items)) == (7, 1)
    assert any("a, b" in note for note in notes)
    asked = Form(id="f", questions=(*scale("a", codes=6), Question(name="age", holds=Holds.INTEGER, low=1, high=25)))
    notes = draft_instrument(asked, tmp_path / "y", id="y", low=1, high=5)
    assert (load(tmp_path / "y").high, len(load(tmp_path / "y").items)) == (5, 1)
    assert any("no answer: 6." in note for note in notes)


def test_different_labels_are_noted_and_not_joined(tmp_path: Path) -> None:
    other = scale("b", choices={"1": "x", "2": "y", "3": "z"})
    notes = draft_instrument(Form(id="f", questions=(*scale("a", codes=3), *other)), tmp_path / "x", id="x")
    assert any("do they belong together?" in note for note in notes)
    assert read_wording(tmp_path / "x" / "wording.und.toml", load(tmp_path / "x")).responses == {}


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("kept", encoding="utf-8")
    with pytest.raises(UsageError, match="holds files already"):
        draft_instrument(Form(id="f", questions=scale("a")), tmp_path, id="x")
    with pytest.raises(UsageError, match="id has small letters"):
        draft_instrument(Form(id="f", questions=scale("a")), tmp_path / "y", id="My scale")


SPOILED = {
    "not TOML": ("instrument = ", "not valid TOML"),
    "another instrument": ('instrument = "urica"\nlanguage = "en"', "must be `mspss`"),
    "no language": ('instrument = "mspss"', "`language` is empty"),
    "items left out": ('instrument = "mspss"\nlanguage = "en"\n[items]\n1 = "x"', "item 2 has no text"),
    "an item too many": ('instrument = "mspss"\nlanguage = "en"\n[items]\n99 = "x"', "item 99 is not in"),
    "a response too many": ('instrument = "mspss"\nlanguage = "en"\n[responses]\n8 = "x"', "has 8, and answers lie"),
    "numbers for texts": ('instrument = "mspss"\nlanguage = "en"\n[items]\n1 = 5', "must hold texts"),
    "a number for a title": ('instrument = "mspss"\nlanguage = "en"\ntitle = 5', "`title` must be a text"),
}


@pytest.mark.parametrize(("text", "words"), SPOILED.values(), ids=SPOILED)
def test_spoiled_wording_is_refused(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "wording.en.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InstrumentError) as caught:
        read_wording(tmp_path / "wording.en.toml", load("mspss"))
    assert any(words in fault.problem and fault.file == "wording.en.toml" for fault in caught.value.faults)


def test_wording_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InstrumentError, match="cannot be used"):
        read_wording(tmp_path / "wording.en.toml", load("mspss"))


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@settings(max_examples=40, deadline=None)
@given(
    texts=st.lists(words.filter(str.strip), min_size=1, max_size=6),
    low=st.integers(-3, 3),
    points=st.integers(2, 11),
    title=words,
)
def test_any_form_of_one_range_drafts_a_sound_folder(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], low: int, points: int, title: str
) -> None:
    choices = {str(code): f"label {code}" for code in range(low, low + points)}
    asked = tuple(
        Question(name=f"ask_{number}", text={"": text}, holds=Holds.CHOICE, choices=choices)
        for number, text in enumerate(texts, start=1)
    )
    folder = tmp_path_factory.mktemp("drafts") / "asked"
    draft_instrument(Form(id="f", title=title.strip(), questions=asked), folder, id="asked")
    assert check(folder) == ()
    draft = load(folder)
    pack = read_wording(folder / "wording.und.toml", draft)
    back = form_of(draft, wording={"": replace(pack, holder="x", granted_on="x", document="x")})
    assert [question.label for question in back.questions] == [" ".join(text.split()) for text in texts]
    assert all(question.choices == choices for question in back.questions)
    top = score_exactly(draft, {item.id: draft.high for item in draft.items})
    assert top["asked_mean"] == draft.high
