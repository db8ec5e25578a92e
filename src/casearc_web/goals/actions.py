"""Writing plans, goals and reviews. Several changes that belong together are one action, kept or lost together."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from casearc_web.access.actions import action, amend, store
from casearc_web.access.asker import Asker
from casearc_web.access.decide import Denied
from casearc_web.access.verbs import Verb
from casearc_web.enrollments.models import Enrollment
from casearc_web.goals.models import Goal, GoalReview, GoalStatus, SupportPlan
from casearc_web.goals.queries import seen
from casearc_web.goals.ratings import status_at_closing
from casearc_web.needs.queries import domains, sees_substance_use

MOST_STEPS = 12


@action(Verb.WRITE_CASEWORK)
def begin_plan(*, by: Asker, enrollment: Enrollment, wishes: str = "") -> SupportPlan:
    """Begin a stay's plan. A stay has one."""
    if SupportPlan.objects.filter(enrollment=enrollment).exists():
        raise ValidationError(_("There is a plan already. Open it and change it."))
    return store(SupportPlan(enrollment=enrollment, opened_on=_first_day(enrollment), wishes=wishes), by=by)


@action(Verb.WRITE_CASEWORK)
def change_plan(*, by: Asker, plan: SupportPlan, version: int, values: Mapping[str, Any]) -> SupportPlan:
    """Change what a plan says, or on which day and how it was agreed to.

    Raises
    ------
    ConflictError
        Somebody else changed it meanwhile.
    """
    if values.get("agreed_on"):
        check_day(plan.enrollment, "agreed_on", values["agreed_on"])
    return amend(plan, by=by, version=version, values=values)


@action(Verb.WRITE_CASEWORK)
def set_goal(
    *,
    by: Asker,
    enrollment: Enrollment,
    words: str,
    domain: str,
    opened_on: date,
    steps: Sequence[str] = (),
    looks_like: Mapping[str, str] | None = None,
) -> Goal:
    """Set a goal. The stay's first goal begins its plan."""
    check_day(enrollment, "opened_on", opened_on)
    substance_use = _about_substances(by, enrollment, domain)
    if not SupportPlan.objects.filter(enrollment=enrollment).exists():
        store(SupportPlan(enrollment=enrollment, opened_on=opened_on), by=by)
    goal = Goal(
        enrollment=enrollment,
        words=words,
        domain=domain,
        substance_use=substance_use,
        opened_on=opened_on,
        steps=stepped(steps, []),
        looks_like=dict(looks_like or {}),
    )
    return store(goal, by=by)


@action(Verb.WRITE_CASEWORK)
def change_goal(*, by: Asker, goal: Goal, version: int, values: Mapping[str, Any]) -> Goal:
    """Change what a goal says. `values["steps"]` are texts in order; a step that stays keeps whether it is done.

    Raises
    ------
    ConflictError
        Somebody else changed it meanwhile.
    """
    _require_seen(by, goal)
    changed = dict(values)
    if "opened_on" in changed:
        check_day(goal.enrollment, "opened_on", changed["opened_on"])
        if goal.closed_on and changed["opened_on"] > goal.closed_on:
            raise ValidationError({"opened_on": _("The goal was closed before this day.")})
    if "steps" in changed:
        changed["steps"] = stepped(changed["steps"], goal.steps)
    if "domain" in changed and changed["domain"] != goal.domain:
        changed["substance_use"] = _about_substances(by, goal.enrollment, changed["domain"])
    return amend(goal, by=by, version=version, values=changed)


@action(Verb.WRITE_CASEWORK)
def tick_steps(*, by: Asker, goal: Goal, version: int, done: Collection[str]) -> Goal:
    """Say which steps are done, by their keys.

    Raises
    ------
    ConflictError
        Somebody else changed the goal meanwhile.
    """
    _require_seen(by, goal)
    return amend(goal, by=by, version=version, values={"steps": ticked(goal.steps, done, timezone.localdate())})


@action(Verb.WRITE_CASEWORK)
def review_goal(
    *, by: Asker, goal: Goal, version: int, on: date, progress: int, note: str = "", done: Collection[str] | None = None
) -> GoalReview:
    """Store a review, and which steps are done, where that was asked.

    Raises
    ------
    ConflictError
        Somebody else changed the goal meanwhile, and steps were ticked. Nothing is stored.
    """
    _require_seen(by, goal)
    _check_review_day(goal, on)
    if done is not None:
        steps = ticked(goal.steps, done, on)
        if steps != goal.steps:
            amend(goal, by=by, version=version, values={"steps": steps})
    return store(GoalReview(goal=goal, on=on, progress=progress, note=note), by=by)


@action(Verb.WRITE_CASEWORK)
def change_review(*, by: Asker, review: GoalReview, version: int, values: Mapping[str, Any]) -> GoalReview:
    """Change a review.

    Raises
    ------
    ConflictError
        Somebody else changed it meanwhile.
    """
    _require_seen(by, review.goal)
    if "on" in values:
        _check_review_day(review.goal, values["on"])
    return amend(review, by=by, version=version, values=values)


@action(Verb.WRITE_CASEWORK)
def close_goal(*, by: Asker, goal: Goal, version: int, on: date, rating: int | None, note: str = "") -> Goal:
    """Close a goal with a rating, -2 to 2, or let it go without one. What it is then follows from the rating.

    Raises
    ------
    ConflictError
        Somebody else changed it meanwhile.
    """
    _require_seen(by, goal)
    if on > timezone.localdate():
        raise ValidationError({"on": _("This day has not come yet.")})
    if on < max(goal.opened_on, goal.reopened_on or goal.opened_on):
        raise ValidationError({"on": _("The goal was set later. Choose a day from then on.")})
    values = {"status": status_at_closing(rating), "rating": rating, "closed_on": on, "closing_note": note}
    return amend(goal, by=by, version=version, values=values)


@action(Verb.WRITE_CASEWORK)
def reopen_goal(*, by: Asker, goal: Goal, version: int, on: date) -> Goal:
    """Take a closed goal up again. Its rating goes; the history keeps it.

    Raises
    ------
    ConflictError
        Somebody else changed it meanwhile.
    """
    _require_seen(by, goal)
    check_day(goal.enrollment, "on", on)
    if goal.closed_on and on < goal.closed_on:
        raise ValidationError({"on": _("The goal was closed later. Choose a day from then on.")})
    values = {"status": GoalStatus.OPEN, "rating": None, "closed_on": None, "closing_note": "", "reopened_on": on}
    return amend(goal, by=by, version=version, values=values)


def check_day(enrollment: Enrollment, field: str, on: date) -> None:
    """ValidationError where something of a stay cannot be of that day."""
    if on > timezone.localdate():
        raise ValidationError({field: _("This day has not come yet.")})
    if on < enrollment.started_on:
        raise ValidationError({field: _("The enrollment began later. Choose a day from its start on.")})
    if enrollment.exited_on and on > enrollment.exited_on:
        raise ValidationError({field: _("The enrollment had ended. Choose a day up to its exit.")})


def stepped(texts: Sequence[str], former: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Steps of these texts; one that was there before keeps its key and whether it is done."""
    known = {step["text"]: dict(step) for step in former}
    wanted = list(dict.fromkeys(text.strip() for text in texts if text.strip()))
    if len(wanted) > MOST_STEPS:
        raise ValidationError({"steps": _("At most %(most)d steps. Split the goal.") % {"most": MOST_STEPS}})
    return [known.get(text) or {"key": secrets.token_hex(3), "text": text, "done_on": None} for text in wanted]


def ticked(steps: Sequence[Mapping[str, Any]], done: Collection[str], today: date) -> list[dict[str, Any]]:
    """The steps with exactly these done; one done before keeps its day."""
    return [
        {**step, "done_on": (step.get("done_on") or today.isoformat()) if step["key"] in done else None}
        for step in steps
    ]


def _first_day(enrollment: Enrollment) -> date:
    today = timezone.localdate()
    return min(today, enrollment.exited_on) if enrollment.exited_on else max(today, enrollment.started_on)


def _check_review_day(goal: Goal, on: date) -> None:
    check_day(goal.enrollment, "on", on)
    if on < goal.opened_on:
        raise ValidationError({"on": _("The goal was set later. Choose a day from then on.")})


def _about_substances(by: Asker, enrollment: Enrollment, domain: str) -> bool:
    known = {one.code: one for one in domains(by.agency_id)}
    if domain not in known or known[domain].retired:
        raise ValidationError({"domain": _("Choose a domain.")})
    if known[domain].substance_use and not sees_substance_use(by, enrollment):
        raise Denied(Verb.VIEW_SUBSTANCE_USE, kind=enrollment._meta.label_lower, record_id=enrollment.pk)
    return known[domain].substance_use


def _require_seen(by: Asker, goal: Goal) -> None:
    if not seen(by, Verb.WRITE_CASEWORK, Goal.objects.filter(pk=goal.pk)).exists():
        raise Denied(Verb.VIEW_SUBSTANCE_USE, kind=goal._meta.label_lower, record_id=goal.pk)
