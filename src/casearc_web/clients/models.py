"""A client in codes, and the victimization profile.

Every field is optional, and each may carry a reason why it is empty.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from casearc_web.clients import codes
from casearc_web.records.base import MissingReason, Record
from casearc_web.records.classification import Privacy
from casearc_web.vault.models import Identity

_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without the letters and digits that are taken for one another."""


def made_code() -> str:
    """A code that tells nothing, such as ``K7F-2QD``."""
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(6))
    return f"{drawn[:3]}-{drawn[3:]}"


class Client(Record):
    """A young person as the agency describes them. `reasons` says why a field is empty: {field: declined |
    not_asked | unknown}.
    """

    identity = models.OneToOneField(Identity, on_delete=models.PROTECT, null=True, related_name="client")
    code = models.CharField(_("Code"), max_length=10, default=made_code, editable=False)
    gender = models.CharField(_("Gender"), max_length=20, choices=codes.Gender.choices, blank=True)
    race_ethnicity = models.JSONField(_("Race and ethnicity"), default=list, blank=True)
    language = models.CharField(_("Preferred language"), max_length=10, choices=codes.Language.choices, blank=True)
    education = models.CharField(_("School"), max_length=20, choices=codes.Education.choices, blank=True)
    housing = models.CharField(_("Housing"), max_length=20, choices=codes.Housing.choices, blank=True)
    substance_use = models.CharField(_("Substance use"), max_length=20, choices=codes.SubstanceUse.choices, blank=True)
    substance_use_reason = models.CharField(max_length=10, choices=MissingReason.choices, blank=True)
    """Apart from `reasons`: even that somebody declined to answer tells something."""
    reasons = models.JSONField(default=dict, blank=True)
    purged_at = models.DateTimeField(null=True, editable=False)

    privacy: ClassVar[Mapping[str, Privacy]] = {
        "identity": Privacy.OPERATIONAL,
        "code": Privacy.OPERATIONAL,
        "purged_at": Privacy.OPERATIONAL,
        **dict.fromkeys(
            ("gender", "race_ethnicity", "language", "education", "housing", "reasons"), Privacy.DEMOGRAPHIC
        ),
        **dict.fromkeys(("substance_use", "substance_use_reason"), Privacy.SUBSTANCE_USE),
    }
    code_lists: ClassVar = {"race_ethnicity": codes.RaceEthnicity}

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "code"], name="one_client_a_code")]

    def __str__(self) -> str:
        return self.code


class VictimizationProfile(Record):
    """What was done to a client, in codes, as far as it was told. Never required, never asked twice."""

    client = models.OneToOneField(Client, on_delete=models.CASCADE, related_name="victimization")
    trafficking_status = models.CharField(
        _("Trafficking"), max_length=20, choices=codes.TraffickingStatus.choices, blank=True
    )
    decided_by = models.CharField(_("Who decided"), max_length=20, choices=codes.DecidedBy.choices, blank=True)
    screening_score = models.DecimalField(_("Screening score"), max_digits=6, decimal_places=2, null=True, blank=True)
    exploitation_types = models.JSONField(_("Exploitation"), default=list, blank=True)
    sexual_exploitation_types = models.JSONField(_("Sexual exploitation"), default=list, blank=True)
    control_methods = models.JSONField(_("Means of control"), default=list, blank=True)
    relationship = models.CharField(
        _("Relationship to the person who exploited"), max_length=20, choices=codes.Relationship.choices, blank=True
    )
    age_when_trafficked = models.PositiveSmallIntegerField(
        _("Age when it began"), null=True, blank=True, validators=[MaxValueValidator(120)]
    )
    victimization_types = models.JSONField(_("Other victimization"), default=list, blank=True)
    reasons = models.JSONField(default=dict, blank=True)

    privacy: ClassVar[Mapping[str, Privacy]] = {
        "client": Privacy.OPERATIONAL,
        **dict.fromkeys(
            (
                *("trafficking_status", "decided_by", "screening_score", "exploitation_types"),
                *("sexual_exploitation_types", "control_methods", "relationship", "age_when_trafficked"),
                *("victimization_types", "reasons"),
            ),
            Privacy.SENSITIVE,
        ),
    }
    code_lists: ClassVar = {
        "exploitation_types": codes.Exploitation,
        "sexual_exploitation_types": codes.SexualExploitation,
        "control_methods": codes.Control,
        "victimization_types": codes.Victimization,
    }
