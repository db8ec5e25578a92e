"""Reading one's own sign-ins, and invitations by their code."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from casearc_web.access.asker import Asker
from casearc_web.signin.codes import digest_of
from casearc_web.signin.models import Invitation, SignedIn


def invitation_by_code(code: str) -> Invitation | None:
    """The invitation that a code opens: not used, not too old, of somebody who may sign in."""
    open_ones = _open_ones().select_related("staff")
    return open_ones.filter(digest=digest_of(code)).first()


def open_invitation(invitation_id: int) -> Invitation | None:
    """The same, by its number, for a session that has shown the code."""
    return _open_ones().select_related("staff").filter(pk=invitation_id).first()


def own_sign_ins(*, by: Asker) -> QuerySet[SignedIn]:
    """Sessions of the asker that are not over, newest first."""
    return SignedIn.objects.filter(staff_id=by.staff_id, expire_date__gt=timezone.now())


def _open_ones() -> QuerySet[Invitation]:
    return Invitation.objects.filter(used_at=None, expires_at__gt=timezone.now(), staff__is_active=True)
