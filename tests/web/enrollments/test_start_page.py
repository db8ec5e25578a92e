"""The start page shows each their own open enrollments, the overdue first, and nothing of anybody else's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from casearc_web.access.asker import Asker
from casearc_web.access.models import BrokenGlass
from casearc_web.agencies.models import StaffMember
from casearc_web.audit.models import AuditEvent
from casearc_web.enrollments import caseload, due
from casearc_web.enrollments.caseload import Listed, Wanted
from casearc_web.enrollments.due import Due
from casearc_web.enrollments.models import CareTeamMember, Enrollment
from web.cast import Cast, _client, sign_in

MADE_UP = "Made-up step"


@pytest.fixture
def something_due(monkeypatch: pytest.MonkeyPatch) -> dict[str, date]:
    """Things due by the client's code; nothing else is."""
    days: dict[str, date] = {}

    def provider(by: Asker, rows: Sequence[Enrollment], today: date) -> list[Due]:
        return [
            Due(enrollment_id=row.pk, what=MADE_UP, on=days[row.client.code], address="/made-up/")
            for row in rows
            if row.client.code in days
        ]

    monkeypatch.setattr(due, "_providers", [provider])
    return days


def _listed(by: Asker, wanted: Wanted | None = None, page: int = 1) -> Listed:
    asked = wanted or Wanted()
    return caseload.caseload(by, caseload.look_up(by, asked), when=asked.when, page=page)


@pytest.mark.parametrize(
    ("who", "shown"),
    [
        ("cleo", {"acacia"}),  # Cedar has left
        ("carl", {"birch"}),
        ("sue", {"acacia"}),
        ("dora", {"acacia"}),
        ("faye", {"fern"}),
        ("fay", {"fern"}),
    ],
)
def test_each_sees_their_own_open_enrollments(cast: Cast, who: str, shown: set[str]) -> None:
    listed = _listed(cast.by(getattr(cast, who)))
    assert {line.client.pk for line in listed.lines} == {getattr(cast, name).pk for name in shown}


def test_what_broken_glass_opened_is_no_caseload(cast: Cast) -> None:
    BrokenGlass.objects.create(agency=cast.riverbend, client_id=cast.birch.pk, staff=cast.cleo, reason="made up")
    listed = _listed(cast.by(cast.cleo))
    assert [line.client.pk for line in listed.lines] == [cast.acacia.pk]


def test_the_overdue_come_first_then_what_is_due_next(cast: Cast, something_due: dict[str, date]) -> None:
    today = localdate()
    late, soon, nothing = (_client(name, "Testbird", program=cast.north, staff=cast.cleo) for name in ("L", "S", "N"))
    something_due |= {late.code: today - timedelta(days=3), soon.code: today + timedelta(days=2)}
    listed = _listed(cast.by(cast.cleo))
    assert [line.client.pk for line in listed.lines][:2] == [late.pk, soon.pk]
    assert {line.client.pk for line in listed.lines[2:]} == {nothing.pk, cast.acacia.pk}
    assert [line.late_by for line in listed.lines] == [3, 0, 0, 0]


@pytest.mark.parametrize(("when", "shown"), [("", {"L", "S", "F"}), ("late", {"L"}), ("week", {"L", "S"})])
def test_a_filter_by_what_is_due(cast: Cast, something_due: dict[str, date], when: str, shown: set[str]) -> None:
    CareTeamMember.objects.filter(enrollment__client=cast.acacia).update(until=localdate())
    for name, days in (("L", -1), ("S", 7), ("F", 8)):
        one = _client(name, "Testbird", program=cast.north, staff=cast.cleo)
        something_due[one.code] = localdate() + timedelta(days=days)
    listed = _listed(cast.by(cast.cleo), Wanted(when=when))
    assert {line.identity.given_name for line in listed.lines if line.identity} == shown


def test_a_supervisor_sees_the_team_grouped_by_case_manager(cast: Cast, something_due: dict[str, date]) -> None:
    by = cast.by(cast.sue)
    anne = StaffMember.objects.create(
        agency=cast.riverbend, username="anne", name="Anne (made up)", code="ANNE", role="case_manager", team=cast.otter
    )
    hers = _client("Dogwood", "Testbird", program=cast.north, staff=anne)
    something_due[cast.acacia.code] = localdate() - timedelta(days=9)
    listed = _listed(by)
    assert [(line.lead, line.client.pk) for line in listed.lines] == [
        ("Anne (made up)", hers.pk),
        ("Cleo (made up)", cast.acacia.pk),
    ]
    counted = caseload.look_up(by, Wanted()).managers
    assert [(one.name, one.count) for one in counted] == [("Anne (made up)", 1), ("Cleo (made up)", 1)]
    assert [line.client.pk for line in _listed(by, Wanted(staff=anne.pk)).lines] == [hers.pk]


def test_a_director_sees_how_many_each_has(cast: Cast) -> None:
    own = caseload.look_up(cast.by(cast.dora), Wanted())
    assert [(one.name, one.count) for one in own.programs] == [("North", 1)]  # South is not hers
    assert [(one.name, one.count) for one in own.managers] == [("Cleo (made up)", 1)]


def test_a_long_list_is_shown_by_start_and_says_so(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caseload, "MOST_IN_ORDER", 1)
    _client("Dogwood", "Testbird", program=cast.north, staff=cast.cleo)
    listed = _listed(cast.by(cast.cleo))
    assert (listed.in_order, len(listed.lines)) == (False, 2)


def test_a_page_holds_twenty_five_and_only_they_are_logged(cast: Cast) -> None:
    for number in range(30):
        _client(f"Nr{number}", "Testbird", program=cast.north, staff=cast.cleo)
    by = cast.by(cast.cleo)
    assert len(_listed(by).lines) == 25
    assert len(by.trail.clients) == 25
    assert len(_listed(by, page=2).lines) == 6


def test_what_is_due_over_all_clients(cast: Cast, something_due: dict[str, date]) -> None:
    today = localdate()
    far = _client("Dogwood", "Testbird", program=cast.north, staff=cast.cleo)
    something_due |= {cast.acacia.code: today - timedelta(days=1), far.code: today + timedelta(days=15)}
    by = cast.by(cast.cleo)
    page, items = caseload.due_soon(by, caseload.look_up(by, Wanted()))
    assert [(item.what, line.client.pk) for item, line in items] == [(MADE_UP, cast.acacia.pk)]
    assert page.paginator.count == 1


@pytest.mark.parametrize("who", ["cleo", "sue", "dora", "eve", "ada"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_everybody_has_a_start_page(cast: Cast, client: Browser, who: str, language: str) -> None:
    staff = getattr(cast, who)
    StaffMember.objects.filter(pk=staff.pk).update(language=language)
    sign_in(client, staff)
    page = client.get("/")
    assert page.status_code == 200
    assert ("Acacia" in page.text) == (who in {"cleo", "sue", "dora"})
    assert "Birch" not in page.text
    assert "Acacia" not in page.text.split("<title>")[1].split("</title>")[0]


def test_the_start_page_logs_whose_names_it_showed(cast: Cast, client: Browser) -> None:
    sign_in(client, cast.cleo)
    client.get("/")
    event = AuditEvent.objects.filter(verb="see_home").get()
    assert {row.client_id for row in event.clients.all()} == {cast.acacia.pk}


def test_a_long_list_is_counted_and_filtered_too(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caseload, "MOST_IN_ORDER", 1)
    _client("Dogwood", "Testbird", program=cast.north, staff=cast.carl)
    by = cast.by(cast.dora)
    own = caseload.look_up(by, Wanted())
    assert [(one.name, one.count) for one in own.programs] == [("North", 2)]
    assert [(one.name, one.count) for one in own.managers] == [("Carl (made up)", 1), ("Cleo (made up)", 1)]
    fewer = _listed(by, Wanted(staff=cast.cleo.pk))
    assert (fewer.in_order, [line.client.pk for line in fewer.lines]) == (True, [cast.acacia.pk])


@pytest.mark.parametrize(
    ("who", "most"),
    [("cleo", 10), ("sue", 11), ("dora", 11), ("eve", 5), ("ada", 8)],
)
def test_it_takes_few_questions_to_the_database(
    cast: Cast, client: Browser, who: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without what other apps ask for due things; each of them guards its own part."""
    monkeypatch.setattr(due, "_providers", [])
    for number in range(30):
        _client(f"Nr{number}", "Testbird", program=cast.north, staff=cast.cleo)
    sign_in(client, getattr(cast, who))
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/")
    assert len([one for one in asked.captured_queries if "SAVEPOINT" not in one["sql"]]) <= most


@pytest.mark.parametrize(("who", "grouped"), [("cleo", False), ("sue", True), ("dora", False)])
def test_only_a_team_is_grouped(cast: Cast, who: str, grouped: bool) -> None:
    assert _listed(cast.by(getattr(cast, who))).grouped == grouped
