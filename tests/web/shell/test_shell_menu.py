"""No entry of the menu is out of reach, and what sticks to the foot of a page never takes most of a low screen."""

from __future__ import annotations

from web.shell import pages

MANY = [{"label": f"Made-up entry {number}", "url": "/specimen", "current": number == 13} for number in range(14)]
ENDS = "[...document.querySelectorAll('.main-nav a')].map((entry) => entry.getBoundingClientRect().right)"
CURRENT = "document.querySelector('.main-nav [aria-current]').getBoundingClientRect().right <= innerWidth"
PLACE = "getComputedStyle(document.querySelector('.save-bar')).position"


def test_a_long_menu_folds_at_a_desk(desk, live_server, monkeypatch):
    monkeypatch.setitem(pages.FRAME, "navigation", MANY)
    desk.goto(f"{live_server.url}/specimen")
    assert max(desk.evaluate(ENDS)) <= desk.viewport_size["width"]


def test_on_a_phone_the_menu_shows_where_one_is(phone, live_server, monkeypatch):
    monkeypatch.setitem(pages.FRAME, "navigation", MANY)
    phone.goto(f"{live_server.url}/specimen")
    assert phone.evaluate(CURRENT)


def test_the_save_bar_sticks_only_where_there_is_room(phone, live_server):
    phone.goto(f"{live_server.url}/contact")
    assert phone.evaluate(PLACE) == "sticky"
    phone.set_viewport_size({"width": 360, "height": 400})
    assert phone.evaluate(PLACE) == "static"
