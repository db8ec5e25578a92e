"""Promise: a spoiled FHIR file is refused in plain words with its place, never with a traceback or a cell's content."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_up_fhir import bundle, questionnaire, read_content, read_text, response

from casearc.files.fhir.names import WHO

SECRET = "Quagmire7"
"""Stands in many spoiled places; no message may repeat it."""


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    """The Bundle of a questionnaire and a response, with the response changed."""
    spoiled = response(who=SECRET)
    change(spoiled)
    return json.dumps(bundle(questionnaire(), spoiled))


def in_answer(answer: dict[str, Any]) -> str:
    return changed(lambda each: each.update(item=[{"linkId": "hours", "answer": [answer]}]))


def asked(item: dict[str, Any]) -> str:
    return json.dumps(questionnaire(item=[item]))


def nested(depth: int, inside: Any, **around: Any) -> Any:
    """Something within itself, so many times."""
    for _ in range(depth):
        inside = {key: [inside] if value is list else value for key, value in around.items()}
    return inside


DEEP_EXTENSION = nested(150, {"url": "lang", "valueCode": "es"}, url="lang", extension=list)

GOOD = json.dumps(bundle(questionnaire(), response()))
ONE = json.dumps(response())

SPOILED: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "empty"),
    "only blanks": (" \n ", "empty"),
    "cut off": (GOOD[: len(GOOD) // 2], "cut off"),
    "not JSON": ("{'a': 1}", "not JSON from line 1"),
    "text after it": (GOOD + "}", "not JSON from line 1"),
    "XML": ("<Bundle xmlns='x'/>", "XML"),
    "a web page": ("<!DOCTYPE html><p>Sign in", "web page"),
    "UTF-16": (GOOD.encode("utf-16"), "UTF-16"),
    "UTF-16 without a mark": (GOOD.encode("utf-16-le"), "NUL bytes"),
    "Latin-1": (ONE.replace("Zebulon", "José").encode("latin-1"), "not UTF-8 from line 1"),
    "packed": (b"\x1f\x8b" + bytes(20), "gzip"),
    "a workbook": (b"PK\x03\x04" + bytes(20), "workbook"),
    "nested without end": ("[" * 100_000 + "]" * 100_000, "deeper"),
    "objects nested without end": ('{"item":' * 50_000 + "1" + "}" * 50_000, "deeper"),
    "questions in questions": (
        json.dumps(response(items=[nested(60, {"linkId": "a"}, linkId="b", item=list)])),
        "deeper",
    ),
    "questions in questions in a form": (
        json.dumps(questionnaire(item=[nested(60, {"linkId": "a"}, linkId="b", type="group", item=list)])),
        "file.json",
    ),
    "questions in questions far down": (
        json.dumps(response(items=[nested(300, {"linkId": "a"}, linkId="b", item=list)])),
        "deeper",
    ),
    "extensions in extensions": (
        json.dumps(response(items=[{"linkId": "a", "extension": [DEEP_EXTENSION]}])),
        "file.json",
    ),
    "a number": ("5", "no FHIR resource"),
    "JSON of another kind": (json.dumps({"name": SECRET}), "no resourceType"),
    "a list of texts": (json.dumps([SECRET]), "no resourceType"),
    "only people": (json.dumps(bundle({"resourceType": "Patient", "name": [{"family": SECRET}]})), "1 Patient"),
    "a type typed wrong": (json.dumps({"resourceType": f"Mr. {SECRET}"}), "of unknown type"),
    "a server's error": (json.dumps({"resourceType": "OperationOutcome"}), "error message"),
    "entries that are no list": (json.dumps({"resourceType": "Bundle", "entry": "x"}), "not a list"),
    "an entry that is no object": (json.dumps({"resourceType": "Bundle", "entry": [SECRET]}), "not an object"),
    "a key twice": (ONE.replace('"status": "completed"', '"status": "completed", "status": "amended"'), "twice"),
    "a linkId twice": (ONE.replace('"linkId": "hours"', '"linkId": "hours", "linkId": "why"'), "twice"),
    "NaN": (ONE.replace('"valueInteger": 7', '"valueDecimal": NaN'), "NaN"),
    "Infinity": (ONE.replace('"valueInteger": 7', '"valueDecimal": -Infinity'), "NaN or Infinity"),
    "an exponent without end": (ONE.replace('"valueInteger": 7', '"valueDecimal": 1e999999999999'), "too large"),
    "a small exponent": (ONE.replace('"valueInteger": 7', '"valueDecimal": 1e-99999'), "too large or too small"),
    "digits without end": (ONE.replace('"valueInteger": 7', f'"valueInteger": {"7" * 9000}'), "more digits"),
    "half a character": (ONE.replace('"valueInteger": 7', '"valueString": "\\ud83d"'), "half a character"),
    "half a character in a key": (ONE.replace('"hours"', '"hours", "\\udc00": 1'), "half a character"),
    "STU3": (changed(lambda each: each.update(questionnaire={"reference": SECRET})), "STU3"),
    "STU3's choices": (asked({"linkId": "1", "type": "choice", "option": [{"valueString": SECRET}]}), "STU3"),
    "no status": (changed(lambda each: each.pop("status")), "lacks the element status"),
    "an unknown element": (changed(lambda each: each.update(item=[{"linkId": "1", SECRET: 1}])), "does not have"),
    "no linkId": (changed(lambda each: each.update(item=[{"text": SECRET}])), "lacks the element linkId"),
    "items that are no list": (changed(lambda each: each.update(item={"linkId": "1"})), "not a list"),
    "an item that is a text": (changed(lambda each: each.update(item=[SECRET])), "item"),
    "a moment that is none": (changed(lambda each: each.update(authored=SECRET)), "authored"),
    "a moment without a zone": (changed(lambda each: each.update(authored="2024-05-06T10:00:00")), "authored"),
    "two values": (in_answer({"valueInteger": 1, "valueString": SECRET}), "two values"),
    "a fraction for a whole number": (in_answer({"valueInteger": 1.5}), "valueInteger"),
    "a number out of range": (in_answer({"valueInteger": 2**40}), "valueInteger"),
    "a text for a truth": (in_answer({"valueBoolean": SECRET}), "valueBoolean"),
    "a day that never was": (in_answer({"valueDate": "2024-02-31"}), "valueDate"),
    "a code that is a number": (in_answer({"valueCoding": {"code": 5}}), "code"),
    "a modified meaning": (changed(lambda each: each.update(modifierExtension=[{"url": SECRET}])), "modifierExtension"),
    "other rules": (changed(lambda each: each.update(implicitRules=SECRET)), "implicitRules"),
    "questions of one linkId": (
        json.dumps(questionnaire(item=[{"linkId": "1", "type": "string"}, {"linkId": "1", "type": "date"}])),
        "same linkId",
    ),
    "a questionnaire without items": (json.dumps(questionnaire(item=[])), "no items"),
    "a condition about nothing": (
        asked({"linkId": "1", "type": "string", "enableWhen": [{"operator": "exists", "answerBoolean": True}]}),
        "lacks the element question",
    ),
}


@pytest.mark.parametrize("kind", SPOILED)
def test_a_spoiled_file_is_refused_in_plain_words(kind: str, tmp_path: Path) -> None:
    content, words = SPOILED[kind]
    sheets, faults = read_text(content, tmp_path)
    assert sheets == ()
    assert words in " ".join(faults), faults
    assert all(each.startswith("file.json") for each in faults)
    assert SECRET not in " ".join(faults)
    assert not any(word in " ".join(faults) for word in ("Traceback", "pydantic", "Error", "validation"))


def test_every_fault_is_found_at_once_and_placed(tmp_path: Path) -> None:
    wrong = [{"linkId": "hours", "answer": [{"valueInteger": 1.5}]}, {"linkId": "when", "answer": [{"valueDate": "x"}]}]
    _, faults = read_content(bundle(response(), response("r2", items=wrong), response("r3", status=None)), tmp_path)
    assert [fault.split(": ")[0] for fault in faults] == [
        "file.json, row 2, column hours",
        "file.json, row 2, column when",
        "file.json, row 3",
    ]


def test_lines_that_are_not_json_are_named(tmp_path: Path) -> None:
    _, faults = read_text(f"{ONE}\n\nnonsense\n{ONE[:40]}\n", tmp_path, name="file.ndjson")
    assert [fault.split(":")[0] for fault in faults] == ["file.ndjson, row 3", "file.ndjson, row 4"]


def test_spoiled_parts_of_resources_that_are_not_read_do_no_harm(tmp_path: Path) -> None:
    text = json.dumps(bundle(response())).replace(
        '"entry": [', '"entry": [{"resource": {"resourceType": "X", "a": NaN}}, '
    )
    sheets, faults = read_text(text, tmp_path)
    assert faults == []
    assert sheets[0].frame.height == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.floats() | st.text(max_size=6) | st.just(SECRET),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["item", "url", "value", "code"]), inner)
    ),
    max_leaves=5,
)


def places(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, each in inside for place in places(each, (*path, key)))]


RICH = bundle(
    questionnaire(
        contained=[{"resourceType": "ValueSet", "id": "v", "compose": {"include": [{"concept": [{"code": "a"}]}]}}]
    ),
    response(
        meta={"versionId": "2", "lastUpdated": "2024-01-01T00:00:00Z"},
        identifier={"value": "x"},
        encounter={"reference": "Encounter/1"},
        _authored={"extension": [{"url": "x", "valueString": "y"}]},
        **{WHO: {"identifier": {"system": "s", "type": {"coding": [{"code": "MR"}]}, "value": "v"}}},
    ),
    {"resourceType": "Patient", "id": "p", "meta": {"profile": ["http://example.org"]}},
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(places(RICH)[1:]), JSON)
def test_whatever_stands_in_any_place_the_reader_says_it_or_reads_it(
    tmp_path: Path, place: tuple[Any, ...], value: object
) -> None:
    content = copy.deepcopy(RICH)
    inside: Any = content
    for step in place[:-1]:
        inside = inside[step]
    inside[place[-1]] = value
    sheets, faults = read_content(content, tmp_path)
    assert bool(sheets) != bool(faults)
    assert SECRET not in " ".join(faults)
