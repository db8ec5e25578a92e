"""Two made-up agencies with a word planted where it must never be read: in the log and in a second factor."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt

from casearc_web.audit.log import Entry, append
from web.cast import Cast, make_cast

PASSPHRASE = "seven made up words for a test"
ANOTHER = "quite another set of words"
PLANTED = "Marker-Pseudonym-Quetzal-4711"


def planted_agencies() -> Cast:
    """The cast, five events an agency, and an administrator's second factor."""
    cast = make_cast()
    for agency in (cast.riverbend, cast.farshore):
        for number in range(5):
            append(Entry(agency_id=agency.pk, verb="view_client", details=f"{PLANTED} {number}"))
    Authenticator.objects.create(user=cast.ada, type=Authenticator.Type.TOTP, data={"secret": encrypt(PLANTED)})
    return cast
