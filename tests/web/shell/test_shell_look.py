"""Every component and error page is accessible, fits the phone, and reads well in both languages and color schemes."""

from __future__ import annotations

import pytest

from web.browser.ways import TWO_WAYS

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


@TWO_WAYS
@pytest.mark.parametrize("name", PAGES)
def test_no_page_of_the_shell_breaks_a_rule_of_axe(sized, live_server, axe, picture, name, language):
    answer = sized.goto(f"{live_server.url}/{name}")
    assert answer.status == PAGES[name]
    assert sized.locator("html").get_attribute("lang") == language
    axe(sized)
    picture(sized, f"{name}-{language}-{sized.viewport_size['width']}")


@TWO_WAYS
def test_a_refused_form_is_accessible_too(sized, live_server, axe, picture, language):
    sized.goto(f"{live_server.url}/specimen")
    sized.locator("#main button.main").last.click()
    assert sized.locator(".error-summary").is_visible()
    axe(sized)
    picture(sized, f"errors-{language}-{sized.viewport_size['width']}")
