"""The chain's arithmetic: what each digest covers. Keyed (HMAC-SHA256): nobody without the key can forge a link.

A link covers the digest before it, every column of the event, the set of clients and the salted words. Changing,
removing, adding, reordering or cutting off events therefore shows. What it cannot show by itself is a whole database
put back to an earlier day: for that, compare the head with one noted elsewhere (`casearc web audit verify` prints it,
and every backup carries it).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime

from casearc_web import keys
from casearc_web.audit.models import AuditEvent

START = bytes(32)
"""What the first event of an agency follows."""


def link(event: AuditEvent) -> bytes:
    """The digest of an event, over the digest before it."""
    columns = [
        str(event.agency_id),
        event.number,
        stamp(event.at),
        str(event.staff_id or ""),
        *(event.role, event.verb, event.outcome, event.route, event.kind, event.record_id),
        bytes(event.clients_digest).hex(),
        bytes(event.details_digest).hex(),
    ]
    return _keyed(b"event", bytes(event.previous), json.dumps(columns, ensure_ascii=False).encode())


def head_seal(agency_id: uuid.UUID, number: int, at: datetime | None, digest: bytes) -> bytes:
    """The seal of a chain's end."""
    return _keyed(b"head", bytes(digest), f"{agency_id}|{number}|{stamp(at) if at else ''}".encode())


def clients_digest(clients: Iterable[uuid.UUID]) -> bytes:
    """One digest for a set of clients, whatever their order."""
    return hashlib.sha256("\n".join(sorted(str(client) for client in set(clients))).encode()).digest()


def details_digest(salt: bytes, text: str) -> bytes:
    """The digest of an event's words."""
    return hashlib.sha256(salt + text.encode()).digest() if text else b""


def stamp(at: datetime) -> str:
    """A moment as it is covered: UTC, microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _keyed(purpose: bytes, previous: bytes, content: bytes) -> bytes:
    return hmac.digest(keys.current().audit, purpose + b"\0" + previous + content, "sha256")
