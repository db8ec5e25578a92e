"""What colleagues and the application have told the asker."""

from __future__ import annotations

import uuid

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from casearc_web.access.decide import visible
from casearc_web.access.notices import mark_seen, own
from casearc_web.access.requests import StaffRequest
from casearc_web.access.verbs import Verb
from casearc_web.clients.models import Client

_A_PAGE = 25


def notices_page(request: StaffRequest) -> HttpResponse:
    """The asker's notices, those not yet seen first; marking them as seen."""
    by = request.asker
    if request.method == "POST":
        mark_seen(by=by, notices=_chosen(request))
        return redirect("clients:notices")
    page = Paginator(own(by=by), _A_PAGE).get_page(request.GET.get("page"))
    about = {notice.client_id for notice in page if notice.client_id}
    by.trail.saw(about)
    reached = set(visible(by, Verb.VIEW_CLIENT, Client.objects.filter(pk__in=about)).values_list("pk", flat=True))
    return render(request, "clients/notices.html", {"page": page, "reached": reached})


def _chosen(request: HttpRequest) -> list[uuid.UUID]:
    """Ids as sent; what is none is left out."""
    found = []
    for text in request.POST.getlist("notice"):
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found
