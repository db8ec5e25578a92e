"""Intake in a hurry and without a script; finding a client, and opening another's record with a reason."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse

from casearc_web.access.models import BrokenGlass
from casearc_web.agencies.models import StaffMember
from casearc_web.clients.actions.glass import break_glass
from casearc_web.clients.models import Client
from web.browser.ways import FOUR_WAYS, TWO_WAYS
from web.cast import Cast, make_cast, sign_in


@pytest.fixture
def people(transactional_db: None) -> Cast:
    """The cast, and a glass that was broken."""
    cast = make_cast()
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


@TWO_WAYS
def test_finding_opening_and_notices(
    people: Cast, sized: Any, live_server: Any, axe: Any, picture: Any, language: str
) -> None:
    enter(sized, live_server, people.cleo, language)
    width = sized.viewport_size["width"]
    sized.goto(live_server.url + reverse("clients:search"))
    sized.locator("input[name=typed]").fill("aca")
    sized.locator("#main form button.main").press("Enter")
    sized.wait_for_url("**/found/")
    assert "aca" not in urlsplit(sized.url).path
    assert sized.get_by_role("link", name="Acacia Oriole").is_visible()
    picture(sized, f"search-{language}-{width}")
    sized.goto(live_server.url + reverse("clients:beyond"))
    sized.locator("input[name=name]").fill("Birch Plover")
    sized.locator("input[name=birth_date]").fill("2010-03-14")
    sized.locator("#main form button.main").click()
    sized.locator("a.button.danger").wait_for()
    axe(sized)
    picture(sized, f"beyond-{language}-{width}")
    sized.locator("a.button.danger").click()
    picture(sized, f"open-{language}-{width}")
    sized.locator("textarea").fill("Made-up emergency: she called from the station")
    sized.locator("#main form button.main").click()
    sized.wait_for_url(f"**{address('client', people.birch)}")
    axe(sized)
    picture(sized, f"opened-{language}-{width}")
    assert BrokenGlass.objects.filter(staff=people.cleo, client_id=people.birch.pk).exists()
    enter(sized, live_server, people.sue, language)
    sized.goto(live_server.url + reverse("clients:notices"))
    picture(sized, f"notices-{language}-{width}")


@FOUR_WAYS
def test_intake_in_a_hurry(people: Cast, sized: Any, live_server: Any, axe: Any, picture: Any, language: str) -> None:
    enter(sized, live_server, people.cleo, language)
    width = sized.viewport_size["width"]
    sized.goto(live_server.url + reverse("enrollments:intake"))
    picture(sized, f"intake-{language}-{width}")
    sized.locator("input[name=given_name]").fill("Acacia")
    sized.locator("input[name=family_name]").fill("Oriole")
    for _ in range(2):  # the second time there is a button "save anyway", and Enter does not press it
        with sized.expect_navigation():
            sized.locator("input[name=family_name]").press("Enter")
        assert sized.locator("#likes").is_visible()
    axe(sized)
    picture(sized, f"likes-{language}-{width}")
    sized.locator("button[name=anyway]").click()
    sized.wait_for_url("**/clients/*-*/")
    assert Client.objects.filter(created_by=people.cleo).count() == 3


def test_intake_without_a_script(people: Cast, without_script: Any, live_server: Any) -> None:
    enter(without_script, live_server, people.cleo, "en")
    without_script.goto(live_server.url + reverse("enrollments:intake"))
    without_script.locator("textarea[name=aliases]").fill("Finch")
    without_script.locator("#main form .save-bar button.main").click()
    assert without_script.get_by_role("heading", level=1).is_visible()
    assert Client.objects.latest("created_at").identity.aliases == ["Finch"]
