"""Every component and error page is accessible, fits the phone, and reads well in both languages and color schemes."""

from __future__ import annotations

import pytest

PAGES = {
    "specimen": 200,
    "contact": 200,
    "conflict": 200,
    "welcome": 200,
    "nowhere": 404,
    "forbidden": 403,
    "too-many": 429,
    "closed": 503,
    "breaks": 500,
    "bad": 400,
}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", PAGES)
def test_no_page_of_the_shell_breaks_a_rule_of_axe(either, live_server, axe, picture, name, language):
    answer = either.goto(f"{live_server.url}/{name}")
    assert answer.status == PAGES[name]
    assert either.locator("html").get_attribute("lang") == language
    axe(either)
    picture(either, f"{name}-{language}-{either.viewport_size['width']}")


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_refused_form_is_accessible_too(either, live_server, axe, picture, language):
    either.goto(f"{live_server.url}/specimen")
    either.locator("#main button.main").last.click()
    assert either.locator(".error-summary").is_visible()
    axe(either)
    picture(either, f"errors-{language}-{either.viewport_size['width']}")
