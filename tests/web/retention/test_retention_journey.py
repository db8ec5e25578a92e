"""A purge in a real browser, proposed by one person and approved by another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from casearc_web.clients.models import Client
from casearc_web.enrollments.models import Enrollment
from casearc_web.retention.models import PurgeRequest
from web.cast import Cast, make_cast

Enter = Callable[..., Page]
Say = Callable[..., str]


@pytest.fixture
def people(transactional_db: None) -> Cast:
    """The cast, Cedar's record long past its time."""
    cast = make_cast()
    Enrollment.objects.filter(client=cast.cedar).update(started_on="2009-01-15", exited_on="2010-06-30")
    return cast


@pytest.mark.parametrize(("width", "language"), [("without_script", "en"), ("phone", "es"), ("desk", "en")])
def test_two_people_erase(
    people: Cast, live_server: Any, signed_in_page: Enter, sized: Page, picture: Any, say: Say, width: str
) -> None:
    """Also without JavaScript."""
    page = signed_in_page(people.dora, sized)
    page.goto(live_server.url + reverse("retention:due", kwargs={"scope": "full"}))
    page.get_by_role("button", name=say("Propose what is ticked")).click()
    expect(page.get_by_text(say("%(count)d proposed. A second person decides.", count=1))).to_be_visible()
    assert PurgeRequest.objects.count() == 1
    page = signed_in_page(people.ada, sized)
    page.goto(live_server.url + reverse("retention:waiting"))
    page.get_by_role("link", name=people.cedar.code).click()
    picture(page, f"retention-decide-second-{width}")
    page.get_by_role("checkbox", name=say("I have checked that this may be erased")).check()
    page.get_by_role("button", name=say("Erase now")).click()
    expect(page.get_by_text(say("Erased."))).to_be_visible()
    assert not Client.objects.filter(pk=people.cedar.pk).exists()
