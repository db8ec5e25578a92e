"""Reading the log: who did what, in sentences.

The agency's log never leads to a client; a client's part of it is for those who reach the client.

Pages go by event number, so that the thousandth page of a million events is as quick as the first.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from django.db.models import Count, QuerySet
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import override

from casearc_web.access.asker import Asker
from casearc_web.access.decide import find, visible
from casearc_web.access.fields import sees
from casearc_web.access.registry import registered
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import RoleCode, StaffMember
from casearc_web.audit.models import AuditedClient, AuditEvent, Outcome
from casearc_web.records.classification import Privacy
from casearc_web.records.sealed import DamagedSealError
from casearc_web.records.words import label_of
from casearc_web.staff.words import OPERATOR_SAID, Words, did, opened, tried

A_PAGE = 50
_CHANGED = re.compile(r"(?P<kind>[a-z]+): (?P<fields>[a-z_]+(?:, [a-z_]+)*)\Z")


_IN_WORDS: Mapping[str, Callable[[str], Words]] = {
    Outcome.OPENED: opened,
    Outcome.DENIED: tried,
    Outcome.FAILED: tried,
    Outcome.DONE: did,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One event in words. `words` are empty for whoever may not read them; `clients` is how many it concerned."""

    number: int
    at: datetime
    who: str
    role: Words
    verb: str
    did: Words
    refused: bool
    failed: bool = False
    clients: int = 0
    words: str = field(default="", repr=False)
    glass: bool = False
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """A page of the log; `older` is the number before which it goes on, None at the beginning."""

    lines: list[Line]
    older: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody asks the agency's log for. Days are inclusive."""

    staff: uuid.UUID | None = None
    verb: str = ""
    outcome: str = ""
    since: date | None = None
    until: date | None = None
    before: int | None = None


def agency_log(by: Asker, wanted: Wanted) -> Logged:
    """A page of the agency's log. How many clients an event concerned is told, never which."""
    events = _chosen(by, visible(by, Verb.VIEW_AUDIT, AuditEvent.objects.all()), wanted)
    found = list(events.order_by("-number").select_related("detail")[: A_PAGE + 1])
    shown = found[:A_PAGE]
    names, counts = _names(shown), _clients_of(shown)
    lines = [
        _line(event, names, words=not counts.get(event.pk), clients=counts.get(event.pk, 0)) for event in shown
    ]
    return Logged(lines=lines, older=shown[-1].number if len(found) > A_PAGE else None)


def client_log(by: Asker, client_id: uuid.UUID, *, before: int | None = None) -> Logged:
    """Who has looked at a client the asker has been allowed to see. The same thing done over and over is told once."""
    own = AuditedClient.objects.filter(agency_id=by.agency_id, client_id=client_id)
    if before is not None:
        own = own.filter(event__number__lt=before)
    rows = list(own.order_by("-event_id").select_related("event__detail")[: A_PAGE + 1])
    shown = [row.event for row in rows[:A_PAGE]]
    names, may_read = _names(shown), sees(by, Privacy.TEXT)
    lines = [_line(event, names, words=may_read) for event in shown]
    return Logged(lines=_told_once(lines), older=shown[-1].number if len(rows) > A_PAGE else None)


def staff_to_filter(by: Asker) -> list[StaffMember]:
    """Everybody who may stand in the log."""
    return list(visible(by, Verb.VIEW_AUDIT, StaffMember.objects.only("name")))


def refusals_since(by: Asker, day: date) -> int:
    """How many denials and failed sign-ins there were since a day."""
    events = visible(by, Verb.VIEW_AUDIT, AuditEvent.objects.all())
    first = _first_since(events, day)
    if first is None:
        return 0
    bad = (Outcome.DENIED, Outcome.FAILED)
    return events.filter(number__gte=first, outcome__in=bad).count()


def _chosen(by: Asker, events: QuerySet[AuditEvent], wanted: Wanted) -> QuerySet[AuditEvent]:
    if wanted.staff:
        find(by, Verb.VIEW_AUDIT, StaffMember.objects.all(), wanted.staff)
        events = events.filter(staff_id=wanted.staff)
    if wanted.verb:
        events = events.filter(verb=wanted.verb)
    if wanted.outcome:
        events = events.filter(outcome=wanted.outcome)
    if wanted.before is not None:
        events = events.filter(number__lt=wanted.before)
    return _within_days(visible(by, Verb.VIEW_AUDIT, AuditEvent.objects.all()), events, wanted)


def _within_days(
    every: QuerySet[AuditEvent], events: QuerySet[AuditEvent], wanted: Wanted
) -> QuerySet[AuditEvent]:
    """Days become numbers: time never goes back along the chain, and numbers are what it is ordered by."""
    if wanted.since:
        first = _first_since(every, wanted.since)
        events = events.filter(number__gte=first) if first is not None else events.none()
    if wanted.until:
        after = _first_since(every, wanted.until + timedelta(days=1))
        events = events.filter(number__lt=after) if after is not None else events
    return events


def _first_since(every: QuerySet[AuditEvent], day: date) -> int | None:
    at = make_aware(datetime.combine(day, time.min))
    return every.filter(at__gte=at).order_by("at", "number").values_list("number", flat=True).first()


def _names(events: Sequence[AuditEvent]) -> Mapping[uuid.UUID, str]:
    wanted = {event.staff_id for event in events if event.staff_id}
    return dict(StaffMember.objects.filter(pk__in=wanted).order_by().values_list("pk", "name"))


def _clients_of(events: Iterable[AuditEvent]) -> dict[int, int]:
    rows = AuditedClient.objects.filter(event__in=[event.pk for event in events]).order_by()
    return dict(rows.values_list("event_id").annotate(count=Count("pk")))


def _line(event: AuditEvent, names: Mapping[uuid.UUID, str], *, words: bool, clients: int = 0) -> Line:
    roles: dict[str, Words] = {**dict(RoleCode.choices), **OPERATOR_SAID}
    nobody = _("nobody signed in") if event.verb == Verb.SIGN_IN else str(OPERATOR_SAID["operator"])
    return Line(
        number=event.number,
        at=event.at,
        who=names.get(event.staff_id, _("somebody")) if event.staff_id else nobody,
        role=roles.get(event.role, "") if event.staff_id else "",
        verb=event.verb,
        did=_IN_WORDS.get(event.outcome, did)(event.verb),
        refused=event.outcome == Outcome.DENIED,
        failed=event.outcome == Outcome.FAILED,
        clients=clients,
        words=_words_beside(event) if words else "",
        glass=event.verb == Verb.BREAK_GLASS,
    )


def _words_beside(event: AuditEvent) -> str:
    """What the log notes beside the verb; nothing where that says what the verb says."""
    words = _words(event)
    with override("en"):
        repeats = event.outcome == Outcome.DONE and words == str(did(event.verb))
    return "" if repeats else words


def _words(event: AuditEvent) -> str:
    detail = getattr(event, "detail", None)
    if detail is None:
        return ""
    if detail.erased_in is not None:
        return _("(erased with a purge)")
    try:
        return "; ".join(_in_words(part) for part in str(detail.text).split("; "))
    except DamagedSealError:
        return _("(cannot be read: the log was altered)")


def _in_words(said: str) -> str:
    """``client: housing`` as the pages call them; other words as they are."""
    match = _CHANGED.match(said)
    model = next((m for m in registered() if match and m._meta.model_name == match["kind"]), None)
    if match is None or model is None:
        return said
    labels = dict.fromkeys(label_of(model, name) for name in match["fields"].split(", "))
    return _("changed: %(fields)s") % {"fields": ", ".join(labels)}


def _told_once(lines: list[Line]) -> list[Line]:
    """Join neighbors that say the same of the same day."""
    told: list[Line] = []
    for line in lines:
        last = told[-1] if told else None
        if last is not None and _alike(last, line):
            told[-1] = replace(last, times=last.times + 1)
        else:
            told.append(line)
    return told


def _alike(one: Line, other: Line) -> bool:
    def key(line: Line) -> tuple[object, ...]:
        return (line.who, str(line.did), line.refused, line.failed, line.words, localtime(line.at).date())

    return key(one) == key(other)
