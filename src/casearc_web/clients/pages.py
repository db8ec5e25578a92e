"""Rendering a page about a client: every such page, of every app, has the same head and tabs."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from casearc_web.access.asker import Asker
from casearc_web.access.decide import OPENED_BY_GLASS, find, may
from casearc_web.access.fields import redacted
from casearc_web.access.models import BrokenGlass
from casearc_web.access.requests import StaffRequest
from casearc_web.access.verbs import Verb
from casearc_web.addresses import address
from casearc_web.clients.care import care
from casearc_web.clients.models import Client
from casearc_web.clients.queries.reach import nevers, ways_of
from casearc_web.clients.tabs import tabs
from casearc_web.vault.birth import whole_years


def client_for(by: Asker, verb: Verb, client_id: uuid.UUID) -> Client:
    """The client a page is about, with identity; `Denied` where the asker may not do this to them."""
    return find(by, verb, Client.objects.select_related("identity", "victimization"), client_id)


def within(
    request: StaffRequest, client: Client, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page about a client. Its template extends ``clients/within.html`` and fills the block ``tab``.

    The head costs two questions to the database, three where the glass was broken. A view that has read the contact
    ways hands them over as `ways`.
    """
    by = request.asker
    identity = redacted(by, client.identity) if client.identity else None
    ways = context["ways"] if "ways" in context else ways_of(by, client)
    head = {
        "client": redacted(by, client),
        "identity": identity,
        "age": whole_years(identity.birth_date or "", localdate()) if identity else None,
        "ways": ways,
        "nevers": nevers(ways),
        "carers": care().carers(by, client.pk),
        "open_until": _open_until(by, client),
        "tabs": _tabs(request, by, client),
        **context,
    }
    return render(request, template, head, status=status)


def shows(by: Asker, verb: Verb, client: Client) -> bool:
    """Whether a tab or panel is there for this person on this client's page; broken glass opens fewer."""
    return may(by, verb) and (client.pk not in by.opened or verb in OPENED_BY_GLASS)


def _open_until(by: Asker, client: Client) -> datetime | None:
    """When the glass that the asker broke closes; None where they see the client anyway."""
    if client.pk not in by.opened:
        return None
    if by.known.closes is not None:
        return by.known.closes.get(client.pk)
    own = BrokenGlass.objects.filter(agency_id=by.agency_id, staff_id=by.staff_id, client_id=client.pk)
    return own.order_by("-closes_at").values_list("closes_at", flat=True).first()


def _tabs(request: HttpRequest, by: Asker, client: Client) -> list[dict[str, Any]]:
    """The tabs, the one that the page lies under marked: the longest address that the page's begins with."""
    found = [
        (tab.label, address(tab.route, client=client.pk)) for tab in tabs() if shows(by, tab.verb, client)
    ]
    here = max((url for _, url in found if request.path.startswith(url)), key=len, default="")
    return [{"label": label, "url": url, "current": url == here} for label, url in found]
