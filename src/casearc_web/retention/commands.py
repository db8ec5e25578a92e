"""The nightly run, `casearc web purge --erase`: erases what settled policies have decided. It tells counts only."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.apps import apps
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db.models import Model, QuerySet
from django.utils import timezone

from casearc_web.access import row_security
from casearc_web.access.models import Notice
from casearc_web.agencies.models import Agency
from casearc_web.audit.models import AuditHead
from casearc_web.clients.models import Client
from casearc_web.drafts.actions import clear_expired
from casearc_web.drafts.models import Draft, Finished, KeptForm
from casearc_web.retention.due import held, past_their_time
from casearc_web.retention.expiring import expired
from casearc_web.retention.models import Scope, Why
from casearc_web.retention.policies import defaults, settled_only, terms
from casearc_web.retention.purging import HeldError
from casearc_web.retention.purging import purge as erase
from casearc_web.retention.wiping import write_anew

AnyModel = TypeVar("AnyModel", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeReport:
    """What was done, or would be."""

    dry_run: bool
    partial: int
    full: int
    held: int
    notices: int
    drafts: int
    sign_in_traces: int
    files: int = 0
    waiting_for_a_clock: int = 0

    def __str__(self) -> str:
        done = "Would erase" if self.dry_run else "Erased"
        said = [
            f"{done} the names and words of {self.partial} clients, and everything about {self.full}.",
            f"Kept by a legal hold: {self.held}.",
            f"{'Would clear' if self.dry_run else 'Cleared'}: {self.notices} notices that were seen, "
            f"{self.drafts} expired drafts, {self.sign_in_traces} old sessions and sign-ins.",
        ]
        if self.files:
            said.append(f"{'Would remove' if self.dry_run else 'Removed'}: {self.files} uploaded files never imported.")
        if self.waiting_for_a_clock:
            said.append(
                f"Nothing was erased for {self.waiting_for_a_clock} agencies: this machine's clock is more than "
                f"{defaults().clock_ahead_days} days ahead of the last event in the log. Check the clock; if it is "
                "right, sign in once and run this again."
            )
        return "\n".join(said)


def purge(dry_run: bool = True) -> PurgeReport:
    """Every agency in this database. Nothing is done on a dry run."""
    counts: Counter[str] = Counter()
    for agency_id in list(Agency.objects.order_by("created_at").values_list("pk", flat=True)):
        row_security.enter(agency_id)
        try:
            counts += _records(agency_id, dry_run=dry_run)
            counts += _notices(agency_id, dry_run=dry_run)
            counts["files"] += sum(_cleared(old, dry_run=dry_run) for old in expired(agency_id, timezone.now()))
        finally:
            row_security.leave()
    counts += _what_ran_out(dry_run=dry_run)
    if not dry_run and (counts["partial"] or counts["full"] or counts["files"]):
        write_anew()
    names = ("partial", "full", "held", "notices", "drafts", "sign_in_traces", "files", "waiting_for_a_clock")
    return PurgeReport(dry_run=dry_run, **{name: counts[name] for name in names})


def _records(agency_id: uuid.UUID, *, dry_run: bool) -> Counter[str]:
    if not clock_is_believable(agency_id):
        return Counter(waiting_for_a_clock=1)
    counts: Counter[str] = Counter()
    known = settled_only(terms(agency_id), timezone.now())
    fully: set[uuid.UUID] = set()
    for scope in (Scope.FULL, Scope.PARTIAL):
        due = past_their_time(agency_id, known, scope, timezone.localdate()).exclude(pk__in=fully)
        counts["held"] += due.filter(held()).count()
        clients = list(due.filter(~held()))
        fully |= set(due.values_list("pk", flat=True))
        counts[scope.value] += len(clients) if dry_run else _erase_each(clients, scope)
    return counts


def _erase_each(clients: list[Client], scope: Scope) -> int:
    done = 0
    for client in clients:
        try:
            erase(client, scope=scope, why=Why.POLICY)
            done += 1
        except HeldError:
            continue  # put on hold since the list was made
    return done


def clock_is_believable(agency_id: uuid.UUID) -> bool:
    """Erasing cannot be undone: a clock that leaps ahead must not make every record old."""
    last = AuditHead.objects.filter(agency_id=agency_id).values_list("at", flat=True).first()
    return last is not None and timezone.now() - last <= timedelta(days=defaults().clock_ahead_days)


def _notices(agency_id: uuid.UUID, *, dry_run: bool) -> Counter[str]:
    before = timezone.now() - timedelta(days=defaults().seen_notices_days)
    old = Notice.objects.filter(agency_id=agency_id, seen_at__lt=before)
    return Counter(notices=_cleared(old, dry_run=dry_run))


def _what_ran_out(*, dry_run: bool) -> Counter[str]:
    now = timezone.now()
    drafts = sum(model._default_manager.filter(expires_at__lt=now).count() for model in (Draft, KeptForm, Finished))
    if not dry_run:
        clear_expired()
    return Counter(drafts=drafts, sign_in_traces=sum(_cleared(old, dry_run=dry_run) for old in _traces(now)))


def _traces(now: datetime) -> Iterator[QuerySet[Model]]:
    before = now - timedelta(days=defaults().sign_in_traces_days)
    for name in ("AccessAttempt", "AccessFailureLog", "AccessLog"):
        yield apps.get_model("axes", name)._default_manager.filter(attempt_time__lt=before)
    for model in apps.get_models():
        if issubclass(model, AbstractBaseSession):
            yield model._default_manager.filter(expire_date__lt=now)


def _cleared(old: QuerySet[AnyModel], *, dry_run: bool) -> int:
    count = old.count()
    if not dry_run:
        old.delete()
    return count
