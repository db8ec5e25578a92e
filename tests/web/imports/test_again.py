"""A second import adds what is new and nothing twice; what changed is left to a person; who was erased stays away."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from casearc_web.audit.models import AuditEvent
from casearc_web.casework.models import Contact
from casearc_web.clients.models import Client
from casearc_web.enrollments.models import Enrollment
from casearc_web.imports import actions, reading
from casearc_web.imports.fitting import fit
from casearc_web.imports.models import DigestSecret, ImportedRow
from casearc_web.records.changes import change
from casearc_web.retention.models import Scope, Why
from casearc_web.retention.purging import purge
from web.cast import Cast
from web.imports.made import exports, imported, previewed, started
from web.imports.small import TABLES, tables, with_line


def test_the_same_files_add_nothing(cast: Cast) -> None:
    files = exports(participants=6)
    first = imported(cast, files)
    again = previewed(cast, started(cast, files))
    counts = again.preview["counts"]
    assert {table: one["there"] for table, one in counts.items()} == {
        table: one["added"] for table, one in first.counts.items()
    }
    assert not any(one[name] for one in counts.values() for name in ("added", "changed", "erased"))
    with pytest.raises(ValidationError):
        actions.carry_out(by=cast.by(cast.dora), batch=again, read=reading.read(again))


def test_a_longer_export_adds_what_is_new(cast: Cast) -> None:
    imported(cast, tables())
    people = TABLES["participants"] + "P3,14,girl,family\n"
    stays = TABLES["enrollments"] + "E3,P3,2025-03-01,,\n"
    contacts = TABLES["contacts"] + "C4,E1,14,client,completed,20,phone\nC5,E3,1,client,completed,25,phone\n"
    services = TABLES["services"] + "E1,14,counseling,1,hours\n"
    batch = imported(cast, tables(participants=people, enrollments=stays, contacts=contacts, services=services))
    added = {table: one["added"] for table, one in batch.counts.items()}
    assert added == {
        **dict.fromkeys(added, 0),
        "participants": 1,
        "enrollments": 1,
        "contacts": 2,
        "services": 1,
    }
    stay = Enrollment.objects.get(started_on="2025-01-10", program=cast.north)
    assert stay.contacts.get(on="2025-01-24").services.count() == 1


CHANGES = [
    ("participants", "P1,15.5,girl,foster", "P1,15.5,girl,own"),
    ("enrollments", "E2,P2,2025-02-01,90", "E2,P2,2025-02-01,95"),
    ("contacts", "completed,30,phone", "completed,35,phone"),
    ("services", "counseling,1.5", "counseling,1"),
    ("goals", "G1,E1,housing,0,,open,", "G1,E1,housing,0,30,not_met,-1"),
    ("needs", "E1,0,housing,3", "E1,0,housing,2"),
    ("responses", "A1,mspss_3,4,", "A1,mspss_3,5,"),
]


@pytest.mark.parametrize(("table", "old", "new"), CHANGES)
def test_what_changed_in_the_files_is_left_alone(cast: Cast, table: str, old: str, new: str) -> None:
    imported(cast, tables())
    batch = previewed(cast, started(cast, with_line(table, old, new)))
    named = "administrations" if table == "responses" else table
    assert batch.preview["counts"][named]["changed"] == 1
    assert not any(one["added"] for one in batch.preview["counts"].values())


def test_what_a_person_changed_here_is_left_alone(cast: Cast) -> None:
    imported(cast, tables())
    contact = Contact.objects.get(on="2025-01-10")
    by = cast.by(cast.cleo)
    change(contact, by=by, version=1, values={"minutes": 50}, client_id=contact.enrollment.client_id)
    batch = previewed(cast, started(cast, tables()))
    assert batch.preview["counts"]["contacts"] == {
        **dict.fromkeys(("added", "changed", "erased", "left_out"), 0),
        "there": 3,
    }
    contact.refresh_from_db()
    assert contact.minutes == 50


@pytest.mark.parametrize("scope", list(Scope))
def test_who_was_erased_does_not_come_back(cast: Cast, scope: Scope) -> None:
    imported(cast, tables())
    gone = Client.objects.get(enrollments__started_on="2025-01-10", enrollments__program=cast.north)
    purge(gone, scope=scope, why=Why.ASKED)
    batch = previewed(cast, started(cast, tables()))
    counts = batch.preview["counts"]
    assert not any(one["added"] for one in counts.values())
    assert counts["participants"] == {"added": 0, "there": 1, "changed": 0, "erased": 1, "left_out": 0}
    assert counts["contacts"]["erased"] == 2


def test_ids_of_the_files_lie_nowhere_in_the_clear(cast: Cast) -> None:
    imported(cast, tables())
    rows = ImportedRow.objects.exclude(key=None)
    assert rows.count() > 10
    assert not [row for row in rows if bytes(row.key or b"") in (b"P1", b"E1", b"C1")]
    assert len(bytes(DigestSecret.objects.get(agency=cast.riverbend).secret)) == 32


def test_other_programs_and_agencies_have_ids_of_their_own(cast: Cast) -> None:
    imported(cast, tables())
    batch = started(cast, tables())
    batch.program = cast.south
    batch.save()
    assert previewed(cast, batch).preview["counts"]["participants"]["added"] == 2


def test_the_preview_must_still_be_true(cast: Cast) -> None:
    first, second = (previewed(cast, started(cast, tables())) for _ in range(2))
    by = cast.by(cast.dora)
    actions.carry_out(by=by, batch=first, read=reading.read(first))
    with pytest.raises(ValidationError, match="changed since the preview"):
        actions.carry_out(by=by, batch=second, read=reading.read(second))


def test_one_event_tells_how_many(cast: Cast) -> None:
    before = timezone.now()
    imported(cast, tables())
    events = AuditEvent.objects.filter(verb="import_records", at__gte=before).select_related("detail")
    (event,) = [one for one in events if one.detail.text.startswith("imported")]
    assert "contacts: 3" in event.detail.text
    assert event.clients.count() == 2


def test_who_is_erased_at_that_very_moment_stays_erased(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    imported(cast, tables())
    longer = tables(contacts=TABLES["contacts"] + "C4,E1,14,client,completed,20,phone\n")
    batch = previewed(cast, started(cast, longer))
    gone = Client.objects.get(enrollments__started_on="2025-01-10", enrollments__program=cast.north)

    def fit_and_erase(*args: Any, **kwargs: Any) -> Any:
        plan = fit(*args, **kwargs)
        purge(gone, scope=Scope.PARTIAL, why=Why.ASKED)
        return plan

    monkeypatch.setattr(actions, "fit", fit_and_erase)
    with pytest.raises(ValidationError, match="changed since the preview"):
        actions.carry_out(by=cast.by(cast.dora), batch=batch, read=reading.read(batch))
    assert Contact.objects.count() == 3
