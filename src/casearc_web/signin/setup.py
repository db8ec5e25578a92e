"""The first administrator, made by whoever runs the server: before there is anybody who could ask."""

from __future__ import annotations

from django.db import transaction

from casearc_web.access.row_security import enter
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import Agency, RoleCode, StaffMember
from casearc_web.audit.log import Entry, append
from casearc_web.signin.actions import make_invitation, shut
from casearc_web.signin.models import InvitationReason

OPERATOR = "operator"
"""Stands in the audit log in place of a role: whoever runs the server."""


@transaction.atomic
def make_administrator(agency: Agency, *, username: str, name: str) -> str:
    """Make an administrator and invite them; the invitation's code. For `casearc web init`."""
    enter(agency.pk)
    staff = StaffMember(
        agency=agency, username=username, name=name, code=_free_code(agency), role=RoleCode.ADMINISTRATOR
    )
    staff.set_unusable_password()
    staff.save(force_insert=True)
    _log(staff, "made an administrator and invited them")
    return make_invitation(staff, InvitationReason.NEW)


@transaction.atomic
def reset_administrator(staff: StaffMember) -> str:
    """When the only administrator has lost the second factor: end it, and invite anew."""
    enter(staff.agency_id)
    shut(staff)
    _log(staff, "sign-in reset; invited to set it up again")
    return make_invitation(staff, InvitationReason.LOST)


def _log(staff: StaffMember, details: str) -> None:
    append(
        Entry(
            agency_id=staff.agency_id,
            role=OPERATOR,
            verb=Verb.MANAGE_STAFF,
            kind=staff._meta.label_lower,
            record_id=str(staff.pk),
            details=details,
        )
    )


def _free_code(agency: Agency) -> str:
    taken = set(StaffMember.objects.filter(agency=agency).values_list("code", flat=True))
    return next(code for number in range(1, len(taken) + 2) if (code := f"ADMIN{number}") not in taken)
