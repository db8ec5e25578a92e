"""The transfer of a caseload in two steps: choose, look, do. Without JavaScript; nothing is kept between the steps."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casearc_web.access.decide import note
from casearc_web.access.fields import redacted
from casearc_web.access.requests import StaffRequest
from casearc_web.enrollments.actions.transfer import transfer
from casearc_web.enrollments.forms import TransferForm
from casearc_web.enrollments.models import CareTeamMember
from casearc_web.enrollments.transferable import transferable


def transfer_page(request: StaffRequest) -> HttpResponseBase:
    """Choose two people and a day; look at what would be handed over; do it."""
    by = request.asker
    form = TransferForm(request.POST or None, by=by)
    if not form.is_valid():
        return render(request, "enrollments/transfer.html", {"form": form}, status=422 if form.errors else 200)
    places = list(transferable(by, form.cleaned_data["giver"]))
    if request.POST.get("step") == "do":
        ticked = set(request.POST.getlist("places"))
        chosen = [place for place in places if str(place.pk) in ticked]
        try:
            return _do(request, form, chosen, whole=len(chosen) == len(ticked))
        except ValidationError as refused:
            form.add_error(None, refused)
    return _look(request, form, places)


def _do(request: StaffRequest, form: TransferForm, chosen: list[CareTeamMember], *, whole: bool) -> HttpResponseBase:
    if not chosen:
        raise ValidationError(_("Choose at least one client."), code="none")
    if not whole:
        raise ValidationError(_("This caseload has changed since you opened the page. Look again."), code="changed")
    people = {name: form.cleaned_data[name] for name in ("giver", "taker", "as_of")}
    done = transfer(by=request.asker, members=chosen, **people)
    text = ngettext("%(count)s client was transferred.", "%(count)s clients were transferred.", done.count)
    messages.success(request, text % {"count": done.count})
    return HttpResponseRedirect(reverse("enrollments:transfer"))


def _look(request: StaffRequest, form: TransferForm, places: list[CareTeamMember]) -> HttpResponseBase:
    by = request.asker
    note(by, places)
    context: dict[str, Any] = {"form": form, "lines": [_line(request, place) for place in places]}
    return render(request, "enrollments/transfer_look.html", context, status=422 if form.errors else 200)


def _line(request: StaffRequest, place: CareTeamMember) -> dict[str, Any]:
    client = place.enrollment.client
    identity = redacted(request.asker, client.identity) if client.identity else None
    ticked = request.POST.getlist("places")
    return {
        "place": place,
        "client": client,
        "identity": identity,
        "ticked": request.POST.get("step") != "do" or str(place.pk) in ticked,
    }
