"""A record is past its time when every enrollment has ended and is past its program's time; never a day too early."""

from __future__ import annotations

from datetime import date

import pytest

from casearc_web.agencies.models import Program
from casearc_web.clients.models import Client
from casearc_web.enrollments.models import Enrollment
from casearc_web.retention.due import explained, past_their_time
from casearc_web.retention.models import Hold, Scope
from casearc_web.retention.policies import Term, due_on, last_kept_exit
from web.cast import Cast

PARTIAL, FULL = Scope.PARTIAL, Scope.FULL

STAYS = [
    # North keeps 12 months (24 in full), South 36 (for good)
    # enrollments: (program, exit)                           today         partly  fully
    ([("north", "2026-06-30")], "2027-06-29", False, False),
    ([("north", "2026-06-30")], "2027-06-30", True, False),
    ([("north", "2026-06-30")], "2028-06-30", True, True),
    ([("north", None)], "2040-01-01", False, False),
    ([("north", "2026-06-30"), ("north", None)], "2040-01-01", False, False),  # came back
    ([("north", "2026-06-30"), ("north", "2027-01-31")], "2027-06-30", False, False),
    ([("north", "2026-06-30"), ("north", "2027-01-31")], "2028-01-31", True, False),
    ([("north", "2026-06-30"), ("south", "2026-06-30")], "2028-06-30", False, False),  # South keeps longer
    ([("north", "2026-06-30"), ("south", "2026-06-30")], "2029-06-30", True, False),
    ([("south", "2026-06-30")], "2060-01-01", True, False),
    ([], "2060-01-01", False, False),
]


@pytest.mark.parametrize(("stays", "today", "partly", "fully"), STAYS)
def test_who_is_past_their_time(
    cast: Cast, stays: list[tuple[str, str | None]], today: str, partly: bool, fully: bool
) -> None:
    Enrollment.objects.filter(client=cast.cedar).delete()
    for program, exited in stays:
        _stay(cast.cedar, getattr(cast, program), exited)
    day, terms = date.fromisoformat(today), _terms(cast)
    found = [past_their_time(cast.riverbend.pk, terms, scope, day).filter(pk=cast.cedar.pk).exists() for scope in Scope]
    assert found == [partly, fully]


MONTHS = [
    # exit          months  due from
    ("2026-06-30", 12, "2027-06-30"),
    ("2024-02-29", 12, "2025-03-01"),  # kept the whole year
    ("2024-02-29", 48, "2028-02-29"),
    ("2026-08-31", 6, "2027-03-01"),
    ("2026-12-31", 84, "2033-12-31"),
]


@pytest.mark.parametrize(("exited", "months", "due"), MONTHS)
def test_never_a_day_too_early(exited: str, months: int, due: str) -> None:
    first = date.fromisoformat(due)
    assert due_on(date.fromisoformat(exited), months) == first
    assert last_kept_exit(first, months) >= date.fromisoformat(exited)
    assert last_kept_exit(first.replace(day=first.day - 1) if first.day > 1 else date(first.year, 2, 28), months) < (
        date.fromisoformat(exited)
    )


def test_why_it_is_on_the_list(cast: Cast) -> None:
    Hold.objects.create(agency=cast.riverbend, client=cast.cedar, reason="made-up")
    _stay(cast.cedar, cast.south, "2026-03-01")
    (due,) = explained([cast.cedar], _terms(cast), PARTIAL)
    assert (due.program, due.months, due.last_exit, due.since) == ("South", 36, date(2026, 3, 1), date(2029, 3, 1))
    assert due.is_held


def test_whose_names_are_gone_is_not_due_for_that_again(cast: Cast) -> None:
    Client.objects.filter(pk=cast.cedar.pk).update(purged_at="2028-01-01T00:00Z", identity=None)
    day, terms = date(2040, 1, 1), _terms(cast)
    assert cast.cedar not in past_their_time(cast.riverbend.pk, terms, PARTIAL, day)
    assert cast.cedar in past_their_time(cast.riverbend.pk, terms, FULL, day)


def test_a_program_of_another_agency_is_never_looked_at(cast: Cast) -> None:
    Enrollment.objects.filter(client=cast.fern).update(exited_on="2026-02-01")
    found = past_their_time(cast.riverbend.pk, _terms(cast), PARTIAL, date(2060, 1, 1))
    assert cast.fern not in found


def _terms(cast: Cast) -> list[Term]:
    return [
        Term(program=cast.north, partial=12, full=24, is_set=True),
        Term(program=cast.south, partial=36, full=None, is_set=True),
    ]


def _stay(client: Client, program: Program, exited: str | None) -> None:
    Enrollment.objects.create(
        agency=client.agency, client=client, program=program, started_on=date(2023, 1, 15), exited_on=exited
    )
