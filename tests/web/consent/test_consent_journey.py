"""A permission given, disclosed under and revoked in a real browser; also without a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from casearc_web.clients.models import Client
from casearc_web.consent.models import Authorization, Disclosure, Revocation
from web.browser.ways import TWO_WAYS
from web.cast import Cast, make_cast
from web.consent.giving import give

Enter = Callable[..., Page]
Say = Callable[..., str]
COURT = "Willow County Court (made up)"
EXPLAINED = "I explained: services do not depend on signing, and it can be taken back at any time"
ABUSED = "Did this person abuse or exploit the client, or abuse the other parent?"


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return make_cast()


def url(live_server: Any, name: str, who: Client, **more: Any) -> str:
    return live_server.url + reverse(f"consent:{name}", kwargs={"client": who.pk, **more})


@pytest.mark.parametrize(("width", "language"), [("without_script", "en"), ("phone", "es"), ("desk", "en")])
def test_given_printed_and_revoked(
    people: Cast, live_server: Any, signed_in_page: Enter, sized: Page, picture: Any, say: Say, width: str
) -> None:
    """Also without JavaScript."""
    page = signed_in_page(people.cleo, sized)
    page.goto(url(live_server, "permissions", people.acacia))
    page.get_by_role("link", name=say("New permission"), exact=True).click()
    page.get_by_role("radio", name=say("Court"), exact=True).check()
    page.get_by_label(say("Organization that may receive it")).fill(COURT)
    page.get_by_role("checkbox", name=say("Name and date of birth")).check()
    page.get_by_role("radio", name=say("In person")).check()
    page.get_by_role("radio", name=say("English")).check()
    page.get_by_role("button", name=say("Look at what they would see")).click()
    expect(page.get_by_text(say("What %(who)s would see today", who=COURT))).to_be_visible()
    picture(page, f"consent-preview-{width}")
    with page.context.expect_page() as paper:
        page.get_by_role("button", name=say("Paper to sign")).click()
    expect(paper.value.get_by_text("You do not have to sign this")).to_be_visible()  # as it was explained: in English
    paper.value.close()
    page.get_by_role("checkbox", name=say(EXPLAINED)).check()
    page.get_by_role("button", name=say("Save the signed permission")).click()
    expect(page.locator("#error-summary")).to_contain_text(say("a parent or guardian"))
    second = page.get_by_role("group", name=say("Signature %(number)s", number=2))
    second.get_by_label(say("Who signs")).select_option("parent")
    second.get_by_label(say("Name")).fill("Olive Oriole")
    second.get_by_label(say(ABUSED)).select_option("no")
    page.get_by_role("button", name=say("Save the signed permission")).click()
    page.get_by_role("link", name=say("Revoke")).click()
    assert Authorization.objects.count() == 1
    page.get_by_role("radio", name=say("The client")).check()
    page.get_by_role("radio", name=say("By phone")).check()
    with page.expect_navigation():
        page.get_by_role("button", name=say("End it now")).click()
    expect(page.get_by_role("link", name=say("Revoke"))).to_have_count(0)
    assert Revocation.objects.count() == 1


@TWO_WAYS
def test_disclosed_after_a_look(
    people: Cast, live_server: Any, signed_in_page: Enter, sized: Page, axe: Any, picture: Any, language: str
) -> None:
    one = give(people.by(people.sue), people.acacia)
    page = signed_in_page(people.sue, sized)
    page.goto(url(live_server, "disclose", people.acacia, authorization=one.pk))
    page.locator("input[name=delivery]").first.check()
    page.locator("button[name=do][value=preview]").click()
    page.locator("button[name=do][value=confirm]").wait_for()
    axe(page)
    picture(page, f"consent-look-{language}")
    page.locator("button[name=do][value=confirm]").click()
    page.locator("a.back[href$='/disclosures/']").wait_for()
    assert page.get_by_text("Oriole").first.is_visible()
    axe(page)
    picture(page, f"consent-statement-{language}")
    assert Disclosure.objects.count() == 1
