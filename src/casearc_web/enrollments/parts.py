"""What the apps below show on the start page, and what they ask before an account is closed."""

from __future__ import annotations

from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import StaffMember
from casearc_web.consent.categories import register as register_category
from casearc_web.consent.codes import Category
from casearc_web.enrollments.disclosed import stays
from casearc_web.enrollments.due import register as register_due
from casearc_web.enrollments.home import HomePart, add_part
from casearc_web.enrollments.models import CareTeamMember
from casearc_web.enrollments.permissions_due import permissions_due
from casearc_web.staff.ties import Tie, register_tie
from casearc_web.staff.today import accounts_today, log_today


def add_parts() -> None:
    """Called once the apps are loaded."""
    add_part(HomePart(template="staff/parts/accounts.html", context=accounts_today, verb=Verb.MANAGE_STAFF, order=10))
    add_part(HomePart(template="staff/parts/log.html", context=log_today, verb=Verb.MANAGE_STAFF, order=90))
    register_tie(cares_for)
    register_category(Category.ENROLLMENT, stays)
    register_due(permissions_due)


def cares_for(staff: StaffMember) -> Tie | None:
    """How many open stays somebody is on the care team of: they must be transferred before the account is closed."""
    places = CareTeamMember.objects.filter(agency_id=staff.agency_id, staff=staff, until__isnull=True)
    count = places.filter(enrollment__exited_on__isnull=True).count()
    return Tie(count=count) if count else None
