"""What an import would write, and what it would leave: counted a table, held in memory until it is carried out."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.db.models import Model

from casearc_web.imports.fitting.ledger import Ledger
from casearc_web.imports.models import ImportedRow
from casearc_web.imports.notes import Notes

TABLES = ("participants", "enrollments", "contacts", "services", "goals", "needs", "administrations")
"""In the order in which they are written. Responses are part of administrations."""


@dataclass(slots=True)
class Count:
    """Rows of a table: to be added, there and the same, there and changed in the files, erased here, left out."""

    added: int = 0
    there: int = 0
    changed: int = 0
    erased: int = 0
    left_out: int = 0


@dataclass(slots=True, kw_only=True)
class Plan:
    """Filled table by table. `clients` and `stays` lead from ids of the files to records; a row that was erased here
    leads to None, one that is left out leads nowhere.
    """

    ledger: Ledger
    batch_id: uuid.UUID
    agency_id: uuid.UUID
    records: dict[type[Model], list[Model]] = field(default_factory=dict)
    rows: list[ImportedRow] = field(default_factory=list)
    counts: dict[str, Count] = field(default_factory=lambda: {table: Count() for table in TABLES})
    notes: Notes = field(default_factory=Notes)
    blocks: list[str] = field(default_factory=list)
    """Codes of what must be mended before anything can be imported; places stand in the notes."""
    clients: dict[str, uuid.UUID | None] = field(default_factory=dict)
    stays: dict[str, uuid.UUID | None] = field(default_factory=dict)
    meetings: dict[tuple[str, date], list[uuid.UUID]] = field(default_factory=dict)
    """Completed contacts of a stay and day, those imported before among them."""
    named: int = 0
    alike: list[uuid.UUID] = field(default_factory=list)

    def settle(
        self, table: str, row_id: str, content: Sequence[Any], make: Callable[[], Sequence[Model]]
    ) -> uuid.UUID | None:
        """The record of a row: the one that was made of it before, or a new one. None where it was erased.

        `make` gives the record, and after it what else the row makes.
        """
        key, told = self.ledger.key(table, row_id), self.ledger.content(content)
        known, count = self.ledger.known.get((table, key)), self.counts[table]
        if known is not None:
            if not self.ledger.is_alive(table, known.record_id):
                count.erased += 1
                return None
            count.there += known.content == told
            count.changed += known.content != told
            return known.record_id
        record, *beside = make()
        count.added += 1
        self.add(table, record, key=key, content=told)
        for one in beside:
            self.add(table, one)
        return uuid.UUID(str(record.pk))

    def stay(self, enrollment_id: str) -> uuid.UUID:
        """The record of an enrollment that is imported, now or before."""
        found = self.stays[enrollment_id]
        if found is None:
            raise LookupError("rows of an enrollment that was erased were not left out")
        return found

    def add(self, table: str, record: Model, *, key: bytes | None = None, content: bytes = b"") -> None:
        """A record to be stored, and the line that says where it came from."""
        self.records.setdefault(type(record), []).append(record)
        self.rows.append(
            ImportedRow(
                agency_id=self.agency_id,
                batch_id=self.batch_id,
                table=table,
                key=key,
                content=content,
                kind=record._meta.label_lower,
                record_id=record.pk,
            )
        )

    def told(self) -> Mapping[str, dict[str, int]]:
        """The counts, as they are kept with a preview."""
        return {table: asdict(count) for table, count in self.counts.items()}

    @property
    def added(self) -> int:
        """How many rows would be added in all."""
        return sum(count.added for count in self.counts.values())
