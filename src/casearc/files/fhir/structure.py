"""The specification's rules that no model of a single resource checks.

LinkIds that stand once, groups with items and texts without, conditions about questions that are there; answers of the
type their question asks for, among its choices, in its order, and in its group.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casearc.files.fhir.names import STATUSES
from casearc.files.fhir.values import absent_code, value_of
from casearc.language import say

_CHOICES = ("choice", "open-choice", "coding")
_TYPES: Mapping[str, tuple[str, ...]] = {
    "boolean": ("Boolean",),
    "decimal": ("Decimal",),
    "integer": ("Integer",),
    "date": ("Date",),
    "dateTime": ("DateTime",),
    "time": ("Time",),
    "string": ("String",),
    "text": ("String",),
    "url": ("Uri",),
    "choice": ("Coding",),
    "open-choice": ("Coding", "String"),
    "coding": ("Coding",),
    "quantity": ("Quantity",),
    "reference": ("Reference",),
    "attachment": ("Attachment",),
}
_OPEN = ("optionsOrString", "optionsOrType")


@dataclass(frozen=True, slots=True)
class Problem:
    """A rule that is broken, and the linkId of the item that breaks it (empty for the resource)."""

    link_id: str
    words: str


def questionnaire_problems(content: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Rules that a Questionnaire breaks.

    Parameters
    ----------
    content
        The resource as its JSON has it.

    Returns
    -------
    tuple of Problem
        In the order of the items; () for one that keeps all rules.

    Examples
    --------
    >>> item = {"linkId": "1", "type": "group"}
    >>> resource = {"url": "urn:uuid:0", "status": "active", "item": [item]}
    >>> questionnaire_problems(resource)
    (Problem(link_id='1', words='A group has no items.'),)
    """
    items = list(_every(content.get("item")))
    seen: set[str] = set()
    every = {str(item.get("linkId")) for item in items}
    found = [Problem("", say("It has no {name}.", name=name)) for name in ("url", "status") if not content.get(name)]
    for item in items:
        link = str(item.get("linkId"))
        if link in seen:
            found.append(Problem(link, say("Its linkId stands twice.")))
        seen.add(link)
        found += [Problem(link, words) for words in (*_shape(item), *_conditions(item, every))]
    return tuple(found)


def _every(items: object) -> Iterator[Mapping[str, Any]]:
    for item in items if isinstance(items, list) else []:
        yield item
        yield from _every(item.get("item"))


def _shape(item: Mapping[str, Any]) -> Iterator[str]:
    kind = item.get("type")
    if kind == "group" and not item.get("item"):
        yield say("A group has no items.")
    if kind == "display" and any(item.get(name) for name in ("item", "required", "repeats")):
        yield say("A text for display has items, or is marked as required or repeating.")
    if item.get("answerOption") and kind not in _CHOICES:
        yield say("It has choices, and its type has none.")
    if kind not in _TYPES and kind not in ("group", "display"):
        yield say("Its type is not one of FHIR's.")


def _conditions(item: Mapping[str, Any], every: set[str]) -> Iterator[str]:
    conditions = item.get("enableWhen") or []
    if any(each.get("question") not in every for each in conditions):
        yield say("It is asked on a condition about a question that is not there.")
    if len(conditions) > 1 and item.get("enableBehavior") not in ("all", "any"):
        yield say("It has several conditions, and nothing says whether all or any must hold.")


def response_problems(content: Mapping[str, Any], questionnaire: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Rules that a QuestionnaireResponse breaks, given the questionnaire it answers.

    Parameters
    ----------
    content, questionnaire
        The two resources as their JSON has them.

    Returns
    -------
    tuple of Problem
        () for a response that keeps all rules. A question left empty is none, even a required one: a response tells
        what was answered, and people may decline.

    Examples
    --------
    >>> asked = {"url": "urn:uuid:0", "item": [{"linkId": "1", "type": "integer"}]}
    >>> item = {"linkId": "1", "answer": [{"valueString": "five"}]}
    >>> response_problems({"status": "completed", "questionnaire": "urn:uuid:0", "item": [item]}, asked)
    (Problem(link_id='1', words='An answer has another type than its question.'),)
    """
    found = []
    if content.get("status") not in STATUSES:
        found.append(Problem("", say("Its status is missing or none of FHIR's.")))
    if str(content.get("questionnaire") or "").partition("|")[0] != questionnaire.get("url"):
        found.append(Problem("", say("It answers another questionnaire.")))
    return (*found, *_answered(content.get("item") or [], questionnaire.get("item") or []))


def _answered(given: Sequence[Mapping[str, Any]], asked: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    order = {str(item.get("linkId")): place for place, item in enumerate(asked)}
    before = -1
    for item in given:
        link = str(item.get("linkId"))
        place = order.get(link)
        if place is None:
            yield Problem(link, say("The questionnaire has no such item at this place."))
            continue
        repeated = place == before and asked[place].get("repeats") and asked[place].get("type") == "group"
        if place < before or (place == before and not repeated):
            yield Problem(link, say("It stands in another order than in the questionnaire, or twice."))
        before = place
        yield from (Problem(link, words) for words in _answers(item, asked[place]))
        below = asked[place].get("item") or []
        yield from _answered(item.get("item") or [], below)
        for answer in item.get("answer") or []:
            yield from _answered(answer.get("item") or [], below)


def _answers(item: Mapping[str, Any], asked: Mapping[str, Any]) -> Iterator[str]:
    answers = item.get("answer") or []
    kind = str(asked.get("type"))
    if answers and kind not in _TYPES:
        yield say("A group or a text for display has an answer.")
        return
    if len(answers) > 1 and not asked.get("repeats"):
        yield say("A question that takes one answer has several.")
    options = {value_of(option).text for option in asked.get("answerOption") or []}
    for answer in answers:
        value = value_of(answer)
        if value.absent or absent_code(answer):
            continue
        open_ = kind == "open-choice" or asked.get("answerConstraint") in _OPEN
        allowed = (*_TYPES[kind], "String") if open_ else _TYPES[kind]
        if value.kind not in allowed:
            yield say("An answer has another type than its question.")
        elif options and value.text not in options and not open_:
            yield say("An answer is none of the question's choices.")
