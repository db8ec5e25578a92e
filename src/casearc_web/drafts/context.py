"""What pages know of drafts: the key of the copy that a browser keeps while it has no connection."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from casearc_web.access.requests import asker_in
from casearc_web.drafts.queries import local_key


def draft_key(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `draft_key`, for somebody signed in."""
    by = asker_in(request)
    return {"draft_key": local_key(by.staff_id)} if by is not None and by.staff_id is not None else {}
