"""Finding a client: among one's own, and beyond them by whole name and birth date; opening by breaking the glass.

What is typed never comes into an address. The last search is kept sealed in the session, so that "back" works.
"""

from __future__ import annotations

import base64
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from casearc_web.access.decide import find, may, visible
from casearc_web.access.requests import StaffRequest
from casearc_web.access.verbs import Verb
from casearc_web.clients.actions.glass import break_glass, close_glass, look_beyond
from casearc_web.clients.care import care
from casearc_web.clients.forms import BeyondForm, GlassForm, SearchForm
from casearc_web.clients.models import Client
from casearc_web.clients.queries.search import enough, search
from casearc_web.drafts.saving import save_once
from casearc_web.records.sealed import DamagedSealError, seal, unseal

_KEPT = "clients.search"


def search_page(request: StaffRequest) -> HttpResponse:
    """Ask what to look for; keep it and go to what was found."""
    form = SearchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["typed"]
        if enough(request.asker.agency_id, typed):
            _keep(request, typed)
            return redirect("clients:found")
        form.add_error("typed", _("Type at least two letters."))
    return render(request, "clients/search.html", {"form": form, **_beyond(request)})


def found_page(request: StaffRequest) -> HttpResponse:
    """What the last search found, a page at a time."""
    by, typed = request.asker, _kept(request)
    if not typed:
        return redirect("clients:search")
    found = search(by=by, typed=typed, page=_number(request.GET.get("page", "1")))
    programs = care().programs(by, [client.pk for client in found.clients])
    rows = [(client, programs.get(client.pk, "")) for client in found.clients]
    context = {"form": SearchForm(initial={"typed": typed}), "found": found, "rows": rows, **_beyond(request)}
    return render(request, "clients/search.html", context)


def beyond_page(request: StaffRequest) -> HttpResponse:
    """Look for somebody who is not the asker's own, by whole name and birth date. Shows codes, and nothing else."""
    form = BeyondForm(request.POST or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        name, birth_date = form.cleaned_data["name"], form.cleaned_data["birth_date"]
        context["codes"] = look_beyond(by=request.asker, name=name, birth_date=birth_date)
        context["looked"] = True
    return render(request, "clients/beyond.html", context)


def open_page(request: StaffRequest, client: uuid.UUID) -> HttpResponseBase:
    """Break the glass: say why, and have the record open for four hours."""
    by = request.asker
    who = find(by, Verb.BREAK_GLASS, Client.objects.filter(purged_at=None), client)
    address = reverse("clients:client", kwargs={"client": who.pk})
    if visible(by, Verb.VIEW_CLIENT, Client.objects.filter(pk=who.pk)).exists():
        return redirect(address)
    form = GlassForm(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def write() -> str:
            break_glass(by=by, client=who, reason=form.cleaned_data["reason"])
            return address

        return save_once(request, key=f"glass:{who.pk}", submission=form.cleaned_data["submission"], write=write)
    return render(request, "clients/open.html", {"form": form, "code": who.code, "client_id": who.pk})


def close_page(request: StaffRequest, client: uuid.UUID) -> HttpResponseBase:
    """Close what one opened, before the four hours are over."""
    who = find(request.asker, Verb.BREAK_GLASS, Client.objects.all(), client)
    if request.method == "POST":
        close_glass(by=request.asker, client=who)
        messages.success(request, _("The record is closed."))
    return redirect("clients:search")


def _beyond(request: StaffRequest) -> dict[str, bool]:
    return {"may_look_beyond": may(request.asker, Verb.LOOK_BEYOND)}


def _keep(request: HttpRequest, typed: str) -> None:
    request.session[_KEPT] = base64.b64encode(seal(typed.encode(), place=_KEPT)).decode()


def _kept(request: HttpRequest) -> str:
    try:
        return unseal(base64.b64decode(request.session.get(_KEPT, "")), place=_KEPT).decode()
    except DamagedSealError:
        return ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
