"""Writes: policies, holds, and erasing by two people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from casearc_web.access.actions import action, amend, store
from casearc_web.access.asker import Asker
from casearc_web.access.decide import Denied
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import Program, StaffMember
from casearc_web.clients.models import Client
from casearc_web.retention import due
from casearc_web.retention.models import Hold, Policy, Purge, PurgeRequest, Scope, Why
from casearc_web.retention.policies import terms
from casearc_web.retention.purging import HeldError, purge


@action(Verb.SET_RETENTION)
def set_policy(*, by: Asker, program: Program, version: int, values: Mapping[str, Any]) -> Policy:
    """Set how long one of the own programs keeps. ConflictError where somebody else did meanwhile."""
    _own_program(by, program)
    policy = Policy.objects.filter(program=program).first()
    said = f"partly after {values['partial_after_months']} months, fully after {values['full_after_months'] or 'none'}"
    by.trail.say(said)
    if policy is None:
        return store(Policy(program=program, **values), by=by)
    return amend(policy, by=by, version=version, values=values)


@action(Verb.HOLD)
def hold(*, by: Asker, client: Client, reason: str) -> Hold:
    """Put a legal hold on a client. Where there is one already, it stays as it is."""
    standing = Hold.objects.filter(client=client, lifted_at=None).first()
    return standing or store(Hold(client=client, reason=reason), by=by)


@action(Verb.HOLD)
def lift(*, by: Asker, standing: Hold, version: int, because: str) -> Hold:
    """Lift a hold. What is past its time may be erased from now on."""
    values = {"lifted_at": timezone.now(), "lifted_by": StaffMember(pk=by.staff_id), "lifted_because": because}
    return amend(standing, by=by, version=version, values=values)


@action(Verb.PURGE_CLIENT)
def propose(*, by: Asker, client: Client, scope: Scope, why: Why, reason: str = "") -> PurgeRequest:
    """Propose to erase. A second person decides.

    Raises
    ------
    ValidationError
        There is a hold, something is proposed already, or the policy does not say so.
    """
    if Hold.objects.filter(client=client, lifted_at=None).exists():
        raise ValidationError(_("There is a legal hold. Nothing can be erased until it is lifted."))
    if PurgeRequest.objects.filter(client=client, decided_at=None).exists():
        raise ValidationError(_("This has been proposed already and waits for a second person."))
    if why is Why.POLICY and not is_due(client, scope):
        raise ValidationError(_("By the program's policy this record is not past its time."))
    if why is Why.ASKED and not reason.strip():
        raise ValidationError(_("Write down who asked, when and how."))
    by.trail.say(f"proposes: {scope}, {why}")
    return store(PurgeRequest(client=client, scope=scope, why=why, reason=reason), by=by)


@action(Verb.APPROVE_PURGE)
def approve(*, by: Asker, request: PurgeRequest) -> Purge:
    """Approve what somebody else proposed, and erase at once.

    Raises
    ------
    ValidationError
        It is one's own, was decided meanwhile, there is a hold, or the policy does not say so any more.
    """
    waiting = _waiting(by, request)
    if waiting.why == Why.POLICY and not is_due(waiting.client, Scope(waiting.scope)):
        raise ValidationError(_("By the program's policy this record is not past its time."))
    _decide(by, waiting, is_approved=True)
    proposer = waiting.created_by
    try:
        return purge(
            waiting.client,
            scope=Scope(waiting.scope),
            why=Why(waiting.why),
            proposed_by=proposer,
            approved_by=StaffMember.objects.filter(pk__in=[by.staff_id]).first(),
        )
    except HeldError:
        raise ValidationError(_("There is a legal hold. Nothing can be erased until it is lifted.")) from None


@action(Verb.APPROVE_PURGE)
def refuse(*, by: Asker, request: PurgeRequest) -> PurgeRequest:
    """Refuse what somebody else proposed: nothing is erased."""
    waiting = _waiting(by, request)
    by.trail.say("refused")
    return _decide(by, waiting, is_approved=False)


@action(Verb.PURGE_CLIENT)
def take_back(*, by: Asker, request: PurgeRequest) -> PurgeRequest:
    """Take back what one has proposed."""
    waiting = PurgeRequest.objects.select_for_update().get(pk=request.pk)
    if waiting.created_by_id != by.staff_id or waiting.decided_at is not None:
        raise ValidationError(_("This has been decided already."))
    by.trail.say("taken back")
    return _decide(by, waiting, is_approved=False)


def is_due(client: Client, scope: Scope) -> bool:
    """Whether the policies of the client's programs say so today."""
    known = terms(client.agency_id)
    found = due.past_their_time(client.agency_id, known, scope, timezone.localdate())
    return found.filter(pk=client.pk).exists()


def _own_program(by: Asker, program: Program) -> None:
    if program.agency_id != by.agency_id or program.pk not in by.program_ids:
        raise Denied(Verb.SET_RETENTION, kind=program._meta.label_lower, record_id=program.pk)


def _waiting(by: Asker, request: PurgeRequest) -> PurgeRequest:
    waiting = PurgeRequest.objects.select_for_update(of=("self",)).select_related("client", "created_by").get(
        pk=request.pk
    )
    if waiting.created_by_id == by.staff_id:
        raise ValidationError(_("Somebody else than the one who proposed it decides."))
    if waiting.decided_at is not None:
        raise ValidationError(_("This has been decided already."))
    return waiting


def _decide(by: Asker, waiting: PurgeRequest, *, is_approved: bool) -> PurgeRequest:
    values = {
        "decided_at": timezone.now(),
        "decided_by": StaffMember(pk=by.staff_id),
        "is_approved": is_approved,
    }
    return amend(waiting, by=by, version=waiting.version, values=values)
