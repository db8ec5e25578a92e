"""Nothing typed is lost: not when the network goes, not when the page reloads, not when the sign-in ends.

And nothing of it can be read on the device: the copy there is encrypted under a key that only the server gives out.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from web.shell import pages

NOTE = "zebra-marker: met at the library, wants to talk again"
KEY = "contact-new:1"


def fill(page: Page, note: str = NOTE) -> None:
    page.get_by_label("Day", exact=True).fill("2026-11-24")
    page.get_by_label("Minutes").fill("30")
    page.get_by_label("Caregiver").check()
    page.get_by_label("Haitian Creole").check()
    page.get_by_label("Note").fill(note)


def assert_filled(page: Page) -> None:
    expect(page.get_by_label("Note")).to_have_value(NOTE)
    expect(page.get_by_label("Minutes")).to_have_value("30")
    expect(page.get_by_label("Caregiver")).to_be_checked()
    expect(page.get_by_label("Haitian Creole")).to_be_checked()
    expect(page.get_by_label("Spanish")).not_to_be_checked()


def storage(page: Page) -> dict[str, str]:
    return page.evaluate("({...localStorage})")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()


def test_typing_is_kept_by_the_server_and_comes_back(either, live_server):
    either.goto(f"{live_server.url}/contact")
    fill(either)
    expect(either.locator(".draft-status")).to_contain_text("Draft kept")
    assert ["note", NOTE] in pages.kept[KEY]
    assert not [name for name, _ in pages.kept[KEY] if name == "csrfmiddlewaretoken"]
    either.reload()
    expect(either.get_by_text("What you typed earlier is back")).to_be_visible()
    assert_filled(either)


def test_the_last_seconds_are_kept_when_the_page_is_left(desk, live_server):
    desk.goto(f"{live_server.url}/contact")
    fill(desk)
    desk.goto(f"{live_server.url}/done")
    desk.goto(f"{live_server.url}/contact")
    assert_filled(desk)


def test_without_a_network_a_copy_stays_here_encrypted_and_is_sent_later(phone, live_server, offline, axe):
    phone.goto(f"{live_server.url}/contact")
    with offline(phone):
        fill(phone)
        expect(phone.get_by_text("No connection.")).to_be_in_viewport(ratio=1)
        axe(phone)
        copies = storage(phone)
        assert len(copies) == 1
        assert "zebra" not in str(copies)
        assert KEY not in str(copies)
        assert KEY not in pages.kept
    expect(phone.locator(".draft-status")).to_contain_text("Draft kept")
    assert ["note", NOTE] in pages.kept[KEY]
    assert storage(phone) == {}


def test_a_submit_without_a_network_happens_by_itself_and_once(phone, live_server, offline):
    phone.goto(f"{live_server.url}/contact")
    fill(phone)
    with offline(phone):
        save(phone)
        save(phone)
        expect(phone.get_by_text("No connection.")).to_be_visible()
        assert not pages.written
    phone.wait_for_url("**/done")
    assert len(pages.written) == 1
    assert ("note", NOTE) in next(iter(pages.written.values()))
    assert storage(phone) == {}


def test_a_copy_survives_closing_the_tab_without_a_network(phone, live_server, offline):
    phone.goto(f"{live_server.url}/contact")
    with offline(phone):
        fill(phone)
        expect(phone.get_by_text("No connection.")).to_be_visible()
        phone.goto("about:blank")
    phone.goto(f"{live_server.url}/contact")
    assert_filled(phone)
    # What the page sends as it goes may outlive the lack of a network; then there is nothing left to send.
    phone.wait_for_function("Object.keys(localStorage).length === 0")
    assert ["note", NOTE] in pages.kept[KEY]
    assert storage(phone) == {}


def test_somebody_else_on_the_same_device_cannot_open_the_copy(phone, live_server, offline, monkeypatch):
    phone.goto(f"{live_server.url}/contact")
    with offline(phone):
        fill(phone)
        expect(phone.get_by_text("No connection.")).to_be_visible()
        pages.signed_out.add(True)  # nothing comes from the server, nor does it take what the page sends as it goes
        phone.goto("about:blank")
    monkeypatch.setitem(pages.FRAME, "draft_key", "AAAA" + pages.KEY[4:])
    phone.goto(f"{live_server.url}/contact")
    expect(phone.get_by_label("Note")).to_have_value("")
    assert len(storage(phone)) == 1, "the other person's copy is not theirs to remove"


def test_when_the_sign_in_has_ended_typing_stays_and_comes_back_after_it(phone, live_server):
    phone.goto(f"{live_server.url}/contact")
    pages.signed_out.add(True)
    fill(phone)
    save(phone)
    expect(phone.get_by_text("You have been signed out.")).to_be_visible()
    assert not pages.written
    assert "zebra" not in str(storage(phone))
    pages.signed_out.clear()
    phone.get_by_role("link", name="Sign in again").click()
    assert_filled(phone)
    save(phone)
    phone.wait_for_url("**/done")
    assert len(pages.written) == 1


def test_errors_come_back_with_what_was_typed(either, live_server):
    either.goto(f"{live_server.url}/contact")
    either.get_by_label("Note").fill(NOTE)
    save(either)
    expect(either.locator(".error-summary")).to_be_focused()
    expect(either.get_by_label("Note")).to_have_value(NOTE)
    either.get_by_role("link", name=re.compile("Minutes")).click()
    expect(either.get_by_label("Minutes")).to_be_focused()


def test_start_over_forgets_the_draft(desk, live_server):
    pages.kept[KEY] = [["note", NOTE], ["kind", "caregiver"]]
    desk.goto(f"{live_server.url}/contact")
    expect(desk.get_by_label("Note")).to_have_value(NOTE)
    desk.get_by_role("button", name="Start over").click()
    expect(desk.get_by_label("Note")).to_have_value("")
    assert KEY not in pages.kept


def test_a_copy_of_what_was_saved_long_ago_makes_no_second_record(phone, live_server, offline):
    """The write succeeded, but its answer never came: the copy that was left here is recognized as an old one."""
    phone.goto(f"{live_server.url}/contact")
    submission = phone.locator("[name=submission]").input_value()
    with offline(phone):
        fill(phone)
        expect(phone.get_by_text("No connection.")).to_be_visible()
        pages.written[submission] = [("note", NOTE)]  # before the page sends its last seconds, which may arrive
        phone.goto("about:blank")
    phone.goto(f"{live_server.url}/contact")
    phone.wait_for_function("() => localStorage.length === 0")
    expect(phone.get_by_label("Note")).to_have_value("")
    fill(phone, "a second contact")
    save(phone)
    phone.wait_for_url("**/done")
    assert len(pages.written) == 2


def test_copies_older_than_a_week_go(desk, live_server):
    desk.goto(f"{live_server.url}/contact")
    desk.evaluate("localStorage.setItem('casearc-draft-old', '1.20000.AAAA')")
    desk.evaluate("localStorage.setItem('other', '1.20000.AAAA')")
    desk.goto(f"{live_server.url}/specimen")
    assert list(storage(desk)) == ["other"]


def test_the_form_works_without_script(without_script, live_server):
    without_script.goto(f"{live_server.url}/contact")
    fill(without_script)
    save(without_script)
    assert without_script.url.endswith("/done")
    assert len(pages.written) == 1


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_key_leaves_the_page_as_soon_as_it_is_read(desk, live_server, language):
    desk.goto(f"{live_server.url}/contact")
    assert desk.locator("meta[name=draft-key]").count() == 0
    assert pages.KEY not in desk.content()
