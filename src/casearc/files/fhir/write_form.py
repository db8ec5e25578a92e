"""A form as a Questionnaire."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from casearc.errors import DataRefusedError, UsageError
from casearc.files.fhir.conditions import condition_elements
from casearc.files.fhir.names import (
    ACT_CODE,
    CHOICE_VALUES,
    MAX_VALUE,
    MIN_VALUE,
    PERSONAL,
    R4,
    SECURITY,
    TRANSLATION,
    VERSIONS,
    link_of,
)
from casearc.files.fhir.questionnaires import fhir_id
from casearc.files.fhir.structure import questionnaire_problems
from casearc.files.fhir.validity import refusals
from casearc.files.form import Form, Question
from casearc.files.sheet import Holds
from casearc.language import either, say, to_say
from casearc.tables import FaultLog

_TYPES = {
    Holds.TEXT: "string",
    Holds.NUMBER: "decimal",
    Holds.INTEGER: "integer",
    Holds.DATE: "date",
    Holds.MOMENT: "dateTime",
    Holds.TIME: "time",
    Holds.YES_NO: "boolean",
}
_NUMBERS = (Holds.NUMBER, Holds.INTEGER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A form's resource, the groups its questions stand in, and what could not be carried.

    groups
        linkId of a group ("" for questions outside any) and its questions, in order.
    """

    content: dict[str, Any]
    groups: tuple[tuple[str, tuple[Question, ...]], ...]
    notes: tuple[str, ...]


def write_questionnaire(form: Form, path: Path, *, version: str = R4, canonical: str = "") -> tuple[str, ...]:
    """Write a form as a FHIR Questionnaire in JSON.

    Parameters
    ----------
    form
        Its questions become items, a run of questions in one section becomes a group, its instructions a text above.
    path
        The file to write.
    version
        ``R4`` or ``R5``.
    canonical
        The questionnaire's address. Without one it gets a ``urn:uuid`` that is always the same for the form's id.

    Returns
    -------
    tuple of str
        What FHIR could not carry.

    Raises
    ------
    DataRefusedError
        The form breaks a rule of FHIR: a name stands twice, a code has blanks at its ends. Nothing is written.
    UsageError
        There is no such version.
    MissingExtraError
        The library with FHIR's models is not installed.

    Examples
    --------
    >>> from casearc.files.fhir import write_questionnaire
    >>> write_questionnaire(form, Path("mspss.json"), version="R5")  # doctest: +SKIP
    ()
    """
    made = questionnaire(form, version=version, canonical=canonical)
    refuse_unsound(made.content, version=version)
    write_json(made.content, path)
    return made.notes


def questionnaire(form: Form, *, version: str, canonical: str = "") -> Written:
    """A form's Questionnaire, not yet checked; `canonical` is its address."""
    if version not in VERSIONS:
        raise UsageError(say("FHIR is written as {versions}.", versions=either(VERSIONS)))
    notes: Counter[str] = Counter()
    holds = {link_of(each.name): _asked_as(each) for each in form.questions}
    groups = _groups(form)
    main = form.languages[0] if form.languages else ""
    maker = _Maker(version=version, main=main, holds=holds, notes=notes)
    items = maker.instructions(form, taken={link for link, _ in groups} | set(holds))
    for link, questions in groups:
        made = [maker.item(each) for each in questions]
        items += [{"linkId": link, "text": questions[0].section, "type": "group", "item": made}] if link else made
    said = tuple(f"{say(words)}: {count:,}." for words, count in notes.items())
    return Written(content=_head(form, main, canonical) | {"item": items}, groups=groups, notes=said)


def _head(form: Form, main: str, canonical: str) -> dict[str, Any]:
    own = fhir_id(form.id)
    address = canonical or f"urn:uuid:{uuid5(NAMESPACE_URL, form.id)}"
    parts: dict[str, Any] = {
        "resourceType": "Questionnaire",
        "id": own,
        "language": main,
        "url": address,
        "identifier": [{"use": "official", "value": form.id}] if own != form.id else [],
        "version": form.version,
        "title": form.title,
        "status": "active",
        "subjectType": ["Patient"],
    }
    return {name: part for name, part in parts.items() if part}


def _groups(form: Form) -> tuple[tuple[str, tuple[Question, ...]], ...]:
    """Runs of questions in one section, each with a linkId that no question has."""
    taken = {link_of(each.name) for each in form.questions}
    found = []
    for number, (section, run) in enumerate(groupby(form.questions, key=lambda each: each.section), start=1):
        found.append((_free(f"section-{number}", taken) if section else "", tuple(run)))
    return tuple(found)


def _free(wanted: str, taken: Iterable[str]) -> str:
    names = set(taken)
    while wanted in names:
        wanted += "-"
    return wanted


def _asked_as(question: Question) -> Holds:
    """What an answer is in FHIR: whatever has choices is a choice."""
    if not question.choices or question.holds in (Holds.CHOICE, Holds.CHOICES):
        return question.holds
    return Holds.CHOICE


@dataclass(frozen=True, slots=True, kw_only=True)
class _Maker:
    """Makes the items of one questionnaire."""

    version: str
    main: str
    holds: Mapping[str, Holds]
    notes: Counter[str]

    def instructions(self, form: Form, *, taken: set[str]) -> list[dict[str, Any]]:
        if not form.instructions:
            return []
        texts = self._texts("text", form.instructions)
        return [{"linkId": _free("instructions", taken), **texts, "type": "display"}]

    def item(self, question: Question) -> dict[str, Any]:
        link = link_of(question.name)
        asked = self.holds[link]
        choice = asked in (Holds.CHOICE, Holds.CHOICES)
        if asked is not question.holds:
            self.notes[to_say("Questions with choices that are not of the kind choice, and became that kind")] += 1
        parts: dict[str, Any] = {
            "linkId": link,
            "extension": self._extensions(question),
            **self._texts("text", question.text),
            "type": ("choice" if self.version == R4 else "coding") if choice else _TYPES[asked],
            **self._condition(question),
            "required": question.required,
            "repeats": asked is Holds.CHOICES,
            "answerOption": self._options(question) if choice else [],
        }
        return {name: part for name, part in parts.items() if part}

    def _texts(self, name: str, texts: Mapping[str, str]) -> dict[str, Any]:
        """A text in the main language, and its translations beside it."""
        others = [(language, text) for language, text in texts.items() if language != self.main and text]
        listed = [_translation(language, text) for language, text in others if language]
        if len(listed) < len(others):
            self.notes[to_say("Texts in a language that is not named, which were left out")] += 1
        found: dict[str, Any] = {name: texts[self.main]} if texts.get(self.main) else {}
        return found | ({f"_{name}": {"extension": listed}} if listed else {})

    def _condition(self, question: Question) -> dict[str, Any]:
        found = condition_elements(question.shown_if, self.holds) if question.shown_if else {}
        if found is None:
            self.notes[to_say("Conditions for asking in another notation, which were left out")] += 1
        return found or {}

    def _extensions(self, question: Question) -> list[dict[str, Any]]:
        found = []
        bounds = [(MIN_VALUE, question.low), (MAX_VALUE, question.high)]
        for url, bound in bounds:
            if bound is not None and question.holds not in _NUMBERS:
                self.notes[to_say("Bounds of questions that do not ask for a number, which were left out")] += 1
            elif bound is not None:
                whole = question.holds is Holds.INTEGER and bound == int(bound)
                found.append({"url": url, "valueInteger": int(bound)} if whole else {"url": url, "valueDecimal": bound})
        if question.identifier:
            found.append({"url": SECURITY, "valueCoding": {"system": ACT_CODE, "code": PERSONAL}})
        return found

    def _options(self, question: Question) -> list[dict[str, Any]]:
        numbers = _numbers(question.choices)
        return [self._option(question, code, numbers.get(code)) for code in question.choices]

    def _option(self, question: Question, code: str, number: float | None) -> dict[str, Any]:
        label = question.choices[code]
        texts = {self.main: label} | {each: labels.get(code, "") for each, labels in question.choice_texts.items()}
        option: dict[str, Any] = {"valueCoding": {"code": code, **self._texts("display", texts)}}
        if number is None:
            return option
        url = CHOICE_VALUES[0] if self.version == R4 else CHOICE_VALUES[1]
        return {"extension": [{"url": url, "valueDecimal": number}], **option}


def _translation(language: str, text: str) -> dict[str, Any]:
    parts = [{"url": "lang", "valueCode": language}, {"url": "content", "valueString": text}]
    return {"url": TRANSLATION, "extension": parts}


def _numbers(codes: Iterable[str]) -> dict[str, float]:
    """What codes count as, where all of them are whole numbers."""
    listed = list(codes)
    plain = [each for each in listed if each.removeprefix("-").isdecimal() and each.isascii() and len(each) < 10]
    return {each: int(each) for each in plain} if len(plain) == len(listed) else {}


def refuse_unsound(content: Mapping[str, Any], *, version: str) -> None:
    """Raise DataRefusedError where a Questionnaire is no valid one or breaks the specification's rules."""
    log = FaultLog()
    found = [*refusals(dict(content), kind="Questionnaire", version=version)]
    found += [(each.link_id, each.words) for each in questionnaire_problems(content)]
    for link, problem in dict.fromkeys(found):
        log.add(problem, say("Change the form, or the names and codes in it."), column=link or None)
    log.raise_if_any(DataRefusedError, say("The form was"))


def write_json(content: Mapping[str, Any] | Sequence[Any], path: Path) -> None:
    """Write a resource as JSON text."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
