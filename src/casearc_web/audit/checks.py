"""Checking a chain and noting the result in it, so that the log's page can say when it was last found sound."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from casearc_web.audit.log import Entry, append
from casearc_web.audit.models import AuditEvent, Outcome
from casearc_web.audit.verify import ChainReport, verify

CHECKED = "check_log"
"""The verb of the event that notes a check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastCheck:
    """When the chain was last gone through, how many events that were, and whether nothing was found."""

    at: datetime
    events: int
    sound: bool


def check(agency_id: uuid.UUID) -> ChainReport:
    """Go through the chain and note the result as its next event. An unsound chain goes on too; its fault stays."""
    report = verify(agency_id)
    outcome = Outcome.DONE if report.sound else Outcome.FAILED
    words = f"{report.events} events, {len(report.faults)} faults"
    append(Entry(agency_id=agency_id, verb=CHECKED, outcome=outcome, details=words))
    return report


def last_check(agency_id: uuid.UUID) -> LastCheck | None:
    """The last check noted in the chain."""
    event = AuditEvent.objects.filter(agency_id=agency_id, verb=CHECKED).order_by("-number").first()
    if event is None:
        return None
    return LastCheck(at=event.at, events=event.number - 1, sound=event.outcome == Outcome.DONE)
