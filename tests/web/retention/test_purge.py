"""What is purged is gone from tables, history, notices, drafts and the log's words; the log stays whole and sound."""

from __future__ import annotations

import pytest

from casearc_web.access.actions import log
from casearc_web.access.verbs import Verb
from casearc_web.audit.models import AuditDetail, AuditedClient, AuditEvent
from casearc_web.audit.verify import verify
from casearc_web.clients.models import Client, VictimizationProfile
from casearc_web.consent.models import Signature
from casearc_web.drafts.models import Draft, KeptForm
from casearc_web.enrollments.models import Enrollment
from casearc_web.goals.models import Goal
from casearc_web.records.models import Revision
from casearc_web.retention.fates import Fate, fate_of, plans
from casearc_web.retention.models import Hold, Purge, Scope, Why
from casearc_web.retention.purging import HeldError, purge
from casearc_web.vault.models import ContactWay, Identity, SearchDigest
from web.cast import Cast
from web.retention.record import MARK, Record, in_database, whole_record

BOTH = pytest.mark.parametrize("scope", list(Scope))


@pytest.fixture
def record(cast: Cast) -> Record:
    """Cedar's record with a marker everywhere, a draft about it and words in the log; no hold on it."""
    made = whole_record(cast.cedar, cast.cleo)
    Hold.objects.update(lifted_at="2026-01-01T00:00Z")
    enrollment = cast.enrollment_of(cast.cedar)
    own = {"agency": cast.riverbend, "staff": cast.cleo}
    Draft.objects.create(**own, key=f"contact-new:{enrollment.pk}", fields=[["note", MARK]])
    Draft.objects.create(**own, key="contact-quick", fields=[["enrollment", str(enrollment.pk)], ["note", MARK]])
    KeptForm.objects.create(**own, address=f"/clients/{cast.cedar.pk}/identity/", fields=[["name", MARK]])
    by = cast.by(cast.cleo)
    by.trail.saw([cast.cedar.pk, cast.acacia.pk])
    by.trail.say(f"reason: {MARK}")
    log(by, Verb.BREAK_GLASS)
    return made


@BOTH
def test_nothing_that_was_planted_is_left(cast: Cast, record: Record, scope: Scope) -> None:
    assert len(in_database(MARK)) > 25
    purge(cast.cedar, scope=scope, why=Why.ASKED)
    assert in_database(MARK) == []
    assert in_database("Cedar") == []
    assert in_database("Wren") == []
    assert in_database("2010-03-14") == [  # the other made-up clients share the birth date
        "vault.Identity.birth_date"
    ] * 3


@BOTH
def test_the_log_stays_whole_and_loses_only_words(cast: Cast, record: Record, scope: Scope) -> None:
    events = AuditEvent.objects.filter(agency=cast.riverbend).count()
    done = purge(cast.cedar, scope=scope, why=Why.ASKED)
    assert AuditEvent.objects.filter(agency=cast.riverbend).count() == events + 1
    report = verify(cast.riverbend.pk)
    assert report.sound, report.faults
    purged = AuditEvent.objects.get(agency=cast.riverbend, number=done.event_number)
    assert (purged.verb, AuditedClient.objects.get(event=purged).client_id) == ("purge_client", cast.cedar.pk)
    assert AuditDetail.objects.get(event__verb="break_glass").erased_in == purged.number


def test_a_partial_purge_keeps_what_was_done_in_codes(cast: Cast, record: Record) -> None:
    VictimizationProfile.objects.filter(client=cast.cedar).update(trafficking_status="presumed")
    Client.objects.filter(pk=cast.cedar.pk).update(gender="girl")
    purge(cast.cedar, scope=Scope.PARTIAL, why=Why.POLICY)
    client = Client.objects.get(pk=cast.cedar.pk)
    assert (client.gender, client.code, client.identity) == ("girl", cast.cedar.code, None)
    assert client.substance_use == ""
    assert client.purged_at is not None
    assert Enrollment.objects.get(client=client).exited_on.isoformat() == "2026-06-30"
    assert VictimizationProfile.objects.get(client=client).trafficking_status == "presumed"
    assert Signature.objects.get(client=client).name == ""


@pytest.mark.parametrize("scope", list(Scope))
def test_each_field_meets_its_fate(cast: Cast, record: Record, scope: Scope) -> None:
    before = {model: vars(fresh(row)) for model, row in record.rows.items()}
    purge(cast.cedar, scope=scope, why=Why.POLICY)
    for plan in plans():
        after = plan.model._default_manager.filter(pk=record.rows[plan.model].pk).first()
        if scope is Scope.FULL or plan.removes_rows:
            assert after is None, plan.model
            continue
        for field in plan.model._meta.concrete_fields:
            kept = fate_of(plan.model, field.name) is Fate.KEEP
            if field.name in ("version", "changed_at", "identity", "purged_at"):
                continue
            now = vars(after)[field.attname]
            was = before[plan.model][field.attname]
            assert now == was if kept else not now, f"{plan.model._meta.label}.{field.name}"


def fresh(row: object) -> object:
    return type(row)._default_manager.get(pk=row.pk)


def test_a_full_purge_leaves_a_tombstone_and_nobody_else_is_touched(cast: Cast, record: Record) -> None:
    others = {model: model._default_manager.count() for model in (Client, Identity, Enrollment)}
    done = purge(cast.cedar, scope=Scope.FULL, why=Why.ASKED, proposed_by=cast.dora, approved_by=cast.ada)
    assert {model: model._default_manager.count() + 1 for model in others} == others
    stone = Purge.objects.get()
    assert (stone.client, stone.scope, stone.why, stone.proposed_by, stone.approved_by) == (
        *(cast.cedar.pk, "full", "asked", cast.dora, cast.ada),
    )
    assert stone == done
    assert not Revision.objects.filter(client_id=cast.cedar.pk).exists()
    assert not SearchDigest.objects.filter(identity=cast.cedar.identity_id).exists()
    assert Draft.objects.count() == KeptForm.objects.count() == 0


def test_partly_and_later_fully(cast: Cast, record: Record) -> None:
    purge(cast.cedar, scope=Scope.PARTIAL, why=Why.POLICY)
    purge(cast.cedar, scope=Scope.FULL, why=Why.POLICY)
    assert not Client.objects.filter(pk=cast.cedar.pk).exists()
    assert Purge.objects.filter(client=cast.cedar.pk).count() == 2
    assert verify(cast.riverbend.pk).sound


@BOTH
def test_a_hold_stops_it_and_nothing_is_half_done(cast: Cast, record: Record, scope: Scope) -> None:
    Hold.objects.filter(client=cast.cedar).update(lifted_at=None)
    before = len(in_database(MARK))
    with pytest.raises(HeldError):
        purge(cast.cedar, scope=scope, why=Why.POLICY)
    assert len(in_database(MARK)) == before
    assert not AuditEvent.objects.filter(verb="purge_client").exists()


def test_an_error_undoes_everything(cast: Cast, record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    before = len(in_database(MARK))
    monkeypatch.setattr("casearc_web.retention.purging.erase_details", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        purge(cast.cedar, scope=Scope.FULL, why=Why.POLICY)
    assert len(in_database(MARK)) == before
    assert ContactWay.objects.filter(identity=cast.cedar.identity).exists()


def test_a_goal_about_substance_use_goes_whole_with_the_names(cast: Cast) -> None:
    own = {"agency": cast.riverbend, "enrollment": cast.enrollment_of(cast.cedar), "opened_on": "2026-02-01"}
    apart = Goal.objects.create(**own, domain="substance_use", substance_use=True, words="made-up")
    other = Goal.objects.create(**own, domain="housing", words="made-up")
    purge(cast.cedar, scope=Scope.PARTIAL, why=Why.POLICY)
    assert not Goal.objects.filter(pk=apart.pk).exists()
    assert Goal.objects.get(pk=other.pk).domain == "housing"
