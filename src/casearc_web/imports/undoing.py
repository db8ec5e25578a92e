"""Taking an import back: whether nobody has worked on its records since, and erasing them as a purge does."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.db.models import ManyToOneRel, Model, OneToOneRel, Q, QuerySet

from casearc_web.access.asker import Asker
from casearc_web.access.registry import path_of
from casearc_web.access.verbs import Verb
from casearc_web.audit.log import Entry, append
from casearc_web.casework.models import ServiceKind
from casearc_web.clients.models import Client
from casearc_web.imports.models import Import
from casearc_web.imports.writing import ORDER
from casearc_web.records.among import among
from casearc_web.retention.purging import erase_clients
from casearc_web.vault.models import SearchDigest

Made = Mapping[type[Model], frozenset[uuid.UUID]]
_NOT_WORK = (SearchDigest,)
"""Made anew by the application itself."""
_OF_THE_AGENCY = (ServiceKind,)
"""Of nobody; taken back where nobody uses it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands in the way: clients on whose records somebody worked since, or a later import built."""

    clients: frozenset[uuid.UUID]
    records: int

    def __bool__(self) -> bool:
        return self.records > 0


def made_by(batch: Import) -> Made:
    """The records of an import, by model."""
    found: dict[type[Model], set[uuid.UUID]] = defaultdict(set)
    for kind, record_id in batch.rows.values_list("kind", "record_id").iterator(chunk_size=5_000):
        found[apps.get_model(kind)].add(record_id)
    return {model: frozenset(ids) for model, ids in found.items()}


def standing(made: Made) -> Standing:
    """Records that were changed since, and those that were added to them."""
    clients: set[uuid.UUID] = set()
    records = 0
    for model, rows in _worked_on(made):
        pks = list(rows.values_list("pk", flat=True))
        records += len(pks)
        way = _way_to_client(model)
        if pks and way:
            clients |= set(model._default_manager.filter(pk__in=pks).values_list(way, flat=True))
    return Standing(clients=frozenset(client for client in clients if client), records=records)


def take_back(batch: Import, made: Made, *, by: Asker) -> Counter[str]:
    """Erase an import's records; the caller has made sure that nothing stands in the way.

    An event of its own says whose records are erased: it vouches for the words that the log loses with them.
    """
    clients = list(Client.objects.filter(among("pk", made.get(Client, ()))).values_list("pk", flat=True))
    event = append(
        Entry(
            agency_id=by.agency_id,
            staff_id=by.staff_id,
            role=by.role,
            verb=Verb.PURGE_CLIENT,
            kind=batch._meta.label_lower,
            record_id=str(batch.pk),
            clients=frozenset(clients),
            details="an import is undone",
        )
    )
    counts = erase_clients(clients, agency_id=batch.agency_id, event=event)
    for model in reversed(ORDER):
        rows = model._default_manager.filter(among("pk", made.get(model, ())))
        rows = _unused(rows) if model in _OF_THE_AGENCY else rows
        counts[model._meta.label_lower] += rows.delete()[1].get(model._meta.label, 0)
    batch.rows.all().delete()
    return counts


def _worked_on(made: Made) -> Iterator[tuple[type[Model], QuerySet[Model]]]:
    for model, ids in made.items():
        if model in _OF_THE_AGENCY:
            continue
        own = model._default_manager.filter(among("pk", ids))
        yield model, own.filter(Q(version__gt=1) | Q(changed_at__isnull=False))
        for related, name in _pointing_at(model):
            rows = related._default_manager.filter(among(name, ids))
            yield related, rows.exclude(among("pk", made[related])) if related in made else rows


def _pointing_at(model: type[Model]) -> Iterator[tuple[type[Model], str]]:
    """Models with a foreign key to this one, and its name; those among them that have no way back, too."""
    for relation in model._meta.get_fields(include_hidden=True):
        related = relation.related_model
        if isinstance(relation, ManyToOneRel | OneToOneRel) and isinstance(related, type) and related not in _NOT_WORK:
            yield related, relation.field.name


def _way_to_client(model: type[Model]) -> str:
    return "pk" if model is Client else path_of(model).client


def _unused(kinds: QuerySet[Model]) -> QuerySet[Model]:
    for related, name in _pointing_at(kinds.model):
        used = related._default_manager.values_list(name, flat=True)
        kinds = kinds.exclude(pk__in=used)
    return kinds
