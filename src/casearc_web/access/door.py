"""Who comes in: a staff member becomes an asker, in one question to the database for everything that pages need."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, DateTimeField, F, IntegerField, QuerySet, UUIDField, Value
from django.db.models.functions import Cast
from django.utils import timezone

from casearc_web.access.asker import Asker, Known
from casearc_web.access.models import BrokenGlass, Notice
from casearc_web.access.registry import reaching
from casearc_web.access.roles import Reach
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import StaffMember
from casearc_web.audit.models import AuditHead

PROGRAM, GLASS, CARE, NOTICES, LOG = range(5)
_COLUMNS = ("door_what", "door_key", "door_client", "door_number", "door_moment")

Row = tuple[int, uuid.UUID, uuid.UUID | None, int | None, datetime | None]


def asker_of(staff: StaffMember, *, remember: bool = False) -> Asker:
    """The asker that a staff member is, with the glass they have broken and that is still open.

    `remember` is for one request: what was read is used until something is written. Whoever keeps an asker longer
    asks the database each time.
    """
    by = Asker(
        staff_id=staff.pk,
        agency_id=staff.agency_id,
        role=staff.role,
        team_id=staff.team_id,
        language=staff.language,
        name=staff.name,
    )
    found = _ask(staff, by)
    return replace(by, program_ids=found.programs, opened=found.opened, known=found.known if remember else Known())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    programs: frozenset[uuid.UUID]
    opened: frozenset[uuid.UUID]
    known: Known


def _ask(staff: StaffMember, by: Asker) -> _Found:
    has_caseload = by.reach(Verb.VIEW_CASEWORK) == Reach.CASELOAD
    parts = [_glass(staff), _programs(staff), _notices(staff), _log(staff)]
    if has_caseload:
        parts.append(_care(by))
    rows: list[Row] = list(parts[0].union(*parts[1:], all=True))
    care = {key: client for what, key, client, *_ in rows if what == CARE and client is not None}
    return _Found(
        programs=_keys(rows, PROGRAM),
        opened=_keys(rows, GLASS),
        known=Known(
            closes=_closes(rows),
            cares_for=care if has_caseload else None,
            unseen=sum(number or 0 for what, _, _, number, _ in rows if what == NOTICES),
            last_event=next((moment for what, *_, moment in rows if what == LOG), None),
            kept={},
        ),
    )


def _keys(rows: list[Row], wanted: int) -> frozenset[uuid.UUID]:
    return frozenset(key for what, key, *_ in rows if what == wanted)


def _closes(rows: list[Row]) -> dict[uuid.UUID, datetime]:
    """The latest of each client, where somebody broke it twice."""
    return dict(sorted((key, moment) for what, key, *_, moment in rows if what == GLASS and moment))


def _glass(staff: StaffMember) -> QuerySet[Any, Any]:
    broken = BrokenGlass.objects.filter(staff=staff, closes_at__gt=timezone.now())
    return _row(broken, GLASS, key=F("client_id"), moment=F("closes_at"))


def _programs(staff: StaffMember) -> QuerySet[Any, Any]:
    return _row(staff.programs.all(), PROGRAM, key=F("pk"))


def _care(by: Asker) -> QuerySet[Any, Any]:
    pairs = reaching().pairs(by, Reach.CASELOAD)
    return _row(pairs, CARE, key=F("enrollment_reached"), client=F("client_reached"))


def _notices(staff: StaffMember) -> QuerySet[Any, Any]:
    waiting = Notice.objects.filter(agency_id=staff.agency_id, to=staff, seen_at=None).order_by().values("to_id")
    return _row(waiting, NOTICES, key=F("to_id"), number=Count("pk"))


def _log(staff: StaffMember) -> QuerySet[Any, Any]:
    return _row(AuditHead.objects.filter(agency_id=staff.agency_id), LOG, key=F("agency_id"), moment=F("at"))


def _row(found: QuerySet[Any, Any], what: int, **columns: Any) -> QuerySet[Any, Any]:
    """The same five columns for each kind of row; what it has not is null, of the right type for PostgreSQL."""
    empty: Mapping[str, Any] = {
        "client": Cast(Value(None), UUIDField()),
        "number": Cast(Value(None), IntegerField()),
        "moment": Cast(Value(None), DateTimeField()),
    }
    whole = {f"door_{name}": said for name, said in {"what": Value(what), **empty, **columns}.items()}
    rows: QuerySet[Any, Any] = found.order_by().annotate(**whole).values_list(*_COLUMNS)
    return rows
