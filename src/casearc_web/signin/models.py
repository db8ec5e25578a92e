"""What signing in keeps: sessions, invitations, and the shared counters of tries.

None of these tables names an agency: they are read before anybody knows whose they are. Each row leads to a staff
member, or to nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casearc_web.records.classification import Privacy
from casearc_web.records.sealed import SealedTextField


class SignedIn(AbstractBaseSession):
    """A session. Its key is stored as a digest and its content sealed: reading this table signs nobody in."""

    staff = models.ForeignKey("agencies.StaffMember", on_delete=models.CASCADE, related_name="sessions", null=True)
    started_at = models.DateTimeField(null=True)
    active_at = models.DateTimeField(null=True)
    browser = SealedTextField()

    privacy: ClassVar[Mapping[str, Privacy]] = {
        **dict.fromkeys(("session_key", "session_data", "expire_date"), Privacy.OPERATIONAL),
        **dict.fromkeys(("staff", "started_at", "active_at", "browser"), Privacy.STAFF),
    }

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        ordering: ClassVar = ["-started_at"]


class InvitationReason(models.TextChoices):
    """Why somebody is invited to set up how they sign in."""

    NEW = "new", _("New account")
    LOST = "lost", _("Lost password, passkey or app")


class Invitation(models.Model):
    """Leave to set up a password and a second factor, once. Only a digest of the code is kept."""

    staff = models.ForeignKey("agencies.StaffMember", on_delete=models.CASCADE, related_name="invitations")
    reason = models.CharField(max_length=10, choices=InvitationReason.choices, default=InvitationReason.NEW)
    digest = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    privacy: ClassVar[Mapping[str, Privacy]] = {
        **dict.fromkeys(("id", "digest", "made_at", "expires_at", "used_at"), Privacy.OPERATIONAL),
        **dict.fromkeys(("staff", "reason"), Privacy.STAFF),
    }


class Counter(models.Model):
    """A row of Django's database cache: tries counted and one-time codes marked as used, for all processes together."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    privacy: ClassVar[Mapping[str, Privacy]] = dict.fromkeys(("cache_key", "value", "expires"), Privacy.OPERATIONAL)

    class Meta:
        db_table = "signin_counter"
