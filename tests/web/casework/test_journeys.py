"""In a real browser: three taps to a contact, nothing typed is lost without a connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from casearc_web.casework.models import Contact, ServiceKind
from web.browser.ways import FOUR_WAYS
from web.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)
Enter = Callable[..., Page]
TAPS = 3
KEPT_HERE = (
    "No connection. What you typed is kept on this device, encrypted. We will send it when the connection is back."
)


def test_a_contact_takes_three_taps(
    cast: Cast, catalog: dict[str, ServiceKind], signed_in_page: Enter, live_server: Any
) -> None:
    """The client, the minutes, save: well under 30 seconds, with nothing to type."""
    page, taps = signed_in_page(cast.cleo), 0

    def tap(what: Any) -> None:
        nonlocal taps
        what.tap()
        taps += 1

    page.goto(f"{live_server.url}{reverse('casework:quick')}")
    tap(page.get_by_role("link", name="Acacia Oriole"))
    tap(page.locator("label", has_text="15").first)
    tap(page.get_by_role("button", name="Save", exact=True))
    expect(page.get_by_text("The contact is saved.")).to_be_visible()
    assert taps == TAPS
    assert Contact.objects.get().minutes == 15


def test_no_answer_takes_one_tap(cast: Cast, signed_in_page: Enter, live_server: Any) -> None:
    page = signed_in_page(cast.cleo)
    page.goto(f"{live_server.url}{reverse('casework:quick')}")
    page.get_by_role("button", name="No answer: Acacia Oriole").tap()
    expect(page.get_by_text("Saved: tried by phone today, no answer.")).to_be_visible()
    assert Contact.objects.get().outcome == "attempted"


def test_without_javascript(
    cast: Cast, catalog: dict[str, ServiceKind], signed_in_page: Enter, without_script: Page, live_server: Any
) -> None:
    page = signed_in_page(cast.cleo, without_script)
    page.goto(f"{live_server.url}{reverse('casework:new', args=[cast.acacia.pk])}")
    page.get_by_role("button", name="Save", exact=True).tap()
    expect(page.locator("#error-summary")).to_contain_text("Choose how long it took")
    page.get_by_label("30", exact=True).check()
    page.get_by_label("Food").check()
    page.get_by_role("button", name="Save", exact=True).tap()
    expect(page.get_by_text("The contact is saved.")).to_be_visible()
    assert [one.kind.code for one in Contact.objects.get().delivered] == ["food"]


@FOUR_WAYS
def test_a_lost_connection_loses_nothing(
    cast: Cast,
    signed_in_page: Enter,
    sized: Page,
    live_server: Any,
    offline: Callable[[Page], Any],
    say: Callable[..., str],
) -> None:
    page = signed_in_page(cast.cleo, sized)
    page.goto(f"{live_server.url}{reverse('casework:new', args=[cast.acacia.pk])}")
    page.get_by_label("30", exact=True).check()
    with offline(page):
        page.get_by_label(say("What happened")).fill("We talked in the hallway.")
        page.get_by_role("button", name=say("Save"), exact=True).click()
        expect(page.get_by_text(say(KEPT_HERE))).to_be_visible()
        assert not Contact.objects.exists()
    expect(page.get_by_text(say("The contact is saved."))).to_be_visible(timeout=60_000)
    assert [one.note for one in Contact.objects.all()] == ["We talked in the hallway."]
