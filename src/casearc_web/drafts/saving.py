"""Writing what a form says exactly once, and going where that leads."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.db import transaction
from django.http import HttpResponseRedirect

from casearc_web.access.requests import StaffRequest
from casearc_web.drafts.actions import finish
from casearc_web.drafts.queries import used


def save_once(
    request: StaffRequest, *, key: str, submission: uuid.UUID, write: Callable[[], str]
) -> HttpResponseRedirect:
    """Call `write`, which returns where to go, and forget the draft, in one transaction; a repeat writes nothing.

    `key` is the draft's, as the page's `{% draft … %}` has it. What `write` raises undoes everything.
    """
    by = request.asker
    earlier = used(by=by, submission=submission)
    if earlier is not None:
        return HttpResponseRedirect(earlier)
    with transaction.atomic():
        address = write()
        finish(by=by, key=key, submission=submission, address=address)
    return HttpResponseRedirect(address)
