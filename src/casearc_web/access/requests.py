"""A request of somebody signed in, as views see it."""

from __future__ import annotations

from django.http import HttpRequest

from casearc_web.access.asker import Asker
from casearc_web.access.routes import Rule


class StaffRequest(HttpRequest):
    """Has passed the access middleware: `asker` is who asks, `rule` what the page takes."""

    asker: Asker
    rule: Rule


def asker_in(request: HttpRequest) -> Asker | None:
    """Who asks, where somebody has signed in."""
    found = getattr(request, "asker", None)
    return found if isinstance(found, Asker) else None
