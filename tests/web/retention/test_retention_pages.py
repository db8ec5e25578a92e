"""On the pages: policies, holds and erasing, by those who may; the second person sees a code and no name."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casearc_web.agencies.models import StaffMember
from casearc_web.audit.models import AuditDetail
from casearc_web.clients.models import Client
from casearc_web.enrollments.models import Enrollment
from casearc_web.retention import actions
from casearc_web.retention.models import Hold, Policy, PurgeRequest, Scope, Why
from web.cast import Cast, sign_in


@pytest.fixture
def at(client: Browser, cast: Cast) -> Callable[..., Browser]:
    """`at(cast.dora)`: the browser with somebody signed in."""

    def signed_in(staff: StaffMember, language: str = "en") -> Browser:
        StaffMember.objects.filter(pk=staff.pk).update(language=language)
        staff.refresh_from_db()
        sign_in(client, staff)
        return client

    return signed_in


def url(name: str, **more: Any) -> str:
    return reverse(f"retention:{name}", kwargs=more)


def sent(**typed: Any) -> dict[str, Any]:
    return {"submission": str(uuid.uuid4()), **typed}


def test_a_policy_is_set_and_two_editors_see_both_versions(cast: Cast, at: Callable[..., Browser]) -> None:
    browser, page = at(cast.dora), url("policy", program=cast.north.pk)
    browser.post(page, sent(version=0, partial_after_months=24, full_after_months=60))
    assert Policy.objects.get().partial_after_months == 24
    browser.post(page, sent(version=1, partial_after_months=36, full_after_months=60))
    answer = browser.post(page, sent(version=1, partial_after_months=12, full_after_months=60))
    assert answer.status_code == 409
    assert Policy.objects.get().partial_after_months == 36
    chosen = sent(version=2, partial_after_months=12, full_after_months=60, keep="mine")
    assert browser.post(page, chosen).status_code == 302
    assert Policy.objects.get().partial_after_months == 12


def test_everything_is_not_erased_before_a_part(cast: Cast, at: Callable[..., Browser]) -> None:
    page = url("policy", program=cast.north.pk)
    answer = at(cast.dora).post(page, sent(version=0, partial_after_months=24, full_after_months=12))
    assert answer.status_code == 422
    assert not Policy.objects.exists()


def test_only_the_own_programs_policy(cast: Cast, at: Callable[..., Browser]) -> None:
    assert at(cast.dora).get(url("policy", program=cast.south.pk)).status_code == 404
    assert "South" not in at(cast.dora).get(url("programs")).content.decode()


def long_gone(client: Client) -> None:
    Enrollment.objects.filter(client=client).update(started_on="2009-01-15", exited_on="2010-06-30")


def test_from_the_list_to_the_end(cast: Cast, at: Callable[..., Browser]) -> None:
    long_gone(cast.cedar)
    dora = at(cast.dora)
    listed = dora.get(url("due", scope="full")).content.decode()
    assert cast.cedar.code in listed
    assert "Cedar" not in listed
    dora.post(url("due", scope="full"), sent(scope="full", clients=[str(cast.cedar.pk)]))
    asked = PurgeRequest.objects.get()
    assert asked.why == Why.POLICY
    page = url("decide", request_id=asked.pk)
    dora.post(page, {"do": "erase", "sure": "on"})
    assert Client.objects.filter(pk=cast.cedar.pk).exists()  # not by the one who proposed it
    ada = at(cast.ada)
    for shown in (ada.get(url("waiting")), ada.get(page)):
        assert cast.cedar.code in shown.content.decode()
        assert "Cedar" not in shown.content.decode()
    ada.post(page, {"do": "erase"})
    assert Client.objects.filter(pk=cast.cedar.pk).exists()  # not without the tick
    ada.post(page, {"do": "erase", "sure": "on"})
    assert not Client.objects.filter(pk=cast.cedar.pk).exists()
    assert cast.cedar.code not in ada.get(url("erased")).content.decode()


def test_who_is_held_or_of_another_program_cannot_be_proposed(cast: Cast, at: Callable[..., Browser]) -> None:
    for client in (cast.cedar, cast.birch):
        long_gone(client)
    Hold.objects.create(agency=cast.riverbend, client=cast.cedar, reason="made-up")
    browser = at(cast.dora)
    assert "Legal hold" in browser.get(url("due", scope="partial")).content.decode()
    for client in (cast.cedar, cast.birch):
        answer = browser.post(url("due", scope="partial"), sent(scope="partial", clients=[str(client.pk)]))
        assert answer.status_code == 422
    assert not PurgeRequest.objects.exists()


def test_a_hold_is_put_and_lifted(cast: Cast, at: Callable[..., Browser]) -> None:
    browser, here = at(cast.dora), {"client": cast.cedar.pk}
    browser.post(url("hold", **here), sent(reason="A court asked."))
    standing = Hold.objects.get()
    assert "A court asked." in browser.get(url("keeping", **here)).content.decode()
    assert browser.post(url("erase", **here), sent(scope="full", reason="Asked.")).status_code == 422
    browser.post(url("lift", hold=standing.pk, **here), sent(version=1, because="Over."))
    standing.refresh_from_db()
    assert standing.lifted_by == cast.dora
    assert not any("court" in detail.text for detail in AuditDetail.objects.all())


def test_a_clients_wish_is_proposed_and_can_be_taken_back(cast: Cast, at: Callable[..., Browser]) -> None:
    browser, here = at(cast.dora), {"client": cast.acacia.pk}
    assert browser.post(url("erase", **here), sent(scope="full", reason="")).status_code == 422
    browser.post(url("erase", **here), sent(scope="full", reason="Asked in person."))
    asked = PurgeRequest.objects.get()
    browser.post(url("take_back", request_id=asked.pk, **here))
    asked.refresh_from_db()
    assert (asked.decided_by, asked.is_approved) == (cast.dora, False)


DOORS = [
    # who,  programs, due, waiting, a client's tab
    ("cleo", 403, 403, 403, 403),
    ("sue", 403, 403, 403, 403),
    ("dora", 200, 200, 200, 200),
    ("eve", 403, 403, 403, 403),
    ("ada", 403, 403, 200, 403),
    ("fay", 200, 200, 200, 404),
    ("fred", 403, 403, 200, 403),
]


@pytest.mark.parametrize(("who", "programs", "due", "waiting", "tab"), DOORS)
def test_every_door(
    cast: Cast, at: Callable[..., Browser], who: str, programs: int, due: int, waiting: int, tab: int
) -> None:
    browser = at(getattr(cast, who))
    doors = [url("programs"), url("due", scope="full"), url("waiting"), url("keeping", client=cast.cedar.pk)]
    assert [browser.get(door).status_code for door in doors] == [programs, due, waiting, tab]


def test_another_agencys_request_is_not_there(cast: Cast, at: Callable[..., Browser]) -> None:
    asked = actions.propose(
        by=cast.by(cast.dora), client=cast.cedar, scope=Scope.FULL, why=Why.ASKED, reason="Asked."
    )
    browser = at(cast.fred)
    assert browser.get(url("decide", request_id=asked.pk)).status_code == 404
    assert cast.cedar.code not in browser.get(url("waiting")).content.decode()


MOST_QUERIES = 15
PAGES = ["programs", "due", "waiting", "erased", "policy", "keeping", "hold", "erase", "decide"]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", PAGES)
def test_pages_show_and_ask_little_of_the_database(
    cast: Cast, at: Callable[..., Browser], name: str, language: str
) -> None:
    long_gone(cast.cedar)
    asked = actions.propose(
        by=cast.by(cast.dora), client=cast.cedar, scope=Scope.FULL, why=Why.ASKED, reason="Asked."
    )
    where: dict[str, dict[str, Any]] = {
        "due": {"scope": "full"},
        "policy": {"program": cast.north.pk},
        "decide": {"request_id": asked.pk},
        **{each: {"client": cast.cedar.pk} for each in ("keeping", "hold", "erase")},
    }
    browser = at(cast.dora, language)
    with CaptureQueriesContext(connection) as queries:
        shown = browser.get(url(name, **where.get(name, {}))).content.decode()
    told = [query["sql"] for query in queries.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(told) <= MOST_QUERIES, told
    assert f'<html lang="{language}">' in shown
