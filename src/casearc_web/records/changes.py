"""Making and changing records: the version check and the history live here and nowhere else."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from django.db import models, transaction
from django.utils import timezone

from casearc_web.records.base import AgencyRecord, Record
from casearc_web.records.models import Revision

AnyRecord = TypeVar("AnyRecord", bound=AgencyRecord)
Edited = TypeVar("Edited", bound=Record)


class By(Protocol):
    """Who does it: an `access.Asker`, seen from below."""

    @property
    def staff_id(self) -> uuid.UUID | None: ...
    @property
    def agency_id(self) -> uuid.UUID: ...


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that two people left different: what is stored now, and what was to be written."""

    field: str
    stored: Any
    typed: Any


class ConflictError(Exception):
    """Somebody else changed the record since it was opened. Nothing was written; both versions are here to be shown."""

    def __init__(self, stored: Record, differences: tuple[Difference, ...]) -> None:
        super().__init__(f"{stored._meta.label_lower} was changed by somebody else in the meantime")
        self.stored = stored
        self.differences = differences


def create(record: AnyRecord, *, by: By) -> AnyRecord:
    """Store a new record as the asker's agency's."""
    record.agency_id = by.agency_id
    if isinstance(record, Record):
        record.created_by_id = by.staff_id
    record.save(force_insert=True)
    return record


def change(record: Edited, *, by: By, version: int, values: Mapping[str, Any], client_id: uuid.UUID | None) -> Edited:
    """Write `values` where the stored version is still `version`; keep what was there as a revision.

    Raises
    ------
    ConflictError
        The stored version is another one; nothing is written.
    """
    model = type(record)
    with transaction.atomic():
        stored = model._default_manager.select_for_update().get(pk=record.pk)
        if stored.version != version:
            raise ConflictError(stored, _differences(stored, values))
        if not _differences(stored, values):
            return stored
        _keep(stored, by=by, client_id=client_id)
        for name, value in values.items():
            setattr(stored, name, value)
        stored.version = version + 1
        stored.changed_at = timezone.now()
        stored.changed_by_id = by.staff_id
        written = {*values, "version", "changed_at", "changed_by"}
        stored.save(update_fields=written)
    return stored


def content_of(record: models.Model) -> dict[str, Any]:
    """Every concrete field of a record by name, foreign keys as ids; not what its model keeps out of history."""
    kept_out: frozenset[str] = getattr(record, "kept_out_of_history", frozenset())
    fields = (field for field in record._meta.concrete_fields if field.name not in kept_out)
    return {field.name: field.value_from_object(record) for field in fields}


def _keep(stored: Record, *, by: By, client_id: uuid.UUID | None) -> None:
    Revision.objects.create(
        agency_id=by.agency_id,
        kind=stored._meta.label_lower,
        record_id=stored.pk,
        record_version=stored.version,
        client_id=client_id,
        replaced_by_id=by.staff_id,
        content=content_of(stored),
    )


def _differences(stored: Record, values: Mapping[str, Any]) -> tuple[Difference, ...]:
    return tuple(
        Difference(field=name, stored=getattr(stored, name), typed=typed)
        for name, typed in values.items()
        if getattr(stored, name) != typed
    )
