"""Recording a contact: from the caseload in one tap, or on its form with everything usual filled in."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from casearc_web.access.asker import Asker
from casearc_web.access.decide import find
from casearc_web.access.requests import StaffRequest
from casearc_web.access.verbs import Verb
from casearc_web.casework import actions, codes, queries, rules
from casearc_web.casework.forms import ContactForm, NoAnswerForm, initial_of_minutes
from casearc_web.casework.models import Contact, ContactTemplate, ServiceKind
from casearc_web.casework.names import name_of
from casearc_web.clients.models import Client
from casearc_web.clients.pages import client_for, within
from casearc_web.drafts.queries import used
from casearc_web.enrollments.models import Enrollment


def quick(request: StaffRequest) -> HttpResponseBase:
    """The own caseload as big buttons: one tap to the form, one to note that nobody answered."""
    by = request.asker
    enrollments = queries.caseload(by=by)
    last = queries.last_contacts(enrollments, by=by)
    rows = [
        {
            "enrollment": one,
            "name": name_of(one.client, by=by),
            "last": last.get(one.pk),
            "form": NoAnswerForm(initial={"enrollment": one.pk}, auto_id=False),
        }
        for one in enrollments
    ]
    rows.sort(key=lambda row: str(row["name"]))
    context = {"rows": rows, "today": timezone.localdate(), "most": queries.MOST_ON_ONE_PAGE}
    return render(request, "casework/quick.html", context)


def no_answer(request: StaffRequest, client: uuid.UUID) -> HttpResponseBase:
    """One tap: tried by phone today, nobody answered."""
    by = request.asker
    who = client_for(by, Verb.WRITE_CASEWORK, client)
    form = NoAnswerForm(request.POST)
    if not form.is_valid():
        return redirect("casework:quick")
    address = reverse("enrollments:home" if form.cleaned_data["on_start"] else "casework:quick")
    if led := used(by=by, submission=form.cleaned_data["submission"]):
        return redirect(led)
    own = Enrollment.objects.filter(client=who)
    actions.record_contact(
        by=by,
        enrollment=find(by, Verb.WRITE_CASEWORK, own, form.cleaned_data["enrollment"]),
        facts=actions.Facts(on=timezone.localdate(), outcome=codes.Outcome.ATTEMPTED, medium=codes.Medium.PHONE),
        sending=actions.Sending(key="no-answer", submission=form.cleaned_data["submission"], address=address),
    )
    messages.success(request, _("Saved: tried by phone today, no answer."))
    return redirect(address)


def new(request: StaffRequest, client: uuid.UUID) -> HttpResponseBase:
    """Record a contact. Everything usual is filled in."""
    by = request.asker
    who = client_for(by, Verb.WRITE_CASEWORK, client)
    offered = _offered(by, who)
    template = _chosen(offered.templates, request.POST.get("template") or request.GET.get("template"))
    form = ContactForm(
        request.POST if request.method == "POST" else None,
        initial=_initial(offered, template),
        enrollments=offered.enrollments,
        kinds=[kind for kind in offered.kinds if kind.is_offered],
        caseload=offered.others,
        headings=template.headings if template else (),
    )
    if request.method == "POST" and form.is_valid():
        return _record(request, who, form, template)
    context = {"form": form, "templates": offered.templates, "template": template}
    return within(request, who, "casework/new.html", context, status=200 if not form.is_bound else 422)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offered:
    """What the form of a new contact offers."""

    enrollments: list[Enrollment]
    kinds: list[ServiceKind]
    others: Mapping[Enrollment, str]
    usual_medium: str
    templates: list[ContactTemplate]


def _offered(by: Asker, who: Client) -> _Offered:
    found = queries.to_record(who, by=by)
    named = sorted(((one, name_of(one.client, by=by)) for one in found.others), key=lambda pair: pair[1])
    return _Offered(
        enrollments=found.enrollments,
        kinds=queries.kinds(by=by),
        others=dict(named),
        usual_medium=found.usual_medium,
        templates=queries.templates(by=by, programs={one.program_id for one in found.enrollments if one.is_open}),
    )


def _initial(offered: _Offered, template: ContactTemplate | None) -> dict[str, Any]:
    today = timezone.localdate()
    open_now = [one for one in offered.enrollments if rules.is_open_on(one, today)]
    usual: dict[str, Any] = {
        "on": today,
        "outcome": codes.Outcome.COMPLETED,
        "contact_type": codes.ContactType.CLIENT,
        "medium": offered.usual_medium,
        "enrollment": str(open_now[0].pk) if open_now else "",
    }
    return usual | (_of_template(template, offered.kinds) if template else {})


def _of_template(template: ContactTemplate, kinds: Sequence[ServiceKind]) -> dict[str, Any]:
    preset: dict[str, Any] = {
        "contact_type": template.contact_type,
        "medium": template.medium,
        "services": [str(kind.pk) for kind in kinds if kind.code in template.services],
        "note": rules.headings_as_text(template.headings),
    }
    if template.minutes is not None:
        preset |= initial_of_minutes(template.minutes)
    return {name: value for name, value in preset.items() if value} | {"template": template.pk}


def _record(
    request: StaffRequest, who: Client, form: ContactForm, template: ContactTemplate | None
) -> HttpResponseBase:
    by, submission = request.asker, form.cleaned_data["submission"]
    if led := used(by=by, submission=submission):
        return redirect(led)
    address = reverse("casework:contacts", kwargs={"client": who.pk})
    recorded = actions.record_contact(
        by=by,
        enrollment=form.cleaned_data["belongs_to"],
        facts=form.facts(),
        services=form.amounts(),
        others=form.others_there(),
        template_id=template.pk if template else None,
        sending=actions.Sending(key=f"contact-new:{who.pk}", submission=submission, address=address),
    )
    messages.success(request, _said(recorded))
    return redirect(address)


def _said(recorded: Contact) -> str:
    if recorded.is_late:
        return _("The contact is saved, marked as a late entry.")
    if recorded.signature == codes.Signature.WAITING:
        return _("The contact is saved. Its note waits for a signature.")
    return _("The contact is saved.")


def _chosen(templates: Sequence[ContactTemplate], wanted: str | None) -> ContactTemplate | None:
    return next((one for one in templates if str(one.pk) == wanted), None)
