"""Editing what is known of a client."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casearc_web.access.decide import Denied, find
from casearc_web.access.requests import StaffRequest
from casearc_web.access.verbs import Verb
from casearc_web.clients.actions.about import edit_client, edit_victimization, start_victimization
from casearc_web.clients.actions.identity import add_way, edit_identity, edit_way, remove_way
from casearc_web.clients.editing import Edit, edit
from casearc_web.clients.forms import (
    AboutForm,
    IdentityForm,
    RecordForm,
    SubstanceUseForm,
    VictimizationForm,
    WayForm,
)
from casearc_web.clients.models import Client, VictimizationProfile
from casearc_web.clients.pages import client_for, within
from casearc_web.drafts.saving import save_once
from casearc_web.shell.forms import Submittable
from casearc_web.vault.models import ContactWay, Identity

NEVER_NEEDED: Promise = gettext_lazy(
    "Every question is optional. Write down what was told; do not ask for more than the next step needs."
)


def edit_identity_page(request: StaffRequest, client: uuid.UUID) -> HttpResponseBase:
    """Names, birth date, and what to know before reaching out."""
    who = client_for(request.asker, Verb.EDIT_IDENTITY, client)
    what = Edit(
        record=_identity(who),
        form=IdentityForm,
        save=_saving(request, partial(edit_identity, identity=_identity(who))),
        heading=gettext_lazy("Edit identity"),
        draft="identity",
        leads_to=_to("identity", who),
    )
    return edit(request, who, what)


def edit_about(request: StaffRequest, client: uuid.UUID) -> HttpResponseBase:
    """What describes a client."""
    return _edit_client(request, client, Verb.EDIT_CLIENT, AboutForm, gettext_lazy("Edit description"), "description")


def edit_substance_use(request: StaffRequest, client: uuid.UUID) -> HttpResponseBase:
    """Substance use, on a page of its own."""
    find(request.asker, Verb.VIEW_SUBSTANCE_USE, Client.objects.all(), client)
    heading = gettext_lazy("Edit substance use")
    return _edit_client(request, client, Verb.EDIT_CLIENT, SubstanceUseForm, heading, "substance-use")


def edit_victimization_page(request: StaffRequest, client: uuid.UUID) -> HttpResponseBase:
    """What was done to a client, as far as it was told."""
    who = client_for(request.asker, Verb.EDIT_SENSITIVE, client)
    profile: VictimizationProfile = getattr(who, "victimization", None) or start_victimization(
        by=request.asker, client=who
    )
    what = Edit(
        record=profile,
        form=VictimizationForm,
        save=_saving(request, partial(edit_victimization, profile=profile)),
        heading=gettext_lazy("Edit what was done to them"),
        lead=NEVER_NEEDED,
        draft="victimization",
        leads_to=_to("about", who),
    )
    return edit(request, who, what)


def new_way(request: StaffRequest, client: uuid.UUID) -> HttpResponseBase:
    """Add a way to reach a client."""
    by, who = request.asker, client_for(request.asker, Verb.EDIT_IDENTITY, client)
    form = WayForm(request.POST or None, initial={"version": 1})
    if request.method == "POST" and form.is_valid():
        values = WayForm.values(form.typed(), None)

        def write() -> str:
            add_way(by=by, identity=_identity(who), values=values)
            messages.success(request, _("Saved."))
            return _to("identity", who)

        return save_once(
            request, key=f"way-new:{who.pk}", submission=form.cleaned_data["submission"], write=write
        )
    heading = {"heading": _("Add a way to reach them"), "leads_to": _to("identity", who)}
    context = {"form": form, "edit": heading, "draft_name": "way-new", "draft_id": who.pk}
    return within(request, who, "clients/edit.html", context)


def edit_way_page(request: StaffRequest, client: uuid.UUID, way: uuid.UUID) -> HttpResponseBase:
    """Change a way, or its rule."""
    who = client_for(request.asker, Verb.EDIT_IDENTITY, client)
    record = _way(request, who, way)
    what = Edit(
        record=record,
        form=WayForm,
        save=_saving(request, partial(edit_way, way=record)),
        heading=gettext_lazy("Edit a way to reach them"),
        draft="way",
        leads_to=_to("identity", who),
        template="clients/edit_way.html",
    )
    return edit(request, who, what)


def remove_way_page(request: StaffRequest, client: uuid.UUID, way: uuid.UUID) -> HttpResponseBase:
    """Ask once, then take a way off the record."""
    by, who = request.asker, client_for(request.asker, Verb.EDIT_IDENTITY, client)
    record = _way(request, who, way)
    form = Submittable(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def write() -> str:
            remove_way(by=by, way=record, version=record.version)
            messages.success(request, _("Removed."))
            return _to("identity", who)

        return save_once(
            request, key=f"way-remove:{record.pk}", submission=form.cleaned_data["submission"], write=write
        )
    return within(request, who, "clients/remove_way.html", {"way": record, "form": form})


def _edit_client(
    request: StaffRequest, client: uuid.UUID, verb: Verb, form: type[RecordForm], heading: Promise, draft: str
) -> HttpResponseBase:
    who = client_for(request.asker, verb, client)
    what = Edit(
        record=who,
        form=form,
        save=_saving(request, partial(edit_client, client=who)),
        heading=heading,
        lead=NEVER_NEEDED,
        draft=draft,
        leads_to=_to("about", who),
    )
    return edit(request, who, what)


def _saving(request: StaffRequest, action: Callable[..., object]) -> Callable[[int, dict[str, Any]], object]:
    def save(version: int, values: dict[str, Any]) -> object:
        saved = action(by=request.asker, version=version, values=values)
        messages.success(request, _("Saved."))
        return saved

    return save


def _identity(who: Client) -> Identity:
    if who.identity is None:  # purged
        raise Denied(Verb.EDIT_IDENTITY)
    return who.identity


def _way(request: StaffRequest, who: Client, way: uuid.UUID) -> ContactWay:
    ways = ContactWay.objects.filter(identity=who.identity, removed_at=None).select_related("identity__client")
    return find(request.asker, Verb.EDIT_IDENTITY, ways, way)


def _to(page: str, who: Client) -> str:
    return reverse(f"clients:{page}", kwargs={"client": who.pk})
