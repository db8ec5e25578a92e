"""Caseloads are transferred without a script, and stays ended by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from casearc_web.enrollments import facts
from casearc_web.enrollments.facts import StillOpen
from web.cast import Cast, _client, make_cast

NAMES = [("Juniper", "Heron"), ("Willow", "Finch"), ("Hazel", "Kestrel"), ("Rowan", "Lark")]
Enter = Callable[..., Page]


@pytest.fixture
def people(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """The cast with a fuller caseload; whoever leaves has two goals open."""
    cast = make_cast()
    for given, family in NAMES:
        _client(given, family, program=cast.north, staff=cast.cleo)
    monkeypatch.setattr(facts, "_open", [lambda by, stay: [StillOpen(what="2 goals", address="/due/")]])
    return cast


def test_a_caseload_is_transferred_without_a_script(
    people: Cast, without_script: Page, live_server: Any, signed_in_page: Enter, picture: Any
) -> None:
    page = signed_in_page(people.sue, without_script)
    page.goto(f"{live_server.url}/transfer/")
    page.get_by_label("From").select_option(label="Cleo (made up)")
    page.get_by_label("To", exact=True).select_option(label="Carl (made up)")
    page.get_by_role("button", name="Look at the clients").click()
    expect(page.get_by_text("Acacia Oriole")).to_be_visible()
    picture(page, "transfer-look")
    page.get_by_label("Willow Finch").uncheck()
    page.get_by_role("button", name="Transfer", exact=True).click()
    expect(page.get_by_text("4 clients were transferred.")).to_be_visible()
    page.goto(live_server.url)
    still = page.get_by_role("link", name="Willow Finch", exact=True)
    expect(still).to_be_visible()  # Cleo's still; Carl is in another team
    expect(page.get_by_role("link", name="Hazel Kestrel", exact=True)).not_to_be_visible()


def test_a_stay_is_ended_by_keyboard_and_what_is_open_is_asked_about(
    people: Cast, desk: Page, live_server: Any, signed_in_page: Enter, axe: Any, picture: Any
) -> None:
    page = signed_in_page(people.cleo, desk)
    stay = people.enrollment_of(people.acacia)
    page.goto(f"{live_server.url}/clients/{people.acacia.pk}/enrollments/{stay.pk}/exit/")
    expect(page.get_by_role("link", name="2 goals")).to_be_visible()
    page.get_by_label("Completed the program").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#error-summary")).to_be_focused()
    picture(page, "exit-asked")
    axe(page)
    page.get_by_label("Yes, this is right").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ended")).to_be_visible()
