"""The log is read in sentences; the agency's never leads to a client, a client's is for those who reach the client."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from casearc_web.access.decide import Denied
from casearc_web.access.roles import ROLES
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import StaffMember
from casearc_web.audit import log as writing
from casearc_web.audit.checks import check
from casearc_web.audit.log import Entry, append, erase_details
from casearc_web.audit.models import AuditEvent, Outcome
from casearc_web.staff.log import A_PAGE, Wanted, agency_log, client_log
from casearc_web.staff.words import SAID
from web.cast import Cast, sign_in


def _happened(cast: Cast, who: StaffMember, verb: str, **more: object) -> AuditEvent:
    values = {"agency_id": who.agency_id, "staff_id": who.pk, "role": who.role, "verb": verb, **more}
    return append(Entry(**values))  # type: ignore[arg-type]


def test_every_verb_has_words_in_both_languages() -> None:
    assert set(SAID) >= set(Verb)
    assert all(str(said.do) and str(said.did) for said in SAID.values())
    for language in ("en", "es"):
        with translation.override(language):
            assert not [verb for verb, said in SAID.items() if str(said.do) == str(said.did)]


def test_a_clients_log_tells_who_did_what_and_why(cast: Cast) -> None:
    about = frozenset({cast.acacia.pk})
    _happened(cast, cast.cleo, Verb.VIEW_CLIENT, clients=about)
    _happened(cast, cast.cleo, Verb.VIEW_CLIENT, clients=about)
    _happened(cast, cast.cleo, Verb.EDIT_CLIENT, clients=about, details="client: housing, education")
    _happened(cast, cast.carl, Verb.BREAK_GLASS, clients=about, details="made-up emergency")
    _happened(cast, cast.carl, Verb.VIEW_CLIENT, clients=frozenset({cast.birch.pk}))
    lines = client_log(cast.by(cast.sue), cast.acacia.pk).lines
    assert [(line.who, line.verb, line.times, line.words) for line in lines] == [
        ("Carl (made up)", "break_glass", 1, "made-up emergency"),
        ("Cleo (made up)", "edit_client", 1, "changed: Housing, School"),
        ("Cleo (made up)", "view_client", 2, ""),
    ]
    assert lines[0].glass


def test_words_erased_with_a_purge_are_told_as_such(cast: Cast) -> None:
    about = frozenset({cast.acacia.pk})
    _happened(cast, cast.cleo, Verb.BREAK_GLASS, clients=about, details="made-up emergency")
    erase_details([cast.acacia.pk], purge=_happened(cast, cast.dora, Verb.PURGE_CLIENT, clients=about))
    assert client_log(cast.by(cast.dora), cast.acacia.pk).lines[1].words == "(erased with a purge)"


def test_the_agencys_log_tells_how_many_clients_and_not_which(cast: Cast, client: Browser) -> None:
    _happened(
        cast,
        cast.cleo,
        Verb.BREAK_GLASS,
        clients=frozenset({cast.acacia.pk, cast.birch.pk}),
        details="Acacia is in a made-up flood",
        kind="clients.client",
        record_id=str(cast.acacia.pk),
    )
    _happened(cast, cast.ada, Verb.MANAGE_STAFF, details="staffmember: role")
    lines = agency_log(cast.by(cast.ada), Wanted()).lines
    assert [(line.clients, line.words) for line in lines] == [(0, "changed: Role"), (2, "")]
    for who in (cast.ada, cast.dora):
        sign_in(client, who)
        page = client.get("/log/").text
        assert "broke the glass" in page
        hidden = ("Acacia", "made-up flood", str(cast.acacia.pk), cast.acacia.pk.hex, cast.acacia.code)
        assert not [text for text in hidden if text in page]


def test_another_agencys_events_are_not_in_it(cast: Cast) -> None:
    _happened(cast, cast.faye, Verb.VIEW_CLIENT)
    _happened(cast, cast.cleo, Verb.VIEW_CLIENT)
    assert [line.who for line in agency_log(cast.by(cast.ada), Wanted()).lines] == ["Cleo (made up)"]
    with pytest.raises(Denied):
        agency_log(cast.by(cast.ada), Wanted(staff=cast.faye.pk))


@pytest.mark.parametrize("who", ["cleo", "sue", "eve"])
def test_only_directors_and_administrators_read_it(cast: Cast, client: Browser, who: str) -> None:
    assert {code for code, role in ROLES.items() if Verb.VIEW_AUDIT in role.grants} == {"director", "administrator"}
    sign_in(client, getattr(cast, who))
    assert client.get("/log/").status_code == 403


def test_it_is_filtered_by_person_verb_outcome_and_days(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    today = timezone.now()
    happenings = [
        (9, cast.cleo, Verb.VIEW_CLIENT, Outcome.DONE),
        (5, cast.cleo, Verb.EDIT_CLIENT, Outcome.DONE),
        (5, cast.carl, Verb.VIEW_CLIENT, Outcome.DENIED),
        (0, cast.sue, Verb.VIEW_CLIENT, Outcome.DONE),
    ]
    for ago, who, verb, outcome in happenings:
        monkeypatch.setattr(writing.timezone, "now", lambda ago=ago: today - timedelta(days=ago))
        _happened(cast, who, verb, outcome=outcome)
    monkeypatch.undo()
    by, day = cast.by(cast.ada), timezone.localdate(today)

    def numbers(**asked: object) -> list[int]:
        return [line.number for line in agency_log(by, Wanted(**asked)).lines]  # type: ignore[arg-type]

    assert numbers(staff=cast.cleo.pk) == [2, 1]
    assert numbers(verb="view_client") == [4, 3, 1]
    assert numbers(outcome="denied") == [3]
    assert numbers(since=day - timedelta(days=5)) == [4, 3, 2]
    assert numbers(until=day - timedelta(days=5)) == [3, 2, 1]
    assert numbers(since=day - timedelta(days=5), until=day - timedelta(days=1)) == [3, 2]
    assert numbers(until=day - timedelta(days=10)) == []
    assert numbers(since=day + timedelta(days=1)) == []


def test_pages_follow_one_another_without_a_gap(cast: Cast) -> None:
    for _ in range(A_PAGE + 3):
        _happened(cast, cast.cleo, Verb.VIEW_CLIENT)
    by = cast.by(cast.ada)
    first = agency_log(by, Wanted())
    second = agency_log(by, Wanted(before=first.older))
    assert [line.number for line in first.lines + second.lines] == list(range(A_PAGE + 3, 0, -1))
    assert second.older is None


def test_the_pages_ask_few_questions_and_use_an_index(cast: Cast, client: Browser) -> None:
    for number in range(60):
        _happened(cast, cast.cleo, Verb.VIEW_CLIENT, clients=frozenset({cast.acacia.pk}), details=f"made-up {number}")
    sign_in(client, cast.ada)
    client.get("/log/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/log/?verb=view_client&outcome=done&since=2026-01-01")
    assert len([one for one in asked.captured_queries if "SAVEPOINT" not in one["sql"]]) <= 15


def test_a_refusal_is_told_as_a_try(cast: Cast) -> None:
    _happened(cast, cast.cleo, Verb.BREAK_GLASS, outcome=Outcome.DENIED)
    line = agency_log(cast.by(cast.ada), Wanted()).lines[0]
    assert (str(line.did)[:27], line.refused) == ("tried to open a record beyo", True)


def test_denials_stand_out(cast: Cast, client: Browser) -> None:
    sign_in(client, cast.carl)
    client.get(f"/clients/{cast.acacia.pk}/enrollments/")
    sign_in(client, cast.ada)
    assert "Refused" in client.get("/log/?outcome=denied").text
    assert "1 refusal" in client.get("/").text


def test_it_says_whether_the_chain_was_found_sound(cast: Cast, client: Browser) -> None:
    sign_in(client, cast.ada)
    assert "not been gone through yet" in client.get("/log/").text
    check(cast.riverbend.pk)
    assert "all 1 events follow one another" in client.get("/log/").text
    AuditEvent.objects.filter(agency=cast.riverbend, number=1).update(verb="sign_out")
    check(cast.riverbend.pk)
    assert "Not sound" in client.get("/log/").text


def test_the_table_of_roles_is_the_roles_themselves(cast: Cast, client: Browser) -> None:
    sign_in(client, cast.eve)
    page = client.get("/roles/").text
    with translation.override("en"):
        assert all(str(SAID[verb].do)[1:].split("'")[0] in page for verb in Verb)
    assert page.count("<tr>") == len(Verb) + 1


def test_opening_a_form_is_not_told_as_a_change(cast: Cast, client: Browser) -> None:
    sign_in(client, cast.cleo)
    client.get(f"/clients/{cast.acacia.pk}/enrollments/{cast.enrollment_of(cast.acacia).pk}/edit/")
    line = client_log(cast.by(cast.sue), cast.acacia.pk).lines[0]
    assert str(line.did) == "opened the page to change an enrollment, note referrals"
    assert AuditEvent.objects.get(verb="edit_enrollment").outcome == Outcome.OPENED
