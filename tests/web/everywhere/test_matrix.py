"""Role × route × agency: each address lets in exactly whom the rules say, and asks the database little.

New routes are in it at once.
"""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.urls import reverse

from casearc_web.access.asker import Asker
from casearc_web.access.decide import may, visible
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import StaffMember
from casearc_web.audit.log import Entry, append
from casearc_web.clients.models import Client
from web.cast import Cast, sign_in
from web.counting import counting
from web.everywhere.routes import Address, addresses
from web.everywhere.things import NARROWED, PERSONAL, names_a_record, things

EVERYBODY = ("cleo", "carl", "sue", "dora", "eve", "ada", "faye", "fay", "fred")
STAFF_PAGES = [address for address in addresses() if address.rule is not None and not address.rule.public]
REFUSED = (403, 404)
MOST_QUESTIONS = 15
"""As many as a page may ask the database, sessions and the log counted."""
_MADE_UP = {"key": "a:b", "pk": 1, "form": uuid4()}


def test_every_route_has_a_rule() -> None:
    assert [address.route for address in addresses() if address.rule is None] == []


def test_there_is_something_to_enumerate() -> None:
    assert len(STAFF_PAGES) > 60


@pytest.mark.parametrize("address", STAFF_PAGES, ids=str)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_each_address_lets_in_whom_it_should(cast: Cast, address: Address, method: str) -> None:
    """Everybody, the records of four clients of two agencies: let in where verb and reach allow, else refused."""
    rule = address.rule
    if rule is None or method not in rule.methods or address.name in PERSONAL:
        pytest.skip("not for this method, or only ever one's own")
    for agency in (cast.riverbend, cast.farshore):
        append(Entry(agency_id=agency.pk, verb="set_up"))  # every agency's log begins when it is set up
    browsers = {who: _signed_in(getattr(cast, who)) for who in EVERYBODY}
    askers = {who: cast.by(getattr(cast, who)) for who in EVERYBODY}
    wrong = []
    for turn, owner in enumerate(("acacia", "birch", "cedar", "fern")):
        kwargs = things(cast, address, owner)
        url = reverse(address.name, kwargs=kwargs)
        for who, browser in browsers.items():
            by = askers[who]
            if turn and not (rule.verb and may(by, rule.verb)):
                continue  # without the verb it makes no difference whose records they are
            with counting() as asked:
                answer = (browser.get(url) if method == "GET" else browser.post(url, {})).status_code
            if method == "GET" and answer == 200 and len(asked) > MOST_QUESTIONS:
                wrong.append((who, owner, f"{len(asked)} questions", "\n".join(asked)))
            allowed = _allowed(by, address, getattr(cast, owner))
            refused = answer in REFUSED
            if answer >= 500 or (not allowed and not refused) or (allowed and refused and not _narrowed(address)):
                wrong.append((who, owner, answer, "should be let in" if allowed else "should be refused"))
        if not names_a_record(address):
            break
    assert not wrong, "\n".join(" ".join(map(str, one)) for one in wrong)


@pytest.mark.parametrize("address", STAFF_PAGES, ids=str)
def test_strangers_are_sent_to_the_sign_in(cast: Cast, address: Address) -> None:
    kwargs = {} if address.name in PERSONAL else things(cast, address, "acacia")
    if address.name in PERSONAL and address.kwargs:
        kwargs = {name: value for name, value in _MADE_UP.items() if name in address.kwargs}
    answer = Browser().get(reverse(address.name, kwargs=kwargs))
    assert answer.status_code in (302, 401, 405)
    if answer.status_code == 302:
        assert answer["Location"].startswith("/sign-in")


def _signed_in(staff: StaffMember) -> Browser:
    browser = Browser()
    sign_in(browser, staff)
    return browser


def _narrowed(address: Address) -> bool:
    """Whether somebody with verb and reach may be refused all the same; tested in the page's own app."""
    return address.name in NARROWED


def _allowed(by: Asker, address: Address, owner: Client) -> bool:
    verb = address.rule.verb if address.rule else None
    if verb is None or not may(by, verb):
        return False
    if "client" in address.kwargs and verb != Verb.BREAK_GLASS:
        return visible(by, verb, Client.objects.filter(pk=owner.pk)).exists()
    return not names_a_record(address) or owner.agency_id == by.agency_id
