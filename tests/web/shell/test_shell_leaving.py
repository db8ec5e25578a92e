"""Quick exit works at once, with and without JavaScript, and "back" shows nothing of what was there."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model

from web.browser.ways import FOUR_WAYS


@FOUR_WAYS
def test_the_button_leads_away_and_leaves_no_entry_behind(sized, live_server, say):
    sized.goto(f"{live_server.url}/welcome")
    sized.goto(f"{live_server.url}/specimen")
    sized.get_by_role("link", name=say("Quick exit")).click()
    sized.wait_for_url("**/neutral")
    sized.go_back()
    assert sized.url.endswith("/welcome"), "the page that was left is still in the history"


def test_the_button_works_without_script(without_script, live_server):
    without_script.goto(f"{live_server.url}/specimen")
    without_script.get_by_role("link", name="Quick exit").click()
    assert without_script.url.endswith("/neutral")


@pytest.mark.parametrize("language", ["en", "es"])
def test_shift_three_times_leaves_and_says_how_many_are_left(desk, live_server, language):
    desk.goto(f"{live_server.url}/specimen")
    desk.keyboard.press("Shift")
    desk.keyboard.press("Shift")
    said = desk.locator("#leave-status").inner_text()
    assert "1" in said
    assert said != "1"
    desk.keyboard.press("Shift")
    desk.wait_for_url("**/neutral")


def test_capital_letters_do_not_leave_a_page(desk, live_server):
    desk.goto(f"{live_server.url}/contact")
    desk.get_by_label("Note").focus()
    for letter in "ABCDE":
        desk.keyboard.press(f"Shift+{letter}")
    assert desk.get_by_label("Note").input_value() == "ABCDE"
    assert desk.url.endswith("/contact")


def test_shifts_far_apart_do_not_leave_a_page(desk, live_server):
    desk.clock.install()
    desk.goto(f"{live_server.url}/specimen")
    for _ in range(3):
        desk.keyboard.press("Shift")
        desk.clock.fast_forward(4000)
    assert desk.url.endswith("/specimen")
    assert desk.locator("#leave-status").inner_text() != ""
    desk.clock.fast_forward(6000)
    assert desk.locator("#leave-status").inner_text() == ""


def test_the_page_is_hidden_before_the_answer_comes(desk, live_server):
    desk.goto(f"{live_server.url}/specimen")
    shown, title = desk.evaluate(
        """() => {
            document.getElementById("leave").click();
            return [document.querySelector("h1").getClientRects().length, document.title];
        }"""
    )
    assert shown == 0
    assert "Specimen" not in title
    desk.wait_for_url("**/neutral")


def test_leaving_signs_out_and_clears_the_cache(client, cast):
    client.force_login(get_user_model().objects.first())
    answer = client.get("/leave")
    assert answer["Location"] == "/neutral"
    assert answer["Clear-Site-Data"] == '"cache"'
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "_auth_user_id" not in client.session


def test_another_site_cannot_sign_anybody_out(client, cast):
    client.force_login(get_user_model().objects.first())
    client.get("/leave", headers={"Sec-Fetch-Site": "cross-site"})
    assert "_auth_user_id" in client.session
