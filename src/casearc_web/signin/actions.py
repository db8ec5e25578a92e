"""Invitations, passwords, second factors and sessions: what changes how somebody signs in."""

from __future__ import annotations

from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from casearc_web.access.actions import action
from casearc_web.access.asker import Asker
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import StaffMember
from casearc_web.signin.codes import digest_of, made_code
from casearc_web.signin.events import happened
from casearc_web.signin.models import Invitation, InvitationReason, SignedIn
from casearc_web.signin.sessions import stored_key

VALID_FOR = timedelta(hours=72)
"""How long an invitation can be used."""


@action(Verb.MANAGE_STAFF)
def invite(*, by: Asker, staff: StaffMember) -> str:
    """Invite somebody to set up how they sign in; the code is told once, and earlier invitations end."""
    by.trail.say("invited to set up sign-in")
    return make_invitation(staff, InvitationReason.NEW)


@action(Verb.MANAGE_STAFF)
def reset(*, by: Asker, staff: StaffMember) -> str:
    """For a lost password, passkey or phone: end all sessions and second factors, and invite anew."""
    by.trail.say("sign-in reset; invited to set it up again")
    shut(staff)
    return make_invitation(staff, InvitationReason.LOST)


@action(Verb.MANAGE_STAFF)
def end_sessions(*, by: Asker, staff: StaffMember) -> StaffMember:
    """Sign somebody out everywhere, as when their account is closed."""
    by.trail.say("signed out everywhere")
    SignedIn.objects.filter(staff=staff).delete()
    return staff


@action(Verb.CHANGE_SIGN_IN)
def end_other_sessions(*, by: Asker, keep: str) -> int:
    """Sign oneself out everywhere but here; how many sign-ins ended."""
    by.trail.say("ended other sign-ins")
    others = SignedIn.objects.filter(staff_id=by.staff_id).exclude(session_key=stored_key(keep))
    return others.delete()[0]


def make_invitation(staff: StaffMember, reason: InvitationReason) -> str:
    """Make an invitation in place of earlier ones; its code. Part of an action, or of `setup`."""
    Invitation.objects.filter(staff=staff, used_at=None).delete()
    code = made_code()
    Invitation.objects.create(staff=staff, reason=reason, digest=digest_of(code), expires_at=timezone.now() + VALID_FOR)
    return code


def shut(staff: StaffMember) -> None:
    """Take away password, second factors and sessions."""
    Authenticator.objects.filter(user=staff).delete()
    SignedIn.objects.filter(staff=staff).delete()
    staff.set_unusable_password()
    staff.save(update_fields=["password"])


@transaction.atomic
def set_password(staff: StaffMember, password: str, *, keep: str | None, why: str) -> None:
    """Store a password, and end every session but the one that set it."""
    staff.set_password(password)
    staff.save(update_fields=["password"])
    others = SignedIn.objects.filter(staff=staff)
    (others.exclude(session_key=stored_key(keep)) if keep else others).delete()
    happened(staff, Verb.CHANGE_SIGN_IN, why)


@transaction.atomic
def use_up(invitation_id: int) -> bool:
    """Spend an invitation; whether it was still there to be spent."""
    unspent = Invitation.objects.filter(pk=invitation_id, used_at=None, expires_at__gt=timezone.now())
    return unspent.update(used_at=timezone.now()) == 1
