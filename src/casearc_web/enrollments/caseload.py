"""The caseload: open enrollments within the asker's own reach, what is due for each, and the overdue first."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, UUIDField
from django.utils.timezone import localdate

from casearc_web.access.asker import Asker
from casearc_web.access.decide import note, visible
from casearc_web.access.fields import Redacted, redacted
from casearc_web.access.roles import Reach
from casearc_web.access.verbs import Verb
from casearc_web.enrollments.due import Due, due
from casearc_web.enrollments.facts import last_contacts
from casearc_web.enrollments.models import CareTeamMember, Enrollment, Part, on_team
from casearc_web.enrollments.queries import months_enrolled
from casearc_web.records.among import among

A_PAGE = 25
MOST_IN_ORDER = 150
"""As many as are put in order of what is due; more are shown by start, and filters make them fewer."""

SOON = timedelta(days=14)
WEEK = timedelta(days=7)


Names = Counter[tuple[uuid.UUID | None, str]]
"""How often each id with its name occurs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a filter asks for. Empty: everything."""

    program: uuid.UUID | None = None
    staff: uuid.UUID | None = None
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One enrollment on the list."""

    enrollment: Enrollment = field(repr=False)
    client: Redacted = field(repr=False)
    identity: Redacted | None = field(repr=False)
    lead: str
    months: int
    last_contact: date | None
    next: Due | None
    late_by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many open enrollments something has."""

    id: uuid.UUID | None
    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """The open enrollments of the asker's that a filter lets through, and how many each program and person has of all.

    `rows` are all of them, where they are few enough to be put in order; else None, and `chosen` asks for them.
    """

    rows: list[Enrollment] | None = field(repr=False)
    chosen: QuerySet[Enrollment] = field(repr=False)
    programs: list[Counted]
    managers: list[Counted]

    @property
    def everything(self) -> int:
        """How many open enrollments there are without the filter."""
        return sum(program.count for program in self.programs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A page of lines; `in_order` tells whether the overdue come first, `grouped` whether by case manager."""

    page: Page[Any]
    lines: list[Line]
    in_order: bool
    grouped: bool = False


def own_enrollments(by: Asker) -> QuerySet[Enrollment]:
    """Open enrollments of the asker's caseload, team or programs; not what was opened by breaking glass."""
    still_open = Enrollment.objects.filter(exited_on__isnull=True)
    return visible(replace(by, opened=frozenset()), Verb.VIEW_CASEWORK, still_open)


def look_up(by: Asker, wanted: Wanted) -> Own:
    """One or two questions where there are few; a few more where there are many."""
    today = localdate()
    every = own_enrollments(by)
    rows = _few(by, every, today)
    if rows is None:
        chosen = every.filter(_asked_of(wanted, today))
        shown = _few(by, chosen, today) if wanted.program or wanted.staff else None
        return Own(rows=shown, chosen=chosen, programs=_by_program(every), managers=_by_case_manager(every, today))
    shown = [row for row in rows if _fits(row, wanted)]
    programs: Names = Counter((row.program_id, row.program.name) for row in rows)
    managers: Names = Counter((getattr(row, "lead_id", None), _lead(row)) for row in rows)
    return Own(rows=shown, chosen=every, programs=_counted(programs), managers=_counted(managers))


def _few(by: Asker, own: QuerySet[Enrollment], today: date) -> list[Enrollment] | None:
    """All of them, None where they are too many. A caseload of one's own is short, so it is not counted first."""
    if by.reach(Verb.VIEW_CASEWORK) > Reach.CASELOAD and own.count() > MOST_IN_ORDER:
        return None
    rows = list(_whole(own, today)[: MOST_IN_ORDER + 1])
    return rows if len(rows) <= MOST_IN_ORDER else None


def caseload(by: Asker, own: Own, *, when: str = "", page: str | int = 1) -> Listed:
    """25 of them. A team's are grouped by case manager; the overdue come first, then what is due next.

    Where there are too many, they are shown by start, and what is due is not looked for.
    """
    today = localdate()
    if own.rows is None:
        some = Paginator(own.chosen.order_by("-started_on", "pk").values_list("pk", flat=True), A_PAGE).get_page(page)
        rows = list(_whole(own_enrollments(by).filter(among("pk", some.object_list)), today))
        return Listed(page=some, lines=_lines(by, rows, {}, today), in_order=False)
    nearest = _next_of(by, own.rows, today)
    rows = [row for row in own.rows if _asked_for(nearest.get(row.pk), when, today)]
    grouped = by.reach(Verb.VIEW_CASEWORK) == Reach.TEAM
    rows.sort(key=lambda row: (_lead(row) if grouped else "", _day(nearest.get(row.pk)), row.started_on, row.pk.int))
    shown = Paginator(rows, A_PAGE).get_page(page)
    return Listed(page=shown, lines=_lines(by, list(shown.object_list), nearest, today), in_order=True, grouped=grouped)


def due_soon(by: Asker, own: Own, page: str | int = 1) -> tuple[Page[Due], list[tuple[Due, Line]]]:
    """Everything overdue or due within two weeks, the oldest first; nothing where there are too many to look at."""
    today = localdate()
    rows = own.rows or []
    items = [item for item in due(by, rows, today) if item.on <= today + SOON] if rows else []
    shown = Paginator(items, A_PAGE).get_page(page)
    on_page = {item.enrollment_id for item in shown.object_list}
    lines = _lines(by, [row for row in rows if row.pk in on_page], {}, today, contacts=False)
    line_of = {line.enrollment.pk: line for line in lines}
    return shown, [(item, line_of[item.enrollment_id]) for item in shown.object_list]


def _asked_of(wanted: Wanted, today: date) -> Q:
    asked = Q(program_id=wanted.program) if wanted.program else Q()
    if wanted.staff:
        asked &= Q(pk__in=_leads(today).filter(staff_id=wanted.staff).values("enrollment_id"))
    return asked


def _fits(row: Enrollment, wanted: Wanted) -> bool:
    asked = {"program_id": wanted.program, "lead_id": wanted.staff}
    return all(getattr(row, name) == value for name, value in asked.items() if value)


def _by_program(every: QuerySet[Enrollment]) -> list[Counted]:
    rows: QuerySet[Any, Any] = every.order_by().values_list("program_id", "program__name")
    return [Counted(id=key, name=name, count=count) for key, name, count in _named(rows.annotate(count=Count("pk")))]


def _by_case_manager(every: QuerySet[Enrollment], today: date) -> list[Counted]:
    led = _leads(today).filter(enrollment__in=every.order_by().values("pk"))
    rows: QuerySet[Any, Any] = led.order_by().values_list("staff_id", "staff__name")
    return [Counted(id=key, name=name, count=count) for key, name, count in _named(rows.annotate(count=Count("pk")))]


def _named(rows: Iterable[tuple[uuid.UUID | None, str | None, int]]) -> list[tuple[uuid.UUID | None, str, int]]:
    return sorted(((key, name or "", count) for key, name, count in rows), key=lambda row: row[1])


def _counted(counter: Names) -> list[Counted]:
    return [Counted(id=key, name=name, count=count) for (key, name), count in sorted(counter.items(), key=_by_name)]


def _by_name(item: tuple[tuple[uuid.UUID | None, str], int]) -> str:
    return item[0][1]


def _leads(today: date) -> QuerySet[CareTeamMember]:
    return CareTeamMember.objects.filter(on_team(today), part=Part.LEAD)


def _whole(rows: QuerySet[Enrollment], today: date) -> QuerySet[Enrollment]:
    """With program, client, identity and the name of the case manager, the latest start first."""
    first = _leads(today).filter(enrollment=OuterRef("pk")).order_by("-since")
    lead = Subquery(first.values("staff_id")[:1], output_field=UUIDField())
    named = rows.annotate(lead_id=lead, lead_name=Subquery(first.values("staff__name")[:1]))
    return named.select_related("program", "client__identity").order_by("-started_on", "pk")


def _next_of(by: Asker, rows: Sequence[Enrollment], today: date) -> dict[uuid.UUID, Due]:
    nearest: dict[uuid.UUID, Due] = {}
    for item in due(by, rows, today) if rows else []:
        nearest.setdefault(item.enrollment_id, item)
    return nearest


def _lines(
    by: Asker, rows: Sequence[Enrollment], nearest: dict[uuid.UUID, Due], today: date, *, contacts: bool = True
) -> list[Line]:
    """The rows with names: only those that are shown are logged as read."""
    note(by, rows)
    last = last_contacts(by, rows) if contacts else {}
    return [_line(by, row, nearest.get(row.pk), last.get(row.pk), today) for row in rows]


def _line(by: Asker, row: Enrollment, next_due: Due | None, last: date | None, today: date) -> Line:
    client = row.client
    return Line(
        enrollment=row,
        client=redacted(by, client),
        identity=redacted(by, client.identity) if client.identity else None,
        lead=_lead(row),
        months=months_enrolled(row.started_on, today),
        last_contact=last,
        next=next_due,
        late_by=max(0, (today - next_due.on).days) if next_due else 0,
    )


def _lead(row: Enrollment) -> str:
    return getattr(row, "lead_name", None) or ""


def _day(item: Due | None) -> date:
    return item.on if item else date.max


def _asked_for(item: Due | None, when: str, today: date) -> bool:
    if when == "late":
        return item is not None and item.on < today
    if when == "week":
        return item is not None and item.on <= today + WEEK
    return True
