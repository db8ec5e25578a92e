"""People see and change how they sign in, with their second factor at hand, and never end up without one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client as HttpClient

from casearc_web.agencies.models import StaffMember
from casearc_web.audit.models import AuditDetail
from casearc_web.signin.models import SignedIn
from casearc_web.signin.sessions import SessionStore
from web.cast import PASSWORD, Cast, sign_in
from web.signin.conftest import Clock, set_up_app

NEW = "words that nobody has used yet"
PAGES = [
    *("/account/", "/account/password/", "/account/app/", "/account/passkeys/new/", "/account/recovery-codes/new/"),
    *("/sign-in/again/", "/account/app/remove/"),
]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("address", PAGES)
def test_pages_open_in_both_languages(
    cast: Cast, client: HttpClient, address: str, language: str, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    if address != "/account/app/":
        set_up_app(cast.cleo)
    StaffMember.objects.filter(pk=cast.cleo.pk).update(language=language)
    sign_in(client, cast.cleo)
    with django_assert_max_num_queries(15):
        page = client.get(address)
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.content.decode()


def test_changing_the_password_ends_other_sign_ins(cast: Cast, client: HttpClient) -> None:
    set_up_app(cast.cleo)
    other = HttpClient()
    sign_in(other, cast.cleo)
    sign_in(client, cast.cleo)
    sent = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert client.post("/account/password/", sent).url == "/account/"
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").url.startswith("/sign-in/")
    assert StaffMember.objects.get(pk=cast.cleo.pk).check_password(NEW)


@pytest.mark.parametrize(
    "sent",
    [
        {"old_password": "not it", "new_password1": NEW, "new_password2": NEW},
        {"old_password": PASSWORD, "new_password1": "too short", "new_password2": "too short"},
        {"old_password": PASSWORD, "new_password1": NEW, "new_password2": "something else entirely"},
    ],
)
def test_a_password_that_is_not_right_is_not_taken(cast: Cast, client: HttpClient, sent: dict[str, str]) -> None:
    sign_in(client, cast.cleo)
    page = client.post("/account/password/", sent)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert StaffMember.objects.get(pk=cast.cleo.pk).check_password(PASSWORD)


def test_ending_other_sign_ins(cast: Cast, client: HttpClient) -> None:
    others = [HttpClient(), HttpClient()]
    for one in (*others, client):
        sign_in(one, cast.cleo)
    sign_in(stranger := HttpClient(), cast.carl)
    client.post("/account/sign-ins/end/")
    assert client.get("/account/").status_code == 200
    assert stranger.get("/account/").status_code == 200
    assert all(one.get("/account/").url.startswith("/sign-in/") for one in others)


def test_the_only_second_factor_stays(cast: Cast, client: HttpClient) -> None:
    set_up_app(cast.cleo)
    sign_in(client, cast.cleo)
    assert client.post("/account/app/remove/").status_code == 200
    assert Authenticator.objects.filter(user=cast.cleo, type="totp").exists()


def test_the_only_passkey_stays_another_goes(cast: Cast, client: HttpClient) -> None:
    first, second = (_passkey(cast.cleo, name) for name in ("First", "Second"))
    sign_in(client, cast.cleo)
    assert client.post(f"/account/passkeys/{first.pk}/remove/").url == "/account/"
    assert client.post(f"/account/passkeys/{second.pk}/remove/").status_code == 200
    assert list(Authenticator.objects.filter(user=cast.cleo)) == [second]
    assert "removed a passkey" in AuditDetail.objects.values_list("text", flat=True)


def test_nobody_removes_another_ones_passkey(cast: Cast, client: HttpClient) -> None:
    theirs = [_passkey(cast.carl, name) for name in ("First", "Second")]
    set_up_app(cast.cleo)
    sign_in(client, cast.cleo)
    assert client.post(f"/account/passkeys/{theirs[0].pk}/remove/").status_code == 404
    assert Authenticator.objects.filter(user=cast.carl).count() == 2


def test_new_recovery_codes_end_the_old_ones(cast: Cast, client: HttpClient) -> None:
    set_up_app(cast.cleo)
    before = Authenticator.objects.get(user=cast.cleo, type="recovery_codes").wrap().generate_codes()
    sign_in(client, cast.cleo)
    assert client.post("/account/recovery-codes/new/").url == "/account/recovery-codes/"
    after = Authenticator.objects.get(user=cast.cleo, type="recovery_codes").wrap().generate_codes()
    assert not set(before) & set(after)


@pytest.mark.parametrize("who", ["cleo", "nobody"])
def test_the_language_switch_is_kept(cast: Cast, client: HttpClient, who: str) -> None:
    if who == "cleo":
        sign_in(client, cast.cleo)
    client.post("/language", {"language": "es", "next": "/account/"})
    assert client.cookies["django_language"].value == "es"
    assert StaffMember.objects.get(username="cleo").language == ("es" if who == "cleo" else "en")


def test_old_sessions_go_when_somebody_signs_in(cast: Cast, client: HttpClient, clock: Clock) -> None:
    sign_in(client, cast.cleo)
    SignedIn.objects.update(expire_date=SignedIn.objects.get().expire_date - timedelta(days=4))
    SessionStore.clear_expired()
    assert not SignedIn.objects.exists()


def _passkey(staff: StaffMember, name: str) -> Authenticator:
    return Authenticator.objects.create(user=staff, type="webauthn", data={"name": name, "credential": {}})
