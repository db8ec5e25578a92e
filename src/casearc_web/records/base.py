"""The abstract bases: what belongs to an agency, and what people edit."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casearc_web.records.classification import Privacy


class MissingReason(models.TextChoices):
    """Why a value is absent. No reason and no value is plainly missing."""

    DECLINED = "declined", _("Declined to answer")
    NOT_ASKED = "not_asked", _("Not asked")
    UNKNOWN = "unknown", _("Does not know")


class AgencyRecord(models.Model):
    """A row of one agency. Row-level security on PostgreSQL and every query filter by `agency`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+", editable=False)

    privacy: ClassVar[Mapping[str, Privacy]] = {"id": Privacy.OPERATIONAL, "agency": Privacy.OPERATIONAL}

    class Meta:
        abstract = True


class Record(AgencyRecord):
    """A row that people edit: its version tells two editors apart, and who made and changed it stands beside it."""

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        "agencies.StaffMember", on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )
    changed_at = models.DateTimeField(null=True, editable=False)
    changed_by = models.ForeignKey(
        "agencies.StaffMember", on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )

    privacy: ClassVar[Mapping[str, Privacy]] = {
        "version": Privacy.OPERATIONAL,
        "created_at": Privacy.OPERATIONAL,
        "created_by": Privacy.STAFF,
        "changed_at": Privacy.OPERATIONAL,
        "changed_by": Privacy.STAFF,
    }

    class Meta:
        abstract = True
