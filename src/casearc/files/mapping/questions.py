"""Questions a mapping asks of the person who knows the files, and their answers.

Where a guess would change a score, the mapping does not guess: it holds a question, and the place that needs the answer
says ``"?id"``. Nothing is imported before every question that is needed has an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any as Anything

import tomlkit

from casearc.files.mapping import switches
from casearc.files.mapping.switches import needed_by
from casearc.language import say, to_say
from casearc.tables import FaultLog, suggestion

SIGN = switches.SIGN
EMPTY = "(leave empty)"
"""An answer that means an empty cell."""
AS_WRITTEN = "(keep as written)"
"""An answer that leaves cells as they are."""
_KEYS = ("id", "asks", "why", "answers", "answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. `answers` are those it takes, () for any text; `answer` is empty until somebody gave one."""

    id: str
    asks: str
    why: str = ""
    answers: tuple[str, ...] = ()
    answer: str = ""


def read_questions(content: Mapping[str, Anything], *, file: str, log: FaultLog) -> tuple[Question, ...]:
    """The questions of a mapping; logs those that are not well formed or whose answer is none of theirs."""
    entries = content.get("question", [])
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        log.add(say("question must be a list of tables."), say("Write [[question]]."), file=file)
        return ()
    found = [_read(entry, number, file=file, log=log) for number, entry in enumerate(entries, start=1)]
    questions = tuple(each for each in found if each is not None)
    for question in questions:
        if question.answer and question.answers and question.answer not in question.answers:
            log.add(
                say("The answer to the question {question} is none of those it takes.", question=question.id),
                say("It takes: {answers}.", answers=", ".join(question.answers)),
                file=file,
            )
    return questions


def write_answers(text: str, answers: Mapping[str, str]) -> str:
    """A mapping's text with answers written in, by the questions' ids; the rest, its comments too, stays as it is."""
    document: Anything = tomlkit.parse(text)
    for entry in document.get("question", []):
        if str(entry.get("id")) in answers:
            entry["answer"] = answers[str(entry["id"])]
    return str(tomlkit.dumps(document))


def _read(entry: Mapping[str, Anything], number: int, *, file: str, log: FaultLog) -> Question | None:
    for key in entry:
        if key not in _KEYS:
            near = suggestion(key, _KEYS)
            log.add(
                say("In question {number}: there is no key {key}.", number=number, key=key),
                near or say("Known: {known}.", known=", ".join(_KEYS)),
                file=file,
            )
    texts = {key: entry.get(key, "") for key in ("id", "asks", "why", "answer")}
    answers = entry.get("answers", [])
    sound = all(isinstance(text, str) for text in texts.values()) and isinstance(answers, list)
    if not sound or not texts["id"]:
        log.add(
            say("In question {number}: id, asks, why and answer are texts, answers a list of texts.", number=number),
            file=file,
        )
        return None
    return Question(**texts, answers=tuple(str(answer) for answer in answers))


def with_answers(
    content: Mapping[str, Anything], questions: tuple[Question, ...], *, file: str, log: FaultLog
) -> dict[str, Anything]:
    """The mapping with each ``"?id"`` replaced by its answer; logs questions that are needed and have none yet."""
    known = {question.id: question for question in questions}

    def answered(value: Anything) -> Anything:
        if isinstance(value, Mapping):
            return {key: answered(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [answered(inner) for inner in value]
        if not isinstance(value, str) or not value.startswith(SIGN):
            return value
        question = known.get(value.removeprefix(SIGN))
        if question is None or not question.answer:
            return value
        return "" if question.answer == EMPTY else question.answer

    filled = {key: value if key == "question" else answered(value) for key, value in content.items()}
    for name in needed_by(content, {question.id: question.answer for question in questions}):
        question = known.get(name)
        if question is None:
            near = suggestion(name, known)
            log.add(
                say("The mapping needs the answer to a question {name} that is not asked.", name=name), near, file=file
            )
        elif not question.answer:
            log.add(
                say("The question {name} is not answered: {asks}", name=name, asks=question.asks),
                _how_to_answer(question),
                file=file,
            )
    return filled


def _how_to_answer(question: Question) -> str:
    how = say(
        "Write the answer into the mapping ([[question]], answer), or give it: --answer {name}=….", name=question.id
    )
    if not question.answers:
        return how
    return how + " " + say("It takes: {answers}.", answers=", ".join(question.answers))


_OWN_ANSWERS = frozenset(
    {
        to_say("yes"),
        to_say("no"),
        to_say("first"),
        to_say("last"),
        to_say("all"),
        to_say("sum"),
        to_say("mean"),
        to_say("year month day"),
        to_say("day month year"),
        to_say("month day year"),
        to_say("day month year, or a date as it is"),
        to_say("day month year, or a date turned round"),
        to_say("month day year, or a date as it is"),
        to_say("month day year, or a date turned round"),
        to_say("(leave empty)"),
        to_say("(keep as written)"),
        to_say("minutes"),
        to_say("hours"),
        to_say("hours:minutes"),
        to_say("minutes:seconds"),
    }
)
"""Answers that Casearc words itself; all others are codes, columns and numbers."""


def told_answer(answer: str) -> str:
    """How an answer is shown to somebody who chooses it; in the mapping it stays what it is.

    Parameters
    ----------
    answer
        One that a question takes.

    Returns
    -------
    str

    Examples
    --------
    >>> from casearc.language import speaking
    >>> with speaking("es"):
    ...     told_answer("yes"), told_answer("visit_date")
    ('sí', 'visit_date')
    """
    return say(answer) if answer in _OWN_ANSWERS else answer
