"""Who was away signs in again and finds what they typed; who comes instead finds nothing of it."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client as HttpClient
from django.urls import include, path

from casearc_web import urls
from casearc_web.access.requests import StaffRequest
from casearc_web.access.routes import page
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import StaffMember
from casearc_web.drafts.models import KeptForm
from web.cast import PASSWORD, Cast, sign_in
from web.signin.conftest import Clock, code_now, set_up_app

MINUTE = timedelta(minutes=1)
SENT = {"note": "She would like to talk on Friday.", "submission": str(uuid.uuid4()), "tags": ["a", "b"]}


def _form(request: StaffRequest) -> HttpResponse:
    sent = ", ".join(request.POST.getlist("tags")) + " " + request.POST.get("note", "")
    return HttpResponse(f"saved {sent}" if request.method == "POST" else "a form")


urlpatterns = [
    path(
        "tests/",
        include(
            (
                [
                    page("plain/", _form, verb=Verb.USE_OWN_ACCOUNT, name="plain", writes=True),
                    page("careful/", _form, verb=Verb.USE_OWN_ACCOUNT, name="careful", writes=True, step_up=True),
                ],
                "tests",
            )
        ),
    ),
    *urls.urlpatterns,
]
pytestmark = pytest.mark.urls(__name__)


def sign_in_by_form(client: HttpClient, staff: StaffMember, steps: int = 0) -> HttpResponse:
    client.post("/sign-in/", {"login": staff.username, "password": PASSWORD})
    return client.post("/sign-in/code/", {"code": code_now(steps)})


def send_kept(client: HttpClient, address: str) -> HttpResponse:
    """Press the button of the page of what was kept."""
    shown = client.get(address).content.decode()
    form = re.search(r'<form method="post" action="(/tests/[^"]*)">(.*?)</form>', shown, re.DOTALL)
    assert form is not None
    inputs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form[2])
    data: dict[str, list[str]] = {}
    for name, value in inputs:
        data.setdefault(name, []).append(value)
    return client.post(form[1], data)


def test_awake_for_a_quarter_of_an_hour(cast: Cast, client: HttpClient, clock: Clock) -> None:
    sign_in(client, cast.cleo)
    for _ in range(5):
        clock.forward(14 * MINUTE)
        assert client.get("/tests/plain/").status_code == 200
    clock.forward(15 * MINUTE)
    assert client.get("/tests/plain/").url == "/sign-in/"


def test_a_page_that_asks_for_its_draft_keeps_nobody_awake(cast: Cast, client: HttpClient, clock: Clock) -> None:
    sign_in(client, cast.cleo)
    clock.forward(10 * MINUTE)
    assert client.get("/drafts/some-form", headers={"X-Casearc-Draft": "1"}).status_code == 204
    clock.forward(6 * MINUTE)
    assert client.get("/drafts/some-form", headers={"X-Casearc-Draft": "1"}).status_code == 401


def test_back_where_they_were(cast: Cast, client: HttpClient, clock: Clock) -> None:
    set_up_app(cast.cleo)
    sign_in(client, cast.cleo)
    clock.forward(16 * MINUTE)
    assert client.get("/tests/plain/?page=2").url == "/sign-in/"
    assert "nothing happened for 15 minutes" in client.get("/sign-in/").content.decode()
    assert sign_in_by_form(client, cast.cleo).url == "/tests/plain/?page=2"


def test_what_they_sent_is_kept_and_can_be_sent_again(cast: Cast, client: HttpClient, clock: Clock) -> None:
    set_up_app(cast.cleo)
    sign_in(client, cast.cleo)
    clock.forward(16 * MINUTE)
    assert client.post("/tests/plain/", SENT).url == "/sign-in/"
    kept = sign_in_by_form(client, cast.cleo).url
    assert kept.startswith("/kept/")
    assert send_kept(client, kept).content.decode() == "saved a, b She would like to talk on Friday."


def test_a_form_from_another_tab_after_the_lock_is_kept_too(cast: Cast, client: HttpClient, clock: Clock) -> None:
    set_up_app(cast.cleo)
    sign_in(client, cast.cleo)
    clock.forward(16 * MINUTE)
    client.get("/tests/plain/")
    assert client.post("/tests/plain/", SENT).url == "/sign-in/"
    assert send_kept(client, sign_in_by_form(client, cast.cleo).url).content.startswith(b"saved")


def test_somebody_else_finds_nothing(cast: Cast, client: HttpClient, clock: Clock) -> None:
    set_up_app(cast.carl)
    sign_in(client, cast.cleo)
    clock.forward(16 * MINUTE)
    client.post("/tests/plain/", SENT)
    assert sign_in_by_form(client, cast.carl).url == "/"
    kept = KeptForm.objects.get()
    assert client.get(f"/kept/{kept.pk}/").url == "/"
    assert client.post(f"/kept/{kept.pk}/").url == "/"
    assert KeptForm.objects.filter(pk=kept.pk, staff=cast.cleo).exists()
    assert set(client.session.keys()).isdisjoint({"locked", "address"})


def test_a_locked_session_opens_nothing(cast: Cast, client: HttpClient, clock: Clock) -> None:
    sign_in(client, cast.cleo)
    old = client.cookies["s"].value
    clock.forward(16 * MINUTE)
    client.post("/tests/plain/", SENT)
    clock.forward(-16 * MINUTE)
    assert client.get("/tests/plain/").url == "/sign-in/"
    client.cookies["s"] = old
    assert client.get("/tests/plain/").url.startswith("/sign-in/")


def test_what_is_kept_lies_sealed_and_without_passwords(cast: Cast, client: HttpClient, clock: Clock) -> None:
    sign_in(client, cast.cleo)
    clock.forward(16 * MINUTE)
    client.post("/tests/plain/", {**SENT, "old_password": "marker"})
    kept = KeptForm.objects.get()
    assert ["note", SENT["note"]] in kept.fields
    assert "marker" not in str(kept.fields)


def test_stranger_goes_to_sign_in_and_then_on(cast: Cast, client: HttpClient) -> None:
    set_up_app(cast.cleo)
    way = client.get("/tests/plain/").url
    assert way == "/sign-in/?next=%2Ftests%2Fplain%2F"
    client.post(way, {"login": "cleo", "password": PASSWORD, "next": "/tests/plain/"})
    assert client.post("/sign-in/code/", {"code": code_now()}).url == "/tests/plain/"


def test_sign_in_leads_to_no_other_site(cast: Cast, client: HttpClient) -> None:
    set_up_app(cast.cleo)
    client.post("/sign-in/", {"login": "cleo", "password": PASSWORD, "next": "https://example.org/"})
    assert client.post("/sign-in/code/", {"code": code_now()}).url == "/"


@pytest.mark.parametrize("address", ["/tests/careful/", "/account/password/", "/account/recovery-codes/new/"])
def test_some_pages_ask_again_after_five_minutes(cast: Cast, client: HttpClient, clock: Clock, address: str) -> None:
    set_up_app(cast.cleo)
    sign_in(client, cast.cleo)
    clock.forward(4 * MINUTE)
    assert client.get(address).status_code == 200
    clock.forward(2 * MINUTE)
    assert client.get("/tests/plain/").status_code == 200
    way = client.get(address).url
    assert way.startswith("/sign-in/again/?next=")
    assert client.post(way, {"code": code_now(), "next": address}).url == address
    assert client.get(address).status_code == 200


def test_what_was_sent_is_kept_over_the_second_factor(cast: Cast, client: HttpClient, clock: Clock) -> None:
    set_up_app(cast.cleo)
    sign_in(client, cast.cleo)
    clock.forward(6 * MINUTE)
    way = client.post("/tests/careful/", SENT).url
    after = client.post(way, {"code": code_now(), "next": re.sub(".*next=", "", way).replace("%2F", "/")}).url
    assert send_kept(client, after).content.decode() == "saved a, b She would like to talk on Friday."


def test_a_wrong_code_does_not_pass(cast: Cast, client: HttpClient, clock: Clock) -> None:
    set_up_app(cast.cleo)
    sign_in(client, cast.cleo)
    clock.forward(6 * MINUTE)
    assert client.post("/sign-in/again/", {"code": "000000"}).status_code == 200
    assert client.get("/tests/careful/").url.startswith("/sign-in/again/")


def test_password_does_not_count_as_showing_it_again(cast: Cast, client: HttpClient, clock: Clock) -> None:
    set_up_app(cast.cleo)
    sign_in(client, cast.cleo)
    clock.forward(6 * MINUTE)
    client.post("/sign-in/", {"login": "cleo", "password": PASSWORD})
    assert client.get("/tests/careful/").url.startswith("/sign-in/again/")


def test_htmx_is_led_to_the_sign_in_whole(cast: Cast, client: HttpClient, clock: Clock) -> None:
    sign_in(client, cast.cleo)
    clock.forward(16 * MINUTE)
    answer = client.get("/tests/plain/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/sign-in/"
