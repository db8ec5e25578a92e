"""Support plan, goal, review."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casearc_web.enrollments.models import Enrollment
from casearc_web.needs.levels import domain_in_words
from casearc_web.records.base import Record
from casearc_web.records.classification import Privacy
from casearc_web.records.sealed import SealedJSONField, SealedTextField


class AgreedHow(models.TextChoices):
    """How the young person agreed to the plan."""

    IN_PERSON = "in_person", _("In person")
    PHONE = "phone", _("By phone or video")
    PAPER = "paper", _("On paper, signed")


class SupportPlan(Record):
    """What a young person and a staff member set out to do during one enrollment. Its goals hang on the enrollment."""

    enrollment = models.OneToOneField(Enrollment, on_delete=models.CASCADE, related_name="support_plan")
    opened_on = models.DateField(_("Date"))
    wishes = SealedTextField(_("What matters to me, in the young person's words"))
    agreed_on = models.DateField(_("Agreed on"), null=True, blank=True)
    agreed_how = models.CharField(_("How"), max_length=10, choices=AgreedHow.choices, blank=True)

    privacy: ClassVar[Mapping[str, Privacy]] = {
        "enrollment": Privacy.OPERATIONAL,
        **dict.fromkeys(("opened_on", "agreed_on", "agreed_how"), Privacy.CASEWORK),
        "wishes": Privacy.TEXT,
    }

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(agreed_on__isnull=True, agreed_how="") | (Q(agreed_on__isnull=False) & ~Q(agreed_how="")),
                name="agreed_on_a_day_in_a_way",
            )
        ]


class GoalStatus(models.TextChoices):
    """Where a goal stands. Met and not met follow from the rating; nobody types them."""

    OPEN = "open", pgettext_lazy("goal", "Open")
    MET = "met", pgettext_lazy("goal", "Met")
    NOT_MET = "not_met", pgettext_lazy("goal", "Not met")
    DROPPED = "dropped", pgettext_lazy("goal", "Let go")


class Rating(models.IntegerChoices):
    """How far a goal was reached at closing, against what was expected when it was set."""

    MUCH_LESS = -2, _("Much less than hoped")
    LESS = -1, _("Less than hoped")
    AS_HOPED = 0, _("As hoped")
    MORE = 1, _("More than hoped")
    MUCH_MORE = 2, _("Much more than hoped")

    @property
    def in_figures(self) -> str:
        """In figures and words, such as ``−1 Less than hoped``."""
        figure = f"{self.value:+d}".replace("-", "−") if self else "0"
        return f"{figure} {self.label}"


class Progress(models.IntegerChoices):
    """How far along a goal is at a review."""

    NOT_STARTED = 0, _("Not started")
    FIRST_STEPS = 1, _("First steps")
    HALFWAY = 2, _("About halfway")
    NEARLY = 3, _("Nearly there")
    THERE = 4, _("There")


def _steps_in_words(steps: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join(f"{step['text']} ({_('done')})" if step.get("done_on") else step["text"] for step in steps)


def _levels_in_words(levels: Mapping[str, str]) -> str:
    return "\n".join(f"{level}: {text}" for level, text in levels.items())


class Goal(Record):
    """One part of a support plan.

    `steps` is a list of ``{"key": "3f9a01", "text": "…", "done_on": "2026-11-26" or None}``; `looks_like` maps a rating
    ("-2" to "2") to what it would look like. `substance_use` is set from the domain: such a goal is under 42 CFR Part 2
    as a whole, and is not shown to those who do not see substance use.
    """

    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="goals")
    domain = models.CharField(_("Domain"), max_length=40)
    substance_use = models.BooleanField(default=False, editable=False)
    words = SealedTextField(_("The goal, in the young person's words"), blank=False)
    steps = SealedJSONField(_("Steps"), default=list)
    looks_like = SealedJSONField(_("What each level would look like"))
    opened_on = models.DateField(_("Set on"))
    reopened_on = models.DateField(_("Taken up again on"), null=True, blank=True, editable=False)
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)
    status = models.CharField(_("Status"), max_length=10, choices=GoalStatus.choices, default=GoalStatus.OPEN)
    rating = models.SmallIntegerField(_("Goal rating"), choices=Rating.choices, null=True, blank=True)
    closing_note = SealedTextField(_("Note at closing"))

    privacy: ClassVar[Mapping[str, Privacy]] = {
        "enrollment": Privacy.OPERATIONAL,
        "substance_use": Privacy.OPERATIONAL,
        **dict.fromkeys(("domain", "opened_on", "reopened_on", "closed_on", "status", "rating"), Privacy.CASEWORK),
        **dict.fromkeys(("words", "steps", "looks_like", "closing_note"), Privacy.TEXT),
    }

    said: ClassVar[Mapping[str, Callable[[Any], str]]] = {
        "domain": domain_in_words,
        "steps": _steps_in_words,
        "looks_like": _levels_in_words,
        "rating": lambda rating: Rating(rating).in_figures,
    }

    class Meta:
        ordering: ClassVar = ["opened_on", "created_at"]
        indexes: ClassVar = [models.Index(fields=["enrollment", "status"], name="goals_of_enrollment")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status=GoalStatus.OPEN, closed_on__isnull=True)
                | (~Q(status=GoalStatus.OPEN) & Q(closed_on__isnull=False)),
                name="a_goal_is_open_or_closed_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(status=GoalStatus.MET, rating__isnull=False, rating__gte=0, rating__lte=2)
                | Q(status=GoalStatus.NOT_MET, rating__isnull=False, rating__lt=0, rating__gte=-2)
                | Q(status__in=[GoalStatus.OPEN, GoalStatus.DROPPED], rating__isnull=True),
                name="met_means_rated_zero_or_more",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=models.F("opened_on")),
                name="no_goal_closed_before_it_opened",
            ),
        ]

    @property
    def rating_in_figures(self) -> str:
        """The rating in figures and words; empty where there is none."""
        return "" if self.rating is None else Rating(self.rating).in_figures

    @property
    def steps_done(self) -> int:
        """How many steps are done."""
        return sum(1 for step in self.steps if step.get("done_on"))

    @property
    def is_open(self) -> bool:
        """Whether it is still being worked on."""
        return self.status == GoalStatus.OPEN


class GoalReview(Record):
    """How a goal stands on one day, about once a month."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="reviews")
    on = models.DateField(_("Date"))
    progress = models.PositiveSmallIntegerField(_("Progress"), choices=Progress.choices)
    note = SealedTextField(_("What was said"))

    privacy: ClassVar[Mapping[str, Privacy]] = {
        "goal": Privacy.OPERATIONAL,
        **dict.fromkeys(("on", "progress"), Privacy.CASEWORK),
        "note": Privacy.TEXT,
    }

    class Meta:
        ordering: ClassVar = ["-on", "-created_at"]
        indexes: ClassVar = [models.Index(fields=["goal", "on"], name="reviews_of_goal")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(progress__lte=4), name="progress_is_zero_to_four"),
        ]
