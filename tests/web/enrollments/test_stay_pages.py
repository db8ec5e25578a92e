"""Every page about stays works without a script, keeps what was typed, and is closed to the wrong person."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from django.test import Client as Browser
from django.utils.timezone import localdate

from casearc_web.access.asker import Asker
from casearc_web.agencies.models import StaffMember
from casearc_web.enrollments import facts
from casearc_web.enrollments.facts import Span, StillOpen
from casearc_web.enrollments.models import CareTeamMember, Enrollment
from web.cast import Cast, sign_in

TODAY = localdate()


def _page(client: uuid.UUID, rest: str) -> str:
    return f"/clients/{client}/enrollments/{rest}"


def _typed(**fields: object) -> dict[str, str]:
    return {"submission": str(uuid.uuid4()), **{name: str(value) for name, value in fields.items()}}


def _stay_pages(cast: Cast) -> list[str]:
    stay = cast.enrollment_of(cast.acacia)
    member = stay.care_team.get()
    return ["", "new/", *(f"{stay.pk}/{end}" for end in PAGES_OF_A_STAY), f"team/{member.pk}/"]


PAGES_OF_A_STAY = ("edit/", "exit/", "team/new/", "referrals/new/")


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_opens_for_the_supervisor(cast: Cast, client: Browser, language: str) -> None:
    StaffMember.objects.filter(pk=cast.sue.pk).update(language=language)
    sign_in(client, cast.sue)
    for rest in _stay_pages(cast):
        page = client.get(_page(cast.acacia.pk, rest))
        assert page.status_code == 200, rest
        assert "Acacia" not in page.text.split("</title>")[0]
    assert client.get("/transfer/").status_code == 200
    assert client.get("/due/").status_code == 200


@pytest.mark.parametrize("who", ["carl", "eve", "ada", "faye", "fay"])
def test_every_page_is_closed_to_the_wrong_person(cast: Cast, client: Browser, who: str) -> None:
    sign_in(client, getattr(cast, who))
    for rest in _stay_pages(cast):
        assert client.get(_page(cast.acacia.pk, rest)).status_code in (403, 404), rest
        assert client.post(_page(cast.acacia.pk, rest), {}).status_code in (403, 404, 405), rest


def test_a_stay_of_another_client_is_not_reached_through_ones_own(cast: Cast, client: Browser) -> None:
    sign_in(client, cast.cleo)
    other = cast.enrollment_of(cast.birch)
    assert client.get(_page(cast.acacia.pk, f"{other.pk}/edit/")).status_code == 404


def test_site_and_days_are_corrected_once_and_a_repeat_writes_nothing(cast: Cast, client: Browser) -> None:
    sign_in(client, cast.cleo)
    stay = cast.enrollment_of(cast.acacia)
    typed = _typed(version=1, started_on="2026-01-10", first_service_on="2026-01-20", site="")
    for _ in range(2):
        answer = client.post(_page(cast.acacia.pk, f"{stay.pk}/edit/"), typed)
        assert answer.status_code == 302
    stay.refresh_from_db()
    assert (stay.started_on, stay.version) == (date(2026, 1, 10), 2)


def test_both_versions_are_shown_and_the_choice_is_saved(cast: Cast, client: Browser) -> None:
    sign_in(client, cast.cleo)
    stay = cast.enrollment_of(cast.acacia)
    address = _page(cast.acacia.pk, f"{stay.pk}/edit/")
    client.post(address, _typed(version=1, started_on="2026-01-10", first_service_on="2026-01-20", site=""))
    mine = _typed(version=1, started_on="2026-01-12", first_service_on="2026-01-20", site="")
    page = client.post(address, mine)
    assert page.status_code == 409
    assert "Jan. 10, 2026" in page.text
    assert "Jan. 12, 2026" in page.text
    chosen = client.post(address, {**mine, "version": "2", "keep": "chosen", "keep-started_on": "mine"})
    assert chosen.status_code == 302
    stay.refresh_from_db()
    assert stay.started_on == date(2026, 1, 12)


WRONG_DAYS = [
    # start, first service, what is said
    (TODAY + timedelta(days=1), "", "This day lies in the future."),
    ("", "", "This field is required."),
    ("not a day", "", "Enter a valid date."),
]


@pytest.mark.parametrize(("start", "first", "said"), WRONG_DAYS)
def test_wrong_days_are_told_and_what_was_typed_stays(
    cast: Cast, client: Browser, start: object, first: str, said: str
) -> None:
    sign_in(client, cast.cleo)
    stay = cast.enrollment_of(cast.acacia)
    typed = _typed(version=1, started_on=start, first_service_on=first, site="")
    page = client.post(_page(cast.acacia.pk, f"{stay.pk}/edit/"), typed)
    assert said in page.text
    assert typed["submission"] in page.text
    assert cast.enrollment_of(cast.acacia).version == 1


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Something was recorded from January 16 to three days ago, and something is still open."""

    def spans(by: Asker, stay: Enrollment) -> Sequence[Span]:
        return [Span(what="a made-up contact", first=date(2026, 1, 16), last=TODAY - timedelta(days=3))]

    def still(by: Asker, stay: Enrollment) -> Sequence[StillOpen]:
        return [StillOpen(what="2 made-up goals", address="/made-up/")]

    monkeypatch.setattr(facts, "_spans", [spans])
    monkeypatch.setattr(facts, "_open", [still])


@pytest.mark.usefixtures("recorded")
def test_a_start_after_something_recorded_is_asked_about_once(cast: Cast, client: Browser) -> None:
    sign_in(client, cast.cleo)
    stay = cast.enrollment_of(cast.acacia)
    address = _page(cast.acacia.pk, f"{stay.pk}/edit/")
    typed = _typed(version=1, started_on="2026-01-18", first_service_on="2026-01-20", site="")
    page = client.post(address, typed)
    assert "a made-up contact on Jan. 16, 2026" in page.text
    assert cast.enrollment_of(cast.acacia).version == 1
    assert client.post(address, {**typed, "sure": "on"}).status_code == 302
    assert cast.enrollment_of(cast.acacia).started_on == date(2026, 1, 18)


@pytest.mark.usefixtures("recorded")
def test_an_exit_asks_about_what_is_open_and_what_came_later(cast: Cast, client: Browser) -> None:
    sign_in(client, cast.cleo)
    stay = cast.enrollment_of(cast.acacia)
    address = _page(cast.acacia.pk, f"{stay.pk}/exit/")
    assert "2 made-up goals" in client.get(address).text
    typed = _typed(version=1, exited_on=TODAY - timedelta(days=5), exit_reason="completed")
    page = client.post(address, typed)
    assert "Still open: 2 made-up goals" in page.text
    assert "After this exit something was recorded" in page.text
    assert client.post(address, {**typed, "sure": "on"}).status_code == 302
    stay = cast.enrollment_of(cast.acacia)
    assert (stay.exited_on, stay.exit_reason) == (TODAY - timedelta(days=5), "completed")


def test_an_exit_takes_a_reason(cast: Cast, client: Browser) -> None:
    sign_in(client, cast.cleo)
    stay = cast.enrollment_of(cast.acacia)
    page = client.post(_page(cast.acacia.pk, f"{stay.pk}/exit/"), _typed(version=1, exited_on=TODAY, exit_reason=""))
    assert "This field is required." in page.text
    assert cast.enrollment_of(cast.acacia).is_open


def test_an_exit_is_taken_back_by_a_button(cast: Cast, client: Browser) -> None:
    sign_in(client, cast.cleo)
    stay = cast.enrollment_of(cast.acacia)
    typed = _typed(version=1, exited_on=TODAY, exit_reason="moved", sure="on")
    client.post(_page(cast.acacia.pk, f"{stay.pk}/exit/"), typed)
    assert client.get(_page(cast.acacia.pk, f"{stay.pk}/reopen/")).status_code == 200
    stay = cast.enrollment_of(cast.acacia)
    assert not stay.is_open
    client.post(_page(cast.acacia.pk, f"{stay.pk}/reopen/"), _typed(version=stay.version))
    assert cast.enrollment_of(cast.acacia).is_open


def test_a_supervisor_lets_somebody_cover_until_a_last_day(cast: Cast, client: Browser) -> None:
    sign_in(client, cast.sue)
    stay = cast.enrollment_of(cast.acacia)
    typed = _typed(staff=cast.carl.pk, part="cover", since=TODAY, last_day=TODAY + timedelta(days=6))
    assert client.post(_page(cast.acacia.pk, f"{stay.pk}/team/new/"), typed).status_code == 302
    member = stay.care_team.get(staff=cast.carl)
    assert member.until == TODAY + timedelta(days=7)


def test_a_referral_comes_from_the_page(cast: Cast, client: Browser) -> None:
    sign_in(client, cast.cleo)
    stay = cast.enrollment_of(cast.acacia)
    typed = _typed(version=1, direction="out", on=TODAY, organization="Made-up clinic", reason="services", details="")
    assert client.post(_page(cast.acacia.pk, f"{stay.pk}/referrals/new/"), typed).status_code == 302
    assert "Made-up clinic" in client.get(_page(cast.acacia.pk, "")).text


def test_a_caseload_is_looked_at_and_then_transferred(cast: Cast, client: Browser) -> None:
    sign_in(client, cast.sue)
    people = {"giver": str(cast.cleo.pk), "taker": str(cast.carl.pk), "as_of": TODAY.isoformat()}
    look = client.post("/transfer/", {**people, "step": "look"})
    assert "Acacia Oriole" in look.text
    place = CareTeamMember.objects.get(enrollment__client=cast.acacia)
    none = client.post("/transfer/", {**people, "step": "do"})
    assert "Choose at least one client." in none.text
    assert client.post("/transfer/", {**people, "step": "do", "places": str(place.pk)}).status_code == 302
    team = cast.enrollment_of(cast.acacia).care_team.filter(until=None)
    assert set(team.values_list("staff", flat=True)) == {cast.carl.pk}


def test_who_has_looked_is_told_in_sentences(cast: Cast, client: Browser) -> None:
    sign_in(client, cast.sue)
    client.get(_page(cast.acacia.pk, ""))
    sign_in(client, cast.cleo)
    page = client.get(f"/clients/{cast.acacia.pk}/looked/")
    assert "Sue (made up)" in page.text
    assert "looked at contacts, needs or goals" in page.text
    assert client.get(f"/clients/{cast.birch.pk}/looked/").status_code == 404
