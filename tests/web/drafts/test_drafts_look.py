"""A form that came too late is offered again, in both languages, without a fault that axe finds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from casearc_web.drafts import actions
from casearc_web.drafts.models import KeptForm
from web.browser.ways import TWO_WAYS
from web.cast import Cast, make_cast


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """The cast, where the live server sees them."""
    return make_cast()


@TWO_WAYS
def test_the_page_of_a_kept_form(
    cast: Cast,
    sized: Page,
    live_server: object,
    axe: Callable[[Page], None],
    picture: Callable[[Page, str], None],
    language: str,
    signed_in_page: Callable[..., Page],
) -> None:
    typed = [("note", "She would like to talk on Friday, after school."), ("minutes", "30")]
    kept = actions.keep_form(staff_id=cast.cleo.pk, agency_id=cast.riverbend.pk, address="/account/", fields=typed)
    page = signed_in_page(cast.cleo, sized)
    page.goto(f"{live_server.url}/kept/{kept.pk}/")
    page.locator("summary").click()
    expect(page.get_by_text("after school")).to_be_visible()
    picture(page, f"kept-{language}-{page.viewport_size['width']}")
    axe(page)
    page.locator("main form:not([action]) button").click()
    page.wait_for_url(f"{live_server.url}/")
    assert not KeptForm.objects.exists()
