"""The client's page shows the right person what they need, loudly what never to do, and nobody else anything."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casearc_web.access.models import BrokenGlass
from casearc_web.audit.models import AuditEvent
from casearc_web.clients import tabs
from casearc_web.clients.actions.about import start_victimization
from casearc_web.clients.actions.identity import add_way
from casearc_web.clients.models import Client
from web.cast import Cast, sign_in

MOST_QUERIES = 15
PAGES = ["client", "reach", "identity", "about", "edit_identity", "new_way", "edit_about", "edit_victimization"]
NUMBER = "555 010 4477"


def address(page: str, client: Client, **more: object) -> str:
    return reverse(f"clients:{page}", kwargs={"client": client.pk, **more})


def add_phone(cast: Cast, permission: str, **more: object) -> None:
    values = {"channel": "call", "value": NUMBER, "permission": permission, **more}
    add_way(by=cast.by(cast.cleo), identity=cast.acacia.identity, values=values)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_their_case_manager_sees_every_page(cast: Cast, client: Browser, page: str, language: str) -> None:
    cast.cleo.language = language
    cast.cleo.save()
    sign_in(client, cast.cleo)
    answer = client.get(address(page, cast.acacia))
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert "Acacia Oriole" in shown
    assert f'<html lang="{language}">' in shown
    assert "Oriole" not in shown.partition("<title>")[2].partition("</title>")[0]


@pytest.mark.parametrize("page", [*PAGES, "edit_substance_use"])
@pytest.mark.parametrize("who", ["carl", "eve", "ada", "faye", "fay"])
def test_nobody_else_sees_any(cast: Cast, client: Browser, page: str, who: str) -> None:
    sign_in(client, getattr(cast, who))
    answer = client.get(address(page, cast.acacia))
    assert answer.status_code in (403, 404)
    assert "Acacia" not in answer.content.decode()
    assert AuditEvent.objects.filter(staff_id=getattr(cast, who).pk, outcome="denied").exists()


def questions(client: Browser, page: str, cast: Cast) -> int:
    """How often a page asks the database; a test's own savepoints are not counted."""
    with CaptureQueriesContext(connection) as asked:
        client.get(address(page, cast.acacia))
    return sum("SAVEPOINT" not in query["sql"] for query in asked.captured_queries)


@pytest.mark.parametrize("page", ["client", "reach", "identity", "about", "edit_identity", "edit_victimization"])
def test_pages_ask_the_database_little(
    cast: Cast, client: Browser, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_phone(cast, "safe")
    start_victimization(by=cast.by(cast.cleo), client=cast.acacia)
    sign_in(client, cast.cleo)
    monkeypatch.setattr(tabs, "_panels", {})  # each app's own panel is counted with the app
    assert questions(client, page, cast) <= MOST_QUERIES


def test_what_must_never_be_done_is_on_every_page(cast: Cast, client: Browser) -> None:
    add_phone(cast, "never")
    sign_in(client, cast.cleo)
    for page in PAGES:
        assert "Never call" in client.get(address(page, cast.acacia)).content.decode(), page
    reach = client.get(address("reach", cast.acacia)).content.decode()
    assert NUMBER not in reach  # a number that is never to be called is not offered for calling


def test_reaching_out_says_what_is_allowed_now(cast: Cast, client: Browser) -> None:
    now = timezone.localtime()
    other_day = (now.weekday() + 3) % 7
    add_phone(cast, "safe", words="This is Cleo about the library book.", hours={"days": [other_day]})
    sign_in(client, cast.cleo)
    shown = client.get(address("reach", cast.acacia)).content.decode()
    assert "Not now" in shown
    assert "library book" in shown


def test_substance_use_is_hidden_from_those_without_the_verb(cast: Cast, client: Browser) -> None:
    cast.acacia.substance_use, cast.acacia.substance_use_reason = "treatment", ""
    cast.acacia.save()
    sign_in(client, cast.sue)
    shown = client.get(address("about", cast.acacia)).content.decode()
    assert "In treatment" not in shown
    assert "hidden: not part of your role" in shown
    sign_in(client, cast.cleo)
    assert "In treatment" in client.get(address("about", cast.acacia)).content.decode()


def test_broken_glass_shows_no_substance_use_even_to_a_case_manager(cast: Cast, client: Browser) -> None:
    cast.birch.substance_use = "treatment"
    cast.birch.save()
    BrokenGlass.objects.create(agency=cast.riverbend, client_id=cast.birch.pk, staff=cast.cleo, reason="made up reason")
    sign_in(client, cast.cleo)
    shown = client.get(address("about", cast.birch)).content.decode()
    assert "In treatment" not in shown
    assert "Opened by breaking the glass" in shown


def test_closed_glass_shows_nothing(cast: Cast, client: Browser) -> None:
    BrokenGlass.objects.create(
        agency=cast.riverbend,
        client_id=cast.birch.pk,
        staff=cast.cleo,
        reason="made up reason",
        closes_at=timezone.now() - timedelta(seconds=1),
    )
    sign_in(client, cast.cleo)
    assert client.get(address("client", cast.birch)).status_code == 404


def test_looking_at_a_client_is_logged(cast: Cast, client: Browser) -> None:
    sign_in(client, cast.cleo)
    client.get(address("identity", cast.acacia))
    event = AuditEvent.objects.latest("number")
    assert (event.verb, event.route) == ("view_identity", "clients:identity")
    assert list(event.clients.values_list("client_id", flat=True)) == [cast.acacia.pk]
