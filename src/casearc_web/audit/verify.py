"""Going through a chain link by link. Used by `casearc web audit verify`, by backups and by the tests of tampering."""

from __future__ import annotations

import hmac
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from casearc_web.audit.chain import START, clients_digest, details_digest, head_seal, link
from casearc_web.audit.models import AuditDetail, AuditedClient, AuditEvent, AuditHead
from casearc_web.records.sealed import DamagedSealError

PURGE_VERBS = frozenset({"purge_client"})
"""Events that may stand behind erased words."""

_BATCH = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainReport:
    """What came of it. `head` is worth noting elsewhere: it shows when a whole database was put back."""

    agency_id: uuid.UUID
    events: int
    head: str
    faults: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Nothing was found."""
        return not self.faults


def verify(agency_id: uuid.UUID) -> ChainReport:
    """Check every link of an agency's chain, the clients and words of each event, and the sealed end."""
    faults: list[str] = []
    previous, expected, purges = START, 1, _purges(agency_id)
    for batch in _batches(agency_id):
        clients, details = _belongings(batch)
        for event in batch:
            faults += _link_faults(event, expected=expected, previous=previous)
            faults += _belonging_faults(event, clients[event.pk], details.get(event.pk), purges)
            previous, expected = bytes(event.digest), event.number + 1
    faults += _head_faults(agency_id, number=expected - 1, digest=previous)
    faults += _stray_faults(agency_id)
    return ChainReport(agency_id=agency_id, events=expected - 1, head=previous.hex(), faults=tuple(faults))


def _batches(agency_id: uuid.UUID) -> Iterator[list[AuditEvent]]:
    last = -1
    while batch := list(AuditEvent.objects.filter(agency_id=agency_id, number__gt=last).order_by("number")[:_BATCH]):
        yield batch
        last = batch[-1].number


def _belongings(batch: list[AuditEvent]) -> tuple[dict[int, set[uuid.UUID]], dict[int, AuditDetail]]:
    """Clients and words of a batch."""
    first, last = batch[0].pk, batch[-1].pk
    ids = [event.pk for event in batch]
    within = {"event_id__gte": min(first, last, *ids), "event_id__lte": max(first, last, *ids)}
    clients: dict[int, set[uuid.UUID]] = defaultdict(set)
    for event_id, client in AuditedClient.objects.filter(**within).values_list("event_id", "client_id"):
        clients[event_id].add(client)
    return clients, {detail.event_id: detail for detail in _details(AuditDetail.objects.filter(**within))}


def _details(within: QuerySet[AuditDetail]) -> list[AuditDetail]:
    """All at once; where one does not open, each by itself, so that `_words` can tell which."""
    try:
        return list(within)
    except DamagedSealError:
        return list(within.defer("text"))


def _link_faults(event: AuditEvent, *, expected: int, previous: bytes) -> Iterator[str]:
    if event.number != expected:
        yield f"Event {expected} is missing."
    if not hmac.compare_digest(bytes(event.previous), previous):
        yield f"Event {event.number} does not follow the one before it."
    if not hmac.compare_digest(bytes(event.digest), link(event)):
        yield f"Event {event.number} was altered."


def _belonging_faults(
    event: AuditEvent, clients: set[uuid.UUID], detail: AuditDetail | None, purges: dict[int, set[uuid.UUID]]
) -> Iterator[str]:
    if bytes(event.clients_digest) != clients_digest(clients):
        yield f"The clients of event {event.number} were altered."
    said = bytes(event.details_digest)
    if detail is None:
        if said:
            yield f"The words of event {event.number} were removed."
    elif not said:
        yield f"Words were added to event {event.number}."
    elif detail.erased_in is not None:
        if not purges.get(detail.erased_in, set()) & clients or detail.erased_in <= event.number:
            yield f"The words of event {event.number} were erased, and no purge says so."
        if detail.salt is not None or _words(detail) != "":
            yield f"The words of event {event.number} are marked as erased and are there."
    elif details_digest(bytes(detail.salt or b""), _words(detail) or "") != said:
        yield f"The words of event {event.number} were altered."


def _words(detail: AuditDetail) -> str | None:
    try:
        return str(detail.text)
    except DamagedSealError:
        return None


def _purges(agency_id: uuid.UUID) -> dict[int, set[uuid.UUID]]:
    purged: dict[int, set[uuid.UUID]] = defaultdict(set)
    rows = AuditedClient.objects.filter(event__agency_id=agency_id, event__verb__in=PURGE_VERBS)
    for number, client in rows.values_list("event__number", "client_id"):
        purged[number].add(client)
    return purged


def _head_faults(agency_id: uuid.UUID, *, number: int, digest: bytes) -> Iterator[str]:
    head = AuditHead.objects.filter(agency_id=agency_id).first()
    if head is None:
        if number:
            yield "The end of the chain is not noted: its note was removed."
        return
    if head.number != number or bytes(head.digest) != digest:
        yield f"The chain ends at event {number}, and its note says {head.number}: events were cut off or added."
    if not hmac.compare_digest(bytes(head.seal), head_seal(agency_id, head.number, head.at, bytes(head.digest))):
        yield "The note of the chain's end was altered."


def _stray_faults(agency_id: uuid.UUID) -> Iterator[str]:
    """Rows whose own agency is not their event's: they would hide from, or show to, the wrong agency."""
    for model in (AuditedClient, AuditDetail):
        if model._default_manager.filter(event__agency_id=agency_id).exclude(agency_id=agency_id).exists():
            yield f"Rows of {model._meta.verbose_name_plural} were moved to another agency."
