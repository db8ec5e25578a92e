"""Through what each of the app's models is reached."""

from __future__ import annotations

from casearc_web.access.registry import register
from casearc_web.casework.models import CaseworkRules, Contact, ContactTemplate, ServiceDelivered, ServiceKind


def register_all() -> None:
    """Called once the apps are loaded."""
    register(Contact, enrollment="enrollment_id", client="enrollment__client_id")
    register(ServiceDelivered, enrollment="contact__enrollment_id", client="contact__enrollment__client_id")
    for own in (ServiceKind, ContactTemplate, CaseworkRules):
        register(own)
