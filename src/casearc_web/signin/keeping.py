"""What happens to a form that arrives when somebody must sign in again first: it is kept. `drafts` says how."""

from __future__ import annotations

import uuid
from typing import Protocol

from django.http import HttpRequest


class Keeper(Protocol):
    """What `drafts` offers."""

    def keep(self, request: HttpRequest, *, staff_id: uuid.UUID, agency_id: uuid.UUID) -> str | None:
        """Keep a form for its sender; the address at which they find it again, None where it is not to be kept."""
        ...


_keeper: list[Keeper] = []


def set_keeper(keeper: Keeper) -> None:
    """`drafts` keeps."""
    _keeper[:] = [keeper]


def keep(request: HttpRequest, *, staff_id: uuid.UUID, agency_id: uuid.UUID) -> str | None:
    """Keep the form of a request, if it has one."""
    if request.method != "POST" or not _keeper:
        return None
    return _keeper[0].keep(request, staff_id=staff_id, agency_id=agency_id)
