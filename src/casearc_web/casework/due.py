"""What the caseload learns from casework: last contacts, contacts overdue by the program's rule, notes to sign."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, Min, QuerySet
from django.utils.translation import gettext_lazy as _

from casearc_web.access.asker import Asker
from casearc_web.access.decide import may, visible
from casearc_web.access.verbs import Verb
from casearc_web.addresses import address
from casearc_web.casework import queries
from casearc_web.casework.codes import Signature
from casearc_web.casework.models import Contact
from casearc_web.enrollments.due import Due
from casearc_web.enrollments.facts import Span
from casearc_web.enrollments.models import Enrollment
from casearc_web.records.among import among


def contacts_due(by: Asker, enrollments: Sequence[Enrollment], today: date) -> list[Due]:
    """The day by which each client is to be reached again, where the program says so. At most two queries."""
    open_now = [one for one in enrollments if one.is_open]
    asked = queries.rules_of({one.program_id for one in open_now}, by=by)
    every = {key: rules.contact_every_days for key, rules in asked.items() if rules.contact_every_days}
    concerned = [one for one in open_now if one.program_id in every]
    last = queries.last_contacts(concerned, by=by) if concerned else {}
    return [
        Due(
            enrollment_id=one.pk,
            what=_("Reach the client again"),
            on=next_contact(one, last.get(one.pk), every[one.program_id]),
            address=address("casework:new", client=one.client_id),
        )
        for one in concerned
    ]


def next_contact(enrollment: Enrollment, last: date | None, every: int) -> date:
    """So many days after the last completed contact; after the start, where there was none since."""
    since = max(last, enrollment.started_on) if last else enrollment.started_on
    return since + timedelta(days=every)


def last_contacts(by: Asker, enrollments: Sequence[Enrollment]) -> Mapping[uuid.UUID, date]:
    """The day of the last completed contact of each enrollment that has one."""
    return queries.last_contacts(enrollments, by=by)


def spans(by: Asker, enrollment: Enrollment) -> list[Span]:
    """From the first to the last contact, so that a start or an exit beyond it can be questioned."""
    standing = Contact.objects.filter(enrollment=enrollment, withdrawn_at__isnull=True)
    found = visible(by, Verb.VIEW_CASEWORK, standing).order_by().aggregate(first=Min("on"), last=Max("on"))
    return [Span(what=_("Contacts"), first=found["first"], last=found["last"])] if found["first"] else []


def notes_due(by: Asker, enrollments: Sequence[Enrollment], today: date) -> list[Due]:
    """Notes that wait for the asker: returned to be changed, or to be signed. One query."""
    keys = [one.pk for one in enrollments]
    returned = Contact.objects.filter(signature=Signature.RETURNED, staff_id=by.staff_id)
    rows = _rows(by, Verb.WRITE_CASEWORK, returned, keys)
    if may(by, Verb.COSIGN):
        waiting = Contact.objects.filter(signature=Signature.WAITING).exclude(staff_id=by.staff_id)
        rows = rows.union(_rows(by, Verb.COSIGN, waiting, keys), all=True)
    return [
        Due(
            enrollment_id=enrollment,
            what=_TO_DO[signature],
            on=on,
            address=address("casework:contact", client=client, contact=key),
        )
        for key, enrollment, client, on, signature in rows
    ]


_TO_DO = {Signature.RETURNED.value: _("Change a note that came back"), Signature.WAITING.value: _("Sign a note")}


def _rows(by: Asker, verb: Verb, contacts: QuerySet[Contact], enrollments: list[uuid.UUID]) -> QuerySet[Any, Any]:
    own = visible(by, verb, contacts.filter(among("enrollment_id", enrollments), withdrawn_at__isnull=True)).order_by()
    rows: QuerySet[Any, Any] = own.values_list("pk", "enrollment_id", "enrollment__client_id", "on", "signature")
    return rows
