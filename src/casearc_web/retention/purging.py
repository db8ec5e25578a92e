"""Erasing one client's record, partly or wholly: rows, history, notices, drafts and the words of the log."""

from __future__ import annotations

import json
import re
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence

from django.apps import apps
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import StaffMember
from casearc_web.audit.log import Entry, append, erase_details
from casearc_web.audit.models import AuditEvent
from casearc_web.clients.models import Client
from casearc_web.records.among import among
from casearc_web.records.base import Record
from casearc_web.retention.fates import TYPED, Plan, plans
from casearc_web.retention.models import Hold, Purge, Scope, Why
from casearc_web.retention.wiping import forget_old_pages

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
NIGHTLY = "nightly"
"""Stands for a role in the log where the nightly run did it."""


class HeldError(Exception):
    """There is a legal hold. Nothing was erased."""


@transaction.atomic
def purge(
    client: Client,
    *,
    scope: Scope,
    why: Why,
    proposed_by: StaffMember | None = None,
    approved_by: StaffMember | None = None,
) -> Purge:
    """Erase, log it and leave a tombstone, in one transaction. Whoever calls has decided that it may be done.

    Raises
    ------
    HeldError
        There is a legal hold.
    """
    locked = Client.objects.select_for_update().get(pk=client.pk)
    if Hold.objects.filter(client=locked, lifted_at=None).exists():
        raise HeldError
    event = _log(locked, scope=scope, why=why, approved_by=approved_by)
    counts = _erase(locked, scope)
    counts["words of the log"] = erase_details([client.pk], purge=event)
    transaction.on_commit(forget_old_pages)
    return Purge.objects.create(
        agency_id=locked.agency_id,
        client=client.pk,
        scope=scope,
        why=why,
        proposed_by=proposed_by,
        approved_by=approved_by,
        event_number=event.number,
        counts={name: count for name, count in sorted(counts.items()) if count},
    )


def erase_clients(clients: Sequence[uuid.UUID], *, agency_id: uuid.UUID, event: AuditEvent) -> Counter[str]:
    """Erase everything about several clients, the words of earlier events of the log too. For records that should
    never have been here: no tombstone is left. Whoever calls has logged it as `event` and decided that it may be done.

    Raises
    ------
    HeldError
        There is a legal hold on one of them.
    """
    if Hold.objects.filter(among("client_id", clients), lifted_at=None).exists():
        raise HeldError
    rows = [(plan, _rows_of(plan, clients)) for plan in plans()]
    ids = {str(client) for client in clients} | {str(pk) for _plan, pks in rows for pk in pks}
    counts = _forget_typed(agency_id, ids)
    for plan, pks in rows:
        counts[plan.model._meta.label_lower] += len(pks)
        plan.model._default_manager.filter(among("pk", pks)).delete()
    counts["words of the log"] = erase_details(clients, purge=event)
    return counts


def _rows_of(plan: Plan, clients: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    lookup = plan.to_client
    found = plan.model._default_manager.filter(among(lookup, clients))
    return list(found.values_list("pk", flat=True))


def _log(client: Client, *, scope: Scope, why: Why, approved_by: StaffMember | None) -> AuditEvent:
    return append(
        Entry(
            agency_id=client.agency_id,
            staff_id=approved_by.pk if approved_by else None,
            role=approved_by.role if approved_by else NIGHTLY,
            verb=Verb.PURGE_CLIENT,
            kind=Client._meta.label_lower,
            record_id=str(client.pk),
            clients=frozenset({client.pk}),
            details=f"{scope} purge: {why}",
        )
    )


def _erase(client: Client, scope: Scope) -> Counter[str]:
    rows = [(plan, _rows(plan, client)) for plan in plans()]
    ids = {str(client.pk), *(str(pk) for _plan, pks in rows for pk in pks)}
    counts = _forget_typed(client.agency_id, ids)
    if scope is Scope.PARTIAL:
        Client.objects.filter(pk=client.pk).update(identity=None, purged_at=timezone.now())
    for plan, pks in rows:
        counts[plan.model._meta.label_lower] += _apply(plan, pks, scope)
    return counts


def _rows(plan: Plan, client: Client) -> list[object]:
    lookup = plan.to_client
    return list(plan.model._default_manager.filter(**{lookup: client.pk}).values_list("pk", flat=True))


def _apply(plan: Plan, pks: list[object], scope: Scope) -> int:
    found = plan.model._default_manager.filter(pk__in=pks)
    if scope is Scope.FULL or plan.removes_rows:
        found.delete()
        return len(pks)
    if plan.removes_marked:
        found.filter(**{plan.removes_marked: True}).delete()
    if not plan.erases:
        return 0
    edited = {"version": F("version") + 1, "changed_at": timezone.now()} if issubclass(plan.model, Record) else {}
    return found.update(**plan.erases, **edited)


def _forget_typed(agency_id: uuid.UUID, ids: Iterable[str]) -> Counter[str]:
    wanted, counts = set(ids), Counter[str]()
    for label, names in TYPED.items():
        model = apps.get_model(label)
        typed = model._default_manager.filter(agency_id=agency_id)
        naming = [one.pk for one in typed.iterator() if wanted & _named(one, names)]
        counts[label] = len(naming)
        model._default_manager.filter(pk__in=naming).delete()
    return counts


def _named(record: models.Model, names: Iterable[str]) -> set[str]:
    return {found for name in names for found in _ID.findall(json.dumps(getattr(record, name), default=str))}
