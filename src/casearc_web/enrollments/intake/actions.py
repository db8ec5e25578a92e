"""Writing an intake: identity, ways, client, empty profile, enrollment, care team and referral together, or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from casearc_web.access.actions import action, store
from casearc_web.access.asker import Asker
from casearc_web.access.notices import tell
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import Program, Site, StaffMember
from casearc_web.clients.actions.about import store_client
from casearc_web.clients.actions.identity import store_identity
from casearc_web.clients.care import care
from casearc_web.clients.models import Client
from casearc_web.enrollments.intake.queries import Likes, likes
from casearc_web.enrollments.models import CareTeamMember, Direction, Enrollment, Referral
from casearc_web.vault.models import ContactWay, Identity

LIKE_DETAILS = "like_details"


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Who comes, and how to reach them: records not stored yet."""

    identity: Identity = field(repr=False)
    ways: tuple[ContactWay, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferredBy:
    """Who sent them to us, and why."""

    organization: str = field(repr=False)
    reason: str = ""


@action(Verb.INTAKE_CLIENT)
def intake(
    *,
    by: Asker,
    newcomer: Newcomer,
    language: str,
    program: Program,
    site: Site | None,
    lead: StaffMember,
    started_on: date,
    age_at_start: Decimal | None,
    referral: ReferredBy | None,
) -> Client:
    """Make a new client and enroll them."""
    identity = store_identity(newcomer.identity, ways=list(newcomer.ways), by=by)
    client = store_client(identity, by=by, language=language)
    enrollment = store(
        Enrollment(client=client, program=program, site=site, started_on=started_on, age_at_start=age_at_start), by=by
    )
    store(CareTeamMember(enrollment=enrollment, staff=lead, since=started_on), by=by)
    if referral is not None:
        _refer(enrollment, referral, by=by)
    return client


@action(Verb.INTAKE_CLIENT)
def look_for_likes(*, by: Asker, names: Iterable[str], birth_date: str, ways: Iterable[str]) -> Likes:
    """Who is here already with like details. Logged, so that nobody can try out names unseen."""
    found = likes(by, names=names, birth_date=birth_date, ways=ways)
    if found:
        by.trail.saw(found.elsewhere)
        by.trail.say(f"like details: {len(found.own)} within reach, {len(found.elsewhere)} beyond")
    return found


@action(Verb.INTAKE_CLIENT)
def tell_of_likes(*, by: Asker, client: Client, elsewhere: Iterable[Client]) -> int:
    """Tell those who answer for the other clients that somebody with like details was taken in. How many were told."""
    told = 0
    for other in elsewhere:
        text = format_lazy(
            _("{who} took in a client ({new}) with details like those of {code}. Please see whether they are one."),
            who=by.name,
            new=client.code,
            code=other.code,
        )
        answering = care().answer_for(by.agency_id, other.pk)
        told += len(tell(by=by, to=answering, kind=LIKE_DETAILS, text=text, client_id=other.pk))
    return told


def _refer(enrollment: Enrollment, referral: ReferredBy, *, by: Asker) -> None:
    store(
        Referral(
            enrollment=enrollment,
            direction=Direction.IN,
            on=enrollment.started_on,
            organization=referral.organization,
            reason=referral.reason,
        ),
        by=by,
    )
