"""A needs assessment, and an agency's changes to the domains that are asked about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from casearc_web.enrollments.models import Enrollment
from casearc_web.records.base import Record
from casearc_web.records.classification import Privacy
from casearc_web.records.sealed import SealedJSONField, SealedTextField


class NeedsAssessment(Record):
    """Levels of need in several domains on one day.

    One row holds a whole assessment, for it is written, read, versioned and compared as a whole. `answers` maps a
    domain's code to a level (0 to 4) or to the reason why there is none; a domain not asked about is absent. Domains of
    substance use stand apart in `substance_use`, with their notes: ``{domain: {"answer": 2, "note": "…"}}``, sealed.
    """

    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="needs_assessments")
    on = models.DateField(_("Date"))
    answers = models.JSONField(default=dict, blank=True)
    notes = SealedJSONField()
    substance_use = SealedJSONField()
    strengths = SealedTextField(_("What is going well"))

    privacy: ClassVar[Mapping[str, Privacy]] = {
        "enrollment": Privacy.OPERATIONAL,
        "on": Privacy.CASEWORK,
        "answers": Privacy.SENSITIVE,
        "notes": Privacy.TEXT,
        "substance_use": Privacy.SUBSTANCE_USE,
        "strengths": Privacy.TEXT,
    }

    class Meta:
        ordering: ClassVar = ["-on"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["enrollment", "on"], name="one_needs_assessment_a_day"),
        ]

    def answer(self, domain: str) -> int | str | None:
        """The level in a domain, the reason why there is none, or None where it was not asked about."""
        apart: Any = self.substance_use.get(domain, {})
        found = self.answers.get(domain, apart.get("answer"))
        return found if isinstance(found, int | str) else None


class DomainSetting(Record):
    """An agency's own domain, or its change to one of ours (by code): another name, another place, or retired.

    A domain is retired, never deleted: earlier assessments keep their answers.
    """

    code = models.CharField(
        _("Code"),
        max_length=40,
        validators=[RegexValidator(r"^[a-z][a-z0-9_]*$", _("Small letters, digits and underscores only."))],
    )
    name_en = models.CharField(_("Name in English"), max_length=60)
    name_es = models.CharField(_("Name in Spanish"), max_length=60)
    order = models.PositiveSmallIntegerField(_("Place in the list"), default=200)
    is_substance_use = models.BooleanField(_("About substance use (42 CFR Part 2)"), default=False)
    is_retired = models.BooleanField(_("No longer asked about"), default=False)

    privacy: ClassVar[Mapping[str, Privacy]] = dict.fromkeys(
        ("code", "name_en", "name_es", "order", "is_substance_use", "is_retired"), Privacy.OPERATIONAL
    )

    class Meta:
        ordering: ClassVar = ["order", "code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "code"], name="one_domain_a_code")]
