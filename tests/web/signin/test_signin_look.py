"""Signing in works in a real browser: by passkey, by app, without JavaScript."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from casearc_web.agencies.models import StaffMember
from casearc_web.signin import actions
from casearc_web.signin.models import SignedIn
from casearc_web.signin.sessions import ACTIVE, SessionStore
from web.cast import Cast, make_cast
from web.signin.conftest import set_up_app

NEW = "words that nobody has used yet"


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """The cast, where the live server sees them."""
    return make_cast()


@pytest.fixture
def home(live_server: object) -> str:
    """Where the live server is; passkeys need the name, not the number."""
    url: str = live_server.url
    return url.replace("127.0.0.1", "localhost")


def with_passkeys(page: Page) -> None:
    """A device that keeps passkeys and always finds its owner."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def open_invitation(page: Page, home: str, code: str) -> None:
    page.goto(f"{home}/invitation/")
    page.get_by_label("Code of your invitation").fill(code)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("New password", exact=True).fill(NEW)
    page.get_by_label("The same once more").fill(NEW)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How do you show that it is you?")


def give_password(page: Page, home: str, name: str, password: str) -> None:
    page.goto(f"{home}/sign-in/")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_passkey_from_invitation_to_sign_in_and_again(cast: Cast, either: Page, home: str) -> None:
    page = either
    with_passkeys(page)
    open_invitation(page, home, actions.invite(by=cast.by(cast.ada), staff=cast.cleo))
    page.get_by_role("link", name="Set up a passkey").click()
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    assert Authenticator.objects.filter(user=cast.cleo, type="webauthn").count() == 1

    page.context.clear_cookies()
    page.goto(f"{home}/sign-in/")
    page.get_by_role("button", name="Use a passkey instead").click()
    page.wait_for_url(f"{home}/")
    assert SignedIn.objects.filter(staff=cast.cleo, started_at__isnull=False).exists()

    page.context.clear_cookies()
    give_password(page, home, "cleo", NEW)
    page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_url(f"{home}/")

    page.goto(f"{home}/sign-in/again/passkey/?next=/account/")
    page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_url(f"{home}/account/")


def test_app_without_javascript(cast: Cast, without_script: Page, home: str) -> None:
    page = without_script
    open_invitation(page, home, actions.invite(by=cast.by(cast.ada), staff=cast.cleo))
    page.get_by_role("link", name="Set up an app").click()
    key = page.locator("#key").inner_text()
    page.get_by_label("The six digits").fill(format_hotp_value(hotp_value(key, int(time.time()) // 30)))
    page.get_by_role("button", name="Set up the app").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    assert len(page.locator(".codes li").all()) == 10
    page.context.clear_cookies()
    give_password(page, home, "cleo", NEW)
    page.get_by_label("Code").fill(format_hotp_value(hotp_value(key, int(time.time()) // 30 + 1)))
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(f"{home}/")


def test_somebody_who_was_away_is_told_so(
    cast: Cast, without_script: Page, home: str, signed_in_page: Callable[..., Page]
) -> None:
    set_up_app(cast.cleo)
    page = signed_in_page(cast.cleo, without_script)
    page.goto(f"{home}/account/")
    _fall_asleep(cast.cleo)
    page.get_by_role("button", name="Sign out everywhere else").click()
    expect(page.get_by_text("nothing happened for 15 minutes")).to_be_visible()


def _fall_asleep(staff: StaffMember) -> None:
    """As if a quarter of an hour had passed."""
    row = SignedIn.objects.get(staff=staff)
    content = SessionStore().decode(row.session_data)
    content[ACTIVE] -= 16 * 60
    SignedIn.objects.filter(pk=row.pk).update(session_data=SessionStore().encode(content))
