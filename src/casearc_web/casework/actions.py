"""Writing contacts, services and signatures. Each action is one transaction with its audit event."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from casearc_web.access.actions import action, amend, store
from casearc_web.access.asker import Asker
from casearc_web.access.decide import Denied, note, visible
from casearc_web.access.notices import tell
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import Program, StaffMember
from casearc_web.casework import codes, rules
from casearc_web.casework.models import CaseworkRules, Contact, ContactTemplate, ServiceDelivered, ServiceKind
from casearc_web.casework.queries import programs_to_set
from casearc_web.drafts.actions import finish
from casearc_web.enrollments.models import Enrollment

Amounts = Mapping[uuid.UUID, Decimal | None]
"""Kinds of service by id, each with how much; None where nobody said: once, or the contact's minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is said of a contact, as a form has checked it."""

    on: date
    contact_type: str = codes.ContactType.CLIENT
    outcome: str = codes.Outcome.COMPLETED
    minutes: int | None = None
    medium: str = codes.Medium.IN_PERSON
    with_whom: list[str] = field(default_factory=list)
    note: str = field(default="", repr=False)
    next_step: str = field(default="", repr=False)

    @property
    def is_written(self) -> bool:
        """Whether there are words to sign."""
        return bool(self.note or self.next_step)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One sending of a form: what makes a repeat of it write nothing, and where the first one led."""

    key: str
    submission: uuid.UUID
    address: str

    def finish(self, by: Asker) -> None:
        """Within the action: remember the sending as done and drop its draft."""
        finish(by=by, key=self.key, submission=self.submission, address=self.address)


@action(Verb.WRITE_CASEWORK)
def record_contact(
    *,
    by: Asker,
    enrollment: Enrollment,
    facts: Facts,
    services: Amounts | None = None,
    others: Sequence[Enrollment] = (),
    template_id: uuid.UUID | None = None,
    sending: Sending | None = None,
) -> Contact:
    """Record a contact, and the same one for each of the others who were there, each in their own record."""
    _require_all(by, others)
    group = uuid.uuid4() if others else None
    kinds = _kinds(by, services or {})
    first = _record(by, enrollment, facts, kinds, services or {}, group=group, template_id=template_id)
    for other in others:
        note(by, [_record(by, other, facts, kinds, services or {}, group=group, template_id=template_id)])
    if sending:
        sending.finish(by)
    return first


@action(Verb.WRITE_CASEWORK)
def edit_contact(
    *,
    by: Asker,
    contact: Contact,
    version: int,
    facts: Facts,
    enrollment: Enrollment,
    services: Amounts,
    sending: Sending | None = None,
) -> Contact:
    """Change a contact. A signature stood for what was signed, so a signed or returned note waits again.

    Raises
    ------
    ConflictError
        Somebody else changed it since `version`; nothing is written.
    """
    if contact.is_withdrawn:
        raise Denied(Verb.WRITE_CASEWORK, kind=contact._meta.label_lower, record_id=contact.pk)
    values: dict[str, Any] = {**asdict(facts), "enrollment": enrollment}
    services_differ = _differ(contact, services)
    if services_differ:
        values["services_version"] = contact.services_version + 1
    if services_differ or any(getattr(contact, name) != value for name, value in values.items()):
        values |= _signature_after_edit(by, contact, enrollment, facts)
    changed = amend(contact, by=by, version=version, values=values)
    if services_differ:
        _replace_services(by, changed, services)
    if sending:
        sending.finish(by)
    return changed


@action(Verb.WRITE_CASEWORK)
def withdraw_contact(*, by: Asker, contact: Contact, version: int, reason: str) -> Contact:
    """Take a contact out of every count and list to sign, with the reason; it stays readable, marked."""
    values = {"withdrawn_at": timezone.now(), "withdrawn_because": reason, "signature": codes.Signature.NONE}
    return amend(contact, by=by, version=version, values=values)


@action(Verb.WRITE_CASEWORK)
def restore_contact(*, by: Asker, contact: Contact, version: int) -> Contact:
    """Undo a withdrawal."""
    signature = _signature(by, contact.enrollment, on=contact.on, written=bool(contact.note or contact.next_step))
    values = {"withdrawn_at": None, "withdrawn_because": "", "signature": signature}
    return amend(contact, by=by, version=version, values=values)


@action(Verb.COSIGN)
def sign_note(*, by: Asker, contact: Contact, version: int) -> Contact:
    """Co-sign a contact note as it is in `version`."""
    _require_to_sign(by, contact)
    values = {"signature": codes.Signature.SIGNED, "signed_by": _staff(by), "signed_at": timezone.now()}
    return amend(contact, by=by, version=version, values=values)


@action(Verb.COSIGN)
def return_note(*, by: Asker, contact: Contact, version: int, comment: str) -> Contact:
    """Give a contact note back with a comment; its author gets a notice."""
    _require_to_sign(by, contact)
    returned = amend(
        contact, by=by, version=version, values={"signature": codes.Signature.RETURNED, "comment": comment}
    )
    tell(by=by, to=[contact.staff], kind="note_returned", text=comment, client_id=contact.enrollment.client_id)
    return returned


def _record(
    by: Asker,
    enrollment: Enrollment,
    facts: Facts,
    kinds: Sequence[ServiceKind],
    services: Amounts,
    *,
    group: uuid.UUID | None,
    template_id: uuid.UUID | None,
) -> Contact:
    contact = Contact(enrollment=enrollment, staff=_staff(by), group=group, template_id=template_id, **asdict(facts))
    contact.signature = _signature(by, enrollment, on=facts.on, written=facts.is_written)
    store(contact, by=by)
    for kind in kinds:
        _deliver(by, contact, kind, services[kind.pk])
    return contact


def _deliver(by: Asker, contact: Contact, kind: ServiceKind, quantity: Decimal | None) -> None:
    store(
        ServiceDelivered(contact=contact, kind=kind, quantity=_amount(contact, kind, quantity), unit=kind.unit), by=by
    )


def _amount(contact: Contact, kind: ServiceKind, quantity: Decimal | None) -> Decimal:
    """Once, where nobody said how much; the contact's minutes, where the kind is counted in minutes."""
    if quantity is not None:
        return quantity
    return Decimal(contact.minutes or 0) if kind.unit == codes.Unit.MINUTES else Decimal(1)


def _replace_services(by: Asker, contact: Contact, services: Amounts) -> None:
    """Withdraw what is no longer said, amend what differs, add what is new."""
    noted = {one.kind_id: one for one in contact.services.select_related("kind")}
    for kind_id, one in noted.items():
        if kind_id not in services:
            _amend_service(by, one, {"withdrawn_at": one.withdrawn_at or timezone.now()})
        else:
            quantity = services[kind_id]
            kept = one.quantity if quantity is None and one.withdrawn_at is None else None
            values = {"quantity": kept or _amount(contact, one.kind, quantity), "withdrawn_at": None}
            _amend_service(by, one, values)
    for kind in _kinds(by, {key: amount for key, amount in services.items() if key not in noted}):
        _deliver(by, contact, kind, services[kind.pk])


def _amend_service(by: Asker, one: ServiceDelivered, values: Mapping[str, Any]) -> None:
    amend(one, by=by, version=one.version, values=values)


def _differ(contact: Contact, services: Amounts) -> bool:
    standing = {one.kind_id: one.quantity for one in contact.delivered}
    if standing.keys() != services.keys():
        return True
    return any(amount is not None and amount != standing[kind] for kind, amount in services.items())


def _kinds(by: Asker, services: Amounts) -> list[ServiceKind]:
    found = list(visible(by, Verb.WRITE_CASEWORK, ServiceKind.objects.filter(pk__in=list(services))))
    if len(found) != len(services):
        raise Denied(Verb.WRITE_CASEWORK, kind=ServiceKind._meta.label_lower)
    return found


def _require_all(by: Asker, enrollments: Sequence[Enrollment]) -> None:
    """The action's wrapper checks records given one by one, not those in a list."""
    keys = {one.pk for one in enrollments}
    if keys and visible(by, Verb.WRITE_CASEWORK, Enrollment.objects.filter(pk__in=keys)).count() != len(keys):
        raise Denied(Verb.WRITE_CASEWORK, kind=Enrollment._meta.label_lower)


def _require_to_sign(by: Asker, contact: Contact) -> None:
    """Only what waits, and nobody's own."""
    own = by.staff_id in (contact.staff_id, contact.created_by_id)
    if own or contact.signature != codes.Signature.WAITING or contact.is_withdrawn:
        raise Denied(Verb.COSIGN, kind=contact._meta.label_lower, record_id=contact.pk)


def _signature_after_edit(by: Asker, contact: Contact, enrollment: Enrollment, facts: Facts) -> dict[str, Any]:
    if contact.signature in (codes.Signature.SIGNED, codes.Signature.RETURNED, codes.Signature.WAITING):
        waits = codes.Signature.WAITING if facts.is_written else codes.Signature.NONE
        return {"signature": waits, "signed_by": None, "signed_at": None}
    return {"signature": _signature(by, enrollment, on=facts.on, written=facts.is_written)}


def _signature(by: Asker, enrollment: Enrollment, *, on: date, written: bool) -> codes.Signature:
    asked = CaseworkRules.objects.filter(program_id=enrollment.program_id).first() if written else None
    if asked is None:
        return codes.Signature.NONE
    since = timezone.localdate(_staff(by).created_at)
    waits = rules.needs_signature(
        asked.signing, asked.new_for_days, role=by.role, account_since=since, on=on, written=written
    )
    return codes.Signature.WAITING if waits else codes.Signature.NONE


def _staff(by: Asker) -> StaffMember:
    if by.staff_id is None:
        raise Denied(Verb.WRITE_CASEWORK)
    return StaffMember.objects.get(pk=by.staff_id, agency_id=by.agency_id)


@action(Verb.SET_TEMPLATES)
def add_kind(*, by: Asker, values: Mapping[str, Any], sending: Sending) -> ServiceKind:
    """Add a kind of service to the agency's catalog."""
    kind = store(ServiceKind(**values), by=by)
    sending.finish(by)
    return kind


@action(Verb.SET_TEMPLATES)
def edit_kind(*, by: Asker, kind: ServiceKind, version: int, values: Mapping[str, Any]) -> ServiceKind:
    """Change a kind of service. Its code stays, for what was recorded under it."""
    return amend(kind, by=by, version=version, values={name: values[name] for name in values if name != "code"})


@action(Verb.SET_TEMPLATES)
def add_template(*, by: Asker, values: Mapping[str, Any], sending: Sending) -> ContactTemplate:
    """Add a template to a program that the asker answers for."""
    _require_program(by, values["program"])
    template = store(ContactTemplate(**values), by=by)
    sending.finish(by)
    return template


@action(Verb.SET_TEMPLATES)
def edit_template(*, by: Asker, template: ContactTemplate, version: int, values: Mapping[str, Any]) -> ContactTemplate:
    """Change a template; contacts recorded with it stay as they are."""
    _require_program(by, template.program)
    _require_program(by, values["program"])
    return amend(template, by=by, version=version, values=values)


@action(Verb.SET_TEMPLATES)
def set_rules(*, by: Asker, program: Program, version: int, values: Mapping[str, Any]) -> CaseworkRules:
    """Set what a program asks of casework; `version` is 0 where it asked for nothing so far."""
    _require_program(by, program)
    stored = CaseworkRules.objects.filter(program=program).first()
    if stored is None:
        return store(CaseworkRules(program=program, **values), by=by)
    return amend(stored, by=by, version=version, values=values)


def _require_program(by: Asker, program: Program) -> None:
    if program not in programs_to_set(by=by):
        raise Denied(Verb.SET_TEMPLATES, kind=program._meta.label_lower, record_id=program.pk)
