"""Intake needs next to nothing, says that somebody is here already and not who, and writes all or nothing."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from casearc_web.access.models import Notice
from casearc_web.agencies.models import StaffMember
from casearc_web.audit.models import AuditEvent
from casearc_web.clients.models import Client
from casearc_web.clients.queries.search import search
from casearc_web.enrollments.models import CareTeamMember, Enrollment, Referral
from casearc_web.vault.models import ContactWay, Identity
from casearc_web.vault.search import reindex
from web.cast import Cast, sign_in

ADDRESS = "enrollments:intake"
NO_WAYS = {"way-TOTAL_FORMS": "2", "way-INITIAL_FORMS": "0"}


def typed(cast: Cast, **more: Any) -> dict[str, Any]:
    """The least that can be typed."""
    least = {"aliases": "Sparrow", "program": str(cast.north.pk), "started_on": "2026-11-20", "lead": str(cast.cleo.pk)}
    return {**NO_WAYS, **least, "submission": str(uuid.uuid4()), **more}


def send(cast: Cast, client: Browser, who: StaffMember, **more: Any) -> Any:
    sign_in(client, who)
    return client.post(reverse(ADDRESS), typed(cast, **more))


def newest() -> Client:
    return Client.objects.latest("created_at")


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_chooses_what_it_can(cast: Cast, client: Browser, language: str) -> None:
    cast.cleo.language = language
    cast.cleo.save()
    sign_in(client, cast.cleo)
    shown = client.get(reverse(ADDRESS)).content.decode()
    assert f'<option value="{cast.cleo.pk}" selected>' in shown  # herself
    assert f'<option value="{cast.north.pk}" selected>' in shown  # her only program
    assert str(cast.south.pk) not in shown


def test_a_nickname_is_enough(cast: Cast, client: Browser) -> None:
    answer = send(cast, client, cast.cleo)
    made = newest()
    assert answer.url == reverse("clients:client", kwargs={"client": made.pk})
    assert client.get(answer.url).status_code == 200
    assert made.identity.aliases == ["Sparrow"]
    enrollment = made.enrollments.get()
    assert (enrollment.program, enrollment.age_at_start) == (cast.north, None)
    assert enrollment.care_team.get().staff == cast.cleo
    assert made.victimization.reasons == {}
    assert search(by=cast.by(cast.cleo), typed="sparr").clients == [made]


def test_all_of_it_is_kept(cast: Cast, client: Browser) -> None:
    more = {
        "given_name": "Juniper",
        "family_name": "Lark",
        "pronouns": "she/her",
        "birth_date": "2011-11-20",
        "language": "es",
        "safety_notes": "Her aunt reads the phone.",
        "referred_by": "Made-up court",
        "referral_reason": "services",
        "way-0-channel": "text",
        "way-0-value": "555 010 9911",
        "way-0-permission": "care",
        "way-0-words": "Hi, it is about the bus.",
        "way-1-channel": "visit",
        "way-1-value": "12 Nowhere Street",
        "way-1-permission": "never",
    }
    send(cast, client, cast.cleo, **more)
    made = newest()
    assert (made.identity.full_name, made.identity.birth_date, made.language) == ("Juniper Lark", "2011-11-20", "es")
    assert float(made.enrollments.get().age_at_start) == 15.0
    assert Referral.objects.get(enrollment__client=made).organization == "Made-up court"
    assert {way.permission for way in made.identity.contact_ways.all()} == {"care", "never"}
    event = AuditEvent.objects.filter(verb="intake_client").latest("number")
    assert (event.kind, event.record_id) == ("clients.client", str(made.pk))


def test_an_age_is_kept_as_told_with_the_year_only(cast: Cast, client: Browser) -> None:
    send(cast, client, cast.cleo, age="15")
    made = newest()
    assert (made.identity.birth_date, made.enrollments.get().age_at_start) == ("2011", 15)


REFUSED = [
    # what is typed                                                what is said
    ({"aliases": ""}, "whatever they want to be called"),
    ({"program": ""}, "This field is required"),
    ({"birth_date": "2010-03-14", "age": "16"}, "not both"),
    ({"birth_date": "2026-11-25"}, "before the date of birth"),
    ({"way-0-value": "555 010 9911", "way-0-channel": "call"}, "Say whether it may be used"),
]


@pytest.mark.parametrize(("more", "said"), REFUSED)
def test_what_is_refused_writes_nothing_and_stays_on_the_page(
    cast: Cast, client: Browser, more: dict[str, str], said: str
) -> None:
    before = (Client.objects.count(), Identity.objects.count())
    answer = send(cast, client, cast.cleo, pronouns="ze/zir", **more)
    shown = answer.content.decode()
    assert said in shown
    assert "ze/zir" in shown
    assert (Client.objects.count(), Identity.objects.count()) == before


LIKE = [
    # typed                                                         why
    ({"given_name": "Oriole", "family_name": "Acacia"}, "the same name"),
    ({"given_name": "Acadia", "birth_date": "2010-03-14"}, "the same birth date and a like name"),
    ({"way-0-channel": "text", "way-0-value": "+1 (555) 010-4477", "way-0-permission": "safe"}, "the same number"),
]


@pytest.mark.parametrize(("more", "why"), LIKE)
def test_who_is_here_already_is_shown_before_anything_is_written(
    cast: Cast, client: Browser, more: dict[str, str], why: str
) -> None:
    values = {"channel": "call", "value": "555 010 4477", "permission": "safe"}
    way = ContactWay.objects.create(agency=cast.riverbend, identity=cast.acacia.identity, **values)
    reindex(way.identity)
    before = Client.objects.count()
    shown = send(cast, client, cast.cleo, **more).content.decode()
    assert why in shown
    assert cast.acacia.code in shown
    assert Client.objects.count() == before
    assert send(cast, client, cast.cleo, **more, anyway="1").status_code == 302
    assert Client.objects.count() == before + 1


def test_somebody_elses_client_is_never_shown(cast: Cast, client: Browser) -> None:
    more = {"given_name": "Birch", "family_name": "Plover"}
    answer = send(cast, client, cast.cleo, **more)
    shown = answer.content.decode()
    assert "in another caseload" in shown
    assert cast.birch.code not in shown
    assert str(cast.birch.pk) not in shown
    event = AuditEvent.objects.filter(verb="intake_client").latest("number")
    assert cast.birch.pk in event.clients.values_list("client_id", flat=True)
    assert "Plover" not in event.detail.text


@pytest.mark.parametrize("tell", [True, False])
def test_those_who_answer_for_them_are_told_if_wanted(cast: Cast, client: Browser, tell: bool) -> None:
    more = {"given_name": "Birch", "family_name": "Plover", "anyway": "1", **({"tell": "1"} if tell else {})}
    assert send(cast, client, cast.cleo, **more).status_code == 302
    told = list(Notice.objects.filter(kind="like_details", client_id=cast.birch.pk))
    assert bool(told) is tell
    assert all("Plover" not in notice.text and cast.birch.code in notice.text for notice in told)


def test_another_agencys_clients_are_no_likes(cast: Cast, client: Browser) -> None:
    assert send(cast, client, cast.cleo, given_name="Fern", family_name="Gull").status_code == 302


def test_sent_twice_it_is_written_once(cast: Cast, client: Browser) -> None:
    sign_in(client, cast.cleo)
    once = typed(cast)
    first, second = (client.post(reverse(ADDRESS), once) for _ in range(2))
    assert first.url == second.url
    assert Identity.objects.filter(created_by=cast.cleo).count() == 3  # two of the cast, and one


@pytest.mark.parametrize("who", ["eve", "ada"])
def test_those_without_the_verb_take_nobody_in(cast: Cast, client: Browser, who: str) -> None:
    assert send(cast, client, getattr(cast, who)).status_code == 403


def test_a_case_manager_cannot_give_a_client_to_somebody_else(cast: Cast, client: Browser) -> None:
    before = Enrollment.objects.count()
    assert send(cast, client, cast.cleo, lead=str(cast.carl.pk)).status_code == 200
    assert send(cast, client, cast.cleo, program=str(cast.south.pk)).status_code == 200
    assert Enrollment.objects.count() == before


def test_a_supervisor_chooses_within_the_team(cast: Cast, client: Browser) -> None:
    assert send(cast, client, cast.sue).status_code == 302
    assert CareTeamMember.objects.latest("created_at").staff == cast.cleo




