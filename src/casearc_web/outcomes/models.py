"""Study plans kept here, their runs, and the files of a run's report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from casearc_web.access.work import Work
from casearc_web.agencies.models import Program
from casearc_web.records.base import AgencyRecord, Record
from casearc_web.records.classification import Privacy
from casearc_web.records.sealed import SealedBytesField


class EvaluationPlan(Record):
    """A study plan as text, the programs it is about, and under whose authorizations."""

    name = models.CharField(_("Name"), max_length=120)
    text = models.TextField(_("Study plan (study.toml)"))
    programs = models.ManyToManyField(Program, verbose_name=_("Programs"), related_name="+")
    evaluator = models.CharField(
        _("Who evaluates"),
        max_length=120,
        help_text=_("The organization as clients' authorizations name it."),
    )
    study = models.CharField(
        _("Study that clients consented to"),
        max_length=120,
        blank=True,
        help_text=_("As their research consents name it. Empty where there is none."),
    )

    privacy: ClassVar[Mapping[str, Privacy]] = dict.fromkeys(
        ("name", "text", "programs", "evaluator", "study"), Privacy.OPERATIONAL
    )

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Edition(models.TextChoices):
    """Who a report is for."""

    OUTSIDE = "outside", _("For outside: nothing that tells who somebody is")
    IN_HOUSE = "in-house", _("In-house: whole, to stay here")


class EvaluationRun(Work):
    """One evaluation of the records by a plan, as they were at that moment."""

    plan = models.ForeignKey(EvaluationPlan, on_delete=models.PROTECT, related_name="runs")
    edition = models.CharField(_("Edition"), max_length=10, choices=Edition.choices, default=Edition.OUTSIDE)
    plan_digest = models.CharField(max_length=80, blank=True)
    data_digest = models.CharField(max_length=80, blank=True)
    left_out = models.PositiveIntegerField(null=True)

    privacy: ClassVar[Mapping[str, Privacy]] = dict.fromkeys(
        ("plan", "edition", "plan_digest", "data_digest", "left_out"), Privacy.OPERATIONAL
    )

    class Meta:
        ordering: ClassVar = ["-asked_at"]
        indexes: ClassVar = [models.Index(fields=["status", "asked_at"], name="runs_by_status")]


class ReportFile(AgencyRecord):
    """One file of a report. An in-house report tells small groups apart, so every file is sealed."""

    run = models.ForeignKey(EvaluationRun, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=120)
    content = SealedBytesField()

    privacy: ClassVar[Mapping[str, Privacy]] = {
        "run": Privacy.OPERATIONAL,
        "name": Privacy.OPERATIONAL,
        "content": Privacy.SENSITIVE,
    }

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "name"], name="one_file_a_name")]
