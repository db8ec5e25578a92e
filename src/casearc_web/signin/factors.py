"""Second factors: which somebody has, and where they show them."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.base import SessionBase
from django.db.models import QuerySet
from django.urls import reverse

from casearc_web import configuration
from casearc_web.agencies.models import StaffMember
from casearc_web.signin.session import factor_shown

_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def factors_of(staff: StaffMember) -> QuerySet[Authenticator]:
    """Passkeys and the authenticator app; recovery codes stand in for these and are none."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user=staff, type__in=_FACTORS)
    return found


def has_factor(staff: StaffMember) -> bool:
    """Whether a second factor is set up."""
    return factors_of(staff).exists()


def is_tried_out(staff: StaffMember) -> bool:
    """A demo lets in by password alone: the folder says that everybody is made up, and the demo made the agency so."""
    return configuration.current().made_up and staff.agency.made_up


def has_come_in(session: SessionBase, staff: StaffMember) -> bool:
    """Whether somebody who is signed in has shown all that is asked for: a second factor, except in a demo."""
    return factor_shown(session) or is_tried_out(staff)


def way_to_show(staff: StaffMember) -> str:
    """The page where somebody shows a second factor again: passkey where they have one, else a code."""
    passkey = factors_of(staff).filter(type=Authenticator.Type.WEBAUTHN).exists()
    return reverse("mfa_reauthenticate_webauthn" if passkey else "mfa_reauthenticate")
