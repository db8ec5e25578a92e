"""The log goes one way: no write without its event, no time that goes back, no gap when many write at once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.utils import timezone

from casearc_web.access.row_security import enter
from casearc_web.agencies.models import Agency
from casearc_web.audit import log
from casearc_web.audit.checks import check, last_check
from casearc_web.audit.log import Entry, append
from casearc_web.audit.models import AuditEvent, AuditHead
from casearc_web.audit.verify import verify
from web.cast import Cast

THREADS, EACH = 8, 25


def test_a_clock_set_back_turns_nothing_around(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    moments = [now, now - timedelta(hours=1), now + timedelta(seconds=1), now - timedelta(days=400), now]
    for moment in moments:
        monkeypatch.setattr(log.timezone, "now", lambda moment=moment: moment)
        append(Entry(agency_id=cast.riverbend.pk, verb="sign_in"))
    at = list(AuditEvent.objects.order_by("number").values_list("at", flat=True))
    assert at == sorted(at)
    assert at[-1] == now + timedelta(seconds=1)
    assert verify(cast.riverbend.pk).sound


def test_what_is_taken_back_leaves_no_event_and_no_gap(cast: Cast) -> None:
    append(Entry(agency_id=cast.riverbend.pk, verb="sign_in"))
    with transaction.atomic():
        append(Entry(agency_id=cast.riverbend.pk, verb="edit_client", details="made-up words"))
        transaction.set_rollback(True)
    append(Entry(agency_id=cast.riverbend.pk, verb="sign_out"))
    told = AuditEvent.objects.order_by("number").values_list("number", "verb")
    assert list(told) == [(1, "sign_in"), (2, "sign_out")]
    assert verify(cast.riverbend.pk).sound


def test_each_agency_has_a_chain_of_its_own(cast: Cast) -> None:
    for agency in (cast.riverbend, cast.farshore, cast.riverbend):
        append(Entry(agency_id=agency.pk, verb="sign_in"))
    assert [verify(agency.pk).events for agency in (cast.riverbend, cast.farshore)] == [2, 1]


def test_a_check_is_noted_in_the_chain_it_checked(cast: Cast) -> None:
    for _ in range(3):
        append(Entry(agency_id=cast.riverbend.pk, verb="sign_in"))
    assert last_check(cast.riverbend.pk) is None
    assert check(cast.riverbend.pk).sound
    noted = last_check(cast.riverbend.pk)
    assert noted is not None
    assert (noted.events, noted.sound) == (3, True)
    AuditEvent.objects.filter(number=2).update(verb="view_client")
    assert not check(cast.riverbend.pk).sound
    noted = last_check(cast.riverbend.pk)
    assert noted is not None
    assert not noted.sound


@pytest.mark.django_db(transaction=True)
def test_many_at_once_make_one_unbroken_chain() -> None:
    agency = Agency.objects.create(name="Riverbend (made up)")
    failures: list[BaseException] = []

    def work() -> None:
        try:
            enter(agency.pk)
            for _ in range(EACH):
                append(Entry(agency_id=agency.pk, verb="sign_in", details="made-up words"))
        except BaseException as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    enter(agency.pk)
    assert not failures
    assert list(AuditEvent.objects.order_by("number").values_list("number", flat=True)) == list(
        range(1, THREADS * EACH + 1)
    )
    assert AuditHead.objects.get(agency=agency).number == THREADS * EACH
    assert verify(agency.pk).sound
