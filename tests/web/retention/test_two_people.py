"""Erasing takes two people, or a settled policy at night; a hold stops both, and each step is in the log."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from casearc_web.access.decide import Denied
from casearc_web.agencies.models import RoleCode, StaffMember
from casearc_web.audit.models import AuditDetail, AuditEvent, AuditHead
from casearc_web.audit.verify import verify
from casearc_web.clients.models import Client
from casearc_web.enrollments.models import Enrollment
from casearc_web.records.changes import ConflictError
from casearc_web.retention import actions
from casearc_web.retention.commands import purge
from casearc_web.retention.models import Hold, Policy, Purge, PurgeRequest, Scope, Why
from web.cast import Cast

LONG_AGO = "2010-06-30"


def asked(cast: Cast, client: Client | None = None, scope: Scope = Scope.FULL) -> PurgeRequest:
    """Dora proposes, because the client asked."""
    return actions.propose(
        by=cast.by(cast.dora), client=client or cast.cedar, scope=scope, why=Why.ASKED, reason="Asked in person."
    )


def test_the_one_who_proposed_cannot_approve(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="Somebody else"):
        actions.approve(by=cast.by(cast.dora), request=asked(cast))
    assert Client.objects.filter(pk=cast.cedar.pk).exists()


def test_a_second_person_erases_at_once_and_the_log_tells(cast: Cast) -> None:
    done = actions.approve(by=cast.by(cast.ada), request=asked(cast))
    assert not Client.objects.filter(pk=cast.cedar.pk).exists()
    assert (done.proposed_by, done.approved_by, done.scope) == (cast.dora, cast.ada, Scope.FULL)
    verbs = list(AuditEvent.objects.order_by("number").values_list("verb", "staff_id"))
    assert verbs == [
        *[("purge_client", cast.dora.pk), ("purge_client", cast.ada.pk), ("approve_purge", cast.ada.pk)],
    ]
    assert verify(cast.riverbend.pk).sound


def test_after_a_refusal_nothing_is_erased_and_it_can_be_proposed_again(cast: Cast) -> None:
    request = asked(cast)
    actions.refuse(by=cast.by(cast.ada), request=request)
    with pytest.raises(ValidationError, match="decided already"):
        actions.approve(by=cast.by(cast.ada), request=request)
    assert Client.objects.filter(pk=cast.cedar.pk).exists()
    assert asked(cast).pk != request.pk


def test_it_is_proposed_once(cast: Cast) -> None:
    asked(cast)
    with pytest.raises(ValidationError, match="already"):
        asked(cast)


def test_only_the_proposer_takes_it_back(cast: Cast) -> None:
    request = asked(cast)
    actions.take_back(by=cast.by(cast.dora), request=request)
    with pytest.raises(ValidationError):
        actions.approve(by=cast.by(cast.ada), request=request)


def test_a_hold_set_after_the_proposal_stops_it(cast: Cast) -> None:
    request = asked(cast)
    actions.hold(by=cast.by(cast.dora), client=cast.cedar, reason="A court asked for the record.")
    with pytest.raises(ValidationError, match="legal hold"):
        actions.approve(by=cast.by(cast.ada), request=request)
    assert PurgeRequest.objects.get().decided_at is None  # undone with the rest
    with pytest.raises(ValidationError, match="legal hold"):
        asked(cast, cast.cedar)


def test_a_lifted_hold_lets_it_go_on(cast: Cast) -> None:
    by = cast.by(cast.dora)
    standing = actions.hold(by=by, client=cast.cedar, reason="A court asked.")
    assert actions.hold(by=by, client=cast.cedar, reason="Another.") == standing
    with pytest.raises(ConflictError):
        actions.lift(by=by, standing=standing, version=7, because="Over.")
    actions.lift(by=by, standing=standing, version=1, because="Over.")
    actions.approve(by=cast.by(cast.ada), request=asked(cast))
    assert not Client.objects.filter(pk=cast.cedar.pk).exists()


def test_no_reason_no_erasure_and_no_policy_before_its_time(cast: Cast) -> None:
    by = cast.by(cast.dora)
    with pytest.raises(ValidationError, match="who asked"):
        actions.propose(by=by, client=cast.cedar, scope=Scope.FULL, why=Why.ASKED, reason=" ")
    with pytest.raises(ValidationError, match="not past its time"):
        actions.propose(by=by, client=cast.cedar, scope=Scope.PARTIAL, why=Why.POLICY)


def test_re_enrolled_in_between_it_is_not_past_its_time_any_more(cast: Cast) -> None:
    Enrollment.objects.filter(client=cast.cedar).update(started_on="2009-01-15", exited_on=LONG_AGO)
    request = actions.propose(by=cast.by(cast.dora), client=cast.cedar, scope=Scope.FULL, why=Why.POLICY)
    Enrollment.objects.create(
        agency=cast.riverbend, client=cast.cedar, program=cast.north, started_on=timezone.localdate()
    )
    with pytest.raises(ValidationError, match="not past its time"):
        actions.approve(by=cast.by(cast.ada), request=request)


WRONG_PEOPLE = ["cleo", "carl", "sue", "eve", "ada", "faye", "fay", "fred"]


@pytest.mark.parametrize("who", WRONG_PEOPLE)
def test_only_a_director_of_the_program_proposes_or_holds(cast: Cast, who: str) -> None:
    by = cast.by(getattr(cast, who))
    with pytest.raises(Denied):
        actions.propose(by=by, client=cast.cedar, scope=Scope.FULL, why=Why.ASKED, reason="Asked.")
    with pytest.raises(Denied):
        actions.hold(by=by, client=cast.cedar, reason="made-up")


@pytest.mark.parametrize("who", ["cleo", "carl", "sue", "eve", "faye", "fay", "fred"])
def test_nobody_else_approves(cast: Cast, who: str) -> None:
    request = asked(cast)
    with pytest.raises(Denied):
        actions.approve(by=cast.by(getattr(cast, who)), request=request)


def test_a_director_of_another_program_neither_approves_nor_sets_its_policy(cast: Cast) -> None:
    other = StaffMember.objects.create(
        agency=cast.riverbend, username="dan", name="Dan (made up)", code="DAN", role=RoleCode.DIRECTOR
    )
    other.programs.set([cast.south])
    request = asked(cast)
    with pytest.raises(Denied):
        actions.approve(by=cast.by(other), request=request)
    values = {"partial_after_months": 12, "full_after_months": None}
    with pytest.raises(Denied):
        actions.set_policy(by=cast.by(other), program=cast.north, version=0, values=values)


# At night


def policy(cast: Cast, *, days_ago: int = 90, partial: int = 12, full: int | None = 24) -> None:
    """Dora has set North's policy some days ago, and somebody was at work today."""
    values = {"partial_after_months": partial, "full_after_months": full}
    actions.set_policy(by=cast.by(cast.dora), program=cast.north, version=0, values=values)
    Policy.objects.update(created_at=timezone.now() - timedelta(days=days_ago))


def exited(cast: Cast, *, months: int) -> None:
    day = timezone.localdate() - timedelta(days=31 * months)
    Enrollment.objects.filter(client=cast.cedar).update(started_on="2009-01-15", exited_on=day)


NIGHTS = [
    # months since exit, policy set … days ago, hold?   partly, fully, held
    (3, 90, False, 0, 0, 0),
    (13, 90, False, 1, 0, 0),
    (30, 90, False, 0, 1, 0),
    (13, 10, False, 0, 0, 0),  # a policy has to stand for a month first
    (13, 90, True, 0, 0, 1),
    (30, 90, True, 0, 0, 1),
]


@pytest.mark.parametrize(("months", "days_ago", "is_held", "partial", "full", "held"), NIGHTS)
def test_what_the_night_erases(
    cast: Cast, months: int, days_ago: int, is_held: bool, partial: int, full: int, held: int
) -> None:
    policy(cast, days_ago=days_ago)
    exited(cast, months=months)
    if is_held:
        Hold.objects.create(agency=cast.riverbend, client=cast.cedar, reason="made-up")
    would, did = purge(dry_run=True), purge(dry_run=False)
    assert (would.partial, would.full, would.held) == (did.partial, did.full, did.held) == (partial, full, held)
    assert Purge.objects.count() == partial + full
    assert verify(cast.riverbend.pk).sound
    for name in ("Cedar", "Wren", cast.cedar.code, str(cast.cedar.pk)):
        assert name not in str(would) + str(did)


def test_a_dry_run_changes_nothing(cast: Cast) -> None:
    policy(cast)
    exited(cast, months=30)
    before = AuditEvent.objects.count()
    assert purge().full == 1
    assert AuditEvent.objects.count() == before
    assert Client.objects.filter(pk=cast.cedar.pk).exists()


def test_where_no_policy_was_set_the_night_erases_nothing(cast: Cast) -> None:
    cast_exited = Enrollment.objects.filter(client=cast.cedar)
    cast_exited.update(started_on="2009-01-15", exited_on=LONG_AGO)
    report = purge(dry_run=False)
    assert (report.partial, report.full) == (0, 0)


def test_a_clock_that_leaps_ahead_is_not_believed(cast: Cast) -> None:
    policy(cast)
    exited(cast, months=30)
    AuditHead.objects.update(at=timezone.now() - timedelta(days=400))
    report = purge(dry_run=False)
    assert report.full == 0
    assert report.waiting_for_a_clock == 2
    assert "clock" in str(report)


def test_the_policy_keeps_its_history_and_tells_two_editors_apart(cast: Cast) -> None:
    by = cast.by(cast.dora)
    first = actions.set_policy(
        by=by, program=cast.north, version=0, values={"partial_after_months": 12, "full_after_months": 24}
    )
    changed = {"partial_after_months": 24, "full_after_months": 24}
    actions.set_policy(by=by, program=cast.north, version=first.version, values=changed)
    with pytest.raises(ConflictError):
        actions.set_policy(
            by=by, program=cast.north, version=first.version, values={**changed, "partial_after_months": 6}
        )
    said = AuditDetail.objects.order_by("pk").first()
    assert said is not None
    assert "partly after 12 months" in said.text
