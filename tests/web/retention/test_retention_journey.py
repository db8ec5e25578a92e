"""A purge in a real browser, proposed by one person and approved by another; every page passes axe."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from casearc_web.agencies.models import StaffMember
from casearc_web.clients.models import Client
from casearc_web.enrollments.models import Enrollment
from casearc_web.retention import actions
from casearc_web.retention.models import PurgeRequest, Scope, Why
from web.cast import Cast, make_cast

Enter = Callable[..., Page]
BOTH = pytest.mark.parametrize("language", ["en", "es"])


@pytest.fixture
def people(transactional_db: None) -> Cast:
    """The cast, Cedar's record long past its time."""
    cast = make_cast()
    Enrollment.objects.filter(client=cast.cedar).update(started_on="2009-01-15", exited_on="2010-06-30")
    return cast


@BOTH
def test_every_page_passes_axe_and_fits(
    people: Cast, live_server: Any, signed_in_page: Enter, either: Page, axe: Any, picture: Any, language: str
) -> None:
    standing = actions.hold(by=people.by(people.dora), client=people.acacia, reason="A court asked (made up).")
    asked = actions.propose(
        by=people.by(people.dora), client=people.cedar, scope=Scope.FULL, why=Why.ASKED, reason="Made up."
    )
    names: dict[str, dict[str, Any]] = {
        "programs": {},
        "policy": {"program": people.north.pk},
        "due": {"scope": "partial"},
        "waiting": {},
        "decide": {"request_id": asked.pk},
        "erased": {},
        "keeping": {"client": people.acacia.pk},
        "hold": {"client": people.cedar.pk},
        "lift": {"client": people.acacia.pk, "hold": standing.pk},
        "erase": {"client": people.cedar.pk},
    }
    page = signed_in_page(_speaks(people.dora, language), either)
    for name, where in names.items():
        page.goto(live_server.url + reverse(f"retention:{name}", kwargs=where))
        axe(page)
        picture(page, f"retention-{name}-{language}-{page.viewport_size['width']}")


def test_two_people_erase(
    people: Cast, live_server: Any, signed_in_page: Enter, without_script: Page, picture: Any
) -> None:
    """Also without JavaScript."""
    page = signed_in_page(people.dora, without_script)
    page.goto(live_server.url + reverse("retention:due", kwargs={"scope": "full"}))
    page.get_by_role("button", name="Propose what is ticked").click()
    assert PurgeRequest.objects.count() == 1
    page = signed_in_page(people.ada, without_script)
    page.goto(live_server.url + reverse("retention:waiting"))
    page.get_by_role("link", name=people.cedar.code).click()
    picture(page, "retention-decide-second")
    page.get_by_role("checkbox", name="I have checked").check()
    page.get_by_role("button", name="Erase now").click()
    assert page.get_by_text("Erased.").is_visible()
    assert not Client.objects.filter(pk=people.cedar.pk).exists()


def _speaks(staff: StaffMember, language: str) -> StaffMember:
    staff.language = language
    staff.save()
    return staff
