"""Settings, teams, programs and sites."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casearc_web.access.decide import Denied
from casearc_web.access.requests import StaffRequest
from casearc_web.access.verbs import Verb
from casearc_web.records.base import Record
from casearc_web.staff import queries
from casearc_web.staff.actions.agency import add_part, change_agency, change_part
from casearc_web.staff.editing import Setting, edit_setting
from casearc_web.staff.forms import AgencyForm, ProgramForm, SettingForm, SiteForm, TeamForm

FORMS: dict[str, type[SettingForm]] = {"teams": TeamForm, "programs": ProgramForm, "sites": SiteForm}
HEADINGS = {
    "teams": (gettext_lazy("New team"), gettext_lazy("Change team")),
    "programs": (gettext_lazy("New program"), gettext_lazy("Change program")),
    "sites": (gettext_lazy("New site"), gettext_lazy("Change site")),
}


def agency(request: StaffRequest) -> HttpResponseBase:
    """What the agency is made of, on one page."""
    by = request.asker
    parts = {kind: queries.all_of(by, model) for kind, model in queries.KINDS.items()}
    return render(request, "staff/agency.html", {"agency": queries.agency_of(by), **parts})


def edit_agency(request: StaffRequest) -> HttpResponseBase:
    """The settings."""
    by = request.asker
    own = queries.agency_of(by)

    def save(version: int, chosen: dict[str, Any]) -> str:
        change_agency(by=by, agency=own, version=version, values=chosen)
        messages.success(request, _("Saved."))
        return reverse("staff:agency")

    heading = gettext_lazy("Agency settings")
    draft, back = f"agency:{own.pk}", reverse("staff:agency")
    what = Setting(record=own, form=AgencyForm, save=save, heading=heading, draft=draft, leads_to=back)
    return edit_setting(request, what)


def new_part(request: StaffRequest, kind: str) -> HttpResponseBase:
    """A new team, program or site."""
    model = _model(kind)

    def save(version: int, chosen: dict[str, Any]) -> str:
        add_part(by=request.asker, model=model, values=chosen)
        messages.success(request, _("Saved."))
        return reverse("staff:agency")

    draft, back = f"{kind}-new", reverse("staff:agency")
    what = Setting(form=FORMS[kind], save=save, heading=HEADINGS[kind][0], draft=draft, leads_to=back)
    return edit_setting(request, what)


def edit_part(request: StaffRequest, kind: str, record: uuid.UUID) -> HttpResponseBase:
    """Change a team, program or site."""
    by, model = request.asker, _model(kind)
    found = queries.one_of(by, model, record)

    def save(version: int, chosen: dict[str, Any]) -> str:
        change_part(by=by, record=found, version=version, values=chosen)
        messages.success(request, _("Saved."))
        return reverse("staff:agency")

    draft, back = f"{kind}:{found.pk}", reverse("staff:agency")
    what = Setting(record=found, form=FORMS[kind], save=save, heading=HEADINGS[kind][1], draft=draft, leads_to=back)
    return edit_setting(request, what)


def _model(kind: str) -> type[Record]:
    if kind not in queries.KINDS:
        raise Denied(Verb.MANAGE_AGENCY)
    return queries.KINDS[kind]
