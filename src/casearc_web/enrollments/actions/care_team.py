"""Who cares for a client: joining a care team and leaving it."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casearc_web.access.actions import action, amend, store
from casearc_web.access.asker import Asker
from casearc_web.access.notices import tell
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import StaffMember
from casearc_web.enrollments.models import CareTeamMember, Enrollment, Part
from casearc_web.enrollments.transferable import CARING

ASSIGNED = "assigned"


def may_care(staff: StaffMember) -> bool:
    """Whether somebody's role lets them work with clients."""
    return staff.is_active and staff.role in CARING


def check_may_care(staff: StaffMember, *, by: Asker) -> None:
    """Only staff of the agency whose role is to work with clients."""
    if staff.agency_id != by.agency_id or not may_care(staff):
        raise ValidationError(_("This colleague cannot care for clients: their role or account does not allow it."))


@action(Verb.ASSIGN)
def add_to_care_team(
    *, by: Asker, enrollment: Enrollment, staff: StaffMember, part: str, since: date, until: date | None = None
) -> CareTeamMember:
    """Put somebody on a care team from one day, until another where they only cover. They are told."""
    check_may_care(staff, by=by)
    if enrollment.exited_on is not None:
        raise ValidationError(_("This enrollment has ended."), code="ended")
    if until is not None and until <= since:
        raise ValidationError(_("The end lies before the beginning."), code="order")
    _check_alone(enrollment, staff, part=part, since=since, until=until)
    return join(enrollment, staff, by=by, part=part, since=since, until=until)


@action(Verb.ASSIGN)
def end_care(*, by: Asker, member: CareTeamMember, version: int, until: date | None) -> CareTeamMember:
    """Take somebody off a care team from a day on, or change that day. From then on they do not see the client."""
    if until is not None and until < member.since:
        raise ValidationError(_("The end lies before the beginning."), code="order")
    return amend(member, by=by, version=version, values={"until": until})


def join(
    enrollment: Enrollment, staff: StaffMember, *, by: Asker, part: str, since: date, until: date | None = None
) -> CareTeamMember:
    """Within an action: store the membership and tell the one who joins."""
    member = CareTeamMember(enrollment=enrollment, staff=staff, part=part, since=since, until=until)
    store(member, by=by)
    text = format_lazy(
        gettext_lazy("{who} put you on the care team of {code}."), who=by.name, code=enrollment.client.code
    )
    tell(by=by, to=[staff], kind=ASSIGNED, text=text, client_id=enrollment.client_id)
    return member


def _check_alone(
    enrollment: Enrollment, staff: StaffMember, *, part: str, since: date, until: date | None
) -> None:
    """Nobody is on a team twice at once, and it has one case manager at a time."""
    overlaps = Q(until__isnull=True) | Q(until__gt=since)
    if until is not None:
        overlaps &= Q(since__lt=until)
    meanwhile = CareTeamMember.objects.filter(overlaps, enrollment=enrollment)
    if meanwhile.filter(staff=staff).exists():
        raise ValidationError(_("They are on this care team already in that time."), code="twice")
    if part == Part.LEAD and meanwhile.filter(part=Part.LEAD).exists():
        message = _("There is a case manager in that time. End their part first, or transfer the client.")
        raise ValidationError(message, code="two_leads")
