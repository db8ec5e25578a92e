"""The transfer of a caseload: all or some of one colleague's clients to another, as of a day, in one action."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casearc_web.access.actions import action, amend, store
from casearc_web.access.asker import Asker
from casearc_web.access.notices import tell
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import StaffMember
from casearc_web.enrollments.actions.care_team import check_may_care
from casearc_web.enrollments.models import CareTeamMember, Part
from casearc_web.enrollments.transferable import transferable

TRANSFERRED = "transferred"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transferred:
    """How many stays changed hands, and from which day."""

    count: int
    as_of: date


@action(Verb.TRANSFER_CASELOAD)
def transfer(
    *, by: Asker, giver: StaffMember, taker: StaffMember, members: Collection[CareTeamMember], as_of: date
) -> Transferred:
    """Hand over the memberships of `giver` to `taker` from a day on; both are told.

    Raises
    ------
    ValidationError
        One of them is not the giver's any more, or not within the asker's reach: nothing is changed.
    """
    check_may_care(taker, by=by)
    if giver.pk == taker.pk:
        raise ValidationError(_("Choose two different people."), code="same")
    wanted = {member.pk for member in members}
    found = list(transferable(by, giver).filter(pk__in=wanted))
    if not wanted or len(found) != len(wanted):
        raise ValidationError(_("This caseload has changed since you opened the page. Look again."), code="changed")
    for member in found:
        _hand_over(member, taker, as_of=as_of, by=by)
    by.trail.saw(member.enrollment.client_id for member in found)
    _tell_both(giver, taker, len(found), by=by)
    return Transferred(count=len(found), as_of=as_of)


def _hand_over(member: CareTeamMember, taker: StaffMember, *, as_of: date, by: Asker) -> None:
    day = max(as_of, member.since)
    amend(member, by=by, version=member.version, values={"until": day})
    there = CareTeamMember.objects.filter(enrollment_id=member.enrollment_id, staff=taker, until__isnull=True)
    already = there.select_related("enrollment").first()
    if already is not None:
        if member.part != Part.LEAD or already.part == Part.LEAD:
            return
        amend(already, by=by, version=already.version, values={"until": max(day, already.since)})
    store(CareTeamMember(enrollment=member.enrollment, staff=taker, part=member.part, since=day), by=by)


def _tell_both(giver: StaffMember, taker: StaffMember, count: int, *, by: Asker) -> None:
    words = {"who": by.name, "giver": giver.name, "taker": taker.name, "count": count}
    text = format_lazy(gettext_lazy("{who} transferred clients from {giver} to {taker}: {count}."), **words)
    tell(by=by, to=[giver, taker], kind=TRANSFERRED, text=text)
