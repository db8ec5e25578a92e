"""The caseload: open enrollments within the asker's own reach, what is due for each, and the overdue first."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils.timezone import localdate

from casearc_web.access.asker import Asker
from casearc_web.access.decide import note, visible
from casearc_web.access.fields import Redacted, redacted
from casearc_web.access.roles import Reach
from casearc_web.access.verbs import Verb
from casearc_web.clients.models import Client
from casearc_web.enrollments.due import Due, due
from casearc_web.enrollments.facts import last_contacts
from casearc_web.enrollments.models import CareTeamMember, Enrollment, Part, on_team
from casearc_web.enrollments.queries import months_enrolled

A_PAGE = 25
MOST_IN_ORDER = 300
"""As many as are put in order of what is due; more are shown by their start, and filters make them fewer."""

SOON = timedelta(days=14)
WEEK = timedelta(days=7)


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
class Listed:
    """A page of lines; `in_order` tells whether the overdue come first, `all` how many there are without paging."""

    page: Page[Enrollment]
    lines: list[Line]
    in_order: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many open enrollments something has."""

    id: uuid.UUID | None
    name: str
    count: int


def own(by: Asker) -> QuerySet[Enrollment]:
    """Open enrollments of the asker's caseload, team or programs; not what was opened by breaking glass."""
    still_open = Enrollment.objects.filter(exited_on__isnull=True)
    return visible(replace(by, opened=frozenset()), Verb.VIEW_CASEWORK, still_open)


def caseload(by: Asker, wanted: Wanted, page: str | int = 1) -> Listed:
    """25 of them. A team's are grouped by case manager; the overdue come first, then what is due next."""
    today = localdate()
    chosen = _with_lead(_filtered(own(by), wanted, today), today)
    rows = list(chosen[: MOST_IN_ORDER + 1])
    if len(rows) > MOST_IN_ORDER:
        shown = Paginator(chosen, A_PAGE).get_page(page)
        nearest = _next_of(by, list(shown.object_list), today)
        return Listed(page=shown, lines=_lines(by, list(shown.object_list), nearest, today), in_order=False)
    nearest = _next_of(by, rows, today)
    rows = [row for row in rows if _asked_for(nearest.get(row.pk), wanted.when, today)]
    grouped = by.reach(Verb.VIEW_CASEWORK) == Reach.TEAM
    rows.sort(key=lambda row: (_lead(row) if grouped else "", _day(nearest.get(row.pk)), row.started_on, row.pk.int))
    shown = Paginator(rows, A_PAGE).get_page(page)
    return Listed(page=shown, lines=_lines(by, list(shown.object_list), nearest, today), in_order=True)


def due_soon(by: Asker, wanted: Wanted, page: str | int = 1) -> tuple[Page[Due], list[tuple[Due, Line]], bool]:
    """Everything overdue or due within two weeks, the oldest first; False where there are too many to look through."""
    today = localdate()
    rows = list(_with_lead(_filtered(own(by), wanted, today), today)[: MOST_IN_ORDER + 1])
    whole = len(rows) <= MOST_IN_ORDER
    items = [item for item in due(by, rows, today) if item.on <= today + SOON] if whole else []
    shown = Paginator(items, A_PAGE).get_page(page)
    on_page = {item.enrollment_id for item in shown.object_list}
    lines = _lines(by, [row for row in rows if row.pk in on_page], {}, today, contacts=False)
    line_of = {line.enrollment.pk: line for line in lines}
    return shown, [(item, line_of[item.enrollment_id]) for item in shown.object_list], whole


def by_program(by: Asker) -> list[Counted]:
    """Open enrollments of each program."""
    rows = own(by).order_by().values("program_id", "program__name").annotate(count=Count("pk"))
    return [
        Counted(id=row["program_id"], name=row["program__name"], count=row["count"])
        for row in rows.order_by("program__name")
    ]


def by_case_manager(by: Asker) -> list[Counted]:
    """Open enrollments of each case manager, and of nobody."""
    led: QuerySet[Any, Any] = _with_lead(own(by), localdate())
    counted = led.order_by().values("lead_id", "lead_name").annotate(count=Count("pk"))
    rows = sorted(counted, key=lambda row: row["lead_name"] or "")
    return [Counted(id=row["lead_id"], name=row["lead_name"] or "", count=row["count"]) for row in rows]


def _filtered(rows: QuerySet[Enrollment], wanted: Wanted, today: date) -> QuerySet[Enrollment]:
    if wanted.program:
        rows = rows.filter(program_id=wanted.program)
    if wanted.staff:
        places = CareTeamMember.objects.filter(on_team(today), staff_id=wanted.staff)
        rows = rows.filter(pk__in=places.values("enrollment_id"))
    return rows.select_related("program").order_by("-started_on", "pk")


def _with_lead(rows: QuerySet[Enrollment], today: date) -> QuerySet[Enrollment]:
    leads = CareTeamMember.objects.filter(on_team(today), enrollment=OuterRef("pk"), part=Part.LEAD)
    first = leads.order_by("-since")
    return rows.annotate(
        lead_id=Subquery(first.values("staff_id")[:1]), lead_name=Subquery(first.values("staff__name")[:1])
    )


def _next_of(by: Asker, rows: Sequence[Enrollment], today: date) -> dict[uuid.UUID, Due]:
    nearest: dict[uuid.UUID, Due] = {}
    for item in due(by, rows, today) if rows else []:
        nearest.setdefault(item.enrollment_id, item)
    return nearest


def _lines(
    by: Asker, rows: Sequence[Enrollment], nearest: dict[uuid.UUID, Due], today: date, *, contacts: bool = True
) -> list[Line]:
    """The rows with names: only those that are shown are opened, and logged as read."""
    whole = Client.objects.filter(pk__in={row.client_id for row in rows}).select_related("identity")
    clients = {client.pk: client for client in whole}
    note(by, rows)
    last = last_contacts(by, rows) if contacts else {}
    return [_line(by, row, clients[row.client_id], nearest.get(row.pk), last.get(row.pk), today) for row in rows]


def _line(
    by: Asker, row: Enrollment, client: Client, next_due: Due | None, last: date | None, today: date
) -> Line:
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
