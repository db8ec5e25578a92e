"""The one predicate: what may be disclosed about whom, to whom, what for, on this day.

Every disclosure and every export asks here, on the server, in the query that fetches the rows. Nothing else decides.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from casearc_web.clients.models import Client
from casearc_web.consent.clock import today
from casearc_web.consent.codes import Answer, Category, ConsentKind, Purpose
from casearc_web.consent.models import Authorization, AuthorizedCategory, Consent
from casearc_web.consent.recipients import Recipient


def live(
    clients: QuerySet[Client] | None = None,
    *,
    agency_id: uuid.UUID,
    purpose: Purpose | None = None,
    recipient: Recipient | None = None,
    category: Category | None = None,
    on: date | None = None,
    today_is: date | None = None,
) -> QuerySet[Authorization]:
    """Authorizations that have begun, have not expired and are not revoked.

    `on` may look ahead (what will still be live in a month), never back: a disclosure is made today.
    One that names a person allows disclosure to that person only; one that names none, to the organization.
    `today_is` spares the question to a caller who has asked `clock.today` already.
    """
    found = Authorization.objects.filter(_in_force(agency_id, on, today_is), agency_id=agency_id)
    if clients is not None:
        found = found.filter(client__in=clients.values("pk"))
    if purpose is not None:
        found = found.filter(purpose=purpose)
    if recipient is not None:
        found = found.filter(_names(recipient, agency_id))
    if category is not None:
        named = AuthorizedCategory.objects.filter(authorization=OuterRef("pk"), category=category)
        found = found.filter(Exists(named))
    return found


def permitted(
    clients: QuerySet[Client],
    *,
    agency_id: uuid.UUID,
    purpose: Purpose,
    recipient: Recipient,
    categories: Iterable[Category],
    on: date | None = None,
) -> QuerySet[Client]:
    """Those of the clients about whom every one of the categories may be disclosed. No category: nobody."""
    wanted = list(dict.fromkeys(categories))
    if not wanted:
        return clients.none()
    found = clients.filter(agency_id=agency_id)
    for category in wanted:
        allowing = live(agency_id=agency_id, purpose=purpose, recipient=recipient, category=category, on=on)
        found = found.filter(pk__in=Subquery(allowing.values("client_id")))
    return found


def in_research(
    clients: QuerySet[Client], *, agency_id: uuid.UUID, study: str, on: date | None = None
) -> QuerySet[Client]:
    """Those who take part in a study: consent from 18; under 18 a parent's permission and the client's own assent.

    A permission is never read as an assent, nor consent to services as consent to research.
    """
    own = _consented(agency_id, ConsentKind.RESEARCH, study, on)
    permission = _consented(agency_id, ConsentKind.RESEARCH_PERMISSION, study, on)
    assent = _consented(agency_id, ConsentKind.RESEARCH_ASSENT, study, on)
    waived = _consented(agency_id, ConsentKind.RESEARCH_ASSENT, study, on, permission_waived=True)
    minors = Q(pk__in=assent) & (Q(pk__in=permission) | Q(pk__in=waived))
    return clients.filter(Q(pk__in=own) | minors, agency_id=agency_id)


def _consented(agency_id: uuid.UUID, kind: ConsentKind, study: str, on: date | None, **more: bool) -> Subquery:
    given = Consent.objects.filter(
        _in_force(agency_id, on), agency_id=agency_id, kind=kind, study=study, answer=Answer.AGREED, **more
    )
    return Subquery(given.values("client_id"))


def _in_force(agency_id: uuid.UUID, on: date | None, now: date | None = None) -> Q:
    now = today(agency_id) if now is None else now
    day = max(on, now) if on else now
    lasting = Q(expires_on__gte=day) | Q(expires_on__isnull=True)
    return Q(given_on__lte=now, revocation__isnull=True) & lasting


def _names(recipient: Recipient, agency_id: uuid.UUID) -> Q:
    organization, person = recipient.digests(agency_id)
    to_anybody_there = Q(person_digest=b"")
    return Q(organization_digest=organization) & (to_anybody_there | Q(person_digest=person))
