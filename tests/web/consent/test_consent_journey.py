"""A permission given and revoked in a real browser, on the phone and without a script; every page passes axe."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from casearc_web.agencies.models import StaffMember
from casearc_web.clients.models import Client
from casearc_web.consent import actions
from casearc_web.consent.codes import Category, ConsentKind, Relation
from casearc_web.consent.models import Authorization, Disclosure, Revocation
from web.cast import Cast, make_cast
from web.consent.giving import consent, give

Enter = Callable[..., Page]
BOTH = pytest.mark.parametrize("language", ["en", "es"])


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return make_cast()


def url(live_server: Any, name: str, who: Client, **more: Any) -> str:
    return live_server.url + reverse(f"consent:{name}", kwargs={"client": who.pk, **more})


@pytest.fixture
def pages(people: Cast, live_server: Any) -> dict[str, str]:
    """Every page of the ledger by name, with something on it."""
    by, who = people.by(people.sue), people.acacia
    one = give(by, who)
    actions.bar_signer(by=by, client=who, name="Ash Oriole", relation="Made up")
    actions.disclose(by=by, authorization=one, categories=[Category.IDENTITY], delivery="handed")
    given = consent(by, who, ConsentKind.RESEARCH_ASSENT, Relation.CLIENT)
    barred = who.barredsigners.get()
    names = {
        **dict.fromkeys(("permissions", "consents", "give", "record_consent", "bar", "disclosures"), None),
        "authorization": {"authorization": one.pk},
        "revoke": {"authorization": one.pk},
        "disclose": {"authorization": one.pk},
        "withdraw": {"consent": given.pk},
        "unbar": {"signer": barred.pk},
    }
    return {name: url(live_server, name, who, **(more or {})) for name, more in names.items()}


@BOTH
def test_every_page_passes_axe_and_fits(
    people: Cast, pages: dict[str, str], signed_in_page: Enter, either: Page, axe: Any, picture: Any, language: str
) -> None:
    page = signed_in_page(_speaks(people.sue, language), either)
    for name, address in pages.items():
        page.goto(address)
        axe(page)
        picture(page, f"consent-{name}-{language}-{page.viewport_size['width']}")


def test_given_printed_and_revoked(
    people: Cast, live_server: Any, signed_in_page: Enter, without_script: Page, picture: Any
) -> None:
    """Also without JavaScript."""
    page = signed_in_page(people.cleo, without_script)
    page.goto(url(live_server, "permissions", people.acacia))
    page.get_by_role("link", name="New permission").click()
    page.get_by_role("radio", name="Court").check()
    page.get_by_label("Organization that may receive it").fill("Willow County Court (made up)")
    page.get_by_role("checkbox", name="Name and date of birth").check()
    page.get_by_role("radio", name="In person").check()
    page.get_by_role("radio", name="English").check()
    page.get_by_role("button", name="Look at what they would see").click()
    assert page.get_by_text("Willow County Court (made up) would see today").is_visible()
    picture(page, "consent-preview")
    with page.context.expect_page() as paper:
        page.get_by_role("button", name="Paper to sign").click()
    assert paper.value.get_by_text("You do not have to sign this").is_visible()
    paper.value.close()
    page.get_by_role("checkbox", name="I explained").check()
    page.get_by_role("button", name="Save the signed permission").click()
    assert page.get_by_text("a parent or guardian").first.is_visible()
    second = page.get_by_role("group", name="Signature 2")
    second.get_by_label("Who signs").select_option("parent")
    second.get_by_label("Name").fill("Olive Oriole")
    second.get_by_label("Did this person").select_option("no")
    page.get_by_role("button", name="Save the signed permission").click()
    assert Authorization.objects.count() == 1
    page.get_by_role("link", name="Revoke").click()
    page.get_by_role("radio", name="The client").check()
    page.get_by_role("radio", name="By phone").check()
    page.get_by_role("button", name="End it now").click()
    assert Revocation.objects.count() == 1


@BOTH
def test_disclosed_after_a_look(
    people: Cast, pages: dict[str, str], signed_in_page: Enter, phone: Page, axe: Any, picture: Any, language: str
) -> None:
    page = signed_in_page(_speaks(people.sue, language), phone)
    page.goto(pages["disclose"])
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
    assert Disclosure.objects.count() == 2


def _speaks(staff: StaffMember, language: str) -> StaffMember:
    staff.language = language
    staff.save()
    return staff
