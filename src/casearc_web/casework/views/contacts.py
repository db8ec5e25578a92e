"""The contacts of one client: their list, one of them, its history, taking it out of the count."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from casearc_web.access.decide import may
from casearc_web.access.fields import redacted
from casearc_web.access.history import history as changes_of
from casearc_web.access.requests import StaffRequest
from casearc_web.access.verbs import Verb
from casearc_web.casework import actions, codes, queries
from casearc_web.casework.forms import VersionForm, WithdrawForm
from casearc_web.casework.models import Contact
from casearc_web.clients.models import Client
from casearc_web.clients.pages import client_for, within
from casearc_web.records.changes import ConflictError
from casearc_web.records.words import in_words


def contacts(request: StaffRequest, client: uuid.UUID) -> HttpResponseBase:
    """A client's contacts by month, with what was done this month."""
    by, today = request.asker, timezone.localdate()
    who = client_for(by, Verb.VIEW_CASEWORK, client)
    contact_type = _one_of(codes.ContactType.values, request.GET.get("type"))
    outcome = _one_of(codes.Outcome.values, request.GET.get("outcome"))
    found = queries.timeline(
        who,
        by=by,
        since=today.replace(day=1),
        until=today,
        contact_type=contact_type,
        outcome=outcome,
        page=request.GET.get("page", "1"),
    )
    context = {
        "page": found.page,
        "contacts": [redacted(by, one) for one in found.page.object_list],
        "totals": found.totals,
        "today": today,
        "types": codes.ContactType.choices,
        "outcomes": codes.Outcome.choices,
        "contact_type": contact_type,
        "outcome": outcome,
        "may_write": may(by, Verb.WRITE_CASEWORK),
    }
    return within(request, who, "casework/contacts.html", context)


def contact(request: StaffRequest, client: uuid.UUID, contact: uuid.UUID) -> HttpResponseBase:
    """One contact, whole."""
    by = request.asker
    one = queries.contact(contact, client, by=by)
    who = one.enrollment.client
    own = by.staff_id in (one.staff_id, one.created_by_id)
    context = {
        "contact": redacted(by, one),
        "with_whom": in_words(Contact, "with_whom", one.with_whom),
        "version_form": VersionForm(initial={"version": one.version}),
        "may_write": may(by, Verb.WRITE_CASEWORK),
        "may_sign": may(by, Verb.COSIGN) and one.signature == codes.Signature.WAITING and not own,
    }
    return within(request, who, "casework/contact.html", context)


def withdraw(request: StaffRequest, client: uuid.UUID, contact: uuid.UUID) -> HttpResponseBase:
    """Take a contact out of the count, with a reason."""
    by = request.asker
    one = queries.contact(contact, client, by=by, verb=Verb.WRITE_CASEWORK)
    who = one.enrollment.client
    form = WithdrawForm(request.POST if request.method == "POST" else None, initial={"version": one.version})
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_contact(
                by=by, contact=one, version=form.cleaned_data["version"], reason=form.cleaned_data["reason"]
            )
        except ConflictError:
            form.add_error(None, _("Somebody changed this contact in the meantime. Look at it once more."))
        else:
            messages.success(request, _("The contact is withdrawn. It counts nowhere any more."))
            return redirect(address_of(who, one))
    context = {"form": form, "contact": redacted(by, one)}
    return within(request, who, "casework/withdraw.html", context, status=200 if not form.is_bound else 422)


def restore(request: StaffRequest, client: uuid.UUID, contact: uuid.UUID) -> HttpResponseBase:
    """Undo a withdrawal."""
    by = request.asker
    one = queries.contact(contact, client, by=by, verb=Verb.WRITE_CASEWORK)
    who = one.enrollment.client
    form = VersionForm(request.POST)
    try:
        if form.is_valid():
            actions.restore_contact(by=by, contact=one, version=form.cleaned_data["version"])
            messages.success(request, _("The contact counts again."))
    except ConflictError:
        messages.warning(request, _("Somebody changed this contact in the meantime. Look at it once more."))
    return redirect(address_of(who, one))


def history(request: StaffRequest, client: uuid.UUID, contact: uuid.UUID) -> HttpResponseBase:
    """What a contact was before each change."""
    by = request.asker
    one = queries.contact(contact, client, by=by)
    who = one.enrollment.client
    context = {
        "contact": redacted(by, one),
        "changes": changes_of(by, one),
        "services": queries.services_history(one, by=by),
    }
    return within(request, who, "casework/history.html", context)


def address_of(who: Client, one: Contact) -> str:
    """Where one contact is shown."""
    return reverse("casework:contact", kwargs={"client": who.pk, "contact": one.pk})


def _one_of(known: Sequence[str], wanted: str | None) -> str:
    return wanted if wanted and wanted in known else ""
