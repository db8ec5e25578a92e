"""Promise: rules of the specification that no model of one resource checks are checked; conditions come back."""

from __future__ import annotations

from typing import Any

import pytest

from casearc.files.fhir.conditions import condition_elements, condition_text
from casearc.files.fhir.structure import questionnaire_problems, response_problems
from casearc.files.sheet import Holds

HOLDS = {
    "n": Holds.INTEGER,
    "d": Holds.NUMBER,
    "c": Holds.CHOICE,
    "y": Holds.YES_NO,
    "t": Holds.TEXT,
    "day": Holds.DATE,
}
CONDITIONS = (
    '"n" > 3',
    '"n" > 3 and "d" <= 2.5',
    '"c" = "a b" or "c" = "say \\"x\\"" or "y" = true',
    '"t" exists false',
    '"day" >= "2024-01-01" and "t" != "x and y"',
)


@pytest.mark.parametrize("line", CONDITIONS)
def test_a_condition_comes_back_the_same(line: str) -> None:
    elements = condition_elements(line, HOLDS)
    assert elements is not None
    assert condition_text(elements) == line


@pytest.mark.parametrize(
    "line", ["[n] = 1", '"n" = "x" and "d" = 1 or "t" = "a"', '"z" = 1', '"n" = 1.5', '"y" = 1', '"n" >']
)
def test_a_condition_that_is_not_understood_is_not_guessed(line: str) -> None:
    assert condition_elements(line, HOLDS) is None


ASKED = {
    "url": "urn:uuid:0",
    "item": [
        {"linkId": "g", "type": "group", "repeats": True, "item": [{"linkId": "1", "type": "integer"}]},
        {"linkId": "2", "type": "choice", "answerOption": [{"valueCoding": {"code": "a"}}]},
        {"linkId": "3", "type": "open-choice", "repeats": True, "answerOption": [{"valueCoding": {"code": "a"}}]},
        {"linkId": "4", "type": "display"},
    ],
}
A, TEXT, ONE = ({"valueCoding": {"code": "a"}}, {"valueString": "x"}, {"valueInteger": 1})
GIVEN: dict[str, tuple[list[dict[str, Any]], str]] = {
    "all in order": (
        [{"linkId": "g", "item": [{"linkId": "1", "answer": [ONE]}]}] * 2
        + [{"linkId": "2", "answer": [A]}, {"linkId": "3", "answer": [A, TEXT]}],
        "",
    ),
    "an unknown item": ([{"linkId": "9"}], "no such item"),
    "an item outside its group": ([{"linkId": "1", "answer": [ONE]}], "no such item"),
    "another order": ([{"linkId": "3", "answer": [A]}, {"linkId": "2", "answer": [A]}], "another order"),
    "twice": ([{"linkId": "2", "answer": [A]}] * 2, "twice"),
    "another type": ([{"linkId": "g", "item": [{"linkId": "1", "answer": [TEXT]}]}], "another type"),
    "several for one": ([{"linkId": "2", "answer": [A, A]}], "has several"),
    "no choice": ([{"linkId": "2", "answer": [{"valueCoding": {"code": "b"}}]}], "none of the question's choices"),
    "a group with an answer": ([{"linkId": "g", "answer": [ONE]}], "group"),
    "a text with an answer": ([{"linkId": "4", "answer": [TEXT]}], "text for display"),
}


@pytest.mark.parametrize("kind", GIVEN)
def test_rules_about_answers_are_checked(kind: str) -> None:
    items, words_ = GIVEN[kind]
    found = response_problems({"status": "completed", "questionnaire": "urn:uuid:0|1", "item": items}, ASKED)
    assert [words_ in each.words for each in found] == ([True] if words_ else [])


def test_rules_about_a_response_as_a_whole_are_checked() -> None:
    found = response_problems({"status": "done", "questionnaire": "urn:uuid:1"}, ASKED)
    assert len(found) == 2


RULES: dict[str, tuple[dict[str, Any], str]] = {
    "a group without items": ({"type": "group"}, "no items"),
    "a text with items": ({"type": "display", "item": [{"linkId": "y", "type": "string"}]}, "for display"),
    "choices of a number": ({"type": "integer", "answerOption": [{"valueInteger": 1}]}, "its type has none"),
    "a type of nobody": ({"type": "guess"}, "not one of FHIR's"),
    "a condition about nothing": ({"type": "string", "enableWhen": [{"question": "z"}]}, "not there"),
    "conditions without a word between": ({"type": "string", "enableWhen": [{"question": "q"}] * 2}, "all or any"),
}


@pytest.mark.parametrize("kind", RULES)
def test_rules_about_questions_are_checked(kind: str) -> None:
    item, words_ = RULES[kind]
    found = questionnaire_problems({"url": "urn:uuid:0", "status": "active", "item": [{"linkId": "q", **item}]})
    assert [words_ in each.words for each in found] == [True]
