"""Who cares for a client and who answers for them. `enrollments`, above this app, knows; pages ask here."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise

from casearc_web.access.asker import Asker
from casearc_web.agencies.models import StaffMember


@dataclass(frozen=True, slots=True, kw_only=True)
class Carer:
    """Somebody on a client's care team now."""

    name: str
    part: str | Promise
    program: str


class Care(Protocol):
    """What `enrollments` offers."""

    def carers(self, by: Asker, client_id: uuid.UUID) -> Sequence[Carer]:
        """The care teams of the client's open enrollments; one question to the database."""
        ...

    def programs(self, by: Asker, client_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
        """The programs of each client in words, open enrollments first; one question to the database."""
        ...

    def answer_for(self, agency_id: uuid.UUID, client_id: uuid.UUID) -> Sequence[StaffMember]:
        """Supervisors of the care team's teams and directors of the programs; where there are none, all there are."""
        ...


_care: list[Care] = []


def set_care(care: Care) -> None:
    """`enrollments` says who cares for whom."""
    _care[:] = [care]


def care() -> Care:
    """Who cares for whom."""
    return _care[0]
