"""How the log is reached: it is the agency's, and about no single client."""

from __future__ import annotations

from casearc_web.access.registry import register
from casearc_web.audit.models import AuditEvent


def register_all() -> None:
    """Called once the apps are loaded."""
    register(AuditEvent)
