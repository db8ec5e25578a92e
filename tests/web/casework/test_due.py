"""What is due says so on the caseload: whom to reach again, what to sign, what came back; nobody hears of others'."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.test import Client
from django.urls import reverse

from casearc_web.agencies.models import StaffMember
from casearc_web.casework import actions
from casearc_web.casework.models import CaseworkRules, Contact
from casearc_web.enrollments import facts
from casearc_web.enrollments.due import due
from casearc_web.enrollments.models import Enrollment
from web.cast import Cast

TODAY = date(2026, 3, 20)
Record = Callable[..., Contact]


def said(cast: Cast, staff: StaffMember, enrollments: list[Enrollment]) -> list[tuple[str, date]]:
    """What casework says is due, in words and by day."""
    ours = {"Reach the client again", "Sign a note", "Change a note that came back"}
    return [(str(one.what), one.on) for one in due(cast.by(staff), enrollments, TODAY) if str(one.what) in ours]


def test_a_client_is_to_be_reached_again(cast: Cast, record: Record) -> None:
    open_one, exited = cast.enrollment_of(cast.acacia), cast.enrollment_of(cast.cedar)
    assert said(cast, cast.cleo, [open_one, exited]) == []  # the program asks for nothing
    CaseworkRules.objects.create(agency=cast.riverbend, program=cast.north, contact_every_days=7)
    assert said(cast, cast.cleo, [open_one, exited]) == [("Reach the client again", date(2026, 1, 22))]
    record(on=date(2026, 3, 2))
    record(on=date(2026, 3, 10), outcome="attempted")  # nobody answered
    gone = record(on=date(2026, 3, 12))
    actions.withdraw_contact(by=cast.by(cast.cleo), contact=gone, version=1, reason="Wrong client.")
    assert said(cast, cast.cleo, [open_one]) == [("Reach the client again", date(2026, 3, 9))]


def test_notes_are_due_to_whom_they_wait_for(cast: Cast, record: Record) -> None:
    CaseworkRules.objects.create(agency=cast.riverbend, program=cast.north, signing="everybody")
    contact, own = record(on=date(2026, 3, 2)), [cast.enrollment_of(cast.acacia)]
    assert said(cast, cast.sue, own) == [("Sign a note", date(2026, 3, 2))]
    assert said(cast, cast.cleo, own) == []
    actions.return_note(by=cast.by(cast.sue), contact=contact, version=1, comment="Say when.")
    assert said(cast, cast.sue, own) == []
    assert said(cast, cast.cleo, own) == [("Change a note that came back", date(2026, 3, 2))]


def test_last_contacts_and_spans(cast: Cast, record: Record) -> None:
    enrollment, by = cast.enrollment_of(cast.acacia), cast.by(cast.cleo)
    assert facts.last_contacts(by, [enrollment]) == {}
    assert not [span for span in facts.spans(by, enrollment) if str(span.what) == "Contacts"]
    record(on=date(2026, 2, 1))
    record(on=date(2026, 3, 2), outcome="attempted")
    assert facts.last_contacts(by, [enrollment]) == {enrollment.pk: date(2026, 2, 1)}
    (span,) = [span for span in facts.spans(by, enrollment) if str(span.what) == "Contacts"]
    assert (span.first, span.last) == (date(2026, 2, 1), date(2026, 3, 2))


def test_the_caseload_leads_to_the_form_in_one_tap(cast: Cast, signed_in: Callable[..., Client]) -> None:
    page = signed_in(cast.cleo).get(reverse("enrollments:home")).content.decode()
    assert reverse("casework:new", args=[cast.acacia.pk]) in page
    assert reverse("casework:new", args=[cast.birch.pk]) not in page


def test_nobody_hears_of_others(cast: Cast, record: Record) -> None:
    CaseworkRules.objects.create(agency=cast.riverbend, program=cast.north, signing="everybody")
    record()
    enrollment = cast.enrollment_of(cast.acacia)
    for staff in (cast.carl, cast.faye, cast.eve):
        assert facts.last_contacts(cast.by(staff), [enrollment]) == {}
        assert said(cast, staff, [enrollment]) == []
