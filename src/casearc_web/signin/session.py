"""What a session knows of its sign-in: when it began, the last activity, when the second factor was shown.

Kept in the session under these names; everything else in there is Django's or allauth's.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from casearc_web.agencies.models import StaffMember
from casearc_web.signin.sessions import ACTIVE, BROWSER, STARTED

IDLE = timedelta(minutes=15)
"""After this long without a request, somebody must sign in again."""
LONGEST = timedelta(hours=12)
"""After this long, whatever they did."""
STEP_UP = timedelta(minutes=5)
"""How long a second factor counts as just shown."""
NOTED_EVERY = timedelta(minutes=1)
"""Activity is written down at most this often; somebody idle may so be locked up to a minute early, never late."""

FACTOR, LOCKED, INVITED = "factor", "locked", "invited"


@dataclass(frozen=True, slots=True)
class Locked:
    """Whose session was locked, and where they were."""

    staff_id: uuid.UUID
    address: str


def begin(session: SessionBase, *, browser: str = "") -> None:
    """Somebody has just signed in."""
    session[STARTED] = session[ACTIVE] = int(time.time())
    session[BROWSER] = browser


def show_factor(session: SessionBase) -> None:
    """The second factor has just been shown."""
    session[FACTOR] = int(time.time())


def factor_shown(session: SessionBase) -> bool:
    """Whether a second factor was shown in this session at all."""
    return FACTOR in session


def just_shown(session: SessionBase) -> bool:
    """Whether the second factor was shown within the last minutes."""
    return _within(session.get(FACTOR), STEP_UP)


def awake(session: SessionBase) -> bool:
    """Whether somebody did something lately, and the session is not too old."""
    return _within(session.get(ACTIVE), IDLE) and _within(session.get(STARTED), LONGEST)


def stay_awake(session: SessionBase) -> None:
    """Somebody does something now."""
    if not _within(session.get(ACTIVE), NOTED_EVERY):
        session[ACTIVE] = int(time.time())


def lock(request: HttpRequest, staff: StaffMember, address: str) -> None:
    """Take every right from the session, and remember only whose it was and where they were."""
    request.session.flush()
    request.session[LOCKED] = {"staff": str(staff.pk), "address": address}


def locked(session: SessionBase) -> Locked | None:
    """Whose locked session this is."""
    found: dict[str, Any] | None = session.get(LOCKED)
    return Locked(uuid.UUID(found["staff"]), found["address"]) if found else None


def lead_to(session: SessionBase, address: str) -> None:
    """In a locked session: where its owner goes after signing in again."""
    session[LOCKED] = {**session[LOCKED], "address": address}


def _within(moment: float | None, span: timedelta) -> bool:
    return moment is not None and 0 <= time.time() - moment < span.total_seconds()
