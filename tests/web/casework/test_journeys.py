"""In a real browser: three taps to a contact, nothing typed is lost without a connection, axe finds nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from casearc_web.agencies.models import StaffMember
from casearc_web.casework.models import CaseworkRules, Contact, ContactTemplate, ServiceKind
from web.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)
Enter = Callable[..., Page]
TAPS = 3


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


def test_a_lost_connection_loses_nothing(
    cast: Cast, signed_in_page: Enter, live_server: Any, offline: Callable[[Page], Any]
) -> None:
    page = signed_in_page(cast.cleo)
    page.goto(f"{live_server.url}{reverse('casework:new', args=[cast.acacia.pk])}")
    page.get_by_label("30", exact=True).check()
    with offline(page):
        page.get_by_label("What happened").fill("We talked in the hallway.")
        page.get_by_role("button", name="Save", exact=True).tap()
        expect(page.get_by_text("No connection.")).to_be_visible()
        assert not Contact.objects.exists()
    expect(page.get_by_text("The contact is saved.")).to_be_visible(timeout=60_000)
    assert [one.note for one in Contact.objects.all()] == ["We talked in the hallway."]


def whole(page: Page) -> None:
    """As high as the page is, so that nothing that sticks to the screen's edge lies over anything else."""
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": page.viewport_size["width"], "height": height})


PAGES = ("quick", "contacts", "new", "contact", "edit", "withdraw", "history", "to_sign", "give_back", "settings")


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_page_of_casework_breaks_a_rule_of_axe(
    cast: Cast,
    catalog: dict[str, ServiceKind],
    record: Callable[..., Contact],
    signed_in_page: Enter,
    either: Page,
    live_server: Any,
    axe: Callable[[Page], None],
    picture: Callable[[Page, str], None],
    language: str,
) -> None:
    StaffMember.objects.update(language=language)
    CaseworkRules.objects.create(agency=cast.riverbend, program=cast.north, signing="everybody", contact_every_days=7)
    template = ContactTemplate.objects.create(
        agency=cast.riverbend, program=cast.north, name="Home visit", services=["food"], headings=["Mood", "Plan"]
    )
    services = {catalog["food"].pk: None, catalog["counseling"].pk: None}
    contact = record(services=services, note="Made-up words about a made-up visit.\nTwo lines.", next_step="Call.")
    record(outcome="attempted", minutes=None, note="", medium="phone")
    for client in (cast.acacia, cast.birch):
        cast.enrollment_of(client).care_team.create(agency=cast.riverbend, staff=cast.sue, since=date(2026, 2, 1))
    page = signed_in_page(cast.sue, either)
    for name in (*PAGES, "kind_new", "template", "rules"):
        about = {
            **{key: [cast.acacia.pk] for key in ("contacts", "new")},
            **{key: [cast.acacia.pk, contact.pk] for key in PAGES[3:7] + PAGES[8:9]},
            "template": [template.pk],
            "rules": [cast.north.pk],
        }
        page.goto(f"{live_server.url}{reverse(f'casework:{name}', args=about.get(name, []))}")
        picture(page, f"casework-{name}-{language}-{page.viewport_size['width']}")
        whole(page)
        axe(page)
