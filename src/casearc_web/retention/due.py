"""Whose record is past its time, and why. Computed on the day somebody asks: nothing stored could be out of date."""

from __future__ import annotations

import operator
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

from django.db.models import Exists, OuterRef, Q, QuerySet

from casearc_web.clients.models import Client
from casearc_web.enrollments.models import Enrollment
from casearc_web.retention.models import Hold, Scope
from casearc_web.retention.policies import Term, due_on, last_kept_exit


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One client whose record is past its time: how much of it, since when, by whose policy, and whether it is held."""

    client: Client
    scope: Scope
    since: date
    program: str
    months: int
    last_exit: date
    is_held: bool


def past_their_time(agency_id: uuid.UUID, terms: Sequence[Term], scope: Scope, day: date) -> QuerySet[Client]:
    """Clients every one of whose enrollments has ended and is past its program's time. Held ones are among them.

    Who was never enrolled is on no list: there is no exit to count from, and a director erases them on request.
    """
    kept = [Q(program=term.program) & _kept(term.months(scope), day) for term in terms]
    keeping = Enrollment.objects.filter(reduce(operator.or_, kept, Q(pk__in=())), client=OuterRef("pk"))
    ever = Enrollment.objects.filter(client=OuterRef("pk"))
    found = Client.objects.filter(Exists(ever), ~Exists(keeping), agency_id=agency_id)
    return found.filter(purged_at=None) if scope is Scope.PARTIAL else found


def held() -> Exists:
    """Whether there is a legal hold on a client."""
    return Exists(Hold.objects.filter(client=OuterRef("pk"), lifted_at=None))


def explained(clients: Sequence[Client], terms: Sequence[Term], scope: Scope) -> list[Due]:
    """Why each of these clients is on the list: the enrollment whose time ran out last."""
    by_program = {term.program.pk: term for term in terms}
    stays: dict[uuid.UUID, list[Enrollment]] = {}
    for stay in Enrollment.objects.filter(client__in=clients):
        stays.setdefault(stay.client_id, []).append(stay)
    holding = set(Hold.objects.filter(client__in=clients, lifted_at=None).values_list("client_id", flat=True))
    return [
        _explained(client, stays[client.pk], by_program, scope, is_held=client.pk in holding) for client in clients
    ]


def _explained(
    client: Client, stays: Sequence[Enrollment], terms: dict[uuid.UUID, Term], scope: Scope, *, is_held: bool
) -> Due:
    ended = [
        (due_on(stay.exited_on, months), stay.exited_on, terms[stay.program_id].program.name, months)
        for stay in stays
        if stay.exited_on is not None and (months := terms[stay.program_id].months(scope)) is not None
    ]
    since, exited_on, program, months = max(ended)
    return Due(
        client=client,
        scope=scope,
        since=since,
        program=program,
        months=months,
        last_exit=exited_on,
        is_held=is_held,
    )


def _kept(months: int | None, day: date) -> Q:
    if months is None:
        return Q()
    return Q(exited_on=None) | Q(exited_on__gt=last_kept_exit(day, months))
