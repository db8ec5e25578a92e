"""The plan on a client's overview: the open goals, and what is due."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from casearc_web.access.asker import Asker
from casearc_web.clients.models import Client
from casearc_web.goals import queries
from casearc_web.goals.plan_views import shown
from casearc_web.goals.schedule import plan_due


def panel(by: Asker, client: Client) -> Mapping[str, Any]:
    """The open goals of the stay at hand, and the day by which there should be a plan."""
    stay = next(iter(queries.stays(by, client)), None)
    if stay is None:
        return {"goals": [], "plan_due_on": None, "stay": None}
    goals = shown(by, stay, [goal for goal in queries.goals_of(by, stay) if goal.is_open])
    planned = bool(goals) or queries.plan_of(by, stay) is not None
    return {
        "stay": stay,
        "goals": goals,
        "plan_due_on": plan_due(started_on=stay.started_on, exited_on=stay.exited_on, has_plan=planned),
        "today": timezone.localdate(),
    }
