"""Writing the log: append an event, erase the words of events with a purge."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from casearc_web.audit.chain import START, clients_digest, details_digest, head_seal, link
from casearc_web.audit.models import AuditDetail, AuditedClient, AuditEvent, AuditHead, Outcome

_SALT = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is to be logged.

    `details` are words for people (a reason, names of changed fields), never a client's value.
    """

    agency_id: uuid.UUID
    verb: str
    outcome: Outcome = Outcome.DONE
    staff_id: uuid.UUID | None = None
    role: str = ""
    route: str = ""
    kind: str = ""
    record_id: str = ""
    clients: frozenset[uuid.UUID] = field(default_factory=frozenset)
    details: str = ""


@transaction.atomic(savepoint=False)
def append(entry: Entry) -> AuditEvent:
    """Add one event at the end of its agency's chain. Within a transaction it is kept or lost with the rest of it."""
    head, _ = AuditHead.objects.select_for_update().get_or_create(
        agency_id=entry.agency_id,
        defaults={"digest": START, "seal": head_seal(entry.agency_id, 0, None, START)},
    )
    salt = os.urandom(_SALT)
    event = _event(entry, head=head, salt=salt)
    event.save(force_insert=True)
    if entry.details:
        AuditDetail.objects.create(agency_id=entry.agency_id, event=event, salt=salt, text=entry.details)
    AuditedClient.objects.bulk_create(
        AuditedClient(agency_id=entry.agency_id, event=event, client_id=client) for client in sorted(entry.clients)
    )
    _move(head, event)
    return event


def erase_details(clients: Iterable[uuid.UUID], *, purge: AuditEvent) -> int:
    """Erase the words of earlier events that concern these clients; the purge's own event vouches for it."""
    concerned = AuditDetail.objects.filter(
        event__clients__client_id__in=list(clients), event__number__lt=purge.number, agency_id=purge.agency_id
    )
    ids = list(concerned.values_list("pk", flat=True))
    return AuditDetail.objects.filter(pk__in=ids).update(text="", salt=None, erased_in=purge.number)


def _event(entry: Entry, *, head: AuditHead, salt: bytes) -> AuditEvent:
    now = timezone.now()
    event = AuditEvent(
        agency_id=entry.agency_id,
        number=head.number + 1,
        at=max(now, head.at) if head.at else now,
        staff_id=entry.staff_id,
        role=entry.role,
        verb=entry.verb,
        outcome=entry.outcome,
        route=entry.route,
        kind=entry.kind,
        record_id=entry.record_id,
        clients_digest=clients_digest(entry.clients),
        details_digest=details_digest(salt, entry.details),
        previous=bytes(head.digest),
    )
    event.digest = link(event)
    return event


def _move(head: AuditHead, event: AuditEvent) -> None:
    head.number, head.at, head.digest = event.number, event.at, event.digest
    head.seal = head_seal(event.agency_id, event.number, event.at, bytes(event.digest))
    head.save(update_fields=["number", "at", "digest", "seal"])
