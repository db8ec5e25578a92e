"""The rules of casework, without a database: to which enrollment a contact belongs, when a note needs a signature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from casearc_web.agencies.models import RoleCode
from casearc_web.casework.codes import ContactType, Outcome, Party, SigningPolicy
from casearc_web.enrollments.models import Enrollment


@dataclass(frozen=True, slots=True)
class Fit:
    """The enrollment that a contact belongs to; None where somebody must choose among several."""

    enrollment: Enrollment | None
    outside: bool = False
    """Whether the day lies before the enrollment's start or after its exit: possible, but to be said aloud."""


def fit(enrollments: Sequence[Enrollment], on: date, *, chosen: Enrollment | None = None) -> Fit:
    """The enrollment open on that day; of several the chosen one; where none was open, the nearest in time."""
    open_then = [one for one in enrollments if is_open_on(one, on)]
    if len(open_then) == 1:
        return Fit(open_then[0])
    if open_then:
        return Fit(chosen if chosen in open_then else None)
    if not enrollments:
        return Fit(None)
    return Fit(min(enrollments, key=lambda one: (_distance(one, on), one.started_on)), outside=True)


def is_open_on(enrollment: Enrollment, on: date) -> bool:
    """Whether an enrollment had started and had not ended; the days of start and exit are inside."""
    return enrollment.started_on <= on and (enrollment.exited_on is None or on <= enrollment.exited_on)


def _distance(enrollment: Enrollment, on: date) -> timedelta:
    return enrollment.started_on - on if on < enrollment.started_on else on - (enrollment.exited_on or on)


def parties(contact_type: str, outcome: str, chosen: Sequence[str]) -> list[str]:
    """Who was there: what was chosen, else what the type of a completed contact already says."""
    said = {ContactType.CLIENT: [Party.CLIENT], ContactType.CAREGIVER: [Party.CAREGIVER]}
    if chosen or outcome != Outcome.COMPLETED:
        return list(chosen)
    return [party.value for party in said.get(ContactType(contact_type), [])]


def needs_signature(policy: str, new_for_days: int, *, role: str, account_since: date, on: date, written: bool) -> bool:
    """Whether a supervisor signs: only what was written, and only case managers' notes, as the program's rules say."""
    if not written or role != RoleCode.CASE_MANAGER:
        return False
    if policy == SigningPolicy.NEW_STAFF:
        return on < account_since + timedelta(days=new_for_days)
    return policy == SigningPolicy.EVERYBODY


def headings_as_text(headings: Sequence[str]) -> str:
    """A template's headings, with room below each."""
    return "\n\n".join(f"{heading}:\n" for heading in headings)


def without_empty_headings(note: str, headings: Sequence[str]) -> str:
    """A note as it is kept: headings under which nothing was written are left out."""
    titles = {f"{heading}:" for heading in headings}
    kept: list[str] = []
    for line in note.replace("\r\n", "\n").split("\n"):
        if line.strip() in titles:
            _drop_if_empty(kept, titles)
        kept.append(line.rstrip())
    _drop_if_empty(kept, titles)
    return "\n".join(kept).strip()


def _drop_if_empty(kept: list[str], titles: set[str]) -> None:
    """Take a heading off the end of the lines, where only empty lines follow it."""
    last = next((number for number in range(len(kept) - 1, -1, -1) if kept[number].strip()), -1)
    if last >= 0 and kept[last].strip() in titles:
        del kept[last:]
