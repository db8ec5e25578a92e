"""FHIR's JSON, spoiled."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from casearc.files.fhir.names import WHO
from spoiled_files.agency import MARK, survey
from spoiled_files.kinds import Kind, renamed_in

Change = Callable[[list[dict[str, Any]]], object]
NAMES = {"Survey ID": "response_id", "Client ID": "participant", "Taken": "authored"}


def as_fhir(mapping: str) -> str:
    """The mapping for responses, which have no sum."""
    for table in ("administrations", "responses"):
        mapping = renamed_in(mapping, NAMES, table=table)
    return "\n".join(line for line in mapping.splitlines() if not line.startswith("totals")) + "\n"


def responses() -> list[dict[str, Any]]:
    """The survey as resources."""
    found = []
    for number, who, taken, *answers in survey()[1:]:
        items = [
            {"linkId": f"Q{at}", "answer": [{"valueInteger": int(each)}]} for at, each in enumerate(answers[:12], 1)
        ]
        found.append(
            {
                "resourceType": "QuestionnaireResponse",
                "id": number,
                "questionnaire": "https://example.org/fhir/Questionnaire/support",
                "status": "completed",
                WHO: {"reference": f"Patient/{who}", "display": MARK},
                "authored": taken,
                "item": [*items, {"linkId": "words", "answer": [{"valueString": MARK}]}],
            }
        )
    return found


def text(*changes: Change) -> str:
    """A Bundle of them, changed before."""
    resources = responses()
    for change in changes:
        change(resources)
    entries = [{"resource": each} for each in resources]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries})


def bundle(*changes: Change) -> Callable[[], bytes]:
    return lambda: text(*changes).encode()


def replaced(old: str, new: str) -> Callable[[], bytes]:
    def write() -> bytes:
        whole = text()
        assert old in whole
        return whole.replace(old, new, 1).encode()

    return write


def answered(number: int, item: int, answer: dict[str, Any]) -> Change:
    return lambda resources: resources[number - 1]["item"][item - 1].update(answer=[answer])


def nested(depth: int) -> bytes:
    return b'{"resourceType": "Bundle", "entry": ' + b'[{"a":' * depth + b"1" + b"}]" * depth + b"}"


AGAIN = "Export the file again"
F: dict[str, Any] = {"table": "survey", "name": "survey.json", "mapping": as_fhir}
FHIR_KINDS: dict[str, Kind] = {
    "one resource a line": Kind(
        **(F | {"name": "survey.ndjson"}), made=lambda: "\n".join(map(json.dumps, responses())).encode(),
        noted=["does not say its version of FHIR"]),
    "parts inside parts without end": Kind(**F, made=lambda: nested(60_000), said=["Parts lie inside parts deeper"]),
    "an element twice": Kind(
        **F, made=replaced('"status": "completed"', '"status": "completed", "status": "amended"'),
        said=["stands twice in the same place", AGAIN], at=["row 1"]),
    "NaN": Kind(
        **F, made=replaced('"valueInteger": 1', '"valueDecimal": NaN'), said=["NaN or Infinity", AGAIN],
        at=["row 1, column Q1"]),
    "an exponent without end": Kind(
        **F, made=replaced('"valueInteger": 1', '"valueDecimal": 1e999999999'), said=["too large or too small", AGAIN],
        at=["row 1, column Q1"]),
    "cut off": Kind(**F, made=lambda: bundle()()[:900], said=["cut off"]),
    "a sign-in page": Kind(**F, made=f"<!DOCTYPE html><p>{MARK}".encode, said=["a web page, not JSON"]),
    "UTF-16": Kind(**F, made=lambda: text().encode("utf-16"), said=["UTF-16 or UTF-32"]),
    "CSV": Kind(**F, made=f"a,b\n1,{MARK}\n".encode, said=["not JSON from line 1"]),
    "a server's error": Kind(
        **F, made=lambda: json.dumps({"resourceType": "OperationOutcome", "text": MARK}).encode(),
        said=["a server's error message"]),
    "only people": Kind(
        **F, made=bundle(lambda found: [each.update(resourceType="Patient") for each in found]),
        said=["no questionnaires and no responses", "16 Patient"]),
    "a word for a number": Kind(
        **F, made=bundle(answered(3, 5, {"valueString": MARK})), asked=True,
        said=["Text stands where a number belongs"], at=["row 3, column Q5 (mspss_5)"]),
    "an answer out of range": Kind(
        **F, made=bundle(answered(3, 5, {"valueInteger": 70})), said=["not within the range"],
        at=["row 3, column Q5 (mspss_5)"]),
    "half a whole number": Kind(
        **F, made=bundle(answered(3, 5, {"valueInteger": 1.5})), said=["the element valueInteger"],
        at=["row 3, column Q5"]),
    "a response to be read otherwise": Kind(
        **F, made=bundle(lambda found: found[2].update(modifierExtension=[{"url": MARK}])),
        said=["modifierExtension may turn the meaning"], at=["row 3"]),
    "somebody nobody knows": Kind(
        **F, made=bundle(lambda found: found[2][WHO].update(reference=f"Patient/{MARK}")),
        said=["no such enrollment_id"], at=["row 3, column participant (enrollment_id)"]),
    "a response without a day": Kind(
        **F, made=bundle(lambda found: found[2].pop("authored")), said=["must be filled"],
        at=["row 3, column authored (date)"]),
    "a response twice": Kind(
        **F, made=bundle(lambda found: found.append(dict(found[2]))), rows={"administrations": 16, "responses": 192},
        noted=["a later version of them is in the file: 1"]),
    "a response entered in error": Kind(
        **F, made=bundle(lambda found: found[2].update(status="entered-in-error")),
        rows={"administrations": 15, "responses": 180}, noted=["marked as entered in error: 1"]),
}  # fmt: skip
