"""A clock that tests set, and the codes that an authenticator app would show."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client as HttpClient

from casearc_web.agencies.models import StaffMember

SECRET = "MADEUPSECRETFORTESTSONLYABCDEFGH"


@dataclass
class Clock:
    """What `time.time()` says, moved on."""

    ahead: float = 0.0

    def forward(self, span: timedelta) -> None:
        """Let time go by."""
        self.ahead += span.total_seconds()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Moves what allauth and the gates take for now."""
    moved, real = Clock(), time.time
    monkeypatch.setattr(time, "time", lambda: real() + moved.ahead)
    return moved


@pytest.fixture
def strict() -> HttpClient:
    """A browser whose forms must carry their token, as real ones."""
    return HttpClient(enforce_csrf_checks=True)


def set_up_app(staff: StaffMember) -> None:
    """As if somebody had set up their authenticator app, and kept their recovery codes."""
    TOTP.activate(staff, SECRET)
    RecoveryCodes.activate(staff)


def code_now(steps: int = 0) -> str:
    """What the app shows now, or so many half minutes later."""
    shown: str = format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + steps))
    return shown


@pytest.fixture
def with_app(request: pytest.FixtureRequest) -> Callable[[StaffMember], StaffMember]:
    """Gives somebody an app."""

    def give(staff: StaffMember) -> StaffMember:
        set_up_app(staff)
        return staff

    return give
