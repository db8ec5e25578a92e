"""A clock that tests set, and the codes that an authenticator app would show."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client as HttpClient
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from casearc_web.agencies.models import StaffMember

SECRET = "MADEUPSECRETFORTESTSONLYABCDEFGH"


@dataclass
class Clock:
    """What `time.time()` says, moved on."""

    ahead: float = 0.0

    def forward(self, span: timedelta) -> None:
        """Let time go by."""
        self.ahead += span.total_seconds()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Moves what allauth and the gates take for now."""
    moved, real = Clock(), time.time
    monkeypatch.setattr(time, "time", lambda: real() + moved.ahead)
    return moved


@pytest.fixture
def strict() -> HttpClient:
    """A browser whose forms must carry their token, as real ones."""
    return HttpClient(enforce_csrf_checks=True)


def set_up_app(staff: StaffMember) -> None:
    """As if somebody had set up their authenticator app, and kept their recovery codes."""
    TOTP.activate(staff, SECRET)
    RecoveryCodes.activate(staff)


def credential() -> dict[str, Any]:
    """What a device answers that makes a passkey, as it is stored."""
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    kept = AttestedCredentialData.create(bytes(16), b"made up", ES256.from_cryptography_key(public))
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    said = AuthenticatorData.create(hashlib.sha256(b"localhost").digest(), flags, 0, kept)
    asked = CollectedClientData.create(type="webauthn.create", challenge=b"made up", origin="http://localhost")
    answer = {"clientDataJSON": websafe_encode(asked)}
    answer["attestationObject"] = websafe_encode(AttestationObject.create("none", said, {}))
    name = websafe_encode(b"made up")
    return {"id": name, "rawId": name, "type": "public-key", "response": answer, "clientExtensionResults": {}}


def code_now(steps: int = 0) -> str:
    """What the app shows now, or so many half minutes later."""
    shown: str = format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + steps))
    return shown


@pytest.fixture
def with_app(request: pytest.FixtureRequest) -> Callable[[StaffMember], StaffMember]:
    """Gives somebody an app."""

    def give(staff: StaffMember) -> StaffMember:
        set_up_app(staff)
        return staff

    return give
