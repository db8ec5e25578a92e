"""How far each reach goes: the one predicate behind every list, page, form and export."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.timezone import localdate

from casearc_web.access.asker import Asker
from casearc_web.access.models import BrokenGlass
from casearc_web.access.registry import register, set_reaching
from casearc_web.access.roles import Reach
from casearc_web.agencies.models import Agency, Program, Site, StaffMember, Team
from casearc_web.clients.models import Client, VictimizationProfile
from casearc_web.enrollments.models import CareTeamMember, Enrollment, Referral, on_team
from casearc_web.vault.models import ContactWay, Identity

KEPT_AFTER_EXIT = timedelta(days=90)
"""How long those who cared for a client at the end still see the stay: to finish notes, and to take an exit back.

Their supervisor sees it as long as it is kept, the program's director anyway.
"""


class CareTeams:
    """Reach by care team, team and program."""

    def enrollments(self, by: Asker, reach: Reach) -> QuerySet[Any, Any]:
        """Ids of the enrollments within a reach."""
        if reach in (Reach.CASELOAD, Reach.TEAM):
            return _care_teams(by, reach).values("enrollment_id")
        return _programs(by, reach).values("pk")

    def clients(self, by: Asker, reach: Reach) -> QuerySet[Any, Any]:
        """Ids of the clients with an enrollment within a reach."""
        if reach in (Reach.CASELOAD, Reach.TEAM):
            return _care_teams(by, reach).values("enrollment__client_id")
        return _programs(by, reach).values("client_id")

    def pairs(self, by: Asker, reach: Reach) -> QuerySet[Any, Any]:
        """Places on care teams within a reach, with enrollment and client."""
        named = {"enrollment_reached": F("enrollment_id"), "client_reached": F("enrollment__client_id")}
        return _care_teams(by, reach).annotate(**named)


def _care_teams(by: Asker, reach: Reach) -> QuerySet[CareTeamMember]:
    """Places of the asker, or of the asker's team, on a care team today, and those held when the enrollment ended."""
    today = localdate()
    at_the_end = Q(until__isnull=False, until=F("enrollment__exited_on"))
    own = CareTeamMember.objects.filter(agency_id=by.agency_id).order_by()
    if reach == Reach.TEAM:
        within = own.filter(staff__team_id=by.team_id) if by.team_id is not None else own.none()
        return within.filter(on_team(today) | at_the_end)
    lately = at_the_end & Q(until__gte=today - KEPT_AFTER_EXIT)
    return own.filter(on_team(today) | lately, staff_id=by.staff_id)


def _programs(by: Asker, reach: Reach) -> QuerySet[Enrollment]:
    own = Enrollment.objects.filter(agency_id=by.agency_id).order_by()
    return own.filter(program_id__in=by.program_ids) if reach == Reach.PROGRAM else own.none()


def register_all() -> None:
    """Called once the apps are loaded."""
    set_reaching(CareTeams())
    for own in (Agency, Program, Site, Team, StaffMember):
        register(own)
    register(BrokenGlass, client="client_id")
    register(Client, client="pk")
    register(VictimizationProfile, client="client_id")
    register(Identity, client="client__pk")
    register(ContactWay, client="identity__client__pk")
    register(Enrollment, enrollment="pk", client="client_id")
    for model in (CareTeamMember, Referral):
        register(model, enrollment="enrollment_id", client="enrollment__client_id")
