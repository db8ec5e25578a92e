"""Pages of Chromium that are signed in already, past every gate.

    from web.browser.fixtures import *
    from web.browser.signed_in import *

    def test_caseload(cast, signed_in_page, live_server, axe):
        page = signed_in_page(cast.cleo)
        page.goto(f"{live_server.url}/")

`signed_in_page(staff)` is the phone; `signed_in_page(staff, desk)` any other page of the fixtures. Whoever signs in
speaks the test's `language`.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client as HttpClient
from playwright.sync_api import Page

from casearc_web.agencies.models import StaffMember
from web.cast import sign_in


@pytest.fixture
def signed_in_page(request: pytest.FixtureRequest, live_server: object, language: str) -> Callable[..., Page]:
    """Signs a page in as somebody."""

    def enter(staff: StaffMember, page: Page | None = None) -> Page:
        staff.language = language
        StaffMember.objects.filter(pk=staff.pk).update(language=language)
        client = HttpClient()
        sign_in(client, staff)
        chosen: Page = page or request.getfixturevalue("phone")
        session = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
        chosen.context.add_cookies([{**session, "url": live_server.url, "httpOnly": True, "sameSite": "Strict"}])
        return chosen

    return enter


__all__ = ["signed_in_page"]
