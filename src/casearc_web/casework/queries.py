"""What is read of contacts and services, always within the asker's reach."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import (
    Aggregate,
    Case,
    Count,
    IntegerField,
    Max,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
    Window,
)
from django.utils.timezone import localdate

from casearc_web.access.asker import Asker
from casearc_web.access.decide import find, note, read, visible
from casearc_web.access.roles import Reach
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import Program
from casearc_web.casework.codes import Medium, Outcome, Signature
from casearc_web.casework.models import CaseworkRules, Contact, ContactTemplate, ServiceDelivered, ServiceKind
from casearc_web.clients.models import Client
from casearc_web.enrollments.models import Enrollment, on_team
from casearc_web.records.among import among

A_PAGE = 25
AT_ONCE = 2_000
"""Rows of an export that are held in memory at once."""
MOST_ON_ONE_PAGE = 100
"""As many of a caseload as are shown at once; a caseload has a few dozen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What was done for one client in a span of days."""

    contacts: int
    minutes: int
    without_minutes: int
    services: int


def enrollments_of(client: Client, *, by: Asker) -> list[Enrollment]:
    """A client's enrollments to which the asker may add a contact, the latest first."""
    own = Enrollment.objects.filter(client=client).select_related("program")
    return list(visible(by, Verb.WRITE_CASEWORK, own))


@dataclass(frozen=True, slots=True, kw_only=True)
class ToRecord:
    """What the form of a new contact starts from."""

    enrollments: list[Enrollment]
    others: list[Enrollment]
    """Open enrollments of other clients on whose care team the asker is."""
    usual_medium: str
    """The medium of the asker's last completed contact with the client; in person where there is none."""


def to_record(client: Client, *, by: Asker) -> ToRecord:
    """The client's enrollments, the rest of the caseload and the usual medium, in one query."""
    wanted = Enrollment.objects.filter(Q(client=client) | Q(pk__in=_own_care(by)))
    mine = counted().filter(enrollment__client=client, staff_id=by.staff_id).exclude(medium="")
    last = visible(by, Verb.VIEW_CASEWORK, mine).values("medium")[:1]
    whole = wanted.annotate(usual_medium=Subquery(last)).select_related("client__identity", "program")
    found: list[Enrollment] = list(read(by, Verb.WRITE_CASEWORK, whole, most=MOST_ON_ONE_PAGE))
    own = [one for one in found if one.client_id == client.pk]
    return ToRecord(
        enrollments=own,
        others=[one for one in found if one.client_id != client.pk],
        usual_medium=next((said for one in own if (said := getattr(one, "usual_medium", ""))), Medium.IN_PERSON),
    )


def caseload(*, by: Asker) -> list[Enrollment]:
    """Open enrollments on whose care team the asker is."""
    whole = Enrollment.objects.filter(pk__in=_own_care(by)).select_related("client__identity", "program")
    return read(by, Verb.WRITE_CASEWORK, whole, most=MOST_ON_ONE_PAGE)


def _own_care(by: Asker) -> QuerySet[Any, Any]:
    on_it = on_team(localdate(), through="care_team__")
    own = Enrollment.objects.filter(on_it, care_team__staff_id=by.staff_id, exited_on__isnull=True)
    return own.order_by().values("pk")


def last_contacts(enrollments: Sequence[Enrollment], *, by: Asker) -> dict[uuid.UUID, date]:
    """The day of the last completed contact of each enrollment that has one."""
    seen = visible(by, Verb.VIEW_CASEWORK, counted().filter(among("enrollment_id", [one.pk for one in enrollments])))
    rows = seen.order_by().values_list("enrollment_id").annotate(last=Max("on"))
    return dict(rows)


def counted() -> QuerySet[Contact]:
    """Completed contacts that were not withdrawn: what a program did."""
    return Contact.objects.filter(outcome=Outcome.COMPLETED, withdrawn_at__isnull=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """One page of a client's contacts, and what was done in a span of days."""

    page: Page[Contact]
    totals: Totals


def timeline(
    client: Client,
    *,
    by: Asker,
    since: date,
    until: date,
    contact_type: str = "",
    outcome: str = "",
    page: int | str = 1,
) -> Timeline:
    """A client's contacts, the latest first, 25 a page, withdrawn ones marked among them; and the totals of a span.

    How many there are is counted along with the totals, so that the page takes no query for it.
    """
    said = {"contact_type": contact_type, "outcome": outcome}
    listed = Q(**{name: code for name, code in said.items() if code})
    own = visible(by, Verb.VIEW_CASEWORK, Contact.objects.filter(enrollment__client=client))
    sums = _sums(own, since=since, until=until, listed=Count("pk", filter=listed))
    whole = own.filter(listed).select_related("staff", "enrollment").prefetch_related(_services())
    paginator = Paginator(whole, A_PAGE)
    paginator.count = sums["listed"]
    found = paginator.get_page(page)
    note(by, found.object_list)
    return Timeline(page=found, totals=_totals(sums))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """A client's last contacts, and what was done in a span of days."""

    contacts: list[Contact]
    totals: Totals


def lately(client: Client, *, by: Asker, since: date, until: date, most: int = 3) -> Lately:
    """For the overview, in one query: what is added up stands beside each of the contacts."""
    own = Contact.objects.filter(enrollment__client=client, withdrawn_at__isnull=True)
    sums = {name: Window(sum_) for name, sum_ in _added(since, until).items()}
    whole = own.annotate(of_services=_services_within(since, until)).annotate(**sums)
    found: list[Contact] = list(read(by, Verb.VIEW_CASEWORK, whole.select_related("staff", "enrollment"), most=most))
    said = {name: getattr(found[0], name) if found else 0 for name in sums}
    return Lately(contacts=found, totals=_totals(said))


def _sums(contacts: QuerySet[Contact], *, since: date, until: date, **more: Count) -> dict[str, Any]:
    """One query. Services are counted contact by contact: a join would count minutes once for each service."""
    each = contacts.order_by().annotate(of_services=_services_within(since, until))
    return each.aggregate(**_added(since, until), **more)


def _added(since: date, until: date) -> dict[str, Aggregate]:
    """What is added up of the contacts of a span, each with its `of_services`."""
    done = _stands(since, until) & Q(outcome=Outcome.COMPLETED)
    return {
        "all_contacts": Count("pk", filter=done),
        "all_minutes": Sum("minutes", filter=done),
        "without_minutes": Count("pk", filter=done & Q(minutes__isnull=True)),
        "all_services": Sum("of_services"),
    }


def _services_within(since: date, until: date) -> Case:
    delivered = ServiceDelivered.objects.filter(contact=OuterRef("pk"), withdrawn_at__isnull=True).order_by()
    number = Subquery(delivered.values("contact").annotate(n=Count("pk")).values("n"))
    return Case(When(_stands(since, until), then=number), default=0, output_field=IntegerField())


def _stands(since: date, until: date) -> Q:
    return Q(withdrawn_at__isnull=True, on__range=(since, until))


def _totals(sums: Mapping[str, Any]) -> Totals:
    return Totals(
        contacts=sums["all_contacts"],
        minutes=sums["all_minutes"] or 0,
        without_minutes=sums["without_minutes"],
        services=sums["all_services"] or 0,
    )


def contact(contact_id: uuid.UUID, client_id: uuid.UUID, *, by: Asker, verb: Verb = Verb.VIEW_CASEWORK) -> Contact:
    """One contact of a client, with its services and with the client, as the head of the page needs it."""
    whole = Contact.objects.filter(enrollment__client=client_id).select_related(
        *("enrollment__program", "enrollment__client__identity", "enrollment__client__victimization"),
        *("staff", "created_by", "changed_by", "signed_by"),
    )
    return find(by, verb, whole.prefetch_related(_services()), contact_id)


def services_history(one: Contact, *, by: Asker) -> list[ServiceDelivered]:
    """Every service that was ever noted for a contact, those taken out again too."""
    noted = ServiceDelivered.objects.filter(contact=one).select_related("kind", "contact__enrollment", "changed_by")
    return read(by, Verb.VIEW_CASEWORK, noted)


def to_sign(*, by: Asker, page: int | str = 1) -> Page[Contact]:
    """Contact notes that wait for the asker's signature, the oldest first. Nobody signs their own."""
    waiting = Contact.objects.filter(signature=Signature.WAITING, withdrawn_at__isnull=True)
    own = visible(by, Verb.COSIGN, waiting.exclude(staff_id=by.staff_id).exclude(created_by_id=by.staff_id))
    whole = own.select_related("enrollment__client__identity", "staff").prefetch_related(_services())
    found = Paginator(whole.order_by("on", "created_at"), A_PAGE).get_page(page)
    note(by, found.object_list)
    return found


def kinds(*, by: Asker) -> list[ServiceKind]:
    """The agency's catalog of services, those not offered any more too."""
    return list(visible(by, Verb.VIEW_CASEWORK, ServiceKind.objects.all()))


def templates(
    *, by: Asker, programs: Iterable[Program | uuid.UUID], offered_only: bool = True
) -> list[ContactTemplate]:
    """Templates of these programs, by name."""
    own = ContactTemplate.objects.filter(program__in=list(programs))
    return list(visible(by, Verb.VIEW_CASEWORK, own.filter(is_offered=True) if offered_only else own))


def rules_of(programs: Iterable[uuid.UUID], *, by: Asker) -> Mapping[uuid.UUID, CaseworkRules]:
    """The rules for casework of each program that has some."""
    own = CaseworkRules.objects.filter(program__in=set(programs), agency_id=by.agency_id)
    return {rules.program_id: rules for rules in own}


def programs_to_set(*, by: Asker) -> list[Program]:
    """Programs whose templates and rules the asker answers for."""
    reach = by.reach(Verb.SET_TEMPLATES)
    if reach == Reach.PROGRAM:
        return list(visible(by, Verb.SET_TEMPLATES, Program.objects.filter(pk__in=by.program_ids)))
    cared_for = visible(by, Verb.SET_TEMPLATES, Enrollment.objects.all()).values("program_id")
    return list(visible(by, Verb.SET_TEMPLATES, Program.objects.filter(Q(pk__in=cared_for) | Q(pk__in=by.program_ids))))


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRow:
    """One service as it is exported."""

    code: str
    quantity: Decimal
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRow:
    """One contact as it is exported: codes, numbers, a day. There is no place in it for words."""

    contact_id: uuid.UUID
    enrollment_id: uuid.UUID
    on: date
    contact_type: str
    outcome: str
    minutes: int | None
    medium: str
    staff_code: str
    services: tuple[ServiceRow, ...]


def rows_for_export(enrollments: QuerySet[Enrollment]) -> Iterator[ContactRow]:
    """Contacts and services of enrollments that the caller may export, by enrollment and day; withdrawn ones left out.

    Sealed columns are never asked for, so that no note is even unsealed on the way.
    """
    fields = ("pk", "enrollment_id", "on", "contact_type", "outcome", "minutes", "medium", "staff__code")
    standing = Contact.objects.filter(enrollment__in=enrollments.order_by().values("pk"), withdrawn_at__isnull=True)
    rows = standing.order_by("enrollment_id", "on", "created_at").values_list(*fields).iterator(chunk_size=AT_ONCE)
    while some := list(islice(rows, AT_ONCE)):
        services = _services_of([row[0] for row in some])
        for key, enrollment, on, contact_type, outcome, minutes, medium, staff in some:
            yield ContactRow(
                contact_id=key,
                enrollment_id=enrollment,
                on=on,
                contact_type=contact_type,
                outcome=outcome,
                minutes=minutes,
                medium=medium,
                staff_code=staff,
                services=tuple(services.get(key, ())),
            )


def _services_of(contacts: list[uuid.UUID]) -> dict[uuid.UUID, list[ServiceRow]]:
    found: dict[uuid.UUID, list[ServiceRow]] = {}
    rows = _standing().filter(contact__in=contacts).order_by("kind__code")
    for contact_id, code, quantity, unit in rows.values_list("contact_id", "kind__code", "quantity", "unit"):
        found.setdefault(contact_id, []).append(ServiceRow(code=code, quantity=quantity, unit=unit))
    return found


def _standing() -> QuerySet[ServiceDelivered]:
    return ServiceDelivered.objects.filter(withdrawn_at__isnull=True, contact__withdrawn_at__isnull=True)


def _services() -> Prefetch[str]:
    return Prefetch("services", queryset=ServiceDelivered.objects.select_related("kind"))
