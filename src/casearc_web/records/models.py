"""Earlier versions of records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.utils import timezone

from casearc_web.records.base import AgencyRecord
from casearc_web.records.classification import Privacy
from casearc_web.records.sealed import SealedJSONField


class Revision(AgencyRecord):
    """What a record was before somebody changed it. Sealed, and erased with the client it is about."""

    kind = models.CharField(max_length=60)
    record_id = models.UUIDField()
    record_version = models.PositiveIntegerField()
    client_id = models.UUIDField(null=True, db_index=True)
    replaced_at = models.DateTimeField(default=timezone.now)
    replaced_by = models.ForeignKey("agencies.StaffMember", on_delete=models.PROTECT, related_name="+", null=True)
    content = SealedJSONField()

    privacy: ClassVar[Mapping[str, Privacy]] = {
        "kind": Privacy.OPERATIONAL,
        "record_id": Privacy.OPERATIONAL,
        "record_version": Privacy.OPERATIONAL,
        "client_id": Privacy.OPERATIONAL,
        "replaced_at": Privacy.OPERATIONAL,
        "replaced_by": Privacy.STAFF,
        "content": Privacy.TEXT,
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "record_id", "record_version"], name="one_revision_a_version")
        ]
