"""Reading plans, goals and reviews. A goal about substance use is there only for those who see substance use."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import DateField, F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Greatest

from casearc_web.access.asker import Asker
from casearc_web.access.decide import find, note, read, visible
from casearc_web.access.verbs import Verb
from casearc_web.clients.models import Client
from casearc_web.enrollments.models import Enrollment
from casearc_web.goals.models import Goal, GoalReview, GoalStatus, SupportPlan
from casearc_web.needs.queries import enrollments
from casearc_web.records.among import among


def seen(by: Asker, verb: Verb, goals: QuerySet[Goal]) -> QuerySet[Goal]:
    """Those of the goals to which somebody may do this."""
    own = visible(by, verb, goals)
    if not by.opened and by.reach(Verb.VIEW_SUBSTANCE_USE) == by.reach(verb):
        return own
    about_substances = visible(by, Verb.VIEW_SUBSTANCE_USE, Goal.objects.filter(substance_use=True))
    return own.filter(Q(substance_use=False) | Q(pk__in=about_substances.values("pk")))


def goal_for(by: Asker, verb: Verb, client: Client, goal_id: uuid.UUID) -> Goal:
    """One goal of this very client."""
    own = seen(by, verb, Goal.objects.filter(enrollment__client_id=client.pk))
    return find(by, verb, own.select_related("enrollment", "created_by", "changed_by"), goal_id)


def review_for(by: Asker, goal: Goal, review_id: uuid.UUID) -> GoalReview:
    """One review of this very goal."""
    own = GoalReview.objects.filter(goal_id=goal.pk).select_related("goal__enrollment")
    return find(by, Verb.WRITE_CASEWORK, own, review_id)


def reviews_of(by: Asker, goal: Goal) -> list[GoalReview]:
    """A goal's reviews, the newest first."""
    own = GoalReview.objects.filter(goal_id=goal.pk).select_related("goal__enrollment", "created_by")
    return read(by, Verb.VIEW_CASEWORK, own)


def stays(by: Asker, client: Client) -> list[Enrollment]:
    """The stays of a client with their plans, open ones first, then the newest."""
    return enrollments(by, client)


def plan_of(by: Asker, enrollment: Enrollment) -> SupportPlan | None:
    """A stay's plan, where there is one. Asks nothing where the stay came with it."""
    if "support_plan" in enrollment._state.fields_cache:
        return getattr(enrollment, "support_plan", None)
    own = SupportPlan.objects.filter(enrollment_id=enrollment.pk).select_related("enrollment", "changed_by")
    found = visible(by, Verb.VIEW_CASEWORK, own).first()
    note(by, [found] if found else [])
    return found


def goals_of(by: Asker, enrollment: Enrollment) -> list[Goal]:
    """A stay's goals in the order they were set, each with the day and progress of its last review."""
    own = Goal.objects.filter(enrollment_id=enrollment.pk).select_related("enrollment")
    reviews = GoalReview.objects.filter(goal=OuterRef("pk")).order_by("-on", "-created_at")
    last = {"reviewed_on": Subquery(reviews.values("on")[:1]), "progress": Subquery(reviews.values("progress")[:1])}
    return read(by, Verb.VIEW_CASEWORK, seen(by, Verb.VIEW_CASEWORK, own).annotate(**last))


def open_goals(by: Asker, enrollment: Enrollment) -> int:
    """How many goals of a stay are open; asked before an exit."""
    return seen(
        by, Verb.VIEW_CASEWORK, Goal.objects.filter(enrollment_id=enrollment.pk, status=GoalStatus.OPEN)
    ).count()


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """Which stays have a plan; and for each open goal its stay and the day it was last looked at."""

    planned: set[uuid.UUID]
    goals: list[tuple[uuid.UUID, date]]


def looked_at(by: Asker, enrollment_ids: Collection[uuid.UUID]) -> Looked:
    """One question, however many stays."""
    plans = visible(by, Verb.VIEW_CASEWORK, SupportPlan.objects.filter(among("enrollment_id", enrollment_ids)))
    goals = _last_looks(by, enrollment_ids).values_list("enrollment_id", "looked_at")
    no_day = Cast(Value(None), DateField())
    without_day = plans.order_by().annotate(looked_at=no_day).values_list("enrollment_id", "looked_at")
    rows = list(goals.union(without_day, all=True))
    return Looked(
        planned={stay for stay, day in rows if day is None}, goals=[(stay, day) for stay, day in rows if day]
    )


def _last_looks(by: Asker, enrollment_ids: Collection[uuid.UUID]) -> QuerySet[Any, Any]:
    own = Goal.objects.filter(among("enrollment_id", enrollment_ids), status=GoalStatus.OPEN)
    last = Greatest(
        Coalesce(Max("reviews__on"), F("opened_on")), Coalesce(F("reopened_on"), F("opened_on")), F("opened_on")
    )
    return seen(by, Verb.VIEW_CASEWORK, own).order_by().annotate(looked_at=last)


def rows_for_export(enrollments: QuerySet[Enrollment] | Sequence[Enrollment]) -> list[dict[str, Any]]:
    """One row a goal: codes, days, ratings, never words. The caller has the authorization to read them.

    `substance_use` marks goals that need an authorization under 42 CFR Part 2 as well.
    """
    found = Goal.objects.filter(enrollment__in=enrollments).order_by("enrollment_id", "opened_on", "pk")
    names = ("pk", "enrollment_id", "domain", "opened_on", "closed_on", "status", "rating", "substance_use")
    return [
        {"goal_id": row.pop("pk"), **row} for row in (dict(values) for values in found.values(*names).iterator(2000))
    ]
