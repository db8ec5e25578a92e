"""What ties a colleague to work that must go to somebody else before their account closes. `enrollments` tells it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from casearc_web.agencies.models import StaffMember


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """How many clients they care for; never which."""

    count: int


_asked: list[Callable[[StaffMember], Tie | None]] = []


def register_tie(ask: Callable[[StaffMember], Tie | None]) -> None:
    """Add something to ask about."""
    if ask not in _asked:
        _asked.append(ask)


def ties(staff: StaffMember) -> int:
    """How many clients somebody cares for."""
    found = [ask(staff) for ask in _asked]
    return sum(tie.count for tie in found if tie)
