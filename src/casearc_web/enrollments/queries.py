"""Stays of one client, as far as the asker reaches them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.utils.timezone import localdate

from casearc_web.access.asker import Asker
from casearc_web.access.decide import find, may, note, visible
from casearc_web.access.fields import Redacted, redacted
from casearc_web.access.verbs import Verb
from casearc_web.clients.models import Client
from casearc_web.enrollments.models import CareTeamMember, Enrollment, Referral

MONTH = 30.4375


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """One enrollment with everything its page shows."""

    enrollment: Enrollment = field(repr=False)
    months: int
    now: list[CareTeamMember]
    before: list[CareTeamMember]
    referrals: list[Redacted]
    editable: bool


def months_enrolled(started_on: date, until: date) -> int:
    """Whole months of 30.4375 days from the start.

    >>> months_enrolled(date(2026, 1, 15), date(2026, 3, 1))
    1
    """
    return max(0, int((until - started_on).days / MONTH))


def stays(by: Asker, client: Client) -> list[Stay]:
    """The client's enrollments, open ones first, then the latest."""
    own = Enrollment.objects.filter(client=client).select_related("program", "site", "client")
    team = CareTeamMember.objects.select_related("staff").order_by("since", "part")
    whole = own.prefetch_related(Prefetch("care_team", queryset=team), "referrals")
    found = list(visible(by, Verb.VIEW_CASEWORK, whole))
    note(by, found)
    editable = _editable(by, client, found)
    found.sort(key=lambda one: (one.is_open, one.started_on), reverse=True)
    return [_stay(by, one, editable=one.pk in editable) for one in found]


def stay_for(by: Asker, verb: Verb, client: Client, enrollment_id: uuid.UUID) -> Enrollment:
    """One enrollment of this client to which the asker may do this."""
    whole = Enrollment.objects.filter(client=client).select_related("program", "site", "client__identity")
    return find(by, verb, whole, enrollment_id)


def member_for(by: Asker, client: Client, member_id: uuid.UUID) -> CareTeamMember:
    """One place on a care team of this client that the asker may change."""
    whole = CareTeamMember.objects.filter(enrollment__client=client).select_related("staff", "enrollment__client")
    return find(by, Verb.ASSIGN, whole, member_id)


def referral_for(by: Asker, client: Client, referral_id: uuid.UUID) -> Referral:
    """One referral of this client that the asker may change."""
    whole = Referral.objects.filter(enrollment__client=client).select_related("enrollment__client")
    return find(by, Verb.EDIT_ENROLLMENT, whole, referral_id)


def _editable(by: Asker, client: Client, found: list[Enrollment]) -> set[uuid.UUID]:
    """Broken glass shows stays that may not be changed."""
    if not may(by, Verb.EDIT_ENROLLMENT):
        return set()
    if client.pk not in by.opened:
        return {one.pk for one in found}
    own: QuerySet[Enrollment] = visible(by, Verb.EDIT_ENROLLMENT, Enrollment.objects.filter(client=client))
    return set(own.values_list("pk", flat=True))


def _stay(by: Asker, one: Enrollment, *, editable: bool) -> Stay:
    today = localdate()
    team = list(one.care_team.all())
    now = [member for member in team if member.until is None or member.until > today]
    return Stay(
        enrollment=one,
        months=months_enrolled(one.started_on, one.exited_on or today),
        now=now,
        before=[member for member in team if member not in now],
        referrals=[redacted(by, referral) for referral in one.referrals.all()],
        editable=editable,
    )
