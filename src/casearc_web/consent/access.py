"""How the ledger is reached: through the client."""

from __future__ import annotations

from casearc_web.access.registry import register
from casearc_web.consent.models import (
    Authorization,
    AuthorizedCategory,
    BarredSigner,
    Consent,
    Disclosure,
    Revocation,
    Signature,
)

LEDGER = (Authorization, AuthorizedCategory, BarredSigner, Consent, Disclosure, Revocation, Signature)


def register_all() -> None:
    """Called once the apps are loaded."""
    for model in LEDGER:
        register(model, client="client_id")
