"""An account is opened by one code, once, within three days; and a lost factor closes it until the next code."""

from __future__ import annotations

import base64
import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.http import HttpResponse
from django.test import Client as HttpClient
from django.utils import timezone

from casearc_web.access.decide import Denied
from casearc_web.agencies.models import RoleCode, StaffMember
from casearc_web.audit.models import AuditDetail, AuditEvent
from casearc_web.signin import actions
from casearc_web.signin.codes import LETTERS
from casearc_web.signin.models import Invitation, SignedIn
from casearc_web.signin.setup import make_administrator, reset_administrator
from web.cast import Cast, sign_in
from web.signin.conftest import Clock, set_up_app

NEW = "words that nobody has used yet"


def redeem(client: HttpClient, code: str) -> HttpResponse:
    client.post("/invitation/", {"code": code})
    return client.post("/invitation/password/", {"new_password1": NEW, "new_password2": NEW})


def set_up(client: HttpClient, clock: Clock) -> HttpResponse:
    """Scan the picture (read the key beside it) and type what the app shows."""
    page = client.get("/account/app/").content.decode()
    key = re.search(r'id="key">([A-Z2-7]+)<', page)
    assert key is not None
    shown = format_hotp_value(hotp_value(key[1], int(time.time()) // 30))
    return client.post("/account/app/", {"code": shown})


def test_from_code_to_first_page(cast: Cast, client: HttpClient, clock: Clock) -> None:
    code = actions.invite(by=cast.by(cast.ada), staff=cast.cleo)
    assert redeem(client, code.lower().replace("-", " ")).url == "/account/set-up/"
    assert client.get("/account/").url == "/account/set-up/"
    assert set_up(client, clock).url == "/account/recovery-codes/"
    page = client.get("/account/recovery-codes/").content.decode()
    assert len(re.findall(r"<li><code>\d{10}</code>", page)) == 10
    assert "<li><code>" not in client.get("/account/recovery-codes/").content.decode()
    assert client.get("/account/").status_code == 200


def test_a_code_is_long_and_kept_as_a_digest(cast: Cast) -> None:
    code = actions.invite(by=cast.by(cast.ada), staff=cast.cleo)
    assert re.fullmatch(f"([{LETTERS}]{{5}}-){{4}}[{LETTERS}]{{5}}", code)
    kept = str(Invitation.objects.values())
    assert code not in kept
    assert code.replace("-", "") not in kept


def test_a_code_is_used_up_by_the_set_up(cast: Cast, client: HttpClient, clock: Clock) -> None:
    code = actions.invite(by=cast.by(cast.ada), staff=cast.cleo)
    redeem(client, code)
    set_up(client, clock)
    assert redeem(HttpClient(), code).url == "/invitation/"


def test_a_set_up_can_be_taken_up_again(cast: Cast, clock: Clock) -> None:
    code = actions.invite(by=cast.by(cast.ada), staff=cast.cleo)
    redeem(HttpClient(), code)
    second = HttpClient()
    assert redeem(second, code).url == "/account/set-up/"
    assert set_up(second, clock).url == "/account/recovery-codes/"


def test_two_with_one_code_do_not_both_come_in(cast: Cast, client: HttpClient, clock: Clock) -> None:
    code = actions.invite(by=cast.by(cast.ada), staff=cast.cleo)
    redeem(client, code)
    redeem(other := HttpClient(), code)
    assert client.get("/account/app/").url.startswith("/sign-in/")  # the second password ended the first session
    assert set_up(other, clock).url == "/account/recovery-codes/"
    assert Authenticator.objects.filter(user=cast.cleo, type="totp").count() == 1


@pytest.mark.parametrize("hours", [71, 73])
def test_a_code_is_good_for_three_days(cast: Cast, client: HttpClient, hours: int) -> None:
    code = actions.invite(by=cast.by(cast.ada), staff=cast.cleo)
    Invitation.objects.update(expires_at=timezone.now() + timedelta(hours=72 - hours))
    assert redeem(client, code).url == ("/account/set-up/" if hours < 72 else "/invitation/")


def test_a_new_code_ends_the_one_before(cast: Cast, client: HttpClient) -> None:
    first = actions.invite(by=cast.by(cast.ada), staff=cast.cleo)
    actions.invite(by=cast.by(cast.ada), staff=cast.cleo)
    assert redeem(client, first).url == "/invitation/"


def test_wrong_old_and_used_codes_are_answered_alike(cast: Cast, client: HttpClient, clock: Clock) -> None:
    used = actions.invite(by=cast.by(cast.ada), staff=cast.cleo)
    redeem(client, used)
    set_up(client, clock)
    old = actions.invite(by=cast.by(cast.ada), staff=cast.carl)
    Invitation.objects.filter(staff=cast.carl).update(expires_at=timezone.now())
    wrong = "AAAAA-AAAAA-AAAAA-AAAAA-AAAAA"
    errors = {
        str(HttpClient().post("/invitation/", {"code": code}).context["form"].errors) for code in (used, old, wrong)
    }
    assert len(errors) == 1


@pytest.mark.parametrize("password", ["short words", "password123456", "Cleo (made up)!"])
def test_weak_passwords_are_refused(cast: Cast, client: HttpClient, password: str) -> None:
    client.post("/invitation/", {"code": actions.invite(by=cast.by(cast.ada), staff=cast.cleo)})
    page = client.post("/invitation/password/", {"new_password1": password, "new_password2": password})
    assert page.status_code == 200
    assert page.context["form"].errors


def test_the_password_page_needs_the_code_first(cast: Cast, client: HttpClient) -> None:
    assert client.get("/invitation/password/").url == "/invitation/"
    assert client.post("/invitation/password/", {"new_password1": NEW, "new_password2": NEW}).url == "/invitation/"


def test_password_alone_does_not_finish_a_set_up(cast: Cast, client: HttpClient) -> None:
    redeem(client, actions.invite(by=cast.by(cast.ada), staff=cast.carl))
    page = HttpClient().post("/sign-in/", {"login": "carl", "password": NEW})
    assert page.status_code == 200
    assert page.context["form"].errors


@pytest.mark.parametrize("who", ["cleo", "sue", "dora", "eve"])
def test_only_administrators_invite_and_reset(cast: Cast, who: str) -> None:
    by = cast.by(getattr(cast, who))
    for action in (actions.invite, actions.reset, actions.end_sessions):
        with pytest.raises(Denied):
            action(by=by, staff=cast.carl)
    assert not Invitation.objects.exists()


def test_administrators_invite_within_their_agency(cast: Cast) -> None:
    with pytest.raises(Denied):
        actions.invite(by=cast.by(cast.ada), staff=cast.faye)


def test_a_reset_closes_the_account_until_the_new_code(cast: Cast, client: HttpClient, clock: Clock) -> None:
    set_up_app(cast.cleo)
    sign_in(client, cast.cleo)
    code = actions.reset(by=cast.by(cast.ada), staff=cast.cleo)
    assert client.get("/account/").url.startswith("/sign-in/")
    assert not Authenticator.objects.filter(user=cast.cleo).exists()
    assert not SignedIn.objects.filter(staff=cast.cleo).exists()
    assert not StaffMember.objects.get(pk=cast.cleo.pk).has_usable_password()
    redeem(client, code)
    assert set_up(client, clock).status_code == 302


def test_inviting_is_logged_without_the_code(cast: Cast) -> None:
    code = actions.reset(by=cast.by(cast.ada), staff=cast.cleo)
    event = AuditEvent.objects.get(verb="manage_staff")
    assert (event.staff_id, event.record_id) == (cast.ada.pk, str(cast.cleo.pk))
    words = event.detail.text
    assert words == "sign-in reset; invited to set it up again"
    assert code not in words


def test_the_first_administrator(cast: Cast, client: HttpClient) -> None:
    code = make_administrator(cast.riverbend, username="first", name="First (made up)")
    staff = StaffMember.objects.get(username="first")
    assert (staff.role, staff.agency) == (RoleCode.ADMINISTRATOR, cast.riverbend)
    assert redeem(client, code).url == "/account/set-up/"
    assert redeem(HttpClient(), reset_administrator(staff)).url == "/account/set-up/"
    assert list(AuditEvent.objects.filter(role="operator").values_list("verb", flat=True)) == ["manage_staff"] * 2
    assert code not in str(list(AuditDetail.objects.values_list("text", flat=True)))


def test_the_picture_is_part_of_the_page(cast: Cast, client: HttpClient) -> None:
    redeem(client, actions.invite(by=cast.by(cast.ada), staff=cast.cleo))
    page = client.get("/account/app/").content.decode()
    picture = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', page)
    assert picture is not None
    assert base64.b64decode(picture[1]).startswith(b"<?xml")
