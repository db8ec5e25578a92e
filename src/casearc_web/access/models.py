"""Broken glass: somebody opened a client's record beyond their reach, said why, and others were told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casearc_web.records.base import AgencyRecord
from casearc_web.records.classification import Privacy
from casearc_web.records.sealed import SealedTextField

OPEN_FOR = timedelta(hours=4)
"""How long broken glass stays open."""


def closing_time() -> datetime:
    """When glass that is broken now closes."""
    return timezone.now() + OPEN_FOR


class BrokenGlass(AgencyRecord):
    """One opening of one client's record by one staff member."""

    client_id = models.UUIDField(db_index=True)
    staff = models.ForeignKey("agencies.StaffMember", on_delete=models.PROTECT, related_name="broken_glass")
    reason = SealedTextField(_("Why"), blank=False)
    opened_at = models.DateTimeField(default=timezone.now)
    closes_at = models.DateTimeField(default=closing_time)

    privacy: ClassVar[Mapping[str, Privacy]] = {
        **dict.fromkeys(("client_id", "opened_at", "closes_at"), Privacy.OPERATIONAL),
        "staff": Privacy.STAFF,
        "reason": Privacy.TEXT,
    }


class Notice(AgencyRecord):
    """Something a staff member has to know: glass was broken, a note waits for a signature."""

    to = models.ForeignKey("agencies.StaffMember", on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=40)
    client_id = models.UUIDField(null=True, db_index=True)
    about = models.ForeignKey("agencies.StaffMember", on_delete=models.PROTECT, related_name="+", null=True)
    text = SealedTextField()
    at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True)

    privacy: ClassVar[Mapping[str, Privacy]] = {
        **dict.fromkeys(("kind", "client_id", "at", "seen_at"), Privacy.OPERATIONAL),
        **dict.fromkeys(("to", "about"), Privacy.STAFF),
        "text": Privacy.TEXT,
    }
