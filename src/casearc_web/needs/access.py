"""How the records of this app are reached."""

from __future__ import annotations

from casearc_web.access.registry import register
from casearc_web.needs.models import DomainSetting, NeedsAssessment


def register_all() -> None:
    """Called once the apps are loaded."""
    register(NeedsAssessment, enrollment="enrollment_id", client="enrollment__client_id")
    register(DomainSetting)
