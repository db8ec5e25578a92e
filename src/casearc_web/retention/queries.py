"""Reading policies, holds, requests and what was erased, within the asker's reach."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from casearc_web.access.asker import Asker
from casearc_web.access.decide import find, note, read, visible
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import Program
from casearc_web.clients.models import Client
from casearc_web.records.among import among
from casearc_web.retention.due import Due, explained, past_their_time
from casearc_web.retention.models import Hold, Policy, Purge, PurgeRequest, Scope
from casearc_web.retention.policies import Term, terms

PAGE = 25


def own_terms(by: Asker) -> list[Term]:
    """How long each of the asker's own programs keeps."""
    return [term for term in terms(by.agency_id) if term.program.pk in by.program_ids]


def own_program(by: Asker, program: uuid.UUID) -> Program:
    """One of them."""
    return get_object_or_404(Program, pk=program, agency_id=by.agency_id, pk__in=by.program_ids)


def policy_of(program: Program) -> Policy | None:
    """Its policy, where one is set."""
    return Policy.objects.filter(program=program).first()


def due_clients(by: Asker, scope: Scope, day: date, number: str | None) -> tuple[Page[Client], list[Due]]:
    """Clients within reach whose record is past its time, a page of them, with why."""
    known = terms(by.agency_id)
    found = past_their_time(by.agency_id, known, scope, day)
    page = Paginator(visible(by, Verb.PURGE_CLIENT, found).order_by("code"), PAGE).get_page(number)
    note(by, page.object_list)
    return page, explained(list(page.object_list), known, scope)


def waiting(by: Asker) -> QuerySet[PurgeRequest]:
    """Requests that wait for a second person, within reach of whoever may approve; the client by code only."""
    asked = PurgeRequest.objects.filter(decided_at=None).select_related("client", "created_by")
    return visible(by, Verb.APPROVE_PURGE, asked)


def request_for(by: Asker, verb: Verb, request: uuid.UUID) -> PurgeRequest:
    """One of them."""
    return find(by, verb, PurgeRequest.objects.select_related("client", "created_by"), request)


def requested(by: Asker, client: Client) -> PurgeRequest | None:
    """What is proposed for a client and not yet decided."""
    asked = PurgeRequest.objects.filter(client=client, decided_at=None).select_related("created_by")
    return visible(by, Verb.PURGE_CLIENT, asked).first()


def proposed(by: Asker, clients: Sequence[Client]) -> set[uuid.UUID]:
    """For which of the clients something is proposed already."""
    asked = PurgeRequest.objects.filter(among("client_id", [one.pk for one in clients]), decided_at=None)
    return set(visible(by, Verb.PURGE_CLIENT, asked).values_list("client_id", flat=True))


def holds(by: Asker, client: Client) -> list[Hold]:
    """A client's holds, the newest first."""
    own = Hold.objects.filter(client=client).select_related("created_by", "lifted_by")
    return read(by, Verb.HOLD, own)


def hold_for(by: Asker, client: Client, hold: uuid.UUID) -> Hold:
    """One of them, still standing."""
    return find(by, Verb.HOLD, Hold.objects.filter(client=client, lifted_at=None), hold)


def purges(by: Asker) -> QuerySet[Purge]:
    """What was erased at the agency, the newest first: no name, no code."""
    done = Purge.objects.select_related("proposed_by", "approved_by")
    return visible(by, Verb.APPROVE_PURGE, done)


def chosen(by: Asker, clients: Sequence[str]) -> list[Client]:
    """Clients that somebody ticked, within reach."""
    return read(by, Verb.PURGE_CLIENT, Client.objects.filter(pk__in=clients))
