"""The start page, stays and transfers break no rule of axe, fit the phone, and work by keyboard and without a
script.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import Page, expect

from casearc_web.access.asker import Asker
from casearc_web.agencies.models import StaffMember
from casearc_web.enrollments import due, facts
from casearc_web.enrollments.actions.care_team import add_to_care_team
from casearc_web.enrollments.actions.referrals import refer
from casearc_web.enrollments.due import Due
from casearc_web.enrollments.facts import StillOpen
from casearc_web.enrollments.models import Enrollment
from web.cast import Cast, _client, make_cast

BOTH = pytest.mark.parametrize("language", ["en", "es"])
NAMES = [("Juniper", "Heron"), ("Willow", "Finch"), ("Hazel", "Kestrel"), ("Rowan", "Lark")]
Enter = Callable[..., Page]


@pytest.fixture
def people(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """The cast with a fuller caseload, things due, a cover and a referral."""
    cast = make_cast()
    more = [_client(given, family, program=cast.north, staff=cast.cleo) for given, family in NAMES]
    days = {one.pk: shift for one, shift in zip(more, (-12, -1, 0, 9), strict=True)}

    def things(by: Asker, rows: Sequence[Enrollment], today: date) -> list[Due]:
        return [
            Due(
                enrollment_id=row.pk,
                what="Needs assessment",
                on=today + timedelta(days=days[row.client_id]),
                address=f"/clients/{row.client_id}/",
            )
            for row in rows
            if row.client_id in days
        ]

    monkeypatch.setattr(due, "_providers", [things])
    monkeypatch.setattr(facts, "_last_contacts", [lambda by, rows: {rows[0].pk: localdate() - timedelta(days=4)}])
    monkeypatch.setattr(facts, "_open", [lambda by, stay: [StillOpen(what="2 goals", address="/due/")]])
    stay = cast.enrollment_of(cast.acacia)
    today = localdate()
    until = today + timedelta(days=7)
    add_to_care_team(by=cast.by(cast.sue), enrollment=stay, staff=cast.carl, part="cover", since=today, until=until)
    values = {"direction": "out", "on": today, "organization": "Made-up clinic", "reason": "services", "details": ""}
    refer(by=cast.by(cast.cleo), enrollment=stay, values=values)
    return cast


def _address(cast: Cast, name: str) -> str:
    stay = cast.enrollment_of(cast.acacia)
    own = f"/clients/{cast.acacia.pk}/enrollments/"
    return {
        "start": "/",
        "due": "/due/",
        "transfer": "/transfer/",
        "stays": own,
        "new_stay": f"{own}new/",
        "edit_stay": f"{own}{stay.pk}/edit/",
        "exit": f"{own}{stay.pk}/exit/",
        "new_member": f"{own}{stay.pk}/team/new/",
        "end_member": f"{own}team/{stay.care_team.first().pk}/",  # type: ignore[union-attr]
        "new_referral": f"{own}{stay.pk}/referrals/new/",
        "looked": f"/clients/{cast.acacia.pk}/looked/",
    }[name]


PAGES = [
    *("start", "due", "transfer", "stays", "new_stay", "edit_stay", "exit", "new_member", "end_member"),
    *("new_referral", "looked"),
]


def _speaks(staff: StaffMember, language: str) -> StaffMember:
    staff.language = language
    staff.save()
    return staff


@BOTH
def test_every_page_passes_axe_and_fits(
    people: Cast, either: Page, live_server: Any, signed_in_page: Enter, language: str, axe: Any, picture: Any
) -> None:
    page = signed_in_page(_speaks(people.sue, language), either)
    width = either.viewport_size["width"] if either.viewport_size else 0
    for name in PAGES:
        page.goto(live_server.url + _address(people, name))
        expect(page.locator("h1")).to_be_visible()
        picture(page, f"{name}-{width}-{language}")
        axe(page)


@pytest.mark.parametrize("who", ["cleo", "dora", "eve", "ada"])
def test_every_start_page_passes_axe_and_fits(
    people: Cast, phone: Page, live_server: Any, signed_in_page: Enter, who: str, axe: Any, picture: Any
) -> None:
    page = signed_in_page(getattr(people, who), phone)
    page.goto(live_server.url)
    picture(page, f"start-{who}")
    axe(page)


def test_a_caseload_is_transferred_without_a_script(
    people: Cast, without_script: Page, live_server: Any, signed_in_page: Enter, axe: Any, picture: Any
) -> None:
    page = signed_in_page(people.sue, without_script)
    page.goto(f"{live_server.url}/transfer/")
    page.get_by_label("From").select_option(label="Cleo (made up)")
    page.get_by_label("To", exact=True).select_option(label="Carl (made up)")
    page.get_by_role("button", name="Look at the clients").click()
    expect(page.get_by_text("Acacia Oriole")).to_be_visible()
    picture(page, "transfer-look")
    page.get_by_label("Willow Finch").uncheck()
    page.get_by_role("button", name="Transfer", exact=True).click()
    expect(page.get_by_text("4 clients were transferred.")).to_be_visible()
    page.goto(live_server.url)
    still = page.get_by_role("link", name="Willow Finch", exact=True)
    expect(still).to_be_visible()  # Cleo's still; Carl is in another team
    expect(page.get_by_role("link", name="Hazel Kestrel", exact=True)).not_to_be_visible()


def test_a_stay_is_ended_by_keyboard_and_what_is_open_is_asked_about(
    people: Cast, desk: Page, live_server: Any, signed_in_page: Enter, axe: Any, picture: Any
) -> None:
    page = signed_in_page(people.cleo, desk)
    page.goto(live_server.url + _address(people, "exit"))
    expect(page.get_by_role("link", name="2 goals")).to_be_visible()
    page.get_by_label("Completed the program").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#error-summary")).to_be_focused()
    picture(page, "exit-asked")
    axe(page)
    page.get_by_label("Yes, this is right").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ended")).to_be_visible()
