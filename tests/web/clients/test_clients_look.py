"""Pages about clients break no rule of axe, fit the phone, and can be used by keyboard and without a script."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse

from casearc_web.access.models import BrokenGlass
from casearc_web.agencies.models import StaffMember
from casearc_web.clients.actions.about import start_victimization
from casearc_web.clients.actions.glass import break_glass
from casearc_web.clients.actions.identity import add_way, edit_identity
from casearc_web.clients.models import Client
from web.cast import Cast, make_cast, sign_in

WAYS: list[dict[str, Any]] = [
    {"channel": "call", "value": "555 010 4477", "permission": "never", "notes": "Her cousin answers."},
    {
        "channel": "text",
        "value": "555 010 4478",
        "permission": "care",
        "hours": {"days": [0, 2, 4], "from": "15:00", "until": "18:00"},
        "words": "Hi, it's Cleo about the library book. Free on Friday?",
    },
    {"channel": "social", "value": "@made.up.sparrow", "permission": "safe"},
]
PAGES = ["client", "reach", "identity", "about", "edit_identity", "new_way", "edit_about", "edit_victimization"]
BOTH = pytest.mark.parametrize("language", ["en", "es"])


@pytest.fixture
def people(transactional_db: None) -> Cast:
    """The cast, and what is known of Acacia."""
    cast = make_cast()
    by = cast.by(cast.cleo)
    for values in WAYS:
        add_way(by=by, identity=cast.acacia.identity, values=values)
    notes = {"aliases": ["Sparrow"], "pronouns": "she/her", "safety_notes": "Her aunt reads the phone at night."}
    edit_identity(by=by, identity=cast.acacia.identity, version=1, values=notes)
    start_victimization(by=by, client=cast.acacia)
    break_glass(by=cast.by(cast.carl), client=cast.acacia, reason="Made-up emergency at the bus station")
    return cast


def enter(page: Any, live_server: Any, staff: StaffMember, language: str) -> None:
    """Signed in in this browser."""
    staff.language = language
    staff.save()
    browser = Browser()
    sign_in(browser, staff)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": browser.cookies[settings.SESSION_COOKIE_NAME].value}
    page.context.add_cookies([{**cookie, "url": live_server.url}])


def address(page: str, client: Client) -> str:
    return reverse(f"clients:{page}", kwargs={"client": client.pk})


@BOTH
def test_every_page_about_a_client(
    people: Cast, either: Any, live_server: Any, axe: Any, picture: Any, language: str
) -> None:
    enter(either, live_server, people.cleo, language)
    width = either.viewport_size["width"]
    for page in PAGES:
        either.goto(live_server.url + address(page, people.acacia))
        axe(either)
        picture(either, f"{page}-{language}-{width}")
    either.goto(live_server.url + reverse("clients:before", kwargs={"client": people.acacia.pk, "what": "identity"}))
    axe(either)
    picture(either, f"before-{language}-{width}")


@BOTH
def test_finding_opening_and_notices(
    people: Cast, either: Any, live_server: Any, axe: Any, picture: Any, language: str
) -> None:
    enter(either, live_server, people.cleo, language)
    width = either.viewport_size["width"]
    either.goto(live_server.url + reverse("clients:search"))
    axe(either)
    either.locator("input[name=typed]").fill("aca")
    either.locator("#main form button.main").press("Enter")
    either.wait_for_url("**/found/")
    assert "aca" not in urlsplit(either.url).path
    assert either.get_by_role("link", name="Acacia Oriole").is_visible()
    axe(either)
    picture(either, f"search-{language}-{width}")
    either.goto(live_server.url + reverse("clients:beyond"))
    either.locator("input[name=name]").fill("Birch Plover")
    either.locator("input[name=birth_date]").fill("2010-03-14")
    either.locator("#main form button.main").click()
    axe(either)
    picture(either, f"beyond-{language}-{width}")
    either.locator("a.button.danger").click()
    axe(either)
    picture(either, f"open-{language}-{width}")
    either.locator("textarea").fill("Made-up emergency: she called from the station")
    either.locator("#main form button.main").click()
    either.wait_for_url(f"**{address('client', people.birch)}")
    axe(either)
    picture(either, f"opened-{language}-{width}")
    assert BrokenGlass.objects.filter(staff=people.cleo, client_id=people.birch.pk).exists()
    enter(either, live_server, people.sue, language)
    either.goto(live_server.url + reverse("clients:notices"))
    axe(either)
    picture(either, f"notices-{language}-{width}")


@BOTH
def test_intake_in_a_hurry(people: Cast, either: Any, live_server: Any, axe: Any, picture: Any, language: str) -> None:
    enter(either, live_server, people.cleo, language)
    width = either.viewport_size["width"]
    either.goto(live_server.url + reverse("enrollments:intake"))
    axe(either)
    picture(either, f"intake-{language}-{width}")
    either.locator("input[name=given_name]").fill("Acacia")
    either.locator("input[name=family_name]").fill("Oriole")
    for _ in range(2):  # the second time there is a button "save anyway", and Enter does not press it
        with either.expect_navigation():
            either.locator("input[name=family_name]").press("Enter")
        assert either.locator("#likes").is_visible()
    either.evaluate("scrollTo(0, document.body.scrollHeight)")  # else the bar at the bottom covers a field just now
    axe(either)
    picture(either, f"likes-{language}-{width}")
    either.locator("button[name=anyway]").click()
    either.wait_for_url("**/clients/*-*/")
    assert Client.objects.filter(created_by=people.cleo).count() == 3


def test_intake_without_a_script(people: Cast, without_script: Any, live_server: Any) -> None:
    enter(without_script, live_server, people.cleo, "en")
    without_script.goto(live_server.url + reverse("enrollments:intake"))
    without_script.locator("textarea[name=aliases]").fill("Finch")
    without_script.locator("#main form .save-bar button.main").click()
    assert without_script.get_by_role("heading", level=1).is_visible()
    assert Client.objects.latest("created_at").identity.aliases == ["Finch"]
