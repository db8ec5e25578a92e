"""Agency, program, site, team, staff member."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casearc_web.records.base import Record
from casearc_web.records.classification import Privacy


class Agency(models.Model):
    """An agency: the wall that no query, role or grant reaches across."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("Name"), max_length=120)
    state = models.CharField(_("State or territory"), max_length=40, blank=True)
    funding_streams = models.JSONField(default=list, blank=True)
    disclosure_floor = models.PositiveSmallIntegerField(default=11)
    row_exports = models.BooleanField(_("Rows may be exported, with two people's consent"), default=False)
    made_up = models.BooleanField(default=False, editable=False)  # set only where the demo is made
    exit_address = models.URLField(_("Neutral site for quick exit"), blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(null=True, editable=False)
    changed_by = models.ForeignKey(
        "agencies.StaffMember", on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )

    privacy: ClassVar[Mapping[str, Privacy]] = {
        **dict.fromkeys(
            (
                *("id", "name", "state", "funding_streams", "disclosure_floor", "exit_address", "created_at"),
                *("row_exports", "made_up", "version", "changed_at"),
            ),
            Privacy.OPERATIONAL,
        ),
        "changed_by": Privacy.STAFF,
    }

    class Meta:
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return self.name


class Program(Record):
    """What young people are enrolled in, with one plan of service."""

    code = models.CharField(_("Code"), max_length=40)
    name = models.CharField(_("Name"), max_length=120)
    is_open = models.BooleanField(_("Takes enrollments"), default=True)

    privacy: ClassVar[Mapping[str, Privacy]] = dict.fromkeys(("code", "name", "is_open"), Privacy.OPERATIONAL)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "code"], name="one_program_a_code")]
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Site(Record):
    """Where a program works."""

    code = models.CharField(_("Code"), max_length=40)
    name = models.CharField(_("Name"), max_length=120)

    privacy: ClassVar[Mapping[str, Privacy]] = dict.fromkeys(("code", "name"), Privacy.OPERATIONAL)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "code"], name="one_site_a_code")]
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Team(Record):
    """Case managers with one supervisor or more."""

    name = models.CharField(_("Name"), max_length=120)

    privacy: ClassVar[Mapping[str, Privacy]] = {"name": Privacy.OPERATIONAL}

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class RoleCode(models.TextChoices):
    """What a staff member is. What each may do stands in `access.roles`."""

    CASE_MANAGER = "case_manager", _("Case manager")
    SUPERVISOR = "supervisor", _("Supervisor")
    DIRECTOR = "director", _("Program director")
    EVALUATOR = "evaluator", _("Evaluator")
    ADMINISTRATOR = "administrator", _("Administrator")


class StaffMemberManager(BaseUserManager["StaffMember"]):
    """Finds staff members by user name, whatever its letter case."""

    def get_by_natural_key(self, username: str | None) -> StaffMember:
        return self.get(username__iexact=username)


class StaffMember(AbstractBaseUser, Record):
    """Somebody who works at the agency and signs in."""

    kept_out_of_history: ClassVar = frozenset({"password", "last_login"})

    username = models.CharField(_("User name"), max_length=60, unique=True)
    name = models.CharField(_("Name, as colleagues know it"), max_length=120)
    code = models.CharField(_("Code in exports"), max_length=20)
    role = models.CharField(_("Role"), max_length=20, choices=RoleCode.choices)
    team = models.ForeignKey(
        Team, verbose_name=_("Team"), on_delete=models.PROTECT, null=True, blank=True, related_name="members"
    )
    programs = models.ManyToManyField(Program, verbose_name=_("Programs"), blank=True, related_name="staff")
    language = models.CharField(
        _("Language"), max_length=5, default="en", choices=[("en", "English"), ("es", "Español")]
    )
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(_("May sign in"), default=True)

    privacy: ClassVar[Mapping[str, Privacy]] = dict.fromkeys(
        (
            *("password", "last_login", "username", "name", "code", "role", "team", "programs", "language", "email"),
            *("is_active",),
        ),
        Privacy.STAFF,
    )

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = StaffMemberManager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "code"], name="one_staff_member_a_code")]
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Django's own permissions are not used: `access` decides."""
        return False
