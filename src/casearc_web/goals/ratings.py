"""What a rating at closing says about a goal: met means 0 or more, and nothing else does."""

from __future__ import annotations

from casearc_web.goals.models import GoalStatus, Rating


def status_at_closing(rating: int | None) -> GoalStatus:
    """Status of a goal that is closed with a rating; without one it was let go.

    >>> status_at_closing(0), status_at_closing(-1), status_at_closing(None)
    (GoalStatus.MET, GoalStatus.NOT_MET, GoalStatus.DROPPED)
    """
    if rating is None:
        return GoalStatus.DROPPED
    return GoalStatus.MET if Rating(rating) >= Rating.AS_HOPED else GoalStatus.NOT_MET
