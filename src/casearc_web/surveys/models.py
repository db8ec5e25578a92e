"""One instrument given to one client on one day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from casearc_web.agencies.models import StaffMember
from casearc_web.enrollments.models import Enrollment
from casearc_web.records.base import Record
from casearc_web.records.classification import Privacy
from casearc_web.records.sealed import SealedJSONField


class Mode(models.TextChoices):
    """How it was given, as in the contract."""

    PAPER = "paper", _("On paper")
    STAFF_READ = "staff_read", _("Read aloud by staff")
    PHONE = "phone", _("By phone")
    SELF = "self", _("Filled in alone")


class NoAnswer(models.TextChoices):
    """Why an item has no answer, as in the contract."""

    DECLINED = "declined", _("Declined")
    NOT_ASKED = "not_asked", _("Not asked")
    NOT_APPLICABLE = "not_applicable", _("Does not apply")
    UNKNOWN = "unknown", _("Not known")
    NOT_REACHED = "not_reached", _("Not reached")
    STAFF_OMISSION = "staff_omission", _("Left out by staff")


class Administration(Record):
    """An instrument given once. `answers` holds {item: number}, `reasons` {item: why there is none}; both sealed."""

    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="administrations")
    instrument = models.CharField(_("Instrument"), max_length=40)
    variant = models.CharField(max_length=40, blank=True)
    wording_version = models.CharField(max_length=40, blank=True)
    language = models.CharField(_("Language"), max_length=5, choices=[("en", _("English")), ("es", _("Spanish"))])
    mode = models.CharField(_("How it was given"), max_length=12, choices=Mode.choices)
    on = models.DateField(_("Day"))
    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    answers = SealedJSONField(default=dict)
    reasons = SealedJSONField(default=dict)

    privacy: ClassVar[Mapping[str, Privacy]] = {
        "enrollment": Privacy.OPERATIONAL,
        **dict.fromkeys(("instrument", "variant", "wording_version", "language", "mode", "on"), Privacy.CASEWORK),
        "staff": Privacy.STAFF,
        **dict.fromkeys(("answers", "reasons"), Privacy.SENSITIVE),
    }

    class Meta:
        ordering: ClassVar = ["-on", "instrument"]

    @property
    def reference(self) -> str:
        """The instrument as the library names it: ``cop_se:short-13``."""
        return f"{self.instrument}:{self.variant}" if self.variant else self.instrument
