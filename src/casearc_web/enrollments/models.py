"""Enrollment, care team, referral."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from casearc_web.agencies.models import Program, Site, StaffMember
from casearc_web.clients.models import Client
from casearc_web.records.base import Record
from casearc_web.records.classification import Privacy
from casearc_web.records.sealed import SealedTextField


class ExitReason(models.TextChoices):
    """Why an enrollment ended."""

    COMPLETED = "completed", _("Completed the program")
    WITHDREW = "withdrew", _("Chose to leave")
    MOVED = "moved", _("Moved away")
    REFERRED = "referred", _("Referred elsewhere")
    LOST_CONTACT = "lost_contact", _("Lost contact")
    AGED_OUT = "aged_out", _("Too old for the program")
    INCARCERATED = "incarcerated", _("Incarcerated")
    DECEASED = "deceased", _("Died")
    OTHER = "other", _("Another reason")


class Enrollment(Record):
    """One stay of one client in one program. Its start is day 0 of everything else."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="enrollments")
    program = models.ForeignKey(Program, verbose_name=_("Program"), on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(
        Site, verbose_name=_("Site"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    started_on = models.DateField(_("Start"))
    first_service_on = models.DateField(_("First service"), null=True, blank=True)
    exited_on = models.DateField(_("Exit"), null=True, blank=True)
    exit_reason = models.CharField(_("Why it ended"), max_length=20, choices=ExitReason.choices, blank=True)
    age_at_start = models.DecimalField(max_digits=5, decimal_places=2, null=True, editable=False)

    privacy: ClassVar[Mapping[str, Privacy]] = {
        "client": Privacy.OPERATIONAL,
        **dict.fromkeys(
            ("program", "site", "started_on", "first_service_on", "exited_on", "exit_reason"), Privacy.CASEWORK
        ),
        "age_at_start": Privacy.DEMOGRAPHIC,
    }

    class Meta:
        ordering: ClassVar = ["-started_on"]
        indexes: ClassVar = [models.Index(fields=["agency", "program", "exited_on"], name="open_by_program")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(exited_on__isnull=True) | models.Q(exited_on__gte=models.F("started_on")),
                name="no_exit_before_start",
            ),
            models.UniqueConstraint(
                fields=["client", "program"],
                condition=models.Q(exited_on__isnull=True),
                name="one_open_enrollment_a_program",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return self.exited_on is None


class Part(models.TextChoices):
    """What somebody is on a care team."""

    LEAD = "lead", _("Case manager")
    SECOND = "second", _("Second case manager")
    COVER = "cover", _("Covering")


def on_team(day: date, *, through: str = "") -> models.Q:
    """Members of a care team who are on it on a day; `through` is a lookup to them, such as ``care_team__``."""
    begun = models.Q(**{f"{through}since__lte": day})
    return begun & (models.Q(**{f"{through}until__isnull": True}) | models.Q(**{f"{through}until__gt": day}))


class CareTeamMember(Record):
    """A staff member who cares for an enrollment, from the day `since`; `until` is the first day they do so no more."""

    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="care_team")
    staff = models.ForeignKey(
        StaffMember, verbose_name=_("Staff member"), on_delete=models.PROTECT, related_name="care_teams"
    )
    part = models.CharField(_("Part"), max_length=10, choices=Part.choices, default=Part.LEAD)
    since = models.DateField(_("Since"))
    until = models.DateField(_("Until"), null=True, blank=True)

    privacy: ClassVar[Mapping[str, Privacy]] = {
        "enrollment": Privacy.OPERATIONAL,
        "staff": Privacy.STAFF,
        **dict.fromkeys(("part", "since", "until"), Privacy.CASEWORK),
    }

    class Meta:
        ordering: ClassVar = ["part", "since"]
        indexes: ClassVar = [models.Index(fields=["staff", "until"], name="caseload_of_staff")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["enrollment", "staff"], condition=models.Q(until__isnull=True), name="once_on_a_care_team"
            )
        ]


class Direction(models.TextChoices):
    """Whether somebody came to us or was sent on."""

    IN = "in", _("To us")
    OUT = "out", _("From us")


class Referral(Record):
    """A referral to the agency or from it."""

    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="referrals")
    direction = models.CharField(_("Direction"), max_length=3, choices=Direction.choices)
    on = models.DateField(_("Date"))
    organization = SealedTextField(_("Organization"))
    reason = models.CharField(
        _("Reason"),
        max_length=20,
        choices=[
            ("services", _("Services needed")),
            ("moved", _("Moved, or a change of place")),
            ("other", _("Another reason")),
        ],
        blank=True,
    )
    details = SealedTextField(_("Details"))

    privacy: ClassVar[Mapping[str, Privacy]] = {
        "enrollment": Privacy.OPERATIONAL,
        **dict.fromkeys(("direction", "on", "reason"), Privacy.CASEWORK),
        **dict.fromkeys(("organization", "details"), Privacy.TEXT),
    }

    class Meta:
        ordering: ClassVar = ["-on"]
