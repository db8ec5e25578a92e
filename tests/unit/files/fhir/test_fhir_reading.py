"""Promise: responses in FHIR become one row a response and one column a question, with every answer as it was given."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from made_up_fhir import URL, absent, bundle, one, questionnaire, read_content, read_text, response

from casearc.errors import MissingExtraError
from casearc.files.fhir.names import RELATIVE, WHO
from casearc.files.fhir.validity import model
from casearc.files.formats import read_file
from casearc.files.sheet import Holds
from casearc.tables import FaultLog


def cells(answers: list[dict[str, Any]], folder: Path, **item: Any) -> dict[str, Any]:
    sheet = one(response(items=[{"linkId": "q", "answer": answers, **item}]), folder)
    return sheet.frame.row(0, named=True)


VALUES = {
    "a whole number": ({"valueInteger": 7}, "7"),
    "a decimal": ({"valueDecimal": 2.5}, "2.5"),
    "a decimal that is whole": ({"valueDecimal": 5.0}, "5"),
    "a large decimal": ({"valueDecimal": 1e21}, "1" + "0" * 21),
    "a small one": ({"valueDecimal": 1e-7}, "0.0000001"),
    "truth": ({"valueBoolean": True}, "true"),
    "untruth": ({"valueBoolean": False}, "false"),
    "a date": ({"valueDate": "2024-05-06"}, "2024-05-06"),
    "a month": ({"valueDate": "2024-05"}, "2024-05"),
    "a moment": ({"valueDateTime": "2024-05-06T23:30:00.123-05:00"}, "2024-05-06 23:30:00"),
    "a time": ({"valueTime": "10:11:12"}, "10:11:12"),
    "a text": ({"valueString": "  a; b "}, "a; b"),
    "a code": ({"valueCoding": {"code": "LA6568-5", "display": "Not at all"}}, "LA6568-5"),
    "a code without a code": ({"valueCoding": {"display": "Other"}}, "Other"),
    "a quantity": ({"valueQuantity": {"value": 61.5, "unit": "kg"}}, "61.5"),
    "a bound": ({"valueQuantity": {"value": 5, "comparator": "<"}}, "<5"),
    "an address": ({"valueUri": "https://example.org/a"}, "https://example.org/a"),
    "a reference": ({"valueReference": {"reference": "Practitioner/7", "display": "Zebulon"}}, "Practitioner/7"),
    "a file": ({"valueAttachment": {"title": "Zebulon.pdf"}}, None),
}


@pytest.mark.parametrize("kind", VALUES)
def test_an_answer_becomes_a_cell(kind: str, tmp_path: Path) -> None:
    answer, cell = VALUES[kind]
    assert cells([answer], tmp_path)["q"] == cell


def test_a_decimal_keeps_every_digit(tmp_path: Path) -> None:
    text = json.dumps(response(items=[{"linkId": "q", "answer": [{"valueDecimal": 7}]}]))
    sheets, _ = read_text(text.replace('"valueDecimal": 7', '"valueDecimal": 0.12345678901234567890123'), tmp_path)
    assert sheets[0].frame["q"][0] == "0.12345678901234567890123"


ABSENT_IN = {
    "the item": {"linkId": "q", **absent("asked-declined")},
    "the answer": {"linkId": "q", "answer": [absent("asked-declined")]},
    "a code": {"linkId": "q", "answer": [{"valueCoding": absent("asked-declined")}]},
    "a plain value": {"linkId": "q", "answer": [{"_valueInteger": absent("asked-declined")}]},
    "an answer of HL7's list": {
        "linkId": "q",
        "answer": [
            {
                "valueCoding": {
                    "system": "http://terminology.hl7.org/CodeSystem/data-absent-reason",
                    "code": "asked-declined",
                }
            }
        ],
    },
}


IN_R4_ONLY = "the answer"
"""R5 has no answer without a value."""


@pytest.mark.parametrize(
    ("place", "form"),
    [
        (place, form)
        for place in ABSENT_IN
        for form in ("fhir-r4", "fhir-r5")
        if (place, form) != (IN_R4_ONLY, "fhir-r5")
    ],
)
def test_a_reason_is_read_wherever_it_stands(place: str, form: str, tmp_path: Path) -> None:
    sheet = one(response(items=[ABSENT_IN[place]]), tmp_path, form=form)
    assert sheet.frame["q"].to_list() == ["asked-declined"]
    assert [(code.code, code.name) for code in sheet.field("q").missing] == [("asked-declined", "declined")]


def test_an_answer_that_reads_like_a_reason_is_not_taken_for_one(tmp_path: Path) -> None:
    answered = response("a", items=[{"linkId": "q", "answer": [{"valueString": "unknown"}]}])
    sheet = one(bundle(answered, response("b", items=[{"linkId": "q", **absent("unknown")}])), tmp_path)
    told, reason = sheet.frame["q"].to_list()
    assert told == "unknown"
    assert [told in code for code in sheet.field("q").missing] == [False]
    assert [(reason in code, code.name) for code in sheet.field("q").missing] == [(True, "unknown")]


def test_several_answers_stand_in_one_cell(tmp_path: Path) -> None:
    several = [{"valueCoding": {"code": "a", "display": "A"}}, {"valueCoding": {"code": "b", "display": "B"}}]
    sheet = one(response(items=[{"linkId": "q", "text": "Which?", "answer": several}]), tmp_path)
    assert sheet.frame["q"].to_list() == ["a;b"]
    field = sheet.field("q")
    assert (field.label, field.holds, field.choices) == ("Which?", Holds.CHOICES, {"a": "A", "b": "B"})


def test_questions_in_groups_and_under_answers_are_columns(tmp_path: Path) -> None:
    under = {
        "linkId": "b",
        "answer": [{"valueString": "x", "item": [{"linkId": "c", "answer": [{"valueInteger": 1}]}]}],
    }
    deep = {"linkId": "g", "item": [{"linkId": "h", "item": [{"linkId": "a", "answer": [{"valueInteger": 0}]}, under]}]}
    row = one(response(items=[deep]), tmp_path).frame.row(0, named=True)
    assert [row[each] for each in ("a", "b", "c")] == ["0", "x", "1"]
    assert "g" not in row
    assert "h" not in row


def test_a_group_that_repeats_keeps_its_answers_apart(tmp_path: Path) -> None:
    """The second medicine has no amount: its amount must not slip to the first."""
    first = {"linkId": "medicine", "item": [{"linkId": "name", "answer": [{"valueString": "A"}]}]}
    second = {
        "linkId": "medicine",
        "item": [
            {"linkId": "name", "answer": [{"valueString": "B"}]},
            {"linkId": "mg", "answer": [{"valueInteger": 5}]},
        ],
    }
    row = one(response(items=[first, second]), tmp_path).frame.row(0, named=True)
    assert {key: row[key] for key in row if "name" in key or "mg" in key} == {
        "name": "A",
        "name (medicine 2)": "B",
        "mg (medicine 2)": "5",
    }


def test_a_question_called_like_a_column_about_the_response_gets_another_name(tmp_path: Path) -> None:
    items = [
        {"linkId": "status", "answer": [{"valueString": "single"}]},
        {"linkId": "_row", "answer": [{"valueInteger": 1}]},
    ]
    row = one(response(items=items), tmp_path).frame.row(0, named=True)
    assert (row["status"], row["status (question)"], row["_row (question)"]) == ("completed", "single", "1")


def test_what_is_known_about_a_response(tmp_path: Path) -> None:
    sheet = one(
        bundle(
            response(
                questionnaire=f"{URL}|2.1",
                language="es",
                encounter={"reference": "https://example.org/fhir/Encounter/e9/_history/3"},
                authored="2024-05-06T01:00:00Z",
            )
        ),
        tmp_path,
    )
    assert list(sheet.frame.row(0))[:8] == ["r1", "p1", "e9", "2024-05-06 01:00:00", "es", "completed", URL, "2.1"]
    assert any("UTC" in note for note in sheet.notes)
    assert sheet.places.row(0) == ("file.json", 1)
    assert sheet.name == "file.json"


WHOSE: dict[str, tuple[Any, str | None]] = {
    "a reference": ({"reference": "Patient/p7", "display": "Zebulon"}, "p7"),
    "a whole address": ({"reference": "https://example.org/fhir/Patient/p7/_history/2"}, "p7"),
    "an address in the Bundle": ({"reference": "urn:uuid:5d0c"}, "p9"),
    "an address elsewhere": ({"reference": "urn:uuid:77aa"}, "77aa"),
    "an identifier": ({"identifier": {"system": "https://example.org/ids", "value": "P-3"}}, "P-3"),
    "a social security number": (
        {"identifier": {"system": "http://hl7.org/fhir/sid/us-ssn", "value": "000-00-0000"}},
        None,
    ),
    "a driver's license": ({"identifier": {"type": {"coding": [{"code": "DL"}]}, "value": "D000"}}, None),
    "a person within": ({"reference": "#patient"}, None),
    "a name alone": ({"display": "Zebulon Quagmire"}, None),
    "a place": ({"reference": "Location/3"}, None),
    "nobody": (None, None),
}


@pytest.mark.parametrize("kind", WHOSE)
def test_of_a_person_only_the_id_comes_in(kind: str, tmp_path: Path) -> None:
    who, known = WHOSE[kind]
    person = {"resourceType": "Patient", "id": "p9", "name": [{"family": "Quagmire"}], "birthDate": "2008-01-01"}
    answered = response(contained=[{**person, "id": "patient"}], **{WHO: who})
    content = bundle(answered)
    content["entry"].append({"fullUrl": "urn:uuid:5d0c", "resource": person})
    sheets, _ = read_content(content, tmp_path)
    assert sheets[0].frame["participant"].to_list() == [known]
    everything = repr([(each.frame.to_dicts(), each.fields, each.notes) for each in sheets])
    assert not any(word in everything for word in ("Quagmire", "Zebulon", "2008", "000-00", "D000"))
    assert "1 Patient" in " ".join(sheets[0].notes)


def test_of_several_versions_the_latest_counts_and_mistakes_are_set_aside(tmp_path: Path) -> None:
    def version(number: str, status: str, id_: str = "r1") -> dict[str, Any]:
        items = [{"linkId": "q", "answer": [{"valueString": number}]}]
        return response(id_, items=items, status=status, meta={"versionId": number})

    content = bundle(
        version("10", "amended"),
        version("9", "completed"),
        version("1", "completed", "r2"),
        version("2", "entered-in-error", "r2"),
        version("1", "completed", "r3"),
    )
    sheet = one(content, tmp_path)
    assert sheet.frame.select("response_id", "q").rows() == [("r1", "10"), ("r3", "1")]
    assert sheet.places["_row"].to_list() == [1, 5]
    said = " ".join(sheet.notes)
    assert "a later version of them is in the file: 2." in said
    assert "entered in error: 1." in said


def test_each_questionnaire_has_its_sheet(tmp_path: Path) -> None:
    other = response("r2", questionnaire="https://example.org/Questionnaire/sleep|1")
    third = response("r3", questionnaire="https://example.org/other/Questionnaire/sleep")
    sheets, _ = read_content(bundle(response(), other, third, response("r4", questionnaire=None)), tmp_path)
    assert [each.name for each in sheets] == [
        "file.json#calm",
        "file.json#sleep 1",
        "file.json#sleep 2",
        "file.json#unnamed",
    ]
    assert sheets[1].places.row(0) == ("file.json, sheet sleep 1", 2)


FILES = {
    "alone": json.dumps(response()),
    "with a byte-order mark": "\ufeff" + json.dumps(response()),
    "in a Bundle": json.dumps(bundle(response())),
    "in a Bundle in a Bundle": json.dumps(bundle(bundle(response()))),
    "in a list": json.dumps([response()]),
    "one a line": f"{json.dumps(response('r0'))}\r\n\r\n{json.dumps(response())}\n",
    "a Bundle a line": f"{json.dumps(bundle(response('r0')))}\n{json.dumps(bundle(response()))}\n",
}


@pytest.mark.parametrize("kind", FILES)
def test_resources_are_found_wherever_they_stand(kind: str, tmp_path: Path) -> None:
    sheets, faults = read_text(FILES[kind], tmp_path)
    assert faults == []
    assert sheets[0].frame["response_id"].to_list()[-1] == "r1"
    assert sheets[0].places["_row"].to_list() == ([1, 3] if kind == "one a line" else [1, 2][: sheets[0].frame.height])


def test_a_line_separator_within_a_text_parts_no_lines(tmp_path: Path) -> None:
    items = [{"linkId": "q", "answer": [{"valueString": "a\u2028b"}]}]
    lines = "\n".join(json.dumps(response(each, items=items), ensure_ascii=False) for each in ("r1", "r2"))
    sheets, faults = read_text(lines, tmp_path, name="file.ndjson")
    assert faults == []
    assert sheets[0].frame.height == 2


def test_a_page_of_a_search_says_that_more_follow(tmp_path: Path) -> None:
    page = bundle(response(), link=[{"relation": "next", "url": "https://example.org/2"}])
    page["entry"].append({"request": {"method": "DELETE", "url": "x"}})
    said = " ".join(one(page, tmp_path).notes)
    assert "further pages follow" in said
    assert "left out: 1." in said


VERSION_SIGNS: dict[str, tuple[list[Any], str | None]] = {
    "none": ([], "R4"),
    "a type of R4": ([questionnaire()], None),
    "a type of R5": ([questionnaire(item=[{"linkId": "1", "type": "coding"}])], None),
    "both": (
        [questionnaire(), questionnaire(id="x", url="urn:uuid:1", item=[{"linkId": "1", "type": "coding"}])],
        "signs of FHIR R4 and of R5",
    ),
    "a statement": ([{"resourceType": "CapabilityStatement", "fhirVersion": "5.0.0"}], None),
}


@pytest.mark.parametrize("kind", VERSION_SIGNS)
def test_the_version_is_what_the_file_says_or_is_noted(kind: str, tmp_path: Path) -> None:
    more, said = VERSION_SIGNS[kind]
    notes = [note for note in one(bundle(response(), *more), tmp_path).notes if "read as R4" in note]
    assert (said in notes[0]) if said else notes == []


def test_days_since_enrollment_are_read(tmp_path: Path) -> None:
    def told(days: float, relationship: str) -> dict[str, Any]:
        parts = [
            {"url": "target", "valueReference": {"identifier": {"value": "E1"}}},
            {"url": "targetPath", "valueString": "period.start"},
            {"url": "relationship", "valueCode": relationship},
            {"url": "offset", "valueDuration": {"value": days, "code": "d"}},
        ]
        return {"authored": None, "_authored": {"extension": [{"url": RELATIVE, "extension": parts}]}}

    after, before = response("a", **told(30, "after")), response("b", **told(5.0, "before-start"))
    sheet = one(bundle(after, before, response("c"), response("d", **told(1.5, "after"))), tmp_path)
    assert sheet.frame.select("enrollment", "day", "authored").rows() == [
        ("E1", "30", None),
        ("E1", "-5", None),
        (None, None, "2024-05-06"),
        (None, None, None),
    ]


def test_columns_stand_in_the_order_of_the_questions(tmp_path: Path) -> None:
    def answered(id_: str, *links: str) -> dict[str, Any]:
        return response(id_, items=[{"linkId": each, "answer": [{"valueInteger": 1}]} for each in links])

    sheet = one(
        bundle(answered("r1", "a", "c"), answered("r2", "a", "b", "c", "d"), answered("r3", "z", "a")), tmp_path
    )
    assert sheet.frame.columns[8:] == ["z", "a", "b", "c", "d"]


def test_without_the_library_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    model.cache_clear()
    monkeypatch.setitem(sys.modules, "fhir.resources.R4B.questionnaireresponse", None)
    with pytest.raises(MissingExtraError, match=r"casearc\[fhir\]"):
        read_content(response(), tmp_path)


def test_the_registry_leads_here(tmp_path: Path) -> None:
    (tmp_path / "a.NDJSON").write_text(json.dumps(response()), encoding="utf-8")
    sheets = read_file(tmp_path / "a.NDJSON", name="a.NDJSON", log=FaultLog())
    assert sheets[0].format == "fhir"
