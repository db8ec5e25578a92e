"""What apps above know about enrollments and enrollments ask for: last contacts, recorded days, what is still open.

`casework` and `goals` register; `enrollments` imports neither. A provider asks the database a fixed number of times,
however many enrollments there are, and is given only enrollments that the asker has been allowed to see.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from casearc_web.access.asker import Asker
from casearc_web.enrollments.models import Enrollment


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The first and the last day on which something was recorded for an enrollment, and what it is called."""

    what: str | Promise
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StillOpen:
    """Something that is open and should be closed at exit, such as goals: in words, and where that is done."""

    what: str | Promise
    address: str


LastContacts = Callable[[Asker, Sequence[Enrollment]], Mapping[uuid.UUID, date]]
Spans = Callable[[Asker, Enrollment], Sequence[Span]]
Open = Callable[[Asker, Enrollment], Sequence[StillOpen]]

_along: list[str] = []
_last_contacts: list[LastContacts] = []
_spans: list[Spans] = []
_open: list[Open] = []


def bring_along(relation: str) -> None:
    """Name a relation that is read together with a client's enrollments, so that nobody asks for it again."""
    if relation not in _along:
        _along.append(relation)


def brought_along() -> tuple[str, ...]:
    """All of them."""
    return tuple(_along)


def register_last_contacts(provider: LastContacts) -> None:
    """Say on which day each enrollment had its last completed contact."""
    _last_contacts[:] = [provider]


def register_span(provider: Spans) -> None:
    """Say between which days something was recorded, so that a date beyond it can be questioned."""
    if provider not in _spans:
        _spans.append(provider)


def register_open(provider: Open) -> None:
    """Say what is still open, to be asked about at exit."""
    if provider not in _open:
        _open.append(provider)


def last_contacts(by: Asker, enrollments: Sequence[Enrollment]) -> Mapping[uuid.UUID, date]:
    """The day of the last completed contact of each enrollment that has one."""
    return _last_contacts[0](by, enrollments) if _last_contacts and enrollments else {}


def spans(by: Asker, enrollment: Enrollment) -> list[Span]:
    """Everything recorded, as spans of days."""
    return [span for provider in _spans for span in provider(by, enrollment)]


def still_open(by: Asker, enrollment: Enrollment) -> list[StillOpen]:
    """Everything open."""
    return [item for provider in _open for item in provider(by, enrollment)]
