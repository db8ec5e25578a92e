"""Sign-ins, failures, sign-outs and changes of a second factor, as the audit log tells them.

Never a name, password or code that somebody typed.
"""

from __future__ import annotations

from django.db import transaction

from casearc_web.access.row_security import enter, leave
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import Agency, StaffMember
from casearc_web.audit.log import Entry, append
from casearc_web.audit.models import Outcome


def happened(staff: StaffMember, verb: Verb, details: str, *, outcome: Outcome = Outcome.DONE) -> None:
    """Log something that a staff member did with their sign-in."""
    append(
        Entry(
            agency_id=staff.agency_id,
            staff_id=staff.pk,
            role=staff.role,
            verb=verb,
            outcome=outcome,
            kind=staff._meta.label_lower,
            record_id=str(staff.pk),
            details=details,
        )
    )


def failed(username: str, details: str) -> None:
    """Log a sign-in that failed.

    An unknown name is logged, without the name, where there is one agency. Where there are several nobody knows whose
    it is, and the same work is done for nothing, so that the answer takes as long.
    """
    staff = StaffMember.objects.filter(username__iexact=username).first() if username else None
    if staff is not None:
        enter(staff.agency_id)
        happened(staff, Verb.SIGN_IN, details, outcome=Outcome.FAILED)
    else:
        _failed_stranger(details)
    leave()


def _failed_stranger(details: str) -> None:
    agencies = list(Agency.objects.all()[:2])
    if not agencies:
        return
    enter(agencies[0].pk)
    with transaction.atomic():
        append(
            Entry(
                agency_id=agencies[0].pk,
                verb=Verb.SIGN_IN,
                outcome=Outcome.FAILED,
                details=f"{details}; no such user name",
            )
        )
        transaction.set_rollback(len(agencies) > 1)
