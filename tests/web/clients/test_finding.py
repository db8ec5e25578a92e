"""Search shows only what the asker may see; beyond that only a code; whoever breaks the glass is told of."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.urls import reverse

from casearc_web.access.decide import Denied
from casearc_web.access.models import BrokenGlass, Notice
from casearc_web.access.notices import mark_seen, unseen
from casearc_web.audit.models import AuditEvent
from casearc_web.clients.actions.glass import break_glass, look_beyond
from casearc_web.clients.queries.search import search
from web.cast import Cast, sign_in

BORN = date(2010, 3, 14)
FINDS = [
    # typed by Cleo    finds
    ("aca", {"acacia"}),
    ("ACACIA ori", {"acacia"}),
    ("oriole acacia", {"acacia"}),
    ("Ácacia", {"acacia"}),
    ("acacia plover", set()),
    ("birch", set()),
    ("fern", set()),
    ("a", set()),
]


@pytest.mark.parametrize(("typed", "whom"), FINDS)
def test_search_finds_beginnings_of_names_among_ones_own(cast: Cast, typed: str, whom: set[str]) -> None:
    found = search(by=cast.by(cast.cleo), typed=typed)
    assert set(found.clients) == {getattr(cast, name) for name in whom}


def test_search_finds_a_code_and_nobody_elses(cast: Cast) -> None:
    bare = cast.acacia.code.replace("-", "").lower()
    assert search(by=cast.by(cast.cleo), typed=bare).clients == [cast.acacia]
    assert search(by=cast.by(cast.carl), typed=bare).clients == []


def test_what_is_looked_for_is_not_in_the_address_nor_in_the_log(cast: Cast, client: Browser) -> None:
    sign_in(client, cast.cleo)
    answer = client.post(reverse("clients:search"), {"typed": "oriole"})
    assert (answer.status_code, answer.url) == (302, reverse("clients:found"))
    shown = client.get(answer.url).content.decode()
    assert "Acacia Oriole" in shown
    assert "oriole" not in str(dict(client.session.items())).lower()
    event = AuditEvent.objects.latest("number")
    assert event.verb == "search_clients"
    assert not hasattr(event, "detail") or "oriole" not in event.detail.text.lower()


def test_too_little_is_refused(cast: Cast, client: Browser) -> None:
    sign_in(client, cast.cleo)
    assert "at least two letters" in client.post(reverse("clients:search"), {"typed": "a"}).content.decode()


LOOKS = [
    # typed by Cleo         born                found
    ("Birch Plover", BORN, {"birch"}),
    ("plover birch", BORN, {"birch"}),
    ("Birch", BORN, set()),
    ("Birch Plover", date(2010, 3, 15), set()),
    ("Acacia Oriole", BORN, set()),  # her own: she finds her by searching
    ("Fern Gull", BORN, set()),  # another agency's
]


@pytest.mark.parametrize(("name", "born", "whom"), LOOKS)
def test_beyond_ones_own_it_takes_whole_name_and_birth_date(cast: Cast, name: str, born: date, whom: set[str]) -> None:
    before = AuditEvent.objects.count()
    found = look_beyond(by=cast.by(cast.cleo), name=name, birth_date=born)
    assert set(found) == {getattr(cast, one) for one in whom}
    assert AuditEvent.objects.count() == before + 1  # fruitless tries are logged too
    assert name not in AuditEvent.objects.latest("number").detail.text


def test_beyond_shows_the_code_and_no_name(cast: Cast, client: Browser) -> None:
    sign_in(client, cast.cleo)
    answer = client.post(reverse("clients:beyond"), {"name": "birch plover", "birth_date": "2010-03-14"})
    shown = answer.content.decode()
    assert cast.birch.code in shown
    assert "Birch Plover" not in shown


@pytest.mark.parametrize("who", ["eve", "ada"])
def test_those_who_see_no_clients_can_neither_look_nor_open(cast: Cast, who: str) -> None:
    by = cast.by(getattr(cast, who))
    with pytest.raises(Denied):
        look_beyond(by=by, name="Birch Plover", birth_date=BORN)
    with pytest.raises(Denied):
        break_glass(by=by, client=cast.birch, reason="a reason long enough")


def test_another_agencys_glass_does_not_break(cast: Cast) -> None:
    with pytest.raises(Denied):
        break_glass(by=cast.by(cast.cleo), client=cast.fern, reason="a reason long enough")


def test_broken_glass_opens_tells_and_is_logged(cast: Cast, client: Browser) -> None:
    sign_in(client, cast.cleo)
    address = reverse("clients:open", kwargs={"client": cast.birch.pk})
    assert "Plover" not in client.get(address).content.decode()
    reason = "Made-up emergency at the bus station"
    answer = client.post(address, {"reason": reason, "submission": str(uuid.uuid4())})
    assert answer.url == reverse("clients:client", kwargs={"client": cast.birch.pk})
    shown = client.get(answer.url).content.decode()
    assert "Birch Plover" in shown
    assert "Opened by breaking the glass until" in shown
    event = AuditEvent.objects.get(verb="break_glass", outcome="done", kind="access.brokenglass")
    assert reason in event.detail.text
    told = Notice.objects.filter(client_id=cast.birch.pk)
    assert told.exists()
    assert all(reason in notice.text and "Plover" not in notice.text for notice in told)
    assert {notice.to.role for notice in told} <= {"supervisor", "director"}


def test_the_supervisor_of_the_care_team_is_told(cast: Cast) -> None:
    carl = cast.by(cast.carl)
    break_glass(by=carl, client=cast.acacia, reason="Made-up emergency, nobody reachable")
    assert set(Notice.objects.values_list("to__username", flat=True)) == {"sue", "dora"}
    assert unseen(cast.by(cast.sue)) == 1
    others = list(Notice.objects.filter(to=cast.dora).values_list("pk", flat=True))
    mark_seen(by=cast.by(cast.sue), notices=others)
    assert unseen(cast.by(cast.dora)) == 1  # nobody marks another's


def test_it_can_be_closed_before_its_time(cast: Cast, client: Browser) -> None:
    break_glass(by=cast.by(cast.cleo), client=cast.birch, reason="Made-up emergency, nobody reachable")
    sign_in(client, cast.cleo)
    page = reverse("clients:client", kwargs={"client": cast.birch.pk})
    shown = client.get(page).content.decode()
    assert "Close it now" in shown
    assert "Who has looked" not in shown  # what the glass does not open is not offered
    client.post(reverse("clients:close", kwargs={"client": cast.birch.pk}))
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("reason", ["", "urgent", "    urgent    "])
def test_a_reason_must_say_something(cast: Cast, reason: str) -> None:
    with pytest.raises(ValidationError):
        break_glass(by=cast.by(cast.cleo), client=cast.birch, reason=reason)
    assert not BrokenGlass.objects.exists()


@pytest.mark.parametrize("language", ["en", "es"])
def test_notices_are_shown_and_counted(cast: Cast, client: Browser, language: str) -> None:
    cast.sue.language = language
    cast.sue.save()
    break_glass(by=cast.by(cast.carl), client=cast.acacia, reason="Made-up emergency, nobody reachable")
    sign_in(client, cast.sue)
    shown = client.get(reverse("clients:notices")).content.decode()
    assert "(1)" in shown
    assert reverse("clients:client", kwargs={"client": cast.acacia.pk}) in shown
    notice = Notice.objects.get(to=cast.sue)
    client.post(reverse("clients:notices"), {"notice": [str(notice.pk), "not an id"]})
    assert "(1)" not in client.get(reverse("clients:notices")).content.decode()
