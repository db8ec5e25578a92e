"""Reading: everything authorized about a client, one authorization, the account of disclosures."""

from __future__ import annotations

import uuid

from django.core.paginator import Paginator
from django.http import HttpResponseBase

from casearc_web.access.decide import may, note
from casearc_web.access.requests import StaffRequest
from casearc_web.access.verbs import Verb
from casearc_web.clients.pages import client_for, within
from casearc_web.consent import queries
from casearc_web.consent.clock import today_of
from casearc_web.consent.codes import AuthorizationKind, Category

PAGE = 25


def permissions(request: StaffRequest, client: uuid.UUID) -> HttpResponseBase:
    """The tab: what is live, what ends soon, what has ended."""
    by = request.asker
    who = client_for(by, Verb.VIEW_AUTHORIZATIONS, client)
    day = today_of(by)
    entries = queries.authorizations(by, who, day)
    context = {
        "live": [entry for entry in entries if entry.is_live],
        "ended": [entry for entry in entries if not entry.is_live],
        "may_give": may(by, Verb.GIVE_AUTHORIZATION),
        "may_give_part2": may(by, Verb.VIEW_SUBSTANCE_USE) and may(by, Verb.GIVE_AUTHORIZATION),
    }
    return within(request, who, "consent/permissions.html", context)


def consents(request: StaffRequest, client: uuid.UUID) -> HttpResponseBase:
    """Answers about services and research: apart from disclosure, and apart from each other."""
    by = request.asker
    who = client_for(by, Verb.VIEW_AUTHORIZATIONS, client)
    context = {
        "consents": queries.consents(by, who, today_of(by)),
        "may_give": may(by, Verb.GIVE_AUTHORIZATION),
        "may_revoke": may(by, Verb.REVOKE_AUTHORIZATION),
    }
    return within(request, who, "consent/consents.html", context)


def authorization(request: StaffRequest, client: uuid.UUID, authorization: uuid.UUID) -> HttpResponseBase:
    """One authorization whole: terms, signatures, rules it was given under, its end."""
    by = request.asker
    who = client_for(by, Verb.VIEW_AUTHORIZATIONS, client)
    one = queries.authorization_for(by, Verb.VIEW_AUTHORIZATIONS, who, authorization)
    entry = queries.Entry(one, queries.state_of(one, today_of(by)))
    verb = Verb.DISCLOSE_SUBSTANCE_USE if one.kind == AuthorizationKind.PART2 else Verb.DISCLOSE
    context = {
        "entry": entry,
        "one": one,
        "categories": [Category(each.category).label for each in one.categories.all()],
        "disclose_route": "consent:disclose_part2" if one.kind == AuthorizationKind.PART2 else "consent:disclose",
        "may_disclose": entry.is_live and may(by, verb),
        "may_revoke": entry.state is not queries.State.REVOKED and may(by, Verb.REVOKE_AUTHORIZATION),
    }
    return within(request, who, "consent/authorization.html", context)


def disclosures(request: StaffRequest, client: uuid.UUID) -> HttpResponseBase:
    """The account of what left the house about a client."""
    by = request.asker
    who = client_for(by, Verb.VIEW_AUTHORIZATIONS, client)
    page = Paginator(queries.disclosures(by, who), PAGE).get_page(request.GET.get("page"))
    note(by, page.object_list)
    rows = [(one, [Category(each).label for each in one.categories]) for one in page.object_list]
    return within(request, who, "consent/disclosures.html", {"page": page, "rows": rows})
