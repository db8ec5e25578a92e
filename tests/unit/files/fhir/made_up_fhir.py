"""Made-up questionnaires and responses that several files of tests read and write. Nobody in them exists."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from casearc.errors import DataRefusedError
from casearc.files.fhir.names import ABSENT, WHO
from casearc.files.fhir.read import read
from casearc.files.reading import Reading
from casearc.files.sheet import Sheet
from casearc.tables import FaultLog

URL = "https://example.org/fhir/Questionnaire/calm"


def absent(code: str) -> dict[str, Any]:
    return {"extension": [{"url": ABSENT, "valueCode": code}]}


def option(code: str, display: str, **more: Any) -> dict[str, Any]:
    return {"valueCoding": {"system": "https://example.org/often", "code": code, "display": display}, **more}


def questionnaire(**changes: Any) -> dict[str, Any]:
    """Two choices in a group, a number asked on a condition, a date, a text."""
    items = [
        {
            "linkId": "g1",
            "text": "Feelings",
            "type": "group",
            "item": [
                {"linkId": "calm_1", "text": "Felt calm", "type": "choice", "answerOption": OFTEN},
                {"linkId": "calm_2", "text": "Slept well", "type": "choice", "answerOption": OFTEN},
            ],
        },
        {
            "linkId": "hours",
            "text": "Hours slept",
            "type": "integer",
            "enableWhen": [{"question": "calm_2", "operator": "=", "answerCoding": {"code": "0"}}],
        },
        {"linkId": "when", "text": "Since when", "type": "date"},
        {"linkId": "why", "text": "Why", "type": "text"},
    ]
    return {"resourceType": "Questionnaire", "id": "calm", "url": URL, "status": "active", "item": items, **changes}


OFTEN = [option("0", "never"), option("1", "often")]


def response(
    id_: str = "r1", who: str = "p1", items: list[dict[str, Any]] | None = None, **changes: Any
) -> dict[str, Any]:
    default = [
        {
            "linkId": "g1",
            "item": [
                {"linkId": "calm_1", "answer": [{"valueCoding": {"code": "1", "display": "often"}}]},
                {"linkId": "calm_2", "answer": [{"valueCoding": {"code": "0", "display": "never"}}]},
            ],
        },
        {"linkId": "hours", "answer": [{"valueInteger": 7}]},
    ]
    return {
        "resourceType": "QuestionnaireResponse",
        "id": id_,
        "questionnaire": URL,
        "status": "completed",
        WHO: {"reference": f"Patient/{who}", "display": "Zebulon Quagmire"},
        "authored": "2024-05-06",
        "item": default if items is None else items,
        **changes,
    }


def bundle(*resources: Any, **more: Any) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": each} for each in resources], **more}


def read_text(
    text: str | bytes, folder: Path, *, name: str = "file.json", form: str = ""
) -> tuple[tuple[Sheet, ...], list[str]]:
    """The sheets of a file with this content, and its faults in words."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    log = FaultLog()
    sheets = read(path, name=name, log=log, reading=Reading(format=form))
    return sheets, faults(log)


def read_content(content: Any, folder: Path, **more: Any) -> tuple[tuple[Sheet, ...], list[str]]:
    return read_text(json.dumps(content), folder, **more)


def one(content: Any, folder: Path, **more: Any) -> Sheet:
    """The first sheet of a file that has no fault."""
    sheets, found = read_content(content, folder, **more)
    assert found == []
    return sheets[0]


def faults(log: FaultLog) -> list[str]:
    try:
        log.raise_if_any(DataRefusedError, "It was")
    except DataRefusedError as refused:
        return [str(fault) for fault in refused.faults]
    return []
