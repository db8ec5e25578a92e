"""How the records of this app are reached."""

from __future__ import annotations

from casearc_web.access.registry import register
from casearc_web.goals.models import Goal, GoalReview, SupportPlan


def register_all() -> None:
    """Called once the apps are loaded."""
    for model in (SupportPlan, Goal):
        register(model, enrollment="enrollment_id", client="enrollment__client_id")
    register(GoalReview, enrollment="goal__enrollment_id", client="goal__enrollment__client_id")
