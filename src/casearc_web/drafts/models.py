"""Drafts that a page keeps while somebody types, forms that arrived too late, and forms that were written already."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone

from casearc_web.records.base import AgencyRecord
from casearc_web.records.classification import Privacy
from casearc_web.records.sealed import SealedJSONField

KEPT_FOR = timedelta(days=7)
"""Then a draft is gone."""


def expiry() -> datetime:
    """When what is kept now goes."""
    return timezone.now() + KEPT_FOR


class Draft(AgencyRecord):
    """What somebody typed into one form and has not finished. `fields` are [name, value] in the form's order."""

    staff = models.ForeignKey("agencies.StaffMember", on_delete=models.CASCADE, related_name="drafts")
    key = models.CharField(max_length=160)
    submission = models.UUIDField(null=True)
    fields = SealedJSONField()
    saved_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(default=expiry, db_index=True)

    privacy: ClassVar[Mapping[str, Privacy]] = {
        **dict.fromkeys(("key", "submission", "saved_at", "expires_at"), Privacy.OPERATIONAL),
        "staff": Privacy.STAFF,
        "fields": Privacy.TEXT,
    }

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["staff", "key"], name="one_draft_a_form")]


class KeptForm(AgencyRecord):
    """A form that arrived when its sender had to sign in again, or show a second factor, before it could be taken."""

    staff = models.ForeignKey("agencies.StaffMember", on_delete=models.CASCADE, related_name="kept_forms")
    address = models.CharField(max_length=300)
    submission = models.UUIDField(null=True)
    fields = SealedJSONField()
    kept_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(default=expiry, db_index=True)

    privacy: ClassVar[Mapping[str, Privacy]] = {
        **dict.fromkeys(("address", "submission", "kept_at", "expires_at"), Privacy.OPERATIONAL),
        "staff": Privacy.STAFF,
        "fields": Privacy.TEXT,
    }


class Finished(AgencyRecord):
    """A form that was written: its random number, and where the answer led. A repeat is led there, writing nothing."""

    staff = models.ForeignKey("agencies.StaffMember", on_delete=models.CASCADE, related_name="+")
    submission = models.UUIDField()
    address = models.CharField(max_length=300)
    expires_at = models.DateTimeField(default=expiry, db_index=True)

    privacy: ClassVar[Mapping[str, Privacy]] = {
        **dict.fromkeys(("submission", "address", "expires_at"), Privacy.OPERATIONAL),
        "staff": Privacy.STAFF,
    }

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["staff", "submission"], name="a_form_is_written_once")]
