"""What a case manager did with Acacia in the months before: for journeys that go on from there, and for full pages."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from casearc_web.goals import actions as goals
from casearc_web.goals.models import Goal
from casearc_web.needs.actions import assess
from casearc_web.needs.levels import DEFAULT_DOMAINS
from casearc_web.needs.models import NeedsAssessment
from web.cast import Cast


def two_assessments(cast: Cast) -> NeedsAssessment:
    """With every level and a reason; the last one."""
    by, stay, today = cast.by(cast.cleo), cast.enrollment_of(cast.acacia), timezone.localdate()
    answers = {domain.code: place % 5 for place, domain in enumerate(DEFAULT_DOMAINS)}
    assess(by=by, enrollment=stay, on=today - timedelta(days=62), answers=answers)
    later = {**answers, "housing": 4, "mental_health": 1, "legal": "declined"}
    notes = {"housing": "Made-up words about a made-up couch."}
    return assess(by=by, enrollment=stay, on=today - timedelta(days=31), answers=later, notes=notes, strengths="Sings.")


def two_goals(cast: Cast) -> Goal:
    """One closed and one open, reviewed once; the open one."""
    by, stay, today = cast.by(cast.cleo), cast.enrollment_of(cast.acacia), timezone.localdate()
    month = today - timedelta(days=60)
    old = goals.set_goal(by=by, enrollment=stay, words="A made-up bicycle", domain="transport", opened_on=month)
    goals.close_goal(by=by, goal=old, version=1, on=today - timedelta(days=20), rating=1)
    goal = goals.set_goal(
        by=by,
        enrollment=stay,
        words="I want to finish school, made up as it is.",
        domain="education",
        opened_on=month,
        steps=["Call the made-up school", "Visit it with Cleo", "Pick two classes"],
        looks_like={"0": "Goes twice a week", "2": "Has a diploma"},
    )
    goals.review_goal(
        by=by, goal=goal, version=1, on=month + timedelta(days=29), progress=1, note="Made up: called, nobody there."
    )
    return goal
