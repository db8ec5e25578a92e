"""A contact is written whole or not at all, within reach only, and together with its event."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from casearc_web.access.decide import Denied
from casearc_web.access.models import Notice
from casearc_web.agencies.models import StaffMember
from casearc_web.audit.models import AuditedClient, AuditEvent
from casearc_web.casework import actions, queries
from casearc_web.casework.models import CaseworkRules, Contact, ServiceDelivered, ServiceKind
from casearc_web.clients.models import Client
from casearc_web.drafts.actions import RepeatedError
from casearc_web.enrollments.models import CareTeamMember, Enrollment
from casearc_web.records.changes import ConflictError
from casearc_web.records.models import Revision
from web.cast import Cast

Record = Callable[..., Contact]
Catalog = dict[str, ServiceKind]
FACTS = actions.Facts(on=date(2026, 3, 2), minutes=30, with_whom=["client"], note="Made-up words.", next_step="Call.")
MARCH = {"since": date(2026, 3, 1), "until": date(2026, 3, 31)}


def edit(cast: Cast, contact: Contact, *, by: StaffMember | None = None, **changes: object) -> Contact:
    """Edit as the form does: everything typed again, with some fields changed."""
    one = queries.contact(contact.pk, contact.enrollment.client_id, by=cast.by(by or cast.cleo))
    same = actions.Facts(**{name: getattr(one, name) for name in actions.Facts.__dataclass_fields__})
    services = changes.pop("services", {service.kind_id: None for service in one.delivered})
    version = changes.pop("version", one.version)
    return actions.edit_contact(
        by=cast.by(by or cast.cleo),
        contact=one,
        version=version,
        facts=replace(same, **changes),
        enrollment=one.enrollment,
        services=services,
    )


def test_a_contact_keeps_what_was_said(cast: Cast, catalog: Catalog) -> None:
    contact = actions.record_contact(
        by=cast.by(cast.cleo),
        enrollment=cast.enrollment_of(cast.acacia),
        facts=FACTS,
        services={catalog["food"].pk: None, catalog["counseling"].pk: None, catalog["mentoring"].pk: Decimal("12.5")},
    )
    stored = Contact.objects.get(pk=contact.pk)
    for name in actions.Facts.__dataclass_fields__:
        assert getattr(stored, name) == getattr(FACTS, name)
    assert (stored.staff, stored.created_by, stored.agency) == (cast.cleo, cast.cleo, cast.riverbend)
    amounts = {one.kind.code: (one.quantity, one.unit) for one in stored.services.all()}
    assert amounts == {
        "food": (Decimal(1), "times"),  # nobody said how much: once
        "counseling": (Decimal(30), "minutes"),  # the contact's minutes
        "mentoring": (Decimal("12.5"), "minutes"),
    }


def test_missing_minutes_are_not_zero_minutes(record: Record) -> None:
    assert Contact.objects.get(pk=record(minutes=None).pk).minutes is None
    assert Contact.objects.get(pk=record(minutes=0).pk).minutes == 0


def test_the_event_is_written_with_it_and_lost_with_it(cast: Cast, record: Record) -> None:
    contact = record()
    event = AuditEvent.objects.get(record_id=str(contact.pk))
    assert (event.verb, event.kind, event.staff_id) == ("write_casework", "casework.contact", cast.cleo.pk)
    assert set(AuditedClient.objects.filter(event=event).values_list("client_id", flat=True)) == {cast.acacia.pk}
    before = AuditEvent.objects.count(), Contact.objects.count()
    with transaction.atomic():
        record()
        transaction.set_rollback(True)
    assert (AuditEvent.objects.count(), Contact.objects.count()) == before


OTHERS = [
    ("carl", "acacia"),  # another caseload
    ("cleo", "birch"),
    ("dora", "birch"),  # another program
    ("faye", "acacia"),  # another agency
    ("eve", "acacia"),  # roles that see no record
    ("ada", "acacia"),
]


@pytest.mark.parametrize(("who", "whose"), OTHERS)
def test_nobody_writes_beyond_their_reach(cast: Cast, who: str, whose: str) -> None:
    by, client = cast.by(getattr(cast, who)), getattr(cast, whose)
    with pytest.raises(Denied):
        actions.record_contact(by=by, enrollment=cast.enrollment_of(client), facts=FACTS)
    assert not Contact.objects.exists()


@pytest.mark.parametrize("who", ["carl", "faye", "eve", "ada"])
def test_nobody_changes_or_reads_beyond_their_reach(cast: Cast, record: Record, who: str) -> None:
    contact, by = record(), cast.by(getattr(cast, who))
    with pytest.raises(Denied):
        queries.contact(contact.pk, cast.acacia.pk, by=by)
    with pytest.raises(Denied):
        actions.edit_contact(by=by, contact=contact, version=1, facts=FACTS, enrollment=contact.enrollment, services={})
    with pytest.raises(Denied):
        actions.withdraw_contact(by=by, contact=contact, version=1, reason="no")
    assert not queries.timeline(cast.acacia, by=by, **MARCH).page.object_list
    lately = queries.lately(cast.acacia, by=by, **MARCH)
    assert lately.contacts == []
    assert lately.totals.contacts == queries.timeline(cast.acacia, by=by, **MARCH).totals.contacts == 0


def test_a_kind_of_service_of_another_agency_is_refused(cast: Cast) -> None:
    foreign = ServiceKind.objects.create(
        agency=cast.farshore, code="food", name_en="Food", name_es="Comida", category="basic_needs"
    )
    with pytest.raises(Denied):
        actions.record_contact(
            by=cast.by(cast.cleo),
            enrollment=cast.enrollment_of(cast.acacia),
            facts=FACTS,
            services={foreign.pk: None},
        )
    assert not Contact.objects.exists()


def on_caseload(cast: Cast, client: Client) -> Enrollment:
    """Cleo cares for this client too."""
    enrollment = cast.enrollment_of(client)
    CareTeamMember.objects.create(
        agency=cast.riverbend, enrollment=enrollment, staff=cast.cleo, since=date(2026, 1, 15), part="second"
    )
    return enrollment


def test_a_group_contact_is_one_in_each_record(cast: Cast, catalog: Catalog) -> None:
    other = on_caseload(cast, cast.birch)
    first = actions.record_contact(
        by=cast.by(cast.cleo),
        enrollment=cast.enrollment_of(cast.acacia),
        facts=FACTS,
        services={catalog["group_session"].pk: None},
        others=[other],
    )
    both = Contact.objects.filter(group=first.group)
    assert {one.enrollment.client for one in both} == {cast.acacia, cast.birch}
    assert ServiceDelivered.objects.filter(contact__in=both).count() == 2
    event = AuditEvent.objects.get(record_id=str(first.pk))
    assert AuditedClient.objects.filter(event=event).count() == 2


def test_a_group_contact_reaches_nobody_beyond_the_caseload(cast: Cast) -> None:
    with pytest.raises(Denied):
        actions.record_contact(
            by=cast.by(cast.cleo),
            enrollment=cast.enrollment_of(cast.acacia),
            facts=FACTS,
            others=[cast.enrollment_of(cast.birch)],
        )
    assert not Contact.objects.exists()


def test_what_is_sent_twice_is_written_once(cast: Cast) -> None:
    sending = actions.Sending(key="contact-new:1", submission=uuid.uuid4(), address="/made-up/")
    said = {"enrollment": cast.enrollment_of(cast.acacia), "facts": FACTS, "sending": sending}
    actions.record_contact(by=cast.by(cast.cleo), **said)
    with pytest.raises(RepeatedError) as repeated:
        actions.record_contact(by=cast.by(cast.cleo), **said)
    assert repeated.value.address == "/made-up/"
    assert Contact.objects.count() == 1


def test_an_edit_keeps_what_was_there(cast: Cast, record: Record) -> None:
    contact = record(minutes=30, note="Before.")
    changed = edit(cast, contact, minutes=45, note="After.")
    assert (changed.version, changed.minutes, changed.note) == (2, 45, "After.")
    kept = Revision.objects.get(kind="casework.contact", record_id=contact.pk)
    assert (kept.content["minutes"], kept.content["note"], kept.client_id) == (30, "Before.", cast.acacia.pk)


def test_an_edit_of_an_older_version_writes_nothing(cast: Cast, record: Record) -> None:
    contact = record()
    edit(cast, contact, minutes=45)
    with pytest.raises(ConflictError):
        edit(cast, contact, minutes=60, version=1)
    assert Contact.objects.get(pk=contact.pk).minutes == 45


def test_services_are_part_of_the_version(cast: Cast, record: Record, catalog: Catalog) -> None:
    food, ride = catalog["food"].pk, catalog["transport"].pk
    contact = record(services={food: None})
    changed = edit(cast, contact, services={food: Decimal(3), ride: None})
    assert changed.version == 2
    assert {one.kind_id: one.quantity for one in changed.delivered} == {food: Decimal(3), ride: Decimal(1)}
    with pytest.raises(ConflictError):
        edit(cast, contact, services={}, version=1)
    emptied = edit(cast, contact, services={ride: None})
    assert [one.kind_id for one in emptied.delivered] == [ride]
    assert ServiceDelivered.objects.get(contact=contact, kind=food).withdrawn_at is not None
    again = edit(cast, contact, services={ride: None, food: None})
    assert {one.kind_id: one.quantity for one in again.delivered} == {food: Decimal(1), ride: Decimal(1)}


def test_what_is_not_changed_makes_no_version(cast: Cast, record: Record, catalog: Catalog) -> None:
    contact = record(services={catalog["food"].pk: None})
    assert edit(cast, contact).version == 1
    assert not Revision.objects.exists()


def test_a_withdrawn_contact_counts_nowhere_and_can_come_back(cast: Cast, record: Record, catalog: Catalog) -> None:
    by = cast.by(cast.cleo)
    contact = record(services={catalog["food"].pk: None})
    withdrawn = actions.withdraw_contact(by=by, contact=contact, version=1, reason="Entered twice.")
    totals = queries.timeline(cast.acacia, by=by, **MARCH).totals
    assert (totals.contacts, totals.minutes, totals.services) == (0, 0, 0)
    assert queries.last_contacts([contact.enrollment], by=by) == {}
    assert list(queries.rows_for_export(Enrollment.objects.all())) == []
    assert [one.is_withdrawn for one in queries.timeline(cast.acacia, by=by, **MARCH).page] == [True]
    with pytest.raises(Denied):
        edit(cast, withdrawn, minutes=1)
    actions.restore_contact(by=by, contact=withdrawn, version=2)
    totals = queries.timeline(cast.acacia, by=by, **MARCH).totals
    assert (totals.contacts, totals.minutes, totals.services) == (1, 30, 1)


def test_an_overview_tells_the_same_totals(cast: Cast, record: Record, catalog: Catalog) -> None:
    record(services={catalog["food"].pk: None, catalog["documents"].pk: None})
    record(minutes=None)
    record(outcome="attempted", minutes=20)
    record(on=date(2026, 2, 28), services={catalog["food"].pk: None})
    by = cast.by(cast.cleo)
    lately = queries.lately(cast.acacia, by=by, **MARCH, most=1)
    assert lately.totals == queries.timeline(cast.acacia, by=by, **MARCH).totals
    assert (lately.totals.contacts, lately.totals.minutes, lately.totals.services) == (2, 30, 2)
    assert len(lately.contacts) == 1


def test_totals_count_completed_contacts_of_the_span(cast: Cast, record: Record) -> None:
    for facts in (
        {"minutes": 30},
        {"minutes": None},
        {"minutes": 20, "outcome": "attempted"},
        {"minutes": 50, "on": date(2026, 2, 28)},
    ):
        record(**facts)
    totals = queries.timeline(cast.acacia, by=cast.by(cast.cleo), **MARCH).totals
    assert (totals.contacts, totals.minutes, totals.without_minutes) == (2, 30, 1)


@pytest.fixture
def signing(cast: Cast) -> CaseworkRules:
    """North has everybody's notes signed."""
    return CaseworkRules.objects.create(agency=cast.riverbend, program=cast.north, signing="everybody")


def test_a_supervisor_signs_what_waits(cast: Cast, record: Record, signing: CaseworkRules) -> None:
    contact = record()
    assert contact.signature == "waiting"
    assert record(note="").signature == "none"
    assert [one.pk for one in queries.to_sign(by=cast.by(cast.sue))] == [contact.pk]
    signed = actions.sign_note(by=cast.by(cast.sue), contact=contact, version=1)
    assert (signed.signature, signed.signed_by) == ("signed", cast.sue)
    assert signed.signed_at is not None
    assert AuditEvent.objects.filter(verb="cosign", record_id=str(contact.pk)).count() == 1
    assert list(queries.to_sign(by=cast.by(cast.sue))) == []


@pytest.mark.parametrize("who", ["cleo", "carl", "eve", "ada", "fay"])
def test_others_do_not_sign(cast: Cast, record: Record, signing: CaseworkRules, who: str) -> None:
    with pytest.raises(Denied):
        actions.sign_note(by=cast.by(getattr(cast, who)), contact=record(), version=1)


def test_nobody_signs_their_own(cast: Cast, record: Record, signing: CaseworkRules) -> None:
    contact = record()
    Contact.objects.filter(pk=contact.pk).update(staff=cast.sue)
    contact.refresh_from_db()
    assert list(queries.to_sign(by=cast.by(cast.sue))) == []
    with pytest.raises(Denied):
        actions.sign_note(by=cast.by(cast.sue), contact=contact, version=1)


def test_a_note_changed_meanwhile_is_not_signed(cast: Cast, record: Record, signing: CaseworkRules) -> None:
    contact = record()
    edit(cast, contact, note="Other made-up words.")
    with pytest.raises(ConflictError):
        actions.sign_note(by=cast.by(cast.sue), contact=contact, version=1)


def test_a_returned_note_reaches_its_author_and_waits_again(cast: Cast, record: Record, signing: CaseworkRules) -> None:
    contact = record()
    returned = actions.return_note(by=cast.by(cast.sue), contact=contact, version=1, comment="Say when.")
    assert (returned.signature, returned.comment) == ("returned", "Say when.")
    notice = Notice.objects.get(to=cast.cleo)
    assert (notice.kind, notice.text, notice.about, notice.client_id) == (
        "note_returned",
        "Say when.",
        cast.sue,
        cast.acacia.pk,
    )
    assert edit(cast, contact, note="At noon.").signature == "waiting"


def test_a_change_takes_the_signature_back(cast: Cast, record: Record, signing: CaseworkRules) -> None:
    contact = record()
    actions.sign_note(by=cast.by(cast.sue), contact=contact, version=1)
    assert edit(cast, contact).signature == "signed"  # nothing changed
    changed = edit(cast, contact, minutes=5)
    assert (changed.signature, changed.signed_by, changed.signed_at) == ("waiting", None, None)
    assert edit(cast, contact, note="", next_step="").signature == "none"


def test_export_rows_carry_codes_and_nothing_written(cast: Cast, record: Record, catalog: Catalog) -> None:
    contact = record(minutes=None, note="zebra-marker", next_step="zebra-marker", services={catalog["food"].pk: None})
    (row,) = queries.rows_for_export(Enrollment.objects.filter(client=cast.acacia))
    assert (row.contact_id, row.enrollment_id, row.minutes, row.staff_code) == (
        contact.pk,
        contact.enrollment_id,
        None,
        cast.cleo.code,
    )
    assert [(one.code, one.quantity, one.unit) for one in row.services] == [("food", Decimal(1), "times")]
    assert "zebra" not in repr(row)


def test_an_export_never_asks_for_a_sealed_column(
    cast: Cast, record: Record, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for _ in range(5):
        record()
    with django_assert_max_num_queries(2) as asked:
        assert len(list(queries.rows_for_export(Enrollment.objects.all()))) == 5
    columns = " ".join(query["sql"] for query in asked.captured_queries)
    assert '"note"' not in columns
    assert '"next_step"' not in columns
    assert '"comment"' not in columns
