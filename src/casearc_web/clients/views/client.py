"""The client's page: overview, identity and ways to reach them, what describes them, and what it was before."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping

from django.http import Http404, HttpResponse
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext_lazy as _

from casearc_web.access.asker import Asker
from casearc_web.access.decide import Denied, find, may
from casearc_web.access.history import history
from casearc_web.access.requests import StaffRequest
from casearc_web.access.verbs import Verb
from casearc_web.clients.models import Client, VictimizationProfile
from casearc_web.clients.pages import client_for, shows, within
from casearc_web.clients.queries.answers import DESCRIBED, DONE_TO_THEM, SUBSTANCE_USE, answers
from casearc_web.clients.queries.reach import at_this_moment, ways_of
from casearc_web.clients.tabs import panels
from casearc_web.records.base import Record
from casearc_web.vault.birth import birth_in_words
from casearc_web.vault.models import Identity


def overview(request: StaffRequest, client: uuid.UUID) -> HttpResponse:
    """What somebody needs first: how to reach them, and a panel of each part of the work."""
    by = request.asker
    who = client_for(by, Verb.VIEW_CLIENT, client)
    shown = [(panel.template, panel.context(by, who)) for panel in panels() if shows(by, panel.verb, who)]
    return within(request, who, "clients/overview.html", {"panels": shown, **_birth(who)})


def identity(request: StaffRequest, client: uuid.UUID) -> HttpResponse:
    """Names, birth, and every way to reach them with its rule."""
    who = client_for(request.asker, Verb.VIEW_IDENTITY, client)
    ways = ways_of(request.asker, who)
    context = {"ways": ways, "rules": at_this_moment(ways, localtime()), "may_edit": _edits(request), **_birth(who)}
    return within(request, who, "clients/identity.html", context)


def reach(request: StaffRequest, client: uuid.UUID) -> HttpResponse:
    """How to reach them right now: what is allowed, and the words to use. Casearc itself sends nothing."""
    who = client_for(request.asker, Verb.VIEW_IDENTITY, client)
    ways, now = ways_of(request.asker, who), localtime()
    context = {"ways": ways, "rules": at_this_moment(ways, now), "now": now}
    return within(request, who, "clients/reach.html", context)


def about(request: StaffRequest, client: uuid.UUID) -> HttpResponse:
    """What describes them, and what was done to them, as far as it was told."""
    by = request.asker
    who = client_for(by, Verb.VIEW_CLIENT, client)
    context = {
        "described": answers(by, who, DESCRIBED),
        "done": answers(by, _profile(who), DONE_TO_THEM),
        "substance_use": answers(by, who, SUBSTANCE_USE),
        "may_edit": may(by, Verb.EDIT_CLIENT),
    }
    return within(request, who, "clients/about.html", context)


def before(request: StaffRequest, client: uuid.UUID, what: str) -> HttpResponse:
    """What a part of the record was before, and who changed it."""
    if what not in _PARTS:
        raise Http404
    heading, back, record_of = _PARTS[what]
    who = client_for(request.asker, Verb.VIEW_CLIENT, client)
    changes = history(request.asker, record_of(request.asker, who))
    context = {"changes": changes, "before_what": heading, "back": back}
    return within(request, who, "clients/before.html", context)


def _birth(who: Client) -> Mapping[str, object]:
    stored = who.identity.birth_date if who.identity else ""
    return {"birth": birth_in_words(stored, localdate())}


def _edits(request: StaffRequest) -> bool:
    return may(request.asker, Verb.EDIT_IDENTITY)


def _profile(who: Client) -> VictimizationProfile:
    """The profile, or an empty one that is not stored."""
    return getattr(who, "victimization", None) or VictimizationProfile(client=who, agency_id=who.agency_id)


def _identity_of(by: Asker, who: Client) -> Record:
    if who.identity is None:
        raise Denied(Verb.VIEW_IDENTITY)
    return find(by, Verb.VIEW_IDENTITY, Identity.objects.select_related("client"), who.identity.pk)


def _profile_of(by: Asker, who: Client) -> Record:
    return find(by, Verb.VIEW_SENSITIVE, VictimizationProfile.objects.all(), _profile(who).pk)


_PARTS: Mapping[str, tuple[object, str, Callable[[Asker, Client], Record]]] = {
    "identity": (_("Identity"), "clients:identity", _identity_of),
    "description": (_("Description"), "clients:about", lambda by, who: who),
    "victimization": (_("What was done to them"), "clients:about", _profile_of),
}
