"""Who cares for a client and who answers for them, as `clients` asks for it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence

from django.db.models import F, Q, QuerySet
from django.utils.timezone import localdate

from casearc_web.access.asker import Asker
from casearc_web.agencies.models import RoleCode, StaffMember
from casearc_web.clients.care import Carer
from casearc_web.enrollments.models import CareTeamMember, Enrollment, on_team
from casearc_web.records.among import among


class CareOfEnrollments:
    """Answers from care teams, teams and programs."""

    def carers(self, by: Asker, client_id: uuid.UUID) -> Sequence[Carer]:
        """The care teams of the client's open enrollments."""
        members = _now(by.agency_id, client_id).select_related("staff", "enrollment__program")
        return [
            Carer(name=member.staff.name, part=member.get_part_display(), program=member.enrollment.program.name)
            for member in members.order_by("part", "since")
        ]

    def programs(self, by: Asker, client_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
        """The programs of each client in words, open enrollments first."""
        stays = Enrollment.objects.filter(among("client_id", client_ids), agency_id=by.agency_id)
        found: dict[uuid.UUID, list[str]] = defaultdict(list)
        for client_id, name in stays.order_by(F("exited_on").desc(nulls_first=True)).values_list(
            "client_id", "program__name"
        ):
            if name not in found[client_id]:
                found[client_id].append(name)
        return {client_id: ", ".join(names) for client_id, names in found.items()}

    def answer_for(self, agency_id: uuid.UUID, client_id: uuid.UUID) -> Sequence[StaffMember]:
        """Supervisors of the care team's teams and directors of the programs; where there are none, all there are."""
        staff = StaffMember.objects.filter(agency_id=agency_id, is_active=True)
        stays = Enrollment.objects.filter(agency_id=agency_id, client_id=client_id)
        teams = _now(agency_id, client_id).values("staff__team_id")
        supervisors = Q(role=RoleCode.SUPERVISOR, team_id__in=teams)
        directors = Q(role=RoleCode.DIRECTOR, programs__in=stays.values("program_id"))
        nearest = list(staff.filter(supervisors | directors).distinct())
        return nearest or list(staff.filter(role__in=(RoleCode.SUPERVISOR, RoleCode.DIRECTOR)))


def _now(agency_id: uuid.UUID, client_id: uuid.UUID) -> QuerySet[CareTeamMember]:
    on_it = CareTeamMember.objects.filter(on_team(localdate()), agency_id=agency_id)
    return on_it.filter(enrollment__client_id=client_id, enrollment__exited_on=None)
