"""Making, changing, closing and opening accounts. Nobody changes their own role; one administrator always remains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from casearc_web.access.actions import action, amend, store
from casearc_web.access.asker import Asker
from casearc_web.access.notices import tell
from casearc_web.access.roles import Reach, reach_of
from casearc_web.access.row_security import as_stranger
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import Program, RoleCode, StaffMember
from casearc_web.records.changes import ConflictError
from casearc_web.signin.actions import end_sessions
from casearc_web.staff.queries import active_administrators
from casearc_web.staff.ties import ties

ACCOUNT = "account"


@action(Verb.MANAGE_STAFF)
def make_account(*, by: Asker, values: Mapping[str, Any], programs: Iterable[Program]) -> StaffMember:
    """A new account, which nobody can use until its owner has been invited. Directors hear of it."""
    check_names(by, username=values["username"], code=values["code"])
    _check_own(by, values, programs)
    staff = StaffMember(**values)
    staff.set_unusable_password()
    store(staff, by=by)
    staff.programs.set(programs)
    _tell_directors(staff, by=by)
    return staff


@action(Verb.MANAGE_STAFF)
def change_account(
    *, by: Asker, staff: StaffMember, version: int, values: Mapping[str, Any], programs: Iterable[Program]
) -> StaffMember:
    """Change an account. A new role is told to the directors."""
    check_names(by, username=values["username"], code=values["code"], but=staff)
    _check_own(by, values, programs)
    stored = StaffMember.objects.select_for_update().get(pk=staff.pk)
    if values["role"] != stored.role:
        _check_role(by, stored, values["role"])
    changed = amend(staff, by=by, version=version, values=dict(values))
    changed = _set_programs(changed, version, programs, by=by)
    if changed.role != stored.role:
        _tell_directors(changed, by=by)
    return changed


@action(Verb.MANAGE_STAFF)
def close_account(*, by: Asker, staff: StaffMember, version: int) -> StaffMember:
    """From now on they cannot sign in; where they are signed in, they are signed out."""
    if staff.pk == by.staff_id:
        raise ValidationError(_("Nobody closes their own account. Ask another administrator."), code="own")
    _check_not_last(by, staff)
    _check_untied(staff)
    closed = amend(staff, by=by, version=version, values={"is_active": False})
    end_sessions(by=by, staff=closed)
    return closed


@action(Verb.MANAGE_STAFF)
def open_account(*, by: Asker, staff: StaffMember, version: int) -> StaffMember:
    """They may sign in again, once they have been invited."""
    opened = amend(staff, by=by, version=version, values={"is_active": True})
    _tell_directors(opened, by=by)
    return opened


def check_names(by: Asker, *, username: str, code: str, but: StaffMember | None = None) -> None:
    """A user name is taken once everywhere, a code once in the agency."""
    others = StaffMember.objects.exclude(pk=but.pk) if but else StaffMember.objects.all()
    with as_stranger(by.agency_id):  # behind the wall another agency's accounts are not seen
        taken = others.filter(username__iexact=username).exists()
    if taken:
        raise ValidationError({"username": _("This user name is taken. Choose another.")})
    if others.filter(agency_id=by.agency_id, code__iexact=code).exists():
        raise ValidationError({"code": _("This code is taken. Choose another.")})


def _check_own(by: Asker, values: Mapping[str, Any], programs: Iterable[Program]) -> None:
    """Teams and programs of the own agency only."""
    team = values.get("team")
    foreign = [one for one in (*programs, *([team] if team else [])) if one.agency_id != by.agency_id]
    if foreign:
        raise ValidationError(_("Choose from the list."), code="foreign")


def _check_role(by: Asker, staff: StaffMember, role: str) -> None:
    if staff.pk == by.staff_id:
        raise ValidationError({"role": _("Nobody changes their own role. Ask another administrator.")})
    _check_not_last(by, staff)
    if reach_of(role, Verb.WRITE_CASEWORK) == Reach.NOBODY:
        _check_untied(staff)


def _check_not_last(by: Asker, staff: StaffMember) -> None:
    one_of_them = staff.role == RoleCode.ADMINISTRATOR and staff.is_active
    if one_of_them and not active_administrators(by).exclude(pk=staff.pk).exists():
        raise ValidationError(_("This is the last administrator. Make another one first."), code="last")


def _check_untied(staff: StaffMember) -> None:
    count = ties(staff)
    if count:
        message = ngettext(
            "They care for %(count)s client. A supervisor or director must transfer that client first.",
            "They care for %(count)s clients. A supervisor or director must transfer them first.",
            count,
        )
        raise ValidationError(message % {"count": count}, code="tied")


def _set_programs(staff: StaffMember, opened: int, programs: Iterable[Program], *, by: Asker) -> StaffMember:
    wanted = list(programs)
    if set(staff.programs.values_list("pk", flat=True)) == {program.pk for program in wanted}:
        return staff
    staff.programs.set(wanted)
    by.trail.say("programs")
    if staff.version == opened:  # nothing else was changed, and this is a change as well
        if not StaffMember.objects.filter(pk=staff.pk, version=opened).update(version=opened + 1):
            raise ConflictError(staff, ())
        staff.version = opened + 1
    return staff


def _tell_directors(staff: StaffMember, *, by: Asker) -> None:
    """Whoever keeps accounts cannot see clients; a second account could. So those who answer for clients hear of it."""
    directors = StaffMember.objects.filter(agency_id=by.agency_id, is_active=True, role=RoleCode.DIRECTOR)
    text = format_lazy(
        gettext_lazy("{who} made or changed an account: {name}, {role}."),
        who=by.name,
        name=staff.name,
        role=RoleCode(staff.role).label,
    )
    tell(by=by, to=directors.exclude(pk=staff.pk), kind=ACCOUNT, text=text)
