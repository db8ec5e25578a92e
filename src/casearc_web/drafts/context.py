"""What pages know of drafts: the key of the copy that a browser keeps while it has no connection."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from casearc_web.access.requests import asker_in
from casearc_web.drafts.queries import local_key
from casearc_web.signin.session import factor_shown


def draft_key(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `draft_key`, for somebody signed in."""
    by = asker_in(request)
    if by is None or by.staff_id is None or not factor_shown(request.session):
        return {}
    return {"draft_key": local_key(by.staff_id)}
