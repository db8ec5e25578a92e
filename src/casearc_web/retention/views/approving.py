"""For the second person: what is proposed, and what was erased. Clients stand here by their code only."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from casearc_web.access.decide import note
from casearc_web.access.requests import StaffRequest
from casearc_web.access.verbs import Verb
from casearc_web.retention import actions, queries

ERASE, REFUSE = "erase", "refuse"


def waiting(request: StaffRequest) -> HttpResponseBase:
    """What waits for a second person."""
    by = request.asker
    page = Paginator(queries.waiting(by), queries.PAGE).get_page(request.GET.get("page"))
    note(by, page.object_list)
    return render(request, "retention/waiting.html", {"page": page, "me": by.staff_id})


def decide(request: StaffRequest, request_id: uuid.UUID) -> HttpResponseBase:
    """Erase, or refuse to."""
    by = request.asker
    asked = queries.request_for(by, Verb.APPROVE_PURGE, request_id)
    back = reverse("retention:waiting")
    if request.method != "POST":
        own = asked.created_by_id == by.staff_id
        context = {"asked": asked, "is_own": own, "is_open": asked.decided_at is None, "back": back}
        return render(request, "retention/decide.html", context)
    try:
        if request.POST.get("do") == ERASE and request.POST.get("sure") == "on":
            actions.approve(by=by, request=asked)
            messages.success(request, _("Erased."))
        elif request.POST.get("do") == REFUSE:
            actions.refuse(by=by, request=asked)
            messages.success(request, _("Refused. Nothing was erased."))
        else:
            messages.error(request, _("Tick the box first: what is erased cannot be brought back."))
            return HttpResponseRedirect(reverse("retention:decide", kwargs={"request_id": asked.pk}))
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    return HttpResponseRedirect(back)


def erased(request: StaffRequest) -> HttpResponseBase:
    """What was erased: when, how much, why and by whom."""
    page = Paginator(queries.purges(request.asker), queries.PAGE).get_page(request.GET.get("page"))
    return render(request, "retention/erased.html", {"page": page})
