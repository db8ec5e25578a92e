"""What is known of a record, question by question: the answer, or why there is none, or that it is hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from casearc_web.access.asker import Asker
from casearc_web.access.fields import hidden_in
from casearc_web.clients.models import Client
from casearc_web.records.base import Record
from casearc_web.records.words import in_words, label_of, reason_in_words
from casearc_web.shell.fields import Reasoned

DESCRIBED = ("language", "gender", "race_ethnicity", "education", "housing")
DONE_TO_THEM = (
    *("trafficking_status", "decided_by", "screening_score", "exploitation_types", "sexual_exploitation_types"),
    *("control_methods", "relationship", "age_when_trafficked", "victimization_types"),
)
SUBSTANCE_USE = ("substance_use",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One question as a page shows it."""

    label: str
    words: str = field(default="", repr=False)
    why_none: str = field(default="", repr=False)
    hidden: bool = False


def answers(by: Asker, record: Record, names: Sequence[str]) -> list[Answer]:
    """The questions in order."""
    hidden = hidden_in(by, record)
    return [_answer(record, name, hidden=name in hidden) for name in names]


def reasoned(record: Any, name: str) -> Reasoned:
    """What is stored for one question, as the form takes it."""
    value = getattr(record, name)
    return Reasoned(None if value in ("", []) else value, _reasons(record).get(name, ""))


def _answer(record: Record, name: str, *, hidden: bool) -> Answer:
    label = label_of(type(record), name)
    if hidden:
        return Answer(label=label, hidden=True)
    stored = reasoned(record, name)
    return Answer(
        label=label, words=in_words(type(record), name, stored.value), why_none=reason_in_words(stored.reason)
    )


def _reasons(record: Any) -> Mapping[str, str]:
    if isinstance(record, Client):
        return {**record.reasons, "substance_use": record.substance_use_reason}
    reasons: Mapping[str, str] = record.reasons
    return reasons
