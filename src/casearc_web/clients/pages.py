"""Rendering a page about a client: every such page, of every app, has the same head and tabs."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from casearc_web.access.asker import Asker
from casearc_web.access.decide import find, may
from casearc_web.access.fields import redacted
from casearc_web.access.requests import StaffRequest
from casearc_web.access.verbs import Verb
from casearc_web.clients.models import Client
from casearc_web.clients.tabs import tabs


def client_for(by: Asker, verb: Verb, client_id: uuid.UUID) -> Client:
    """The client a page is about, with identity; `Denied` where the asker may not do this to them."""
    return find(by, verb, Client.objects.select_related("identity", "victimization"), client_id)


def within(
    request: StaffRequest, client: Client, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page about a client. Its template extends ``clients/within.html`` and fills the block ``tab``."""
    by = request.asker
    head = {
        "client": redacted(by, client),
        "identity": redacted(by, client.identity) if client.identity else None,
        "tabs": [tab for tab in tabs() if may(by, tab.verb)],
        **context,
    }
    return render(request, template, head, status=status)
