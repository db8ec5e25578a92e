"""Pages of the administrator and the log break no rule of axe, fit the phone, and work without a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from casearc_web.audit.checks import check
from casearc_web.audit.log import Entry, append
from casearc_web.audit.models import Outcome
from web.cast import Cast, make_cast

BOTH = pytest.mark.parametrize("language", ["en", "es"])
Enter = Callable[..., Page]


@pytest.fixture
def people(transactional_db: None) -> Cast:
    """The cast, and a few events."""
    cast = make_cast()
    for number in range(12):
        append(
            Entry(
                agency_id=cast.riverbend.pk,
                staff_id=cast.cleo.pk,
                role="case_manager",
                verb=("view_client", "edit_client", "break_glass")[number % 3],
                outcome=Outcome.DENIED if number % 5 == 4 else Outcome.DONE,
                clients=frozenset({cast.acacia.pk}),
                details="client: housing" if number % 3 == 1 else "",
            )
        )
    check(cast.riverbend.pk)
    return cast


@BOTH
def test_every_page_passes_axe_and_fits(
    people: Cast, either: Page, live_server: Any, signed_in_page: Enter, language: str, axe: Any, picture: Any
) -> None:
    people.ada.language = language
    people.ada.save()
    page = signed_in_page(people.ada, either)
    width = either.viewport_size["width"] if either.viewport_size else 0
    pages = {
        "home": "/",
        "accounts": "/accounts/",
        "account": f"/accounts/{people.cleo.pk}/",
        "new_account": "/accounts/new/",
        "agency": "/agency/",
        "settings": "/agency/settings/",
        "program": f"/agency/programs/{people.north.pk}/",
        "log": "/log/",
        "log_filtered": "/log/?outcome=denied",
        "roles": "/roles/",
    }
    for name, address in pages.items():
        page.goto(live_server.url + address)
        expect(page.locator("h1")).to_be_visible()
        picture(page, f"staff-{name}-{width}-{language}")
        axe(page)


def test_an_account_is_made_without_a_script(
    people: Cast, without_script: Page, live_server: Any, signed_in_page: Enter, axe: Any, picture: Any
) -> None:
    page = signed_in_page(people.ada, without_script)
    page.goto(f"{live_server.url}/accounts/new/")
    page.locator("#id_name").fill("Nia (made up)")
    page.get_by_label("User name").fill("nia")
    page.get_by_label("Code in exports").fill("N1")
    page.locator("input[name=role][value=case_manager]").check()
    page.locator("#id_team").select_option(label="Otter")
    page.get_by_label("North", exact=True).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Invitation for Nia (made up)")).to_be_visible()
    picture(page, "staff-invited")
    axe(page)
