"""The rules of casework hold as their tables say: which enrollment, what counts as late, whose note is signed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from casearc_web.casework import rules
from casearc_web.casework.due import next_contact
from casearc_web.casework.models import Contact
from casearc_web.enrollments.models import Enrollment
from web.cast import Cast

D = date.fromisoformat
FIRST = Enrollment(started_on=D("2026-01-15"), exited_on=D("2026-03-31"))
SECOND = Enrollment(started_on=D("2026-06-01"))
OTHER_PROGRAM = Enrollment(started_on=D("2026-02-01"), exited_on=D("2026-02-28"))

WHICH = [
    # the day            the client's enrollments          chosen         → belongs to     outside
    ("2026-01-15", [FIRST, SECOND], None, FIRST, False),  # the day of the start is inside
    ("2026-03-31", [FIRST, SECOND], None, FIRST, False),  # the day of the exit is inside
    ("2026-06-01", [FIRST, SECOND], None, SECOND, False),
    ("2026-01-14", [FIRST, SECOND], None, FIRST, True),  # before any start: the nearest, said aloud
    ("2026-04-10", [FIRST, SECOND], None, FIRST, True),  # between two: the nearer one
    ("2026-05-25", [FIRST, SECOND], None, SECOND, True),
    ("2026-04-01", [FIRST], None, FIRST, True),  # after the exit
    ("2026-02-10", [FIRST, OTHER_PROGRAM], None, None, False),  # two are open: somebody must choose
    ("2026-02-10", [FIRST, OTHER_PROGRAM], OTHER_PROGRAM, OTHER_PROGRAM, False),
    ("2026-02-10", [FIRST, OTHER_PROGRAM], SECOND, None, False),  # the chosen one was not open
    ("2026-03-01", [FIRST, OTHER_PROGRAM], OTHER_PROGRAM, FIRST, False),  # only one was open: it
    ("2026-03-01", [], None, None, False),
]


@pytest.mark.parametrize(("on", "enrollments", "chosen", "belongs_to", "outside"), WHICH)
def test_a_contact_belongs_to_the_enrollment_of_its_day(
    on: str, enrollments: list[Enrollment], chosen: Enrollment | None, belongs_to: Enrollment | None, outside: bool
) -> None:
    found = rules.fit(enrollments, D(on), chosen=chosen)
    assert found.enrollment is belongs_to
    assert found.outside is outside


LATE = [
    # the day      recorded        late
    ("2026-03-02", "2026-03-02T09:00", False),
    ("2026-03-02", "2026-03-04T23:59", False),  # two days are in time
    ("2026-03-02", "2026-03-05T00:01", True),
    ("2026-02-27", "2026-03-02T08:00", True),
]


@pytest.mark.parametrize(("on", "recorded", "late"), LATE)
def test_recorded_more_than_two_days_after_is_late(on: str, recorded: str, late: bool) -> None:
    contact = Contact(on=D(on), created_at=datetime.fromisoformat(recorded).replace(tzinfo=UTC))
    assert contact.is_late is late


SIGNS = [
    # policy      role            account since   the day        written → waits
    ("everybody", "case_manager", "2020-01-01", "2026-03-02", True, True),
    ("everybody", "case_manager", "2020-01-01", "2026-03-02", False, False),  # nothing written, nothing to sign
    ("everybody", "supervisor", "2020-01-01", "2026-03-02", True, False),
    ("nobody", "case_manager", "2026-03-01", "2026-03-02", True, False),
    ("new_staff", "case_manager", "2026-03-01", "2026-03-02", True, True),
    ("new_staff", "case_manager", "2026-03-01", "2026-05-29", True, True),  # the 90th day
    ("new_staff", "case_manager", "2026-03-01", "2026-05-30", True, False),
]


@pytest.mark.parametrize(("policy", "role", "since", "on", "written", "waits"), SIGNS)
def test_whose_notes_a_supervisor_signs(
    policy: str, role: str, since: str, on: str, written: bool, waits: bool
) -> None:
    assert rules.needs_signature(policy, 90, role=role, account_since=D(since), on=D(on), written=written) is waits


PARTIES = [
    # type            outcome      chosen              → who was there
    ("client", "completed", [], ["client"]),
    ("caregiver", "completed", [], ["caregiver"]),
    ("joint", "completed", [], []),
    ("client", "completed", ["client", "school"], ["client", "school"]),
    ("client", "attempted", [], []),  # nobody answered, so nobody was there
]


@pytest.mark.parametrize(("contact_type", "outcome", "chosen", "there"), PARTIES)
def test_who_was_there(contact_type: str, outcome: str, chosen: list[str], there: list[str]) -> None:
    assert rules.parties(contact_type, outcome, chosen) == there


NOTES = [
    ("", ""),
    ("Mood:\n\n\nPlan:\n", ""),
    ("Mood:\nCalm today.\n\nPlan:\n", "Mood:\nCalm today."),
    ("Mood:\n\nPlan:\r\nCall on Friday.\r\n", "Plan:\nCall on Friday."),
    ("Came by.\n\nMood:\n\nPlan:\n", "Came by."),
    ("Mood: fine\nPlan:\n", "Mood: fine"),
]


@pytest.mark.parametrize(("typed", "kept"), NOTES)
def test_headings_with_nothing_below_are_left_out(typed: str, kept: str) -> None:
    assert rules.without_empty_headings(typed, ["Mood", "Plan"]) == kept


def test_a_template_untouched_is_no_note() -> None:
    headings = ["What we did", "How it went", "Safety"]
    assert rules.without_empty_headings(rules.headings_as_text(headings), headings) == ""


NEXT = [
    # started      last contact    every → reach again by
    ("2026-01-15", None, 7, "2026-01-22"),
    ("2026-01-15", "2026-03-02", 7, "2026-03-09"),
    ("2026-06-01", "2026-05-20", 7, "2026-06-08"),  # a contact before the start does not count
]


@pytest.mark.parametrize(("started", "last", "every", "by"), NEXT)
def test_when_a_client_is_to_be_reached_again(started: str, last: str | None, every: int, by: str) -> None:
    enrollment = Enrollment(started_on=D(started))
    assert next_contact(enrollment, D(last) if last else None, every) == D(by)


def test_the_default_catalog_is_added_once(cast: Cast) -> None:
    from casearc_web.casework.models import ServiceKind
    from casearc_web.casework.setup import DEFAULT_SERVICES, default_services

    assert default_services(cast.riverbend) == len(DEFAULT_SERVICES)
    assert default_services(cast.riverbend) == 0
    kinds = ServiceKind.objects.filter(agency=cast.riverbend)
    assert kinds.count() == len(DEFAULT_SERVICES) == len({kind.code for kind in kinds})
    assert all(kind.name_en and kind.name_es for kind in kinds)
