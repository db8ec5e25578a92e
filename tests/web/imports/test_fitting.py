"""What records take of a file and what they leave, each with its reason and place; a cell of a file is never told."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.utils import timezone

from casearc.errors import CasearcError
from casearc_web.agencies.models import Site, StaffMember
from casearc_web.casework.models import Contact, ServiceDelivered
from casearc_web.clients.models import Client
from casearc_web.consent.models import Authorization
from casearc_web.enrollments.models import CareTeamMember, Enrollment
from casearc_web.goals.models import Goal
from casearc_web.imports.models import Import, ImportFile
from casearc_web.needs.models import NeedsAssessment
from casearc_web.surveys.models import Administration
from casearc_web.vault.models import ContactWay, Permission
from web.cast import Cast
from web.imports.made import csv, exports, imported, previewed, started
from web.imports.small import TABLES, tables, with_line

FUTURE = (timezone.localdate() + timedelta(days=3) - date(2025, 1, 10)).days


def test_everything_becomes_records(cast: Cast) -> None:
    batch = imported(cast, tables())
    stay = Enrollment.objects.get(started_on="2025-01-10", program=cast.north)
    assert (stay.client.gender, stay.client.housing, str(stay.age_at_start)) == ("girl", "foster", "15.50")
    assert stay.care_team.get().staff == cast.cleo
    contact = stay.contacts.get(on="2025-01-10")
    assert (contact.contact_type, contact.outcome, contact.minutes, contact.medium) == (
        *("client", "completed", 30, "phone"),
    )
    service = contact.services.get()
    assert (service.kind.code, str(service.quantity), service.unit) == ("counseling", "90.00", "minutes")
    assert stay.goals.get().status == "open"
    assert stay.needs_assessments.get().answers == {"housing": 3, "safety": 1}
    given = stay.administrations.get()
    assert (given.instrument, given.answers["3"], given.reasons) == ("mspss", 4, {"12": "declined"})
    ended = Enrollment.objects.get(started_on="2025-02-01", program=cast.north)
    assert (ended.exited_on, ended.exit_reason) == (date(2025, 5, 2), "completed")
    assert ended.care_team.get().until == date(2025, 5, 2)
    assert batch.counts["needs"]["added"] == 2
    assert not ImportFile.objects.exists()


def test_names_go_into_the_vault_and_ways_are_to_be_asked_about(cast: Cast) -> None:
    imported(cast, exports(participants=6))
    new = Client.objects.exclude(identity__digests__isnull=True).filter(enrollments__care_team__staff=cast.cleo)
    named = [one for one in new.distinct() if one.identity and one.identity.family_name.startswith("Madeup")]
    assert len(named) == 6
    assert all(one.identity.birth_date for one in named if one.identity)
    assert {way.permission for way in ContactWay.objects.all()} == {Permission.CARE}
    assert not Authorization.objects.exists()


LEAVES = [
    ("participants", "foster", "my aunt", "code", "housing", 0),
    ("enrollments", "E1,P1,2025-01-10,,", "E1,P1,2025-01-10,200,quarrel", "code", "exit_reason", 0),
    ("contacts", "30,phone", "30,pigeon", "code", "medium", 0),
    ("contacts", "completed,30,", "completed,30.5,", "number", "minutes", 0),
    ("contacts", "C2,E1,7", f"C2,E1,{FUTURE}", "future", "day", 1),
    ("services", "counseling", "astrology", "service", "service_code", 1),
    ("services", "E1,0,counseling", "E1,5,counseling", "no_contact", "", 1),
    ("services", "rides", "parsecs", "unit", "unit", 1),
    ("services", "1.5,hours", "0.0001,hours", "number", "quantity", 1),
    ("services", "2,rides", ",rides", "quantity", "quantity", 0),
    ("goals", "E1,housing", "E1,astrology", "domain", "domain", 1),
    ("goals", "met,1", "met,", "goal_rating", "rating", 1),
    ("goals", "60,met,1", ",met,1", "goal_open", "closed_day", 1),
    ("goals", "open,", "open,1", "rating_dropped", "rating", 0),
    ("needs", "housing,3", "housing,dire", "level", "level", 1),
    ("needs", "safety,1", "astrology,1", "domain", "domain", 1),
]


@pytest.mark.parametrize(("table", "old", "new", "why", "column", "lost"), LEAVES)
def test_what_cannot_be_taken_is_said(
    cast: Cast, table: str, old: str, new: str, why: str, column: str, lost: int
) -> None:
    batch = previewed(cast, started(cast, with_line(table, old, new)))
    (note,) = [one for one in batch.preview["notes"] if one["why"] == why]
    assert (note["table"], note["column"], note["count"], note["left_out"]) == (table, column, 1, bool(lost))
    assert note["file"] == f"{table}.csv"
    assert note["rows"].isdigit()
    assert batch.preview["counts"][table]["left_out"] == lost
    assert not batch.preview["blocks"]
    said = json.dumps(batch.preview)
    assert not [word for word in ("my aunt", "quarrel", "pigeon", "astrology", "parsecs", "dire") if word in said]


BLOCKS = [
    ("enrollments", "2025-02-01", "", "no_start"),
    ("enrollments", "E2,P2,2025-02-01,90,completed", "E2,P1,2025-02-01,,", "two_open"),
]


@pytest.mark.parametrize(("table", "old", "new", "why"), BLOCKS)
def test_what_must_be_mended_blocks(cast: Cast, table: str, old: str, new: str, why: str) -> None:
    batch = previewed(cast, started(cast, with_line(table, old, new)))
    assert batch.preview["blocks"] == [why]


@pytest.mark.parametrize(("programs", "why"), [(("South", "South"), "other_program"), (("A", "B"), "several_programs")])
def test_a_program_that_is_not_the_chosen_one_blocks(cast: Cast, programs: tuple[str, str], why: str) -> None:
    one, two = programs
    text = f"enrollment_id,participant_id,start_date,program\nE1,P1,2025-01-10,{one}\nE2,P2,2025-02-01,{two}\n"
    batch = previewed(cast, started(cast, tables(enrollments=text)))
    assert batch.preview["blocks"] == [why]


def test_staff_and_sites_are_found_by_what_they_are_called(cast: Cast) -> None:
    StaffMember.objects.filter(pk=cast.sue.pk).update(code="S-7")
    text = (
        "enrollment_id,participant_id,start_date,site,staff_id\n"
        "E1,P1,2025-01-10,Main street,s-7\nE2,P2,2025-02-01,elsewhere,nobody\n"
    )
    batch = imported(cast, tables(enrollments=text))
    known, unknown = Enrollment.objects.filter(started_on__year=2025).order_by("started_on")
    assert known.site == Site.objects.get(code="main")
    assert CareTeamMember.objects.get(enrollment=known).staff == cast.sue
    assert unknown.site is None
    assert CareTeamMember.objects.get(enrollment=unknown).staff == cast.cleo
    assert {note["why"] for note in previewed_notes(batch)} == {"site", "staff"}


def previewed_notes(batch: Import) -> list[dict[str, object]]:
    return list(Import.objects.get(pk=batch.pk).preview["notes"])


def test_who_has_no_enrollment_stays_out(cast: Cast) -> None:
    text = TABLES["participants"] + "P3,14,girl,family\n"
    batch = previewed(cast, started(cast, tables(participants=text)))
    assert batch.preview["counts"]["participants"] == {
        **dict.fromkeys(("there", "changed", "erased"), 0),
        "added": 2,
        "left_out": 1,
    }


def test_somebody_with_the_same_name_is_pointed_at(cast: Cast) -> None:
    people = "Client ID,First Name,Last Name,Gender\n1,Acacia,Oriole,Girl\n2,Madeup,One,Boy\n"
    entries = "Client ID,Program Entry Date,Exit Reason\n1,2025-01-10,\n2,2025-02-01,\n"
    files = [("people.csv", csv(people)), ("entries.csv", csv(entries))]
    batch = previewed(cast, started(cast, files))
    assert batch.preview["alike"] == [str(cast.acacia.pk)]
    assert batch.preview["named"] == 2


def test_a_fault_of_the_files_is_told_with_its_place(cast: Cast) -> None:
    from casearc_web.imports import actions, reading

    batch = started(cast, with_line("contacts", "C3,E2,3,caregiver", "C1,E2,3,aunt"))
    with pytest.raises(CasearcError) as refused:
        reading.read(batch)
    actions.keep_preview(by=cast.by(cast.dora), batch=batch, read=None, faults=refused.value.faults)
    places = {(one["file"], one["column"], one["rows"]) for one in batch.preview["faults"]}
    assert ("contacts.csv", "contact_type", "4") in places
    assert "aunt" not in json.dumps(batch.preview)


def test_everything_of_an_import_is_counted_once(cast: Cast) -> None:
    before = {model: model.objects.count() for model in (Client, Contact, ServiceDelivered, Goal)}
    batch = imported(cast, exports(participants=8))
    added = {table: one["added"] for table, one in batch.counts.items()}
    for model, table in (
        (Client, "participants"),
        (Contact, "contacts"),
        (ServiceDelivered, "services"),
        (Goal, "goals"),
    ):
        assert model.objects.count() - before[model] == added[table]
    assert NeedsAssessment.objects.count() == added["needs"]
    assert Administration.objects.count() == added["administrations"]
