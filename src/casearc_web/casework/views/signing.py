"""Contact notes that wait for a supervisor: signed in one tap, or returned with a comment."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from casearc_web.access.fields import redacted
from casearc_web.access.requests import StaffRequest
from casearc_web.access.verbs import Verb
from casearc_web.casework import actions, queries
from casearc_web.casework.forms import ReturnForm, VersionForm
from casearc_web.casework.names import name_of
from casearc_web.clients.pages import within
from casearc_web.records.changes import ConflictError


def to_sign(request: StaffRequest) -> HttpResponseBase:
    """Every note that waits for the asker, to be read and signed on one page."""
    by = request.asker
    found = queries.to_sign(by=by, page=request.GET.get("page", "1"))
    rows = [
        {
            "contact": redacted(by, one),
            "name": name_of(one.enrollment.client, by=by),
            "form": VersionForm(initial={"version": one.version}, auto_id=False),
        }
        for one in found.object_list
    ]
    return render(request, "casework/to_sign.html", {"page": found, "rows": rows})


def sign(request: StaffRequest, client: uuid.UUID, contact: uuid.UUID) -> HttpResponseBase:
    """Sign a note as it was shown; not one that was changed since."""
    by = request.asker
    one = queries.contact(contact, client, by=by, verb=Verb.COSIGN)
    form = VersionForm(request.POST)
    try:
        if form.is_valid():
            actions.sign_note(by=by, contact=one, version=form.cleaned_data["version"])
            messages.success(request, _("Signed."))
    except ConflictError:
        messages.warning(request, _("This note was changed while you read it. Please read it once more."))
    return redirect("casework:to_sign")


def give_back(request: StaffRequest, client: uuid.UUID, contact: uuid.UUID) -> HttpResponseBase:
    """Return a note with a comment."""
    by = request.asker
    one = queries.contact(contact, client, by=by, verb=Verb.COSIGN)
    who = one.enrollment.client
    form = ReturnForm(request.POST if request.method == "POST" else None, initial={"version": one.version})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.return_note(by=by, contact=one, version=said["version"], comment=said["comment"])
        except ConflictError:
            form.add_error(None, _("This note was changed while you read it. Please read it once more."))
        else:
            messages.success(request, _("Returned. The author finds a notice."))
            return redirect("casework:to_sign")
    context = {"form": form, "contact": redacted(by, one)}
    return within(request, who, "casework/give_back.html", context, status=200 if not form.is_bound else 422)
