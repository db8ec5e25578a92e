"""A client's record as months of work leave it: every list has something in it, and every kind of mark is shown."""

from __future__ import annotations

from django.utils import timezone

from casearc_web.audit.checks import check
from casearc_web.casework import actions as casework
from casearc_web.casework.models import CaseworkRules, ContactTemplate, ServiceKind
from casearc_web.casework.setup import default_services
from casearc_web.clients.actions.glass import break_glass
from casearc_web.clients.actions.identity import add_way
from casearc_web.consent import actions as consents
from casearc_web.consent.codes import Category, ConsentKind, Relation
from casearc_web.enrollments.actions.referrals import refer
from web.cast import Cast
from web.consent.giving import consent, give
from web.earlier import two_assessments, two_goals


def fill(cast: Cast) -> None:
    """Of Acacia."""
    _contacts(cast)
    two_assessments(cast)
    two_goals(cast)
    _permissions(cast)
    by, stay, today = cast.by(cast.cleo), cast.enrollment_of(cast.acacia), timezone.localdate()
    times = {"days": [0, 2, 4], "from": "15:00", "until": "18:00"}
    for permission, more in (("never", {}), ("care", {"hours": times, "words": "Made up: about the library book."})):
        way = {"channel": "text", "value": "555 010 4478", "permission": permission, **more}
        add_way(by=by, identity=cast.acacia.identity, values=way)
    values = {"direction": "out", "on": today, "organization": "Made-up clinic", "reason": "services", "details": ""}
    refer(by=by, enrollment=stay, values=values)
    break_glass(by=cast.by(cast.carl), client=cast.acacia, reason="Made-up emergency at the bus station")
    check(cast.riverbend.pk)


def _contacts(cast: Cast) -> None:
    """One by the case manager that waits to be signed, one that reached nobody, and a template."""
    agency, north = cast.riverbend, cast.north
    default_services(agency)
    CaseworkRules.objects.update_or_create(
        program=north, defaults={"agency": agency, "signing": "everybody", "contact_every_days": 7}
    )
    ContactTemplate.objects.create(
        agency=agency, program=north, name="Home visit", services=["food"], headings=["Mood", "Plan"]
    )
    services = {kind.pk: None for kind in ServiceKind.objects.filter(agency=agency, code__in=("food", "counseling"))}
    today, stay = timezone.localdate(), cast.enrollment_of(cast.acacia)
    met = casework.Facts(on=today, minutes=30, note="Made up.\nTwo lines.", next_step="Call.")
    tried = casework.Facts(on=today, minutes=None, note="", outcome="attempted", medium="phone")
    for facts, given in ((met, services), (tried, {})):
        casework.record_contact(by=cast.by(cast.cleo), enrollment=stay, facts=facts, services=given)


def _permissions(cast: Cast) -> None:
    """A permission under which something was disclosed, and a consent to research."""
    by, who = cast.by(cast.sue), cast.acacia
    one = give(by, who)
    consents.disclose(by=by, authorization=one, categories=[Category.IDENTITY], delivery="handed")
    consent(by, who, ConsentKind.RESEARCH_ASSENT, Relation.CLIENT)
