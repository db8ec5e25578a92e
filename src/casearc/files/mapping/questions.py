"""Questions a mapping asks of the person who knows the files, and their answers.

Where a guess would change a score, the mapping does not guess: it holds a question, and the place that needs the answer
says ``"?id"``. Nothing is imported before every question that is needed has an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any as Anything

import tomlkit

from casearc.tables import FaultLog, suggestion

SIGN = "?"
EMPTY = "(leave empty)"
"""An answer that means an empty cell."""
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
        log.add("question must be a list of tables.", "Write [[question]].", file=file)
        return ()
    found = [_read(entry, number, file=file, log=log) for number, entry in enumerate(entries, start=1)]
    questions = tuple(each for each in found if each is not None)
    for question in questions:
        if question.answer and question.answers and question.answer not in question.answers:
            log.add(
                f"The answer to the question {question.id} is none of those it takes.",
                f"It takes: {', '.join(question.answers)}.",
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
            log.add(f"In question {number}: there is no key {key}.", near or f"Known: {', '.join(_KEYS)}.", file=file)
    texts = {key: entry.get(key, "") for key in ("id", "asks", "why", "answer")}
    answers = entry.get("answers", [])
    sound = all(isinstance(text, str) for text in texts.values()) and isinstance(answers, list)
    if not sound or not texts["id"]:
        log.add(f"In question {number}: id, asks, why and answer are texts, answers a list of texts.", file=file)
        return None
    return Question(**texts, answers=tuple(str(answer) for answer in answers))


def with_answers(
    content: Mapping[str, Anything], questions: tuple[Question, ...], *, file: str, log: FaultLog
) -> dict[str, Anything]:
    """The mapping with each ``"?id"`` replaced by its answer; logs questions that have none yet."""
    known = {question.id: question for question in questions}
    asked: dict[str, None] = {}

    def answered(value: Anything) -> Anything:
        if isinstance(value, Mapping):
            return {key: answered(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [answered(inner) for inner in value]
        if not isinstance(value, str) or not value.startswith(SIGN):
            return value
        asked[value.removeprefix(SIGN)] = None
        question = known.get(value.removeprefix(SIGN))
        if question is None or not question.answer:
            return value
        return "" if question.answer == EMPTY else question.answer

    filled = {key: value if key == "question" else answered(value) for key, value in content.items()}
    for name in asked:
        question = known.get(name)
        if question is None:
            near = suggestion(name, known)
            log.add(f"The mapping needs the answer to a question {name} that is not asked.", near, file=file)
        elif not question.answer:
            takes = f" It takes: {', '.join(question.answers)}." if question.answers else ""
            log.add(
                f"The question {name} is not answered: {question.asks}",
                f"Write the answer into the mapping ([[question]], answer), or give it: --answer {name}=….{takes}",
                file=file,
            )
    return filled
