"""Earlier versions of a record, made into records again: for a page of its history, and for comparing two editors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from django.db.models import QuerySet

from casearc_web.records.base import Record
from casearc_web.records.models import Revision

AnyRecord = TypeVar("AnyRecord", bound=Record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier(Generic[AnyRecord]):
    """What a record was, until when, and the name of whoever replaced it."""

    record: AnyRecord
    replaced_at: datetime
    replaced_by: str


def earlier(record: AnyRecord) -> list[Earlier[AnyRecord]]:
    """Every earlier version, the newest first. Whoever calls has made sure that the record may be seen."""
    revisions = _revisions(record).select_related("replaced_by").order_by("-record_version")
    return [
        Earlier(
            record=_made(record, revision),
            replaced_at=revision.replaced_at,
            replaced_by=revision.replaced_by.name if revision.replaced_by else "",
        )
        for revision in revisions
    ]


def as_opened(record: AnyRecord, version: int) -> AnyRecord | None:
    """The record as it was at an earlier version; None where that version is not kept."""
    revision = _revisions(record).filter(record_version=version).first()
    return _made(record, revision) if revision else None


def _revisions(record: Record) -> QuerySet[Revision]:
    return Revision.objects.filter(kind=record._meta.label_lower, record_id=record.pk, agency_id=record.agency_id)


def _made(record: AnyRecord, revision: Revision) -> AnyRecord:
    made = type(record)(pk=record.pk, agency_id=record.agency_id)
    for field in record._meta.concrete_fields:
        if field.name in revision.content:
            setattr(made, field.attname, field.to_python(revision.content[field.name]))
    return made
