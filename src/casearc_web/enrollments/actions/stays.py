"""Enrolling, changing dates, ending, and taking an end back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from casearc_web.access.actions import action, amend, store
from casearc_web.access.asker import Asker
from casearc_web.access.decide import Denied
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import Program, Site, StaffMember
from casearc_web.clients.models import Client
from casearc_web.enrollments.actions.care_team import check_may_care, join
from casearc_web.enrollments.intake.queries import programs_for
from casearc_web.enrollments.models import CareTeamMember, Enrollment, Part
from casearc_web.vault.birth import age_on


@action(Verb.ENROLL)
def enroll(
    *, by: Asker, client: Client, program: Program, site: Site | None, lead: StaffMember, started_on: date
) -> Enrollment:
    """Enroll a client who is here already, in another program or in the same one again."""
    if not programs_for(by).filter(pk=program.pk).exists():
        raise Denied(Verb.ENROLL, kind=program._meta.label_lower, record_id=program.pk)
    check_free(client, program)
    check_may_care(lead, by=by)
    enrollment = Enrollment(client=client, program=program, site=site, started_on=started_on)
    enrollment.age_at_start = _age(client, started_on)
    store(enrollment, by=by)
    join(enrollment, lead, by=by, part=Part.LEAD, since=started_on)
    return enrollment


@action(Verb.EDIT_ENROLLMENT)
def change_stay(*, by: Asker, enrollment: Enrollment, version: int, values: Mapping[str, Any]) -> Enrollment:
    """Correct site and days. The age at the start follows the start; the care team's end follows the exit."""
    written = dict(values)
    if "started_on" in written:
        written["age_at_start"] = _age(enrollment.client, written["started_on"])
    changed = amend(enrollment, by=by, version=version, values=written)
    if enrollment.exited_on and changed.exited_on:
        _move_ends(changed, was=enrollment.exited_on, to=changed.exited_on, by=by)
    return changed


@action(Verb.EXIT_ENROLLMENT)
def exit_enrollment(*, by: Asker, enrollment: Enrollment, version: int, values: Mapping[str, Any]) -> Enrollment:
    """End a stay on a day, for a reason, and with it the care team's work. `values`: `exited_on`, `exit_reason`."""
    ended = amend(enrollment, by=by, version=version, values=dict(values))
    if ended.exited_on is not None:
        for member in CareTeamMember.objects.filter(enrollment=ended, until__isnull=True).select_related("enrollment"):
            amend(member, by=by, version=member.version, values={"until": max(member.since, ended.exited_on)})
    return ended


@action(Verb.EXIT_ENROLLMENT)
def take_exit_back(*, by: Asker, enrollment: Enrollment, version: int) -> Enrollment:
    """Open a stay that ended by mistake or too early; whoever cared for the client at the end does so again."""
    if enrollment.exited_on is None:
        return enrollment
    check_free(enrollment.client, enrollment.program)
    opened = amend(enrollment, by=by, version=version, values={"exited_on": None, "exit_reason": ""})
    _move_ends(opened, was=enrollment.exited_on, to=None, by=by)
    return opened


def check_free(client: Client, program: Program) -> None:
    """One open enrollment a program, and none on what is left of an erased record."""
    if client.purged_at is not None:
        raise ValidationError(_("This record was erased. Take them in as a new client."), code="erased")
    if Enrollment.objects.filter(client=client, program=program, exited_on__isnull=True).exists():
        raise ValidationError(_("They are enrolled in this program already."), code="enrolled")


def _move_ends(enrollment: Enrollment, *, was: date, to: date | None, by: Asker) -> None:
    members = CareTeamMember.objects.filter(enrollment=enrollment, until=was).select_related("enrollment")
    for member in members:
        amend(member, by=by, version=member.version, values={"until": max(member.since, to) if to else None})


def _age(client: Client, day: date) -> Any:
    return age_on(client.identity.birth_date, day) if client.identity else None
