"""Which rows were imported before: looked up by keyed digests of their ids, compared by digests of their content."""

from __future__ import annotations

import hmac
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from casearc_web.clients.models import Client
from casearc_web.enrollments.models import Enrollment
from casearc_web.imports.models import DigestSecret, ImportedRow
from casearc_web.records.among import among

_CONTENT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Known:
    """A row that was imported before."""

    content: bytes
    record_id: uuid.UUID


@dataclass(slots=True, kw_only=True)
class Ledger:
    """The rows of one program that were imported before, and which of their records are still there."""

    secret: bytes
    scope: str
    stamp: tuple[int, int]
    """What was there when it was opened: see `stamp`."""
    known: dict[tuple[str, bytes], Known] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    _alive: dict[str, set[uuid.UUID]] = field(default_factory=dict)

    def key(self, table: str, row_id: str) -> bytes:
        """The digest of a row's own id."""
        return hmac.digest(self.secret, f"{self.scope}|{table}|{row_id}".encode(), "sha256")

    def content(self, values: Sequence[Any]) -> bytes:
        """The digest of what stands in a row."""
        told = json.dumps(values, default=str, ensure_ascii=False).encode()
        return hmac.digest(self.secret, b"content|" + told, "sha256")[:_CONTENT_BYTES]

    def is_alive(self, table: str, record_id: uuid.UUID) -> bool:
        """Whether a record made of a row of this table is still there, and its client was not erased."""
        if table not in self._alive:
            self._alive[table] = self._living(table)
        return record_id in self._alive[table]

    def _living(self, table: str) -> set[uuid.UUID]:
        kind = self.kinds.get(table)
        if kind is None:
            return set()
        model = apps.get_model(kind)
        ids = [one.record_id for (name, _), one in self.known.items() if name == table]
        found = model._default_manager.filter(among("pk", ids))
        if model is Client:
            found = found.filter(purged_at=None)
        elif model is Enrollment:
            found = found.filter(client__purged_at=None)
        return set(found.values_list("pk", flat=True))


def open_ledger(agency_id: uuid.UUID, program_id: uuid.UUID) -> Ledger:
    """What is known of a program's imports."""
    ledger = Ledger(secret=_secret(agency_id), scope=str(program_id), stamp=stamp(program_id))
    rows = _rows(program_id)
    for table, key, content, kind, record_id in rows.values_list(
        "table", "key", "content", "kind", "record_id"
    ).iterator(chunk_size=5_000):
        ledger.known[table, bytes(key or b"")] = Known(bytes(content), record_id)
        ledger.kinds[table] = kind
    return ledger


def stamp(program_id: uuid.UUID) -> tuple[int, int]:
    """How many rows of a program were imported, and how many of its clients are not erased: what a plan rests on."""
    living = Client.objects.filter(enrollments__program_id=program_id, purged_at=None).distinct()
    return _rows(program_id).count(), living.count()


def _rows(program_id: uuid.UUID) -> QuerySet[ImportedRow]:
    return ImportedRow.objects.filter(batch__program_id=program_id, key__isnull=False)


def _secret(agency_id: uuid.UUID) -> bytes:
    held, _ = DigestSecret.objects.get_or_create(agency_id=agency_id)
    return bytes(held.secret)
