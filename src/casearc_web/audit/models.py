"""Events, the clients each one concerned, the words said with it, and the head of each agency's chain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from casearc_web.records.classification import Privacy
from casearc_web.records.sealed import SealedTextField


class Outcome(models.TextChoices):
    """How it ended."""

    DONE = "done", _("Done")
    OPENED = "opened", _("Opened")
    """A page was shown; nothing was written."""
    DENIED = "denied", _("Denied")
    FAILED = "failed", _("Failed")


class AuditEvent(models.Model):
    """One thing somebody did or tried. Links of a chain: each digest covers the one before."""

    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    staff_id = models.UUIDField(null=True)
    role = models.CharField(max_length=20, blank=True)
    verb = models.CharField(max_length=40)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    route = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=60, blank=True)
    record_id = models.CharField(max_length=40, blank=True)
    clients_digest = models.BinaryField(max_length=32)
    details_digest = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)

    privacy: ClassVar[Mapping[str, Privacy]] = {
        **dict.fromkeys(
            (
                *("id", "agency", "number", "at", "verb", "outcome", "route", "kind", "record_id"),
                *("clients_digest", "details_digest", "previous", "digest"),
            ),
            Privacy.OPERATIONAL,
        ),
        "staff_id": Privacy.STAFF,
        "role": Privacy.STAFF,
    }

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "number"], name="one_event_a_number")]
        indexes: ClassVar = [
            models.Index(fields=["agency", "staff_id", "number"], name="audit_by_staff"),
            models.Index(fields=["agency", "verb", "number"], name="audit_by_verb"),
            models.Index(fields=["agency", "outcome", "number"], name="audit_by_outcome"),
            models.Index(fields=["agency", "at"], name="audit_by_time"),
        ]


class AuditedClient(models.Model):
    """A client that an event concerned; a read of a list concerns several."""

    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="clients")
    client_id = models.UUIDField()

    privacy: ClassVar[Mapping[str, Privacy]] = dict.fromkeys(
        ("id", "agency", "event", "client_id"), Privacy.OPERATIONAL
    )

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "client_id"], name="a_client_once_an_event")]
        indexes: ClassVar = [models.Index(fields=["client_id", "event"], name="audit_by_client")]


class AuditDetail(models.Model):
    """The words of an event, such as a reason. Salted, so that erasing them leaves a digest that tells nothing."""

    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="detail")
    salt = models.BinaryField(max_length=16, null=True)
    text = SealedTextField()
    erased_in = models.PositiveBigIntegerField(null=True)

    privacy: ClassVar[Mapping[str, Privacy]] = {
        **dict.fromkeys(("id", "agency", "event", "salt", "erased_in"), Privacy.OPERATIONAL),
        "text": Privacy.TEXT,
    }


class AuditHead(models.Model):
    """Where an agency's chain ends, under a keyed seal: cutting off the end shows."""

    agency = models.OneToOneField("agencies.Agency", on_delete=models.PROTECT, primary_key=True, related_name="+")
    number = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField(null=True)
    digest = models.BinaryField(max_length=32)
    seal = models.BinaryField(max_length=32)

    privacy: ClassVar[Mapping[str, Privacy]] = dict.fromkeys(
        ("agency", "number", "at", "digest", "seal"), Privacy.OPERATIONAL
    )
