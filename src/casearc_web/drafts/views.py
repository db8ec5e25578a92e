"""The address that pages send drafts to, and the page of a form that was kept."""

from __future__ import annotations

import uuid
from urllib.parse import parse_qsl

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render

from casearc_web.access.requests import StaffRequest
from casearc_web.drafts import actions, queries
from casearc_web.drafts.actions import Typed
from casearc_web.drafts.keeping import LONGEST, too_long, typed_in
from casearc_web.shell.templatetags.shell import KEY


def draft(request: StaffRequest, key: str) -> HttpResponseBase:
    """Keep, give back or forget one's own draft; `shell/drafts.js` says what each answer means."""
    by = request.asker
    if not KEY.match(key):
        return HttpResponse(status=404)
    if request.method == "DELETE":
        actions.forget_draft(by=by, key=key)
        return HttpResponse(status=204)
    if request.method == "POST":
        return _keep(request, key)
    found = queries.draft_of(by=by, key=key)
    if found is None:
        return HttpResponse(status=204)
    return JsonResponse({"fields": found.fields, "saved_at": found.saved_at.isoformat(timespec="seconds")})


def kept(request: StaffRequest, form: uuid.UUID) -> HttpResponseBase:
    """What somebody had sent when they had to sign in again: to be sent once more, or let go."""
    found = queries.kept_form(by=request.asker, form=form)
    if found is None:
        return redirect("/")
    if request.method == "POST":
        actions.forget_form(by=request.asker, form=form)
        return redirect("/")
    return render(request, "drafts/kept.html", {"kept": found, "written": _written(found.fields)})


def _keep(request: StaffRequest, key: str) -> HttpResponseBase:
    fields = typed_in(parse_qsl(request.body.decode(), keep_blank_values=True))
    if int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST or too_long(fields):
        return HttpResponse(status=413)
    if queries.used(by=request.asker, submission=actions.submission_in(fields)) is not None:
        return HttpResponse(status=410)
    actions.keep_draft(by=request.asker, key=key, fields=fields)
    return HttpResponse(status=204)



def _written(fields: Typed) -> list[str]:
    """The words among what somebody typed; not the numbers and codes of choices."""
    return [value for name, value in fields if name not in ("submission", "version") and " " in value.strip()]
