"""Where casework shows: menu, tab and panel of a client, things due."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casearc_web.access.asker import Asker
from casearc_web.access.fields import redacted
from casearc_web.access.navigation import Entry
from casearc_web.access.navigation import add as add_entry
from casearc_web.access.verbs import Verb
from casearc_web.casework import disclosed, due, queries
from casearc_web.casework.forms import NoAnswerForm
from casearc_web.clients.models import Client
from casearc_web.clients.tabs import Panel, Tab, add_panel, add_tab
from casearc_web.consent.categories import register as register_category
from casearc_web.consent.codes import Category
from casearc_web.enrollments.due import register
from casearc_web.enrollments.facts import register_last_contacts, register_span
from casearc_web.enrollments.home import RowLink, add_row_link


def take_all() -> None:
    """Called once the apps are loaded."""
    add_entry(Entry(label=_("Add a contact"), route="casework:quick", verb=Verb.WRITE_CASEWORK, order=3))
    add_entry(Entry(label=_("Notes to sign"), route="casework:to_sign", verb=Verb.COSIGN, order=8))
    add_entry(Entry(label=_("Casework settings"), route="casework:settings", verb=Verb.SET_TEMPLATES, order=65))
    add_tab(Tab(label=_("Contacts"), route="casework:contacts", verb=Verb.VIEW_CASEWORK, order=20))
    add_panel(Panel(template="casework/panel.html", context=_panel, verb=Verb.VIEW_CASEWORK, order=20))
    register_category(Category.ENROLLMENT, disclosed.services)
    register_category(Category.NOTES, disclosed.notes)
    add_row_link(RowLink(label=_("Contact"), route="casework:new", verb=Verb.WRITE_CASEWORK, order=0, anchor="add"))
    add_row_link(
        RowLink(
            label=_("No answer"),
            route="casework:no_answer",
            verb=Verb.WRITE_CASEWORK,
            order=1,
            form=NoAnswerForm.on_caseload,
        )
    )
    register(due.contacts_due)
    register(due.notes_due)
    register_last_contacts(due.last_contacts)
    register_span(due.spans)


def _panel(by: Asker, client: Client) -> Mapping[str, Any]:
    today = timezone.localdate()
    lately = queries.lately(client, by=by, since=today.replace(day=1), until=today)
    return {"contacts": [redacted(by, one) for one in lately.contacts], "contact_totals": lately.totals}
