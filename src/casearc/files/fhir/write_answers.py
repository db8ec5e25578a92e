"""A wide table of answers as QuestionnaireResponses in one Bundle, with the questionnaire they answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import polars as pl

from casearc.errors import DataRefusedError
from casearc.files.fhir.answers import BETWEEN
from casearc.files.fhir.check_answers import checked
from casearc.files.fhir.names import ABSENT, R4, R5, RELATIVE, WHO, link_of
from casearc.files.fhir.structure import response_problems
from casearc.files.fhir.validity import refusals
from casearc.files.fhir.write_form import Written, questionnaire, refuse_unsound, write_json
from casearc.files.form import Form, Question
from casearc.files.sheet import Holds, Sheet
from casearc.language import say
from casearc.tables import FaultLog

_PLAIN_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")


def write_responses(
    form: Form,
    answers: Sheet | pl.DataFrame,
    path: Path,
    *,
    version: str = R4,
    canonical: str = "",
    utc_offset: str = "",
) -> tuple[str, ...]:
    """Write answers as a Bundle (a collection) of the questionnaire and a QuestionnaireResponse a row.

    No name of anybody is written: a response refers to its participant by the pseudonym alone, as an identifier.

    Parameters
    ----------
    form
        The questions; see `write_questionnaire`.
    answers
        A row an administration. Columns: ``administration_id``, ``participant_id``; where they are known
        ``authored`` (a day or a moment), ``enrollment_id`` with ``day`` (days since its start), ``language``,
        ``status`` (one of FHIR's; ``completed`` where empty); a column a question, several choices joined by ``;``.
        A cell that holds a missing code of its column (`Sheet.fields`), or in a bare frame one of `REASON_CODES`,
        is written as that reason. Other columns are left out and noted.
    path
        The file to write.
    version
        ``R4`` or ``R5``.
    canonical
        The questionnaire's address, as for `write_questionnaire`.
    utc_offset
        Such as ``-05:00``: what times of day are told in. FHIR has no moment without one; without it they are written
        as if told in UTC, and noted.

    Returns
    -------
    tuple of str
        What FHIR could not carry, and what was left out.

    Raises
    ------
    DataRefusedError
        A cell is no answer to its question, an id is missing or stands twice. Lists every fault; nothing is written.
    UsageError
        There is no such version.
    MissingExtraError
        The library with FHIR's models is not installed.

    Notes
    -----
    A date in days since enrollment becomes the standard extension for relative times on ``authored``: so many days
    after (or before) the start of an episode of care, which is named by the enrollment's pseudonym.

    Examples
    --------
    >>> from casearc.files.fhir import write_responses
    >>> write_responses(form, frame, Path("responses.json"))  # doctest: +SKIP
    ()
    """
    made = questionnaire(form, version=version, canonical=canonical)
    refuse_unsound(made.content, version=version)
    sound = checked(form, answers)
    maker = _Maker(made=made, version=version, reasons=sound.reasons, offset=utc_offset or "Z")
    responses = [maker.response(row) for row in sound.frame.iter_rows(named=True)]
    bundle = _bundle(made, responses)
    _refuse(bundle, responses, made, version)
    write_json(bundle, path)
    moments = not utc_offset and any("T" in str(each) for each in _moments(responses))
    in_utc = say("Moments are written as if told in UTC, since nothing says what they are told in.")
    return (*made.notes, *sound.notes, *((in_utc,) if moments else ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Maker:
    """Makes the responses to one questionnaire. `reasons`: column -> cell -> HL7's code for absent data."""

    made: Written
    version: str
    reasons: Mapping[str, Mapping[str, str]]
    offset: str

    def response(self, row: Mapping[str, Any]) -> dict[str, Any]:
        own = row["administration_id"]
        plain = _PLAIN_ID.fullmatch(own) is not None
        named = {"value": own}
        head = self.made.content
        edition = f"|{head['version']}" if "version" in head else ""
        authored = row.get("authored")
        parts: dict[str, Any] = {
            "resourceType": "QuestionnaireResponse",
            "id": own if plain else "",
            "language": row.get("language"),
            "identifier": "" if plain else ([named] if self.version == R5 else named),
            "questionnaire": head["url"] + edition,
            "status": row.get("status") or "completed",
            WHO: {"type": "Patient", "identifier": {"value": row["participant_id"]}},
            "authored": self._moment(authored) if authored else "",
            "_authored": _relative(row.get("enrollment_id"), row.get("day")),
            "item": [item for link, questions in self.made.groups for item in self._group(link, questions, row)],
        }
        return {name: part for name, part in parts.items() if part}

    def _group(self, link: str, questions: tuple[Question, ...], row: Mapping[str, Any]) -> list[dict[str, Any]]:
        asked = (self._item(each, row.get(each.name)) for each in questions)
        items = [each for each in asked if each is not None]
        return [{"linkId": link, "item": items}] if link and items else items

    def _item(self, question: Question, cell: str | None) -> dict[str, Any] | None:
        if cell is None:
            return None
        link = link_of(question.name)
        reason = self.reasons.get(question.name, {}).get(cell)
        if reason is not None:
            return {"linkId": link, "extension": [{"url": ABSENT, "valueCode": reason}]}
        return {"linkId": link, "answer": self._answers(question, cell)}

    def _answers(self, question: Question, cell: str) -> list[dict[str, Any]]:
        if question.holds is Holds.CHOICES:
            return [self._coding(question, code) for code in cell.split(BETWEEN)]
        if question.choices or question.holds is Holds.CHOICE:
            return [self._coding(question, cell)]
        if question.holds is Holds.MOMENT:
            return [{"valueDateTime": self._moment(cell)}]
        name, reader = _ANSWERS[question.holds]
        return [{name: reader(cell)}]

    def _coding(self, question: Question, code: str) -> dict[str, Any]:
        label = question.choices.get(code)
        return {"valueCoding": {"code": code, "display": label} if label else {"code": code}}

    def _moment(self, text: str) -> str:
        day, parted, time = text.partition(" ")
        return f"{day}T{time}{self.offset}" if parted else day


def _decimal(text: str) -> int | float:
    """A number JSON keeps as it is; cells with more digits than that were refused before."""
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() and abs(number) < 10**15 else float(number)


_ANSWERS: Mapping[Holds, tuple[str, Callable[[str], object]]] = {
    Holds.TEXT: ("valueString", str),
    Holds.INTEGER: ("valueInteger", int),
    Holds.NUMBER: ("valueDecimal", _decimal),
    Holds.DATE: ("valueDate", str),
    Holds.TIME: ("valueTime", str),
    Holds.YES_NO: ("valueBoolean", lambda cell: cell in ("true", "1")),
}


def _relative(enrollment: str | None, day: str | None) -> dict[str, Any] | None:
    """So many days after, or before, an enrollment's start."""
    if enrollment is None or day is None:
        return None
    number = int(day)
    target = {"type": "EpisodeOfCare", "identifier": {"value": enrollment}}
    unit = {"value": abs(number), "unit": "d", "system": "http://unitsofmeasure.org", "code": "d"}
    parts = [
        {"url": "target", "valueReference": target},
        {"url": "targetPath", "valueString": "period.start"},
        {"url": "relationship", "valueCode": "before" if number < 0 else "after"},
        {"url": "offset", "valueDuration": unit},
    ]
    return {"extension": [{"url": RELATIVE, "extension": parts}]}


def _bundle(made: Written, responses: list[dict[str, Any]]) -> dict[str, Any]:
    address = made.content["url"]
    first = address if address.startswith("urn:uuid:") else f"urn:uuid:{uuid5(NAMESPACE_URL, address)}"
    entries = [{"fullUrl": first, "resource": made.content}]
    for each in responses:
        own = each.get("id") or str(each["identifier"])
        entries.append({"fullUrl": f"urn:uuid:{uuid5(NAMESPACE_URL, f'{address} {own}')}", "resource": each})
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def _refuse(bundle: dict[str, Any], responses: list[dict[str, Any]], made: Written, version: str) -> None:
    """Raise DataRefusedError where what was made is not valid, rather than write it."""
    log = FaultLog()
    found = [*refusals(bundle, kind="Bundle", version=version)]
    for each in responses:
        found += [(problem.link_id, problem.words) for problem in response_problems(each, made.content)]
    for link, problem in dict.fromkeys(found):
        log.add(problem, say("Look at the cells of this column."), column=link or None)
    log.raise_if_any(DataRefusedError, say("The answers were"))


def _moments(responses: list[dict[str, Any]]) -> list[object]:
    """Every moment that was written."""
    found: list[object] = [each.get("authored") for each in responses]
    open_ = [item for each in responses for item in each.get("item", [])]
    while open_:
        item = open_.pop()
        open_.extend(item.get("item", []))
        found.extend(answer.get("valueDateTime") for answer in item.get("answer", []))
    return found
