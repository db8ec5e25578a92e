"""Promise: a questionnaire in FHIR defines the questions its responses answer, choices, bounds and conditions too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from made_up_fhir import bundle, one, option, questionnaire, read_content, response

from casearc.files.fhir import choice_values, questionnaire_form
from casearc.files.fhir.dialect import DIALECT
from casearc.files.sheet import Holds
from casearc.tables import FaultLog


def test_a_questionnaire_becomes_a_sheet_and_a_form(tmp_path: Path) -> None:
    sheet = one(questionnaire(title="Calm"), tmp_path)
    assert (sheet.name, sheet.frame.height) == ("file.json#calm (form)", 6)
    assert sheet.frame["type"].to_list() == ["group", "choice", "choice", "integer", "date", "text"]
    form = questionnaire_form(sheet)
    assert form is not None
    assert (form.id, form.title, form.languages) == ("calm", "Calm", ())
    asked = {each.name: (each.label, each.holds, dict(each.choices), each.section) for each in form.questions}
    often = {"0": "never", "1": "often"}
    assert asked == {
        "calm_1": ("Felt calm", Holds.CHOICE, often, "Feelings"),
        "calm_2": ("Slept well", Holds.CHOICE, often, "Feelings"),
        "hours": ("Hours slept", Holds.INTEGER, {}, ""),
        "when": ("Since when", Holds.DATE, {}, ""),
        "why": ("Why", Holds.TEXT, {}, ""),
    }
    assert form.question("hours").shown_if == '"calm_2" = "0"'


ITEMS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "open choices": ({"type": "open-choice"}, {"holds": Holds.CHOICE}),
    "several choices": ({"type": "choice", "repeats": True}, {"holds": Holds.CHOICES}),
    "several texts": ({"type": "integer", "repeats": True}, {"holds": Holds.TEXT}),
    "a quantity": ({"type": "quantity"}, {"holds": Holds.NUMBER}),
    "texts as choices": (
        {"type": "choice", "answerOption": [{"valueString": "Red"}, {"valueString": "Blue"}]},
        {"choices": {"Red": "", "Blue": ""}},
    ),
    "a list within": ({"type": "choice", "answerValueSet": "#v"}, {"choices": {"a": "A", "b": ""}}),
    "a list elsewhere": ({"type": "choice", "answerValueSet": "https://example.org/v"}, {"choices": {}}),
    "required": ({"type": "string", "required": True}, {"required": True}),
    "a name, by its element": (
        {"type": "string", "definition": "http://hl7.org/fhir/StructureDefinition/Patient#Patient.name.given"},
        {"identifier": True},
    ),
    "bounds": (
        {
            "type": "integer",
            "extension": [
                {"url": "http://hl7.org/fhir/StructureDefinition/minValue", "valueInteger": 0},
                {"url": "http://hl7.org/fhir/StructureDefinition/maxValue", "valueInteger": 10},
            ],
        },
        {"low": 0, "high": 10},
    ),
    "someone else's extension": (
        {"type": "string", "extension": [{"url": "https://example.org/x", "valueWhatever": {"a": 1}}]},
        {"holds": Holds.TEXT},
    ),
}


@pytest.mark.parametrize("kind", ITEMS)
def test_what_an_item_says_of_its_question(kind: str, tmp_path: Path) -> None:
    item, expected = ITEMS[kind]
    concepts = [{"code": "a", "display": "A"}, {"code": "b"}]
    value_set = {"resourceType": "ValueSet", "id": "v", "compose": {"include": [{"concept": concepts}]}}
    form = questionnaire_form(one(questionnaire(contained=[value_set], item=[{"linkId": "q", **item}]), tmp_path))
    assert form is not None
    question = form.question("q")
    assert {name: getattr(question, name) for name in expected} == expected
    assert any("not fetched" in note for note in form.notes) == (kind == "a list elsewhere")


def test_responses_beside_their_questionnaire_learn_from_it(tmp_path: Path) -> None:
    sheet = one(bundle(response(), questionnaire()), tmp_path)
    field = sheet.field("calm_1")
    assert (field.label, field.section, field.choices) == ("Felt calm", "Feelings", {"0": "never", "1": "often"})


def test_the_dialect_knows_data_and_definition_and_brings_them_together(tmp_path: Path) -> None:
    definition = one(questionnaire(), tmp_path)
    strange = [{"linkId": "calm_1", "answer": [{"valueCoding": {"code": "9"}}, {"valueCoding": {"code": "1"}}]}]
    data = one(
        bundle(response(), response("r2", items=[*strange, {"linkId": "new", "answer": [{"valueInteger": 1}]}])),
        tmp_path,
    )
    assert DIALECT.is_data(data)
    assert not DIALECT.is_data(definition)
    assert [DIALECT.companions["questionnaire"](each) for each in (data, definition)] == [False, True]
    assert DIALECT.describes(data, {"questionnaire": definition}) == 1.0
    log = FaultLog()
    adopted = DIALECT.adopt(data, {"questionnaire": definition}, log)
    assert adopted is not None
    assert log.total == 0
    assert adopted.field("calm_2").label == "Slept well"
    said = " ".join(adopted.notes)
    assert "does not define: new." in said
    assert "in column calm_1 that are none of the questionnaire's choices: 1." in said


def test_another_questionnaire_is_told_by_the_share_of_columns_it_knows(tmp_path: Path) -> None:
    data = one(response(), tmp_path)
    other = one(questionnaire(id="x", url="urn:uuid:1", item=[{"linkId": "hours", "type": "integer"}]), tmp_path)
    assert DIALECT.describes(data, {"questionnaire": other}) == pytest.approx(1 / 3)
    assert DIALECT.describes(data, {}) == 0.0
    assert DIALECT.adopt(data, {"questionnaire": data}, FaultLog()) is None


def test_codes_that_count_as_numbers_are_told(tmp_path: Path) -> None:
    """LOINC's answers are codes; what they count as stands beside them."""
    counts = [
        option(
            code,
            "x",
            extension=[{"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": number}],
        )
        for code, number in (("LA6568-5", 0), ("LA6569-3", 1))
    ]
    asked = questionnaire(item=[{"linkId": "/44250-9", "type": "choice", "answerOption": counts}])
    answered = response(items=[{"linkId": "/44250-9", "answer": [{"valueCoding": {"code": "LA6569-3"}}]}])
    sheets, _ = read_content(bundle(answered, asked), tmp_path)
    assert choice_values(sheets[1]) == {"/44250-9": {"LA6568-5": "0", "LA6569-3": "1"}}
    assert "LA6568-5 is 0, LA6569-3 is 1" in " ".join(sheets[0].notes)


def test_copies_of_a_questionnaire_are_one(tmp_path: Path) -> None:
    sheets, _ = read_content(bundle(questionnaire(), questionnaire(), response()), tmp_path)
    assert [each.name for each in sheets] == ["file.json", "file.json#calm (form)"]
