"""Who comes in: a staff member becomes an asker, in one question to the database for everything that pages need.

It is asked on every page, and Django takes longer to put it into SQL than the database to answer. So it is put into SQL
once a day for stand-ins, and asked for whoever comes.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Count, DateTimeField, F, IntegerField, QuerySet, UUIDField, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from casearc_web.access.asker import Asker, Known
from casearc_web.access.models import BrokenGlass, Notice
from casearc_web.access.registry import reaching
from casearc_web.access.roles import Reach
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import RoleCode, StaffMember
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
    found = _ask(by)
    return replace(by, program_ids=found.programs, opened=found.opened, known=found.known if remember else Known())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    programs: frozenset[uuid.UUID]
    opened: frozenset[uuid.UUID]
    known: Known


def _ask(by: Asker) -> _Found:
    has_caseload = by.reach(Verb.VIEW_CASEWORK) == Reach.CASELOAD
    rows = _rows(by, has_caseload=has_caseload)
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


STAND_IN = Asker(staff_id=uuid.UUID(int=1), agency_id=uuid.UUID(int=2), role=RoleCode.CASE_MANAGER)
STAND_IN_NOW = datetime(1900, 1, 1, 12, 34, 56, tzinfo=UTC)


def _rows(by: Asker, *, has_caseload: bool) -> list[Row]:
    question = _question(connection.vendor, timezone.localdate(), has_caseload=has_caseload)
    meant = dict(zip(_params(STAND_IN, STAND_IN_NOW), _params(by, timezone.now()), strict=True))
    with connection.cursor() as cursor:
        cursor.execute(question.sql, [meant.get(param, param) for param in question.params])
        rows: list[Any] = cursor.fetchall()
    return [(what, _id(key), _id(client), number, _moment(at)) for what, key, client, number, at in rows]


@dataclass(frozen=True, slots=True)
class _Question:
    sql: str
    params: tuple[Any, ...]


@lru_cache(maxsize=8)
def _question(vendor: str, today: date, *, has_caseload: bool) -> _Question:
    """The question about the stand-ins; good for one day, since care teams are asked for by the day."""
    parts = [_glass(STAND_IN, STAND_IN_NOW), _programs(STAND_IN), _notices(STAND_IN), _log(STAND_IN)]
    if has_caseload:
        parts.append(_care(STAND_IN))
    sql, params = parts[0].union(*parts[1:], all=True).query.sql_with_params()
    return _Question(sql, tuple(params))


def _params(by: Asker, now: datetime) -> tuple[Any, ...]:
    """Who asks and when, as the database takes them."""
    ids = (UUIDField().get_db_prep_value(key, connection) for key in (by.staff_id, by.agency_id))
    return (*ids, connection.ops.adapt_datetimefield_value(now))


def _id(stored: Any) -> Any:
    return uuid.UUID(stored) if isinstance(stored, str) else stored


def _moment(stored: Any) -> datetime | None:
    found = parse_datetime(stored) if isinstance(stored, str) else stored
    return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found


def _keys(rows: list[Row], wanted: int) -> frozenset[uuid.UUID]:
    return frozenset(key for what, key, *_ in rows if what == wanted)


def _closes(rows: list[Row]) -> dict[uuid.UUID, datetime]:
    """The latest of each client, where somebody broke it twice."""
    return dict(sorted((key, moment) for what, key, *_, moment in rows if what == GLASS and moment))


def _glass(by: Asker, now: datetime) -> QuerySet[Any, Any]:
    broken = BrokenGlass.objects.filter(staff_id=by.staff_id, closes_at__gt=now)
    return _row(broken, GLASS, key=F("client_id"), moment=F("closes_at"))


def _programs(by: Asker) -> QuerySet[Any, Any]:
    own: QuerySet[Any, Any] = StaffMember.programs.through.objects.filter(staffmember=by.staff_id)
    return _row(own, PROGRAM, key=F("program_id"))


def _care(by: Asker) -> QuerySet[Any, Any]:
    pairs = reaching().pairs(by, Reach.CASELOAD)
    return _row(pairs, CARE, key=F("enrollment_reached"), client=F("client_reached"))


def _notices(by: Asker) -> QuerySet[Any, Any]:
    waiting = Notice.objects.filter(agency_id=by.agency_id, to_id=by.staff_id, seen_at=None).order_by().values("to_id")
    return _row(waiting, NOTICES, key=F("to_id"), number=Count("pk"))


def _log(by: Asker) -> QuerySet[Any, Any]:
    return _row(AuditHead.objects.filter(agency_id=by.agency_id), LOG, key=F("agency_id"), moment=F("at"))


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
