"""How long each program keeps what it knows: its own policy, else what is proposed for it."""

from __future__ import annotations

import tomllib
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from casearc_web.agencies.models import Program
from casearc_web.consent.age import months_later
from casearc_web.retention.models import Policy, Scope

_FILE = Path(__file__).parent / "policy.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """`policy.toml`."""

    partial_after_months: int
    full_after_months: int
    settled_for_days: int
    seen_notices_days: int
    sign_in_traces_days: int
    clock_ahead_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """How long one program keeps, in months; None: for good. `is_set`: a director has set it; `since` when."""

    program: Program
    partial: int | None
    full: int | None
    is_set: bool
    since: datetime | None = None

    def months(self, scope: Scope) -> int | None:
        """For how much."""
        return self.partial if scope is Scope.PARTIAL else self.full


@cache
def defaults() -> Defaults:
    """What is proposed, and the timers that are the same for every program."""
    return Defaults(**tomllib.loads(_FILE.read_text(encoding="utf-8")))


def terms(agency_id: uuid.UUID) -> list[Term]:
    """Each program's."""
    programs = Program.objects.filter(agency_id=agency_id).select_related("retention_policy")
    return [_term(program, getattr(program, "retention_policy", None)) for program in programs]


def settled_only(found: list[Term], now: datetime) -> list[Term]:
    """For the nightly run: a policy that was not set, or was changed lately, erases nothing by itself."""
    settled = now - timedelta(days=defaults().settled_for_days)
    return [
        term
        if term.is_set and term.since is not None and term.since <= settled
        else Term(program=term.program, partial=None, full=None, is_set=term.is_set, since=term.since)
        for term in found
    ]


def last_kept_exit(day: date, months: int) -> date:
    """Exits on or before this day are past their time on `day`; never a day too early.

    >>> last_kept_exit(date(2033, 2, 28), 84)
    datetime.date(2026, 2, 28)
    >>> last_kept_exit(date(2033, 3, 1), 84)
    datetime.date(2026, 3, 1)
    """
    return months_later(day, -months)


def due_on(exited_on: date, months: int) -> date:
    """The first day on which an exit is past its time."""
    day = months_later(exited_on, months)
    return day if last_kept_exit(day, months) >= exited_on else day + timedelta(days=1)


def _term(program: Program, policy: Policy | None) -> Term:
    if policy is None:
        proposed = defaults()
        return Term(
            program=program, partial=proposed.partial_after_months, full=proposed.full_after_months, is_set=False
        )
    return Term(
        program=program,
        partial=policy.partial_after_months,
        full=policy.full_after_months,
        is_set=True,
        since=policy.changed_at or policy.created_at,
    )
