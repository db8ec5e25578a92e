"""What is written about a client is checked for its version, kept in history, logged, and found again."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from casearc_web.access.decide import Denied
from casearc_web.access.history import history
from casearc_web.audit.models import AuditEvent
from casearc_web.clients.actions.about import edit_client, edit_victimization, start_victimization
from casearc_web.clients.actions.identity import add_way, edit_identity, remove_way
from casearc_web.clients.models import VictimizationProfile
from casearc_web.clients.queries.search import search
from casearc_web.records.changes import ConflictError
from casearc_web.vault.models import ContactWay
from web.cast import Cast, sign_in

PHONE = {"channel": "text", "value": "(555) 010-4477", "permission": "care", "words": "Hi, about the bus."}


def identity_as_typed(**more: str) -> dict[str, str]:
    typed = {"given_name": "Acacia", "family_name": "Oriole", "birth_date": "2010-03-14", "version": "1"}
    return {**typed, "submission": str(uuid.uuid4()), **more}


def edit_address(cast: Cast, page: str = "edit_identity") -> str:
    return reverse(f"clients:{page}", kwargs={"client": cast.acacia.pk})


def test_a_new_name_is_found_and_the_old_one_no_longer(cast: Cast) -> None:
    by = cast.by(cast.cleo)
    edit_identity(by=by, identity=cast.acacia.identity, version=1, values={"given_name": "Juniper"})
    assert search(by=by, typed="juni").clients == [cast.acacia]
    assert search(by=by, typed="acac").clients == []
    change = history(by, cast.acacia.identity.__class__.objects.get(pk=cast.acacia.identity.pk))[0]
    assert [(field.before, field.after) for field in change.fields] == [("Acacia", "Juniper")]


@pytest.mark.parametrize("who", ["carl", "eve", "ada", "faye"])
def test_nobody_else_may_edit(cast: Cast, who: str) -> None:
    by = cast.by(getattr(cast, who))
    for write in (
        lambda: edit_identity(by=by, identity=cast.acacia.identity, version=1, values={"given_name": "X"}),
        lambda: add_way(by=by, identity=cast.acacia.identity, values=PHONE),
        lambda: edit_client(by=by, client=cast.acacia, version=1, values={"housing": "own"}),
        lambda: start_victimization(by=by, client=cast.acacia),
    ):
        with pytest.raises(Denied):
            write()
    cast.acacia.refresh_from_db()
    assert cast.acacia.housing == ""
    assert not ContactWay.objects.exists()
    assert not VictimizationProfile.objects.filter(client=cast.acacia).exists()


def test_a_supervisor_may_not_write_what_they_do_not_see(cast: Cast) -> None:
    with pytest.raises(Denied):
        edit_client(by=cast.by(cast.sue), client=cast.acacia, version=1, values={"substance_use": "some"})


def test_the_event_and_the_write_are_one(cast: Cast) -> None:
    by = cast.by(cast.cleo)
    edit_client(by=by, client=cast.acacia, version=1, values={"housing": "shelter"})
    event = AuditEvent.objects.latest("number")
    assert (event.verb, event.record_id) == ("edit_client", str(cast.acacia.pk))
    assert "shelter" not in event.detail.text
    with pytest.raises(ConflictError):
        edit_client(by=by, client=cast.acacia, version=1, values={"housing": "own"})
    assert AuditEvent.objects.latest("number") == event


def test_a_way_is_found_until_it_is_removed(cast: Cast) -> None:
    by = cast.by(cast.cleo)
    way = add_way(by=by, identity=cast.acacia.identity, values=PHONE)
    assert search(by=by, typed="555 010 4477").clients == [cast.acacia]
    remove_way(by=by, way=way, version=1)
    assert search(by=by, typed="555 010 4477").clients == []


def test_an_answer_and_its_reason_are_kept_apart(cast: Cast, client: Browser) -> None:
    profile = start_victimization(by=cast.by(cast.cleo), client=cast.acacia)
    sign_in(client, cast.cleo)
    typed: dict[str, Any] = {
        "version": "1",
        "submission": str(uuid.uuid4()),
        "trafficking_status": "presumed",
        "age_when_trafficked_reason": "declined",
        "relationship_reason": "unknown",
        "control_methods": ["debt", "psychological"],
        "screening_score": "12.5",
    }
    answer = client.post(edit_address(cast, "edit_victimization"), typed)
    assert answer.status_code == 302
    profile.refresh_from_db()
    assert (profile.trafficking_status, profile.control_methods) == ("presumed", ["debt", "psychological"])
    assert (float(profile.screening_score), profile.age_when_trafficked) == (12.5, None)
    assert profile.reasons == {"age_when_trafficked": "declined", "relationship": "unknown"}
    shown = client.get(edit_address(cast, "about")).content.decode()
    assert "Declined to answer" in shown
    assert "nothing noted" in shown  # missing, and no reason


def test_two_editors_see_both_versions_and_can_finish(cast: Cast, client: Browser) -> None:
    edit_identity(by=cast.by(cast.sue), identity=cast.acacia.identity, version=1, values={"pronouns": "they/them"})
    sign_in(client, cast.cleo)
    typed = identity_as_typed(given_name="Juniper")
    answer = client.post(edit_address(cast), typed)
    assert answer.status_code == 409
    assert "they/them" in answer.content.decode()
    again = {**typed, "version": "2", "keep": "chosen", "keep-given_name": "mine", "keep-pronouns": "saved"}
    assert client.post(edit_address(cast), again).status_code == 302
    cast.acacia.identity.refresh_from_db()
    assert (cast.acacia.identity.given_name, cast.acacia.identity.pronouns) == ("Juniper", "they/them")


def test_sending_a_form_twice_writes_once(cast: Cast, client: Browser) -> None:
    sign_in(client, cast.cleo)
    typed = {**PHONE, "version": "1", "submission": str(uuid.uuid4())}
    first, second = (client.post(edit_address(cast, "new_way"), typed) for _ in range(2))
    assert first.url == second.url
    assert ContactWay.objects.count() == 1


REFUSED = [
    # what is typed                                  what is said
    ({"given_name": "", "family_name": ""}, "whatever they want to be called"),
    ({"birth_date": "2999-01-01"}, "has not come yet"),
    ({"birth_date": "1810-01-01"}, "Check the year"),
]


@pytest.mark.parametrize(("typed", "said"), REFUSED)
def test_what_cannot_be_is_refused_and_kept_on_the_page(
    cast: Cast, client: Browser, typed: dict[str, str], said: str
) -> None:
    sign_in(client, cast.cleo)
    answer = client.post(edit_address(cast), identity_as_typed(pronouns="she/her", **typed))
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert said in shown
    assert "she/her" in shown


@pytest.mark.parametrize("missing", ["channel", "value", "permission"])
def test_a_way_needs_its_rule(cast: Cast, client: Browser, missing: str) -> None:
    sign_in(client, cast.cleo)
    typed = {**PHONE, missing: "", "version": "1", "submission": str(uuid.uuid4())}
    assert client.post(edit_address(cast, "new_way"), typed).status_code == 200
    assert not ContactWay.objects.exists()


def test_victimization_is_checked_for_its_version(cast: Cast) -> None:
    by = cast.by(cast.cleo)
    profile = start_victimization(by=by, client=cast.acacia)
    edit_victimization(by=by, profile=profile, version=1, values={"trafficking_status": "confirmed"})
    with pytest.raises(ConflictError):
        edit_victimization(by=by, profile=profile, version=1, values={"trafficking_status": "presumed"})
