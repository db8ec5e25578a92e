"""An administrator makes an account without a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from web.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)
Enter = Callable[..., Page]


def test_an_account_is_made_without_a_script(
    cast: Cast, without_script: Page, live_server: Any, signed_in_page: Enter, picture: Any
) -> None:
    page = signed_in_page(cast.ada, without_script)
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
