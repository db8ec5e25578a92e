"""The wrong person at every door: in Chromium, whoever a record is not for sees nothing of it.

Each way takes a quarter of its addresses. Which answer each role and a stranger get at all of them, for clients of two
agencies and by every method, is `test_matrix`; here is what one sees.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from playwright.sync_api import Page

from casearc_web.access.verbs import Verb
from web.browser.ways import FOUR_WAYS
from web.cast import make_cast
from web.everywhere.markers import plant
from web.everywhere.routes import addresses
from web.everywhere.things import things

DOORS = [address for address in addresses() if address.rule and "client" in address.kwargs]
WRONG = {("phone", "en"): "carl", ("phone", "es"): "eve", ("desk", "en"): "faye", ("desk", "es"): "ada"}
"""Another caseload's case manager, the evaluator, another agency's case manager, the administrator."""


@FOUR_WAYS
def test_nothing_is_seen_of_acacia(
    transactional_db: None,
    signed_in_page: Callable[..., Page],
    sized: Page,
    live_server: Any,
    say: Callable[..., str],
    width: str,
    language: str,
) -> None:
    cast = make_cast()
    planted = {word: field for word, field in plant(cast).items() if word.endswith("acacia")}
    page = signed_in_page(getattr(cast, WRONG[width, language]), sized)
    for address in DOORS[list(WRONG).index((width, language)) :: len(WRONG)]:
        door = reverse(address.name, kwargs=things(cast, address, "acacia"))
        answer = page.goto(live_server.url + door, wait_until="domcontentloaded")
        shown = page.content()
        assert not [field for word, field in planted.items() if word in shown], address.name
        opens = address.rule is not None and address.rule.verb == Verb.BREAK_GLASS and WRONG[width, language] == "carl"
        if not opens:  # he may break the glass, and is told so without a word about her
            assert answer is not None
            assert answer.status in (403, 404), address.name
            assert page.locator("h1").inner_text() == say("Not here, or not yours to see"), address.name
