"""Nobody comes in without password and second factor; guessing is stopped; every try is logged, not what was typed."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpResponse
from django.test import Client as HttpClient
from django.utils import timezone

from casearc_web.agencies.models import StaffMember
from casearc_web.audit.models import AuditDetail, AuditEvent
from casearc_web.quiet import Formatter
from casearc_web.signin.models import SignedIn
from web.cast import PASSWORD, Cast, sign_in
from web.signin.conftest import Clock, code_now, set_up_app

LOGIN, CODE = "/sign-in/", "/sign-in/code/"


def give_password(client: HttpClient, staff: StaffMember, password: str = PASSWORD, **more: str) -> HttpResponse:
    return client.post(LOGIN, {"login": staff.username, "password": password}, **more)


def events(staff: StaffMember) -> list[tuple[str, str, str]]:
    found = AuditEvent.objects.filter(staff_id=staff.pk).order_by("number")
    words = dict(AuditDetail.objects.values_list("event_id", "text"))
    return [(event.verb, event.outcome, words.get(event.pk, "")) for event in found]


def test_password_then_code(cast: Cast, client: HttpClient) -> None:
    set_up_app(cast.cleo)
    assert give_password(client, cast.cleo).url == CODE
    assert client.get("/account/").url.startswith(LOGIN)
    assert client.post(CODE, {"code": code_now()}).url == "/"
    assert client.get("/account/").status_code == 200
    assert events(cast.cleo) == [("sign_in", "done", "signed in")]


def test_recovery_code_works_once(cast: Cast, client: HttpClient) -> None:
    set_up_app(cast.cleo)
    codes = Authenticator.objects.get(user=cast.cleo, type=Authenticator.Type.RECOVERY_CODES).wrap().generate_codes()
    for expected in (302, 200):
        give_password(client, cast.cleo)
        assert client.post(CODE, {"code": codes[0]}).status_code == expected
        client.post("/sign-out/")


def test_code_is_not_taken_twice(cast: Cast, client: HttpClient) -> None:
    set_up_app(cast.cleo)
    code = code_now()
    give_password(client, cast.cleo)
    assert client.post(CODE, {"code": code}).url == "/"
    other = HttpClient()
    give_password(other, cast.cleo)
    assert other.post(CODE, {"code": code}).status_code == 200
    assert other.get("/account/").url.startswith(LOGIN)


def test_spent_codes_are_known_to_all_processes() -> None:
    assert settings.CACHES["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"


ANSWERED_ALIKE = ["cleo, wrong password", "nobody of that name", "waits for the invitation", "may not sign in any more"]


@pytest.mark.parametrize("case", ANSWERED_ALIKE)
def test_who_exists_is_not_told(cast: Cast, client: HttpClient, case: str) -> None:
    name, password = {
        "cleo, wrong password": ("cleo", "wrong"),
        "nobody of that name": ("somebodyelse", PASSWORD),
        "waits for the invitation": ("carl", PASSWORD),
        "may not sign in any more": ("sue", PASSWORD),
    }[case]
    set_up_app(cast.cleo)
    set_up_app(cast.sue)
    StaffMember.objects.filter(pk=cast.sue.pk).update(is_active=False)
    page = client.post(LOGIN, {"login": name, "password": password})
    assert page.status_code == 200
    assert page.context["form"].errors == {"__all__": ["User name or password is not right. Please try again."]}


@pytest.mark.parametrize("name", ["cleo", "nobodyofthatname"])
def test_five_tries_then_a_pause(cast: Cast, client: HttpClient, name: str) -> None:
    set_up_app(cast.cleo)
    answers = [client.post(LOGIN, {"login": name, "password": f"guess {n}"}).status_code for n in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    assert client.post(LOGIN, {"login": name, "password": PASSWORD}).status_code == 429
    assert HttpClient().post(LOGIN, {"login": name.upper(), "password": PASSWORD}).status_code == 429


def test_the_pause_ends_and_tries_within_it_do_not_lengthen_it(cast: Cast, client: HttpClient) -> None:
    set_up_app(cast.cleo)
    for n in range(8):
        client.post(LOGIN, {"login": "cleo", "password": f"guess {n}"})
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
    assert give_password(client, cast.cleo).status_code == 429
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert give_password(client, cast.cleo).url == CODE


def test_a_pause_at_one_address_does_not_shut_others_out(cast: Cast, client: HttpClient) -> None:
    set_up_app(cast.cleo)
    for n in range(5):
        client.post(LOGIN, {"login": "cleo", "password": f"guess {n}"}, REMOTE_ADDR="192.0.2.7")
    assert give_password(client, cast.cleo, REMOTE_ADDR="192.0.2.7").status_code == 429
    assert give_password(HttpClient(), cast.cleo, REMOTE_ADDR="192.0.2.8").url == CODE


def test_guessing_codes_is_stopped_too(cast: Cast, client: HttpClient) -> None:
    set_up_app(cast.cleo)
    give_password(client, cast.cleo)
    for _ in range(5):
        client.post(CODE, {"code": "000000"})
    assert client.post(CODE, {"code": code_now()}).status_code == 200
    assert client.get("/account/").url.startswith(LOGIN)
    assert events(cast.cleo)[0] == ("sign_in", "failed", "a second factor was wrong")


INSIDE = ["/account/", "/account/set-up/", "/account/app/", "/account/passkeys/new/", "/account/recovery-codes/"]


@pytest.mark.parametrize("address", [*INSIDE, "/account/password/", "/sign-in/again/"])
def test_password_alone_opens_no_page(cast: Cast, client: HttpClient, address: str) -> None:
    set_up_app(cast.cleo)
    give_password(client, cast.cleo)
    assert client.get(address).url.startswith(LOGIN)


@pytest.mark.parametrize("address", [*INSIDE, "/account/password/", "/sign-in/again/"])
def test_session_without_second_factor_opens_no_page(cast: Cast, client: HttpClient, address: str) -> None:
    set_up_app(cast.cleo)
    client.force_login(cast.cleo)
    assert client.get(address).url.startswith(LOGIN)


def test_new_session_id_at_sign_in(cast: Cast, client: HttpClient) -> None:
    set_up_app(cast.cleo)
    give_password(client, cast.cleo)
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post(CODE, {"code": code_now()})
    after = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert before != after
    fixed = HttpClient()
    fixed.cookies[settings.SESSION_COOKIE_NAME] = before
    assert fixed.get("/account/").url.startswith(LOGIN)


def test_session_id_from_outside_is_not_taken_on(cast: Cast, client: HttpClient) -> None:
    set_up_app(cast.cleo)
    client.cookies[settings.SESSION_COOKIE_NAME] = "chosenbysomebodyelse000000000000"
    give_password(client, cast.cleo)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != "chosenbysomebodyelse000000000000"


def test_sessions_in_the_table_sign_nobody_in(cast: Cast, client: HttpClient) -> None:
    sign_in(client, cast.cleo)
    row = SignedIn.objects.get(staff=cast.cleo)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert key not in (row.session_key, row.session_data)
    thief = HttpClient()
    thief.cookies[settings.SESSION_COOKIE_NAME] = row.session_key
    assert thief.get("/account/").url.startswith(LOGIN)


def test_signing_out_ends_the_session_at_the_server(cast: Cast, client: HttpClient) -> None:
    sign_in(client, cast.cleo)
    kept = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post("/sign-out/")
    client.cookies[settings.SESSION_COOKIE_NAME] = kept
    assert client.get("/account/").url.startswith(LOGIN)
    assert events(cast.cleo)[-1] == ("sign_out", "done", "signed out")


def test_quick_exit_signs_out_at_the_server_and_in_the_log(cast: Cast, client: HttpClient) -> None:
    sign_in(client, cast.cleo)
    kept = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.get("/leave")
    assert client.cookies[settings.SESSION_COOKIE_NAME].value == ""
    client.cookies[settings.SESSION_COOKIE_NAME] = kept
    assert client.get("/account/").url.startswith(LOGIN)
    assert events(cast.cleo)[-1] == ("sign_out", "done", "signed out")


def test_a_second_factor_lies_sealed(cast: Cast) -> None:
    set_up_app(cast.cleo)
    assert "MADEUP" not in str(Authenticator.objects.get(user=cast.cleo, type="totp").data)


def test_secrets_never_reach_logs_or_audit(cast: Cast, client: HttpClient, caplog: pytest.LogCaptureFixture) -> None:
    set_up_app(cast.cleo)
    caplog.set_level(logging.DEBUG)
    typed = ["marker-password-71", "marker-name-72", "marker-code-73"]
    for _ in range(6):
        client.post(LOGIN, {"login": "cleo", "password": typed[0]})
        client.post(LOGIN, {"login": typed[1], "password": PASSWORD})
    other = HttpClient(REMOTE_ADDR="192.0.2.9")
    other.post(LOGIN, {"login": "cleo", "password": PASSWORD})
    other.post(CODE, {"code": typed[2]})
    written = "\n".join(Formatter().format(record) for record in caplog.records if record.levelno >= logging.WARNING)
    kept = [str(row) for row in AccessAttempt.objects.values()] + [str(row) for row in AuditEvent.objects.values()]
    kept += list(AuditDetail.objects.values_list("text", flat=True))
    for marker in (*typed, PASSWORD, code_now()):
        assert marker not in written
        assert not [row for row in kept if marker in row]


def test_long_sessions_end(cast: Cast, client: HttpClient, clock: Clock) -> None:
    sign_in(client, cast.cleo)
    for _ in range(71):
        clock.forward(timedelta(minutes=10))
        assert client.get("/account/").status_code == 200
    clock.forward(timedelta(minutes=10))
    assert client.get("/account/").url.startswith(LOGIN)
