"""Reading the ledger, within the asker's reach."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import QuerySet

from casearc_web.access.asker import Asker
from casearc_web.access.decide import find, read, visible
from casearc_web.access.verbs import Verb
from casearc_web.clients.models import Client
from casearc_web.consent import permits
from casearc_web.consent.clock import today_of
from casearc_web.consent.models import Authorization, BarredSigner, Consent, Disclosure
from casearc_web.records.among import among
from casearc_web.vault.search import whole_name

SOON = timedelta(days=30)
"""So long before its last day an authorization is due to be renewed or to end."""


class State(StrEnum):
    """How an authorization or a consent stands."""

    LIVE = "live"
    SOON = "soon"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Entry:
    """An authorization with how it stands today."""

    authorization: Authorization
    state: State

    @property
    def is_live(self) -> bool:
        """Whether something may be disclosed under it."""
        return self.state in (State.LIVE, State.SOON)


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """A consent with how it stands today."""

    consent: Consent
    state: State


def authorizations(by: Asker, client: Client, day: date) -> list[Entry]:
    """Everything ever authorized about a client: what is live on this day first."""
    own = Authorization.objects.filter(client=client).select_related("revocation").prefetch_related("categories")
    found = read(by, Verb.VIEW_AUTHORIZATIONS, own)
    entries = [Entry(one, state_of(one, day)) for one in found]
    order = list(State)
    return sorted(entries, key=lambda entry: order.index(entry.state))


def authorization_for(by: Asker, verb: Verb, client: Client, authorization: uuid.UUID) -> Authorization:
    """One of a client's authorizations."""
    return find(by, verb, _whole(Authorization.objects.filter(client=client)), authorization)


def consents(by: Asker, client: Client, day: date) -> list[ConsentEntry]:
    """Consents and refusals of a client, the newest first."""
    own = Consent.objects.filter(client=client).select_related("revocation")
    return [ConsentEntry(one, state_of(one, day)) for one in read(by, Verb.VIEW_AUTHORIZATIONS, own)]


def consent_for(by: Asker, verb: Verb, client: Client, consent: uuid.UUID) -> Consent:
    """One of a client's consents."""
    return find(by, verb, Consent.objects.filter(client=client).select_related("revocation"), consent)


def barred(by: Asker, client: Client) -> list[BarredSigner]:
    """Who may never sign for a client."""
    return read(by, Verb.VIEW_AUTHORIZATIONS, BarredSigner.objects.filter(client=client))


def barred_for(by: Asker, client: Client, signer: uuid.UUID) -> BarredSigner:
    """One of them."""
    return find(by, Verb.REVOKE_AUTHORIZATION, BarredSigner.objects.filter(client=client), signer)


def disclosures(by: Asker, client: Client) -> QuerySet[Disclosure]:
    """The account of what left the house about a client, the newest first."""
    own = Disclosure.objects.filter(client=client).select_related("authorization", "entered_by")
    return visible(by, Verb.VIEW_AUTHORIZATIONS, own)


def ending(by: Asker, clients: Collection[uuid.UUID]) -> list[Authorization]:
    """Live authorizations of these clients that end within a month, the first to end first."""
    day = today_of(by)
    ending_soon = permits.live(agency_id=by.agency_id, today_is=day).filter(expires_on__lte=day + SOON)
    live = ending_soon.filter(among("client_id", clients))
    return list(visible(by, Verb.VIEW_AUTHORIZATIONS, live).order_by("expires_on"))


def live_of(by: Asker, client: Client) -> list[Authorization]:
    """Live authorizations of one client, for the overview."""
    live = permits.live(agency_id=by.agency_id, today_is=today_of(by)).filter(client=client)
    return read(by, Verb.VIEW_AUTHORIZATIONS, live)


def state_of(one: Authorization | Consent, day: date) -> State:
    """How it stands on a day."""
    if getattr(one, "revocation", None) is not None:
        return State.REVOKED
    if one.expires_on is None:
        return State.LIVE
    if one.expires_on < day:
        return State.EXPIRED
    return State.SOON if one.expires_on <= day + SOON else State.LIVE


def signed_by(by: Asker, client: Client, name: str) -> list[Authorization]:
    """Live ones that carry a signature of this name: to be looked at when somebody turns out to be barred."""
    live = permits.live(agency_id=by.agency_id).filter(client=client).prefetch_related("signatures")
    wanted = whole_name(name)
    return [
        one
        for one in read(by, Verb.VIEW_AUTHORIZATIONS, live)
        if any(whole_name(signature.name) == wanted for signature in one.signatures.all())
    ]


def _whole(found: QuerySet[Authorization]) -> QuerySet[Authorization]:
    return found.select_related("revocation", "revocation__entered_by", "entered_by").prefetch_related(
        "categories", "signatures"
    )
