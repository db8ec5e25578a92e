"""What can be transferred, and to whom."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import QuerySet

from casearc_web.access.asker import Asker
from casearc_web.access.decide import visible
from casearc_web.access.roles import ROLES, Reach, reach_of
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import StaffMember
from casearc_web.enrollments.models import CareTeamMember

CARING = tuple(code for code in ROLES if reach_of(code, Verb.WRITE_CASEWORK) > Reach.NOBODY)
"""Roles that work with clients."""


def transferable(by: Asker, giver: StaffMember) -> QuerySet[CareTeamMember]:
    """Somebody's places on care teams of open stays that the asker may transfer, the longest first."""
    places = CareTeamMember.objects.filter(staff=giver, until__isnull=True, enrollment__exited_on__isnull=True)
    own = visible(replace(by, opened=frozenset()), Verb.TRANSFER_CASELOAD, places)
    return own.select_related("enrollment__client__identity", "enrollment__program", "staff").order_by("since", "pk")


def givers(by: Asker) -> QuerySet[StaffMember]:
    """Colleagues who care for clients that the asker may transfer; also those whose account is closed."""
    places = CareTeamMember.objects.filter(until__isnull=True, enrollment__exited_on__isnull=True)
    own = visible(replace(by, opened=frozenset()), Verb.TRANSFER_CASELOAD, places)
    return StaffMember.objects.filter(agency_id=by.agency_id, pk__in=own.order_by().values("staff_id")).order_by("name")


def caring_staff(by: Asker) -> QuerySet[StaffMember]:
    """Everybody of the agency whose role is to work with clients."""
    return StaffMember.objects.filter(agency_id=by.agency_id, is_active=True, role__in=CARING).order_by("name")
