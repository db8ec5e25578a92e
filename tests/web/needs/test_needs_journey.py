"""In a real browser: an assessment on a phone, a tap a domain; with a keyboard; without script."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from casearc_web.needs.levels import DEFAULT_DOMAINS
from casearc_web.needs.models import NeedsAssessment
from web.browser.ways import FOUR_WAYS
from web.cast import Cast
from web.earlier import two_assessments

pytestmark = pytest.mark.django_db(transaction=True)
Enter = Callable[..., Page]


def address(live_server: Any, name: str, **ids: object) -> str:
    return f"{live_server.url}{reverse(f'needs:{name}', kwargs=ids)}"


def new_of(cast: Cast, live_server: Any) -> str:
    return address(live_server, "assess", client=cast.acacia.pk, enrollment=cast.enrollment_of(cast.acacia).pk)


@FOUR_WAYS
def test_a_tap_a_domain(
    cast: Cast, signed_in_page: Enter, sized: Page, live_server: Any, say: Callable[..., str]
) -> None:
    two_assessments(cast)
    page = signed_in_page(cast.cleo, sized)
    page.goto(address(live_server, "assessments", client=cast.acacia.pk))
    page.get_by_role("link", name=say("New needs assessment")).click()
    urgent = say("Last time: %(answer)s", answer=f"4 {say('Urgent')}")
    expect(page.get_by_text(urgent).first).to_be_visible()
    for domain in DEFAULT_DOMAINS:
        page.get_by_role("group", name=say(str(domain.name)), exact=True).locator("label.tap").nth(1).click()
    page.get_by_role("button", name=say("Save"), exact=True).click()
    expect(page.get_by_text(say("The needs assessment is saved."))).to_be_visible()
    stored = NeedsAssessment.objects.get(on=timezone.localdate())
    assert {stored.answer(domain.code) for domain in DEFAULT_DOMAINS} == {1}


def test_by_keyboard_alone(cast: Cast, signed_in_page: Enter, desk: Page, live_server: Any) -> None:
    page = signed_in_page(cast.cleo, desk)
    page.goto(new_of(cast, live_server))
    page.get_by_label("Date").focus()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "level_safety":
            break
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[name=level_safety]:checked")).to_have_value("1")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The needs assessment is saved.")).to_be_visible()
    assert NeedsAssessment.objects.get().answers == {"safety": 1}


def test_without_javascript(cast: Cast, signed_in_page: Enter, without_script: Page, live_server: Any) -> None:
    page = signed_in_page(cast.cleo, without_script)
    page.goto(new_of(cast, live_server))
    page.get_by_label("Date").fill((timezone.localdate() + timedelta(days=1)).isoformat())
    page.get_by_role("group", name="Housing").locator("label.tap").nth(3).tap()
    page.get_by_role("group", name="Housing").locator("summary").tap()
    page.get_by_label("Note on: Housing").fill("A made-up room.")
    page.get_by_role("button", name="Save", exact=True).tap()
    expect(page.locator("#error-summary")).to_contain_text("This day has not come yet.")
    expect(page.get_by_label("Note on: Housing")).to_have_value("A made-up room.")
    page.get_by_label("Date").fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="Save", exact=True).tap()
    expect(page.get_by_text("The needs assessment is saved.")).to_be_visible()
    assert NeedsAssessment.objects.get().notes == {"housing": "A made-up room."}


def test_a_lost_connection_loses_nothing(
    cast: Cast, signed_in_page: Enter, live_server: Any, offline: Callable[[Page], Any]
) -> None:
    page = signed_in_page(cast.cleo)
    page.goto(new_of(cast, live_server))
    with offline(page):
        page.get_by_role("group", name="Safety").locator("label.tap").nth(4).tap()
        page.get_by_role("button", name="Save", exact=True).tap()
        expect(page.get_by_text("No connection.")).to_be_visible()
        assert not NeedsAssessment.objects.exists()
    expect(page.get_by_text("The needs assessment is saved.")).to_be_visible(timeout=60_000)
    assert [one.answers for one in NeedsAssessment.objects.all()] == [{"safety": 4}]
