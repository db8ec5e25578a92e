"""Two people edited one record: both versions are shown, and what was chosen is kept, without JavaScript too."""

from __future__ import annotations

import json

import pytest
from django.http import QueryDict

from casearc_web.shell.conflict import is_answer, merged, typed_in

MINE = {"housing": "With family", "note": "Called twice.", "school": "10th grade"}
SAVED = {"housing": "Shelter", "note": "Called once.", "school": "10th grade"}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("keep=mine&keep-housing=saved", MINE),
        ("keep=saved&keep-housing=mine", SAVED),
        ("keep=chosen&keep-housing=saved&keep-note=mine", MINE | {"housing": "Shelter"}),
        ("keep=chosen&keep-housing=mine&keep-note=saved", MINE | {"note": "Called once."}),
        ("keep=chosen", MINE),
    ],
)
def test_what_was_chosen_is_kept(sent, kept):
    data = QueryDict(sent)
    assert is_answer(data)
    assert merged(MINE, SAVED, data) == kept


def test_a_first_save_is_no_answer():
    assert not is_answer(QueryDict("housing=Shelter"))


def test_what_was_typed_is_carried_whole_and_in_order():
    data = QueryDict("csrfmiddlewaretoken=x&spoken=en&spoken=es&note=a%0Ab&version=3&keep=mine&keep-note=saved")
    assert typed_in(data) == (("spoken", "en"), ("spoken", "es"), ("note", "a\nb"))


def answer(page) -> dict[str, str]:
    return json.loads(page.locator("body").inner_text())


@pytest.mark.parametrize(
    ("button", "housing", "note"),
    [
        ("Save what I chose", "With family", "Called once."),
        ("Save all of mine", "With family", "Called twice.\r\nNobody answered."),
        ("Leave it as saved", "Shelter", "Called once."),
    ],
)
def test_the_page_works_without_script(without_script, live_server, button, housing, note):
    without_script.goto(f"{live_server.url}/conflict")
    without_script.get_by_role("button", name=button).click()
    kept = answer(without_script)
    assert (kept["housing"], kept["note"], kept["version"]) == (housing, note, "8")


def test_one_field_can_be_chosen_by_keyboard(desk, live_server):
    desk.goto(f"{live_server.url}/conflict")
    desk.get_by_role("group", name="Housing").get_by_label("Yours").focus()
    desk.keyboard.press("ArrowRight")
    desk.get_by_role("button", name="Save what I chose").click()
    assert answer(desk)["housing"] == "Shelter"
