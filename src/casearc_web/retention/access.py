"""How the app's models are reached."""

from __future__ import annotations

from casearc_web.access.registry import register
from casearc_web.retention.models import Hold, Policy, Purge, PurgeRequest


def register_all() -> None:
    """Called once the apps are loaded."""
    for model in (Hold, PurgeRequest):
        register(model, client="client_id")
    for own in (Policy, Purge):
        register(own)
