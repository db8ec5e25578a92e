"""A row export: asked for by one person, approved by another, taken away once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casearc_web.agencies.models import Program, StaffMember
from casearc_web.records.base import Record
from casearc_web.records.classification import Privacy
from casearc_web.records.sealed import SealedTextField

TAKEN_WITHIN = timedelta(hours=24)
"""How long an approved export may be taken away."""


class State(models.TextChoices):
    """How far an export has come."""

    ASKED = "asked", _("Waits for approval")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    TAKEN = "taken", _("Taken away")


class RowExport(Record):
    """A request for rows. The rows themselves are made when they are taken away, of those who agree at that moment."""

    programs = models.ManyToManyField(Program, verbose_name=_("Programs"), related_name="+")
    evaluator = models.CharField(
        _("Who receives the rows"),
        max_length=120,
        help_text=_("The organization as clients' authorizations name it."),
    )
    study = models.CharField(_("Study that clients consented to"), max_length=120, blank=True)
    reason = SealedTextField(_("What the rows are needed for"), blank=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED, editable=False)
    decided_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    taken_at = models.DateTimeField(null=True, editable=False)

    privacy: ClassVar[Mapping[str, Privacy]] = {
        **dict.fromkeys(("programs", "evaluator", "study", "state", "decided_at", "taken_at"), Privacy.OPERATIONAL),
        "reason": Privacy.TEXT,
        "decided_by": Privacy.STAFF,
    }

    class Meta:
        ordering: ClassVar = ["-created_at"]

    @property
    def can_be_taken(self) -> bool:
        """Whether it is approved, not taken yet and not too old."""
        if self.state != State.APPROVED or self.decided_at is None:
            return False
        return timezone.now() - self.decided_at < TAKEN_WITHIN
