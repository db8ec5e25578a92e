"""Who has looked at a client."""

from __future__ import annotations

import uuid

from django.http import HttpResponseBase

from casearc_web.access.requests import StaffRequest
from casearc_web.access.verbs import Verb
from casearc_web.clients.pages import client_for, within
from casearc_web.staff.forms import BeforeForm
from casearc_web.staff.log import client_log


def looked(request: StaffRequest, client: uuid.UUID) -> HttpResponseBase:
    """The client's part of the log, in sentences. Looking at it is logged too."""
    by = request.asker
    who = client_for(by, Verb.VIEW_CLIENT_AUDIT, client)
    logged = client_log(by, who.pk, before=BeforeForm(request.GET).before_number())
    return within(request, who, "enrollments/looked.html", {"logged": logged})
