"""Policies, legal holds, requests to erase, and what is left of an erased record: that it was erased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casearc_web.agencies.models import Program, StaffMember
from casearc_web.clients.models import Client
from casearc_web.records.base import AgencyRecord, Record
from casearc_web.records.classification import Privacy
from casearc_web.records.sealed import SealedTextField

MOST_MONTHS = 1200


class Policy(Record):
    """How long a program keeps what it knows of a client after the last exit. Earlier versions stay in its history."""

    program = models.OneToOneField(Program, on_delete=models.PROTECT, related_name="retention_policy", editable=False)
    partial_after_months = models.PositiveSmallIntegerField(
        _("Erase names, ways to reach and free words after"),
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MONTHS)],
    )
    full_after_months = models.PositiveSmallIntegerField(
        _("Erase everything after"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MONTHS)],
    )

    privacy: ClassVar[Mapping[str, Privacy]] = dict.fromkeys(
        ("program", "partial_after_months", "full_after_months"), Privacy.OPERATIONAL
    )

    class Meta:
        verbose_name_plural = "policies"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(full_after_months__isnull=True)
                | models.Q(full_after_months__gte=models.F("partial_after_months")),
                name="partly_before_fully",
            )
        ]


class Hold(Record):
    """A legal hold: nothing of this client is erased until it is lifted."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="holds", editable=False)
    reason = SealedTextField(_("Why nothing may be erased"), blank=False)
    since = models.DateTimeField(default=timezone.now, editable=False)
    lifted_at = models.DateTimeField(null=True, editable=False)
    lifted_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    lifted_because = SealedTextField(_("Why it is lifted"))

    privacy: ClassVar[Mapping[str, Privacy]] = {
        **dict.fromkeys(("client", "since", "lifted_at"), Privacy.OPERATIONAL),
        "lifted_by": Privacy.STAFF,
        **dict.fromkeys(("reason", "lifted_because"), Privacy.TEXT),
    }

    class Meta:
        ordering: ClassVar = ["-since"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client"], condition=models.Q(lifted_at__isnull=True), name="one_hold_at_a_time"
            )
        ]


class Scope(models.TextChoices):
    """How much is erased."""

    PARTIAL = "partial", _("Names, ways to reach, free words and substance use")
    FULL = "full", _("Everything")


class Why(models.TextChoices):
    """Why it is erased."""

    POLICY = "policy", _("The program's policy")
    ASKED = "asked", _("The client asked to be forgotten")


class PurgeRequest(Record):
    """Somebody proposes to erase; a second person decides. Neither can do it alone."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="purge_requests", editable=False)
    scope = models.CharField(_("What to erase"), max_length=10, choices=Scope.choices)
    why = models.CharField(max_length=10, choices=Why.choices, editable=False)
    reason = SealedTextField(_("Who asked, when and how"))
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    is_approved = models.BooleanField(default=False, editable=False)

    privacy: ClassVar[Mapping[str, Privacy]] = {
        **dict.fromkeys(("client", "decided_at", "is_approved", "scope", "why"), Privacy.OPERATIONAL),
        "decided_by": Privacy.STAFF,
        "reason": Privacy.TEXT,
    }

    class Meta:
        ordering: ClassVar = ["created_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client"], condition=models.Q(decided_at__isnull=True), name="one_request_at_a_time"
            )
        ]


class Purge(AgencyRecord):
    """What stays of an erased record: that, when, how much, why and by whom. `client` is the id that the log knows."""

    client = models.UUIDField(db_index=True)
    scope = models.CharField(max_length=10, choices=Scope.choices)
    why = models.CharField(max_length=10, choices=Why.choices)
    at = models.DateTimeField(default=timezone.now)
    proposed_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    event_number = models.PositiveBigIntegerField()
    counts = models.JSONField(default=dict)

    privacy: ClassVar[Mapping[str, Privacy]] = {
        **dict.fromkeys(("client", "scope", "why", "at", "event_number", "counts"), Privacy.OPERATIONAL),
        **dict.fromkeys(("proposed_by", "approved_by"), Privacy.STAFF),
    }

    class Meta:
        ordering: ClassVar = ["-at"]
