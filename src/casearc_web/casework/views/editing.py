"""Changing a contact, also where somebody else changed it meanwhile."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from casearc_web.access.conflicts import two_versions
from casearc_web.access.decide import Denied
from casearc_web.access.fields import redacted
from casearc_web.access.requests import StaffRequest
from casearc_web.access.verbs import Verb
from casearc_web.casework import actions, codes, queries
from casearc_web.casework.forms import EditForm, initial_of
from casearc_web.casework.models import Contact, ServiceKind
from casearc_web.casework.views.contacts import address_of
from casearc_web.clients.models import Client
from casearc_web.clients.pages import within
from casearc_web.drafts.queries import used
from casearc_web.enrollments.models import Enrollment
from casearc_web.records.base import Record
from casearc_web.records.changes import ConflictError
from casearc_web.records.history import as_opened
from casearc_web.records.words import in_words
from casearc_web.shell.conflict import is_answer, merged


def edit(request: StaffRequest, client: uuid.UUID, contact: uuid.UUID) -> HttpResponseBase:
    """Change a contact. A signature is taken back, and the page says so beforehand."""
    by = request.asker
    one = queries.contact(contact, client, by=by, verb=Verb.WRITE_CASEWORK)
    who = one.enrollment.client
    if one.is_withdrawn:
        raise Denied(Verb.WRITE_CASEWORK, kind=one._meta.label_lower, record_id=one.pk)
    there = {service.kind_id for service in one.delivered}
    form = EditForm(
        request.POST if request.method == "POST" else None,
        initial=initial_of(one),
        contact=one,
        enrollments=queries.enrollments_of(who, by=by),
        kinds=[kind for kind in queries.kinds(by=by) if kind.is_offered or kind.pk in there],
    )
    if request.method == "POST" and form.is_valid():
        return _change(request, who, one, form)
    context = {"form": form, "contact": redacted(by, one)}
    return within(request, who, "casework/edit.html", context, status=200 if not form.is_bound else 422)


def _change(request: StaffRequest, who: Client, one: Contact, form: EditForm) -> HttpResponseBase:
    by, submission = request.asker, form.cleaned_data["submission"]
    if led := used(by=by, submission=submission):
        return redirect(led)
    address = address_of(who, one)
    said = _chosen_version(request, one, form)
    try:
        changed = actions.edit_contact(
            by=by,
            contact=one,
            version=form.cleaned_data["version"],
            facts=said.facts,
            enrollment=said.enrollment,
            services=said.services,
            sending=actions.Sending(key=f"contact-edit:{one.pk}", submission=submission, address=address),
        )
    except ConflictError as conflict:
        return _conflict(request, conflict.stored, form)
    unsigned = one.signature == codes.Signature.SIGNED and changed.signature != codes.Signature.SIGNED
    messages.success(
        request,
        _("The contact is saved. Its signature is taken back: the note waits to be signed again.")
        if unsigned
        else _("The contact is saved."),
    )
    return redirect(address)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    facts: actions.Facts
    enrollment: Enrollment
    services: actions.Amounts


def _chosen_version(request: StaffRequest, one: Contact, form: EditForm) -> _Said:
    """What was typed; after a conflict, what was chosen of both versions."""
    mine = _Said(facts=form.facts(), enrollment=form.cleaned_data["belongs_to"], services=form.amounts())
    if not is_answer(request.POST):
        return mine
    chosen = merged(_values(mine, one), _values_of(one), request.POST)
    return _Said(
        enrollment=mine.enrollment if chosen["on"] == mine.facts.on else one.enrollment,
        services=mine.services if chosen["services"] == _values(mine, one)["services"] else _standing(one),
        facts=replace(mine.facts, **{name: chosen[name] for name in asdict(mine.facts)}),
    )


def _conflict(request: StaffRequest, one: Record, form: EditForm) -> HttpResponseBase:
    """Both versions, under the names of the form's fields."""
    if not isinstance(one, Contact):
        raise TypeError("a contact's form met a conflict of another record")
    mine = _Said(facts=form.facts(), enrollment=form.cleaned_data["belongs_to"], services=form.amounts())
    opened = as_opened(one, form.cleaned_data["version"])

    def show(name: str, value: Any) -> str:
        if name == "services":
            return "\n".join(sorted(_amount(form.kinds.get(str(kind)), amount) for kind, amount in value))
        return in_words(Contact, name, value)

    return two_versions(
        request,
        form=form,
        stored=one,
        mine=_values(mine, one),
        saved=_values_of(one),
        opened=None if opened is None else _values_of(opened),
        show=show,
    )


def _amount(kind: ServiceKind | None, amount: Decimal | None) -> str:
    """A kind of service and how much of it; only the kind where nobody said how much."""
    if kind is None or amount is None:
        return str(kind or _("A service that is no longer offered"))
    return f"{kind}: {number_format(f'{amount.normalize():f}')} {kind.get_unit_display()}"


def _in_order(services: actions.Amounts) -> list[tuple[uuid.UUID, Decimal | None]]:
    """Kinds with their amounts: whoever has to choose must see a difference in either."""
    return sorted(services.items(), key=str)


def _values(said: _Said, one: Contact) -> dict[str, Any]:
    """What was typed. An amount that nobody typed stays as it stands."""
    standing = _standing(one)
    services = {kind: standing.get(kind) if amount is None else amount for kind, amount in said.services.items()}
    return {**asdict(said.facts), "services": _in_order(services)}


def _values_of(one: Contact) -> dict[str, Any]:
    """A stored contact under the same names; services as they stand now."""
    names = actions.Facts.__dataclass_fields__
    return {**{name: getattr(one, name) for name in names}, "services": _in_order(_standing(one))}


def _standing(one: Contact) -> actions.Amounts:
    return {service.kind_id: service.quantity for service in one.delivered}
