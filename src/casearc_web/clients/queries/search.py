"""Finding the asker's own clients by the beginnings of their names, their code, or a way to reach them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from casearc_web.access.asker import Asker
from casearc_web.access.decide import read, visible
from casearc_web.access.verbs import Verb
from casearc_web.clients.models import Client
from casearc_web.records.among import among
from casearc_web.vault.matching import by_names, by_way

MOST = 300
"""More than these are not looked through; the reader is asked to type more."""
A_PAGE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of what was found, by name. `too_many`: there is more than is looked through."""

    clients: list[Client]
    total: int
    page: int
    pages: int
    too_many: bool


def search(*, by: Asker, typed: str, page: int = 1) -> Found:
    """The asker's clients whom the words fit, a page at a time. Only those on the page are read, and noted."""
    fit = _fitting(by.agency_id, typed)
    if not fit:
        return Found(clients=[], total=0, page=1, pages=1, too_many=False)
    fitting = visible(by, Verb.SEARCH_CLIENTS, Client.objects.filter(pk__in=_either(fit), purged_at=None))
    rows = list(
        fitting.values_list("pk", "identity__family_name", "identity__given_name", "code")[: MOST + 1]
    )
    ordered = [row[0] for row in sorted(rows[:MOST], key=lambda row: [str(part or "").casefold() for part in row[1:]])]
    pages = max(1, -(-len(ordered) // A_PAGE))
    page = min(max(page, 1), pages)
    wanted = ordered[(page - 1) * A_PAGE : page * A_PAGE]
    return Found(
        clients=_whole(by, wanted), total=len(ordered), page=page, pages=pages, too_many=len(rows) > MOST
    )


def enough(agency_id: uuid.UUID, typed: str) -> bool:
    """Whether something can be looked for at all."""
    return bool(_fitting(agency_id, typed))


def _whole(by: Asker, ids: list[uuid.UUID]) -> list[Client]:
    if not ids:
        return []
    clients = read(by, Verb.SEARCH_CLIENTS, Client.objects.filter(among("pk", ids)).select_related("identity"))
    return sorted(clients, key=lambda client: ids.index(client.pk))


def _fitting(agency_id: uuid.UUID, typed: str) -> list[QuerySet[Client, uuid.UUID]]:
    """One question for each of names, ways and codes that what was typed can be."""
    ways = (by_names(agency_id, typed), by_way(agency_id, typed), _by_code(typed))
    of_agency = Client.objects.filter(agency_id=agency_id)
    return [of_agency.filter(way).values_list("pk", flat=True) for way in ways if way is not None]


def _either(fit: list[QuerySet[Client, uuid.UUID]]) -> QuerySet[Client, uuid.UUID]:
    """All of them together. A union, for with "or" no index would serve."""
    return fit[0].union(*fit[1:]) if len(fit) > 1 else fit[0]


def _by_code(typed: str) -> Q | None:
    bare = "".join(c for c in typed.upper() if c.isalnum())
    return Q(code=f"{bare[:3]}-{bare[3:]}") if len(bare) == 6 else None
