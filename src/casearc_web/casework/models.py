"""Contact, service delivered, kinds of service, templates of contacts, and a program's rules for casework."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from casearc_web.agencies.models import Program, StaffMember
from casearc_web.casework import codes
from casearc_web.enrollments.models import Enrollment
from casearc_web.records.base import Record
from casearc_web.records.classification import Privacy
from casearc_web.records.sealed import SealedTextField

DAY_OF_MINUTES = 24 * 60
LATE_AFTER = timedelta(days=2)
"""Recorded more than this after the day it happened, a contact is marked as a late entry."""


class ServiceKind(Record):
    """A kind of help with a code: one line of the agency's catalog of services."""

    code = models.SlugField(_("Code"), max_length=40)
    name_en = models.CharField(_("Name in English"), max_length=80)
    name_es = models.CharField(_("Name in Spanish"), max_length=80)
    category = models.CharField(_("Category"), max_length=20, choices=codes.Category.choices)
    unit = models.CharField(_("Counted in"), max_length=10, choices=codes.Unit.choices, default=codes.Unit.TIMES)
    is_offered = models.BooleanField(_("Offered now"), default=True)

    privacy: ClassVar[Mapping[str, Privacy]] = dict.fromkeys(
        ("code", "name_en", "name_es", "category", "unit", "is_offered"), Privacy.OPERATIONAL
    )

    class Meta:
        ordering: ClassVar = ["category", "name_en"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "code"], name="one_service_kind_a_code")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_es if (get_language() or "").startswith("es") else self.name_en


class ContactTemplate(Record):
    """What a usual contact of a program looks like: its services by code, and the headings of its note."""

    program = models.ForeignKey(Program, verbose_name=_("Program"), on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("Name"), max_length=80)
    contact_type = models.CharField(_("Type"), max_length=20, choices=codes.ContactType.choices, blank=True)
    medium = models.CharField(_("Medium"), max_length=10, choices=codes.Medium.choices, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("Minutes"), null=True, blank=True, validators=[MaxValueValidator(DAY_OF_MINUTES)]
    )
    services = models.JSONField(_("Services"), default=list, blank=True)
    headings = models.JSONField(_("Headings of the note"), default=list, blank=True)
    is_offered = models.BooleanField(_("Offered now"), default=True)

    privacy: ClassVar[Mapping[str, Privacy]] = dict.fromkeys(
        ("program", "name", "contact_type", "medium", "minutes", "services", "headings", "is_offered"),
        Privacy.OPERATIONAL,
    )

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class CaseworkRules(Record):
    """What a program asks of casework. A program without a row of its own asks for nothing."""

    program = models.OneToOneField(Program, on_delete=models.CASCADE, related_name="casework_rules")
    signing = models.CharField(
        _("Whose notes are co-signed"),
        max_length=10,
        choices=codes.SigningPolicy.choices,
        default=codes.SigningPolicy.NOBODY,
    )
    new_for_days = models.PositiveSmallIntegerField(
        _("Days that somebody counts as new staff"),
        default=90,
        validators=[MinValueValidator(1), MaxValueValidator(1_000)],
    )
    contact_every_days = models.PositiveSmallIntegerField(
        _("Days within which a client is to be reached again"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(366)],
    )

    privacy: ClassVar[Mapping[str, Privacy]] = dict.fromkeys(
        ("program", "signing", "new_for_days", "contact_every_days"), Privacy.OPERATIONAL
    )


class Contact(Record):
    """One exchange with or about a client on a day, completed or attempted. Its note is sealed and never leaves.

    Minutes that nobody noted are empty, not zero. `group` is shared by the contacts of several clients at one occasion.
    A withdrawn contact stays in the history and counts nowhere. `services_version` grows when its services change, so
    that such a change is a change of the contact.
    """

    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="contacts")
    on = models.DateField(_("Day"))
    contact_type = models.CharField(
        _("Type"), max_length=20, choices=codes.ContactType.choices, default=codes.ContactType.CLIENT
    )
    outcome = models.CharField(
        _("Outcome"), max_length=10, choices=codes.Outcome.choices, default=codes.Outcome.COMPLETED
    )
    minutes = models.PositiveSmallIntegerField(
        _("Minutes"), null=True, blank=True, validators=[MaxValueValidator(DAY_OF_MINUTES)]
    )
    medium = models.CharField(_("Medium"), max_length=10, choices=codes.Medium.choices, blank=True)
    with_whom = models.JSONField(_("Who was there"), default=list, blank=True)
    note = SealedTextField(_("What happened"))
    next_step = SealedTextField(_("Next step"))
    template = models.ForeignKey(ContactTemplate, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    staff = models.ForeignKey(
        StaffMember, verbose_name=_("Staff member"), on_delete=models.PROTECT, related_name="contacts"
    )
    services_version = models.PositiveIntegerField(default=1, editable=False)
    group = models.UUIDField(null=True, editable=False, db_index=True)
    signature = models.CharField(
        _("Signature"), max_length=10, choices=codes.Signature.choices, default=codes.Signature.NONE, editable=False
    )
    signed_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    signed_at = models.DateTimeField(null=True, editable=False)
    comment = SealedTextField(_("What to change"))
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_because = SealedTextField(_("Why it is withdrawn"))

    privacy: ClassVar[Mapping[str, Privacy]] = {
        "enrollment": Privacy.OPERATIONAL,
        **dict.fromkeys(("on", "contact_type", "outcome", "minutes", "medium", "with_whom"), Privacy.CASEWORK),
        **dict.fromkeys(("note", "next_step", "comment", "withdrawn_because"), Privacy.TEXT),
        **dict.fromkeys(("template", "group", "signature", "signed_at", "withdrawn_at"), Privacy.OPERATIONAL),
        "services_version": Privacy.OPERATIONAL,
        **dict.fromkeys(("staff", "signed_by"), Privacy.STAFF),
    }

    code_lists: ClassVar = {"with_whom": codes.Party}

    class Meta:
        ordering: ClassVar = ["-on", "-created_at"]
        indexes: ClassVar = [
            models.Index(fields=["enrollment", "on"], name="contacts_by_day"),
            models.Index(
                fields=["enrollment", "on"],
                name="contacts_that_took_place",
                condition=models.Q(outcome="completed", withdrawn_at__isnull=True),
            ),
            models.Index(
                fields=["agency", "on"], name="contacts_to_sign", condition=models.Q(signature=codes.Signature.WAITING)
            ),
            models.Index(
                fields=["staff", "on"], name="contacts_returned", condition=models.Q(signature=codes.Signature.RETURNED)
            ),
        ]

    @property
    def recorded_on(self) -> date:
        """The agency's day on which it was recorded."""
        return timezone.localdate(self.created_at)

    @property
    def is_late(self) -> bool:
        """Whether it was recorded late."""
        return self.recorded_on - self.on > LATE_AFTER

    @property
    def delivered(self) -> list[ServiceDelivered]:
        """The services that stand; costs no query where they were fetched along."""
        return [one for one in self.services.all() if one.withdrawn_at is None]

    @property
    def is_withdrawn(self) -> bool:
        """Whether it counts nowhere any more."""
        return self.withdrawn_at is not None


class ServiceDelivered(Record):
    """One delivery of a kind of service at a contact. Its day and its enrollment are the contact's.

    One that was noted by mistake is withdrawn: it counts nowhere, and its history is kept.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="services")
    kind = models.ForeignKey(ServiceKind, verbose_name=_("Service"), on_delete=models.PROTECT, related_name="+")
    quantity = models.DecimalField(
        _("How much"), max_digits=8, decimal_places=2, default=1, validators=[MinValueValidator(0)]
    )
    unit = models.CharField(_("Counted in"), max_length=10, choices=codes.Unit.choices, default=codes.Unit.TIMES)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    privacy: ClassVar[Mapping[str, Privacy]] = {
        "contact": Privacy.OPERATIONAL,
        "withdrawn_at": Privacy.OPERATIONAL,
        **dict.fromkeys(("kind", "quantity", "unit"), Privacy.CASEWORK),
    }

    class Meta:
        ordering: ClassVar = ["kind__category", "kind__name_en"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["contact", "kind"], name="one_delivery_a_kind")]
