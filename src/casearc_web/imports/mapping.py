"""A mapping as text: said back, answered, checked. The library runs it; here it is only looked at."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils.translation import gettext as _

from casearc.errors import CasearcError
from casearc.files.mapping import explain_mapping, open_questions, read_mapping

ANYTHING = "1"
"""Stands for an answer that nobody has given yet, to check the rest of a mapping."""
_BROKEN = (KeyError, TypeError, AttributeError, ValueError, StopIteration, IndexError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question of a mapping, for its form."""

    id: str
    asks: str
    why: str
    answers: tuple[str, ...]
    answer: str


def digest(text: str) -> str:
    """Tells one version of a mapping from another."""
    return hashlib.sha256(text.encode()).hexdigest()


def sentences(text: str) -> list[tuple[str, list[str]]]:
    """The mapping in sentences, those about one table together; none where it is too broken to be told."""
    try:
        said = explain_mapping(tomllib.loads(text))
    except _BROKEN:
        return []
    found: list[tuple[str, list[str]]] = []
    for sentence in said:
        if sentence.startswith(" ") and found:
            found[-1][1].append(sentence.strip())
        else:
            found.append((sentence, []))
    return found


def questions(text: str) -> list[Question]:
    """All questions of a mapping, answered or not."""
    try:
        return [_question(entry) for entry in tomllib.loads(text).get("question", [])]
    except _BROKEN:
        return []


def unanswered(text: str) -> int:
    """How many questions wait for an answer."""
    try:
        return len(open_questions(tomllib.loads(text)))
    except _BROKEN:
        return 0


def faults_in(text: str) -> list[str]:
    """What is wrong with a mapping, as far as it can be told without its files and with its questions open."""
    given = {one.id: one.answers[0] if one.answers else ANYTHING for one in questions(text) if not one.answer}
    with TemporaryDirectory(prefix="casearc-mapping-") as folder:
        file = Path(folder) / "mapping.toml"
        file.write_text(text, encoding="utf-8")
        try:
            read_mapping(file, answers=given)
        except CasearcError as refused:
            return str(refused).splitlines()
        except _BROKEN:
            return [_("The mapping does not hold what it should. Compare it with the reference of the mapping.")]
    return []


def _question(entry: Mapping[str, Any]) -> Question:
    texts = {name: str(entry.get(name, "")) for name in ("id", "asks", "why", "answer")}
    return Question(**texts, answers=tuple(str(answer) for answer in entry.get("answers", [])))
