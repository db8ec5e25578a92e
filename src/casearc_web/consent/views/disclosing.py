"""Disclosing: choose, look at exactly what would go out, confirm. What answers that is the statement itself."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from casearc_web.access.actions import log
from casearc_web.access.requests import StaffRequest
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import Agency
from casearc_web.audit.models import Outcome
from casearc_web.clients.models import Client
from casearc_web.clients.pages import client_for, within
from casearc_web.consent import actions, permits, queries
from casearc_web.consent.categories import sections
from casearc_web.consent.codes import AuthorizationKind, Category, Delivery
from casearc_web.consent.forms import DiscloseForm
from casearc_web.consent.models import Authorization
from casearc_web.drafts.actions import finish
from casearc_web.drafts.queries import used

CONFIRM, DOWNLOAD = "confirm", "download"


def disclose(request: StaffRequest, client: uuid.UUID, authorization: uuid.UUID) -> HttpResponseBase:
    """Under a release of information."""
    return _disclose(request, client, authorization, Verb.DISCLOSE, AuthorizationKind.RELEASE)


def disclose_part2(request: StaffRequest, client: uuid.UUID, authorization: uuid.UUID) -> HttpResponseBase:
    """Under an authorization of 42 CFR Part 2."""
    return _disclose(request, client, authorization, Verb.DISCLOSE_SUBSTANCE_USE, AuthorizationKind.PART2)


def _disclose(
    request: StaffRequest, client: uuid.UUID, authorization: uuid.UUID, verb: Verb, kind: AuthorizationKind
) -> HttpResponseBase:
    by = request.asker
    who = client_for(by, verb, client)
    one = queries.authorization_for(by, verb, who, authorization)
    if one.kind != kind or not permits.live(agency_id=by.agency_id).filter(pk=one.pk).exists():
        return _refused(request, who, one, verb)
    allowed = [Category(each.category) for each in one.categories.all()]
    form = DiscloseForm(request.POST or None, allowed=allowed, initial={"categories": allowed})
    context = {"form": form, "one": one, "key": f"disclose:{one.pk}"}
    if not form.is_valid():
        return within(request, who, "consent/disclose.html", context, status=422 if form.errors else 200)
    if request.POST.get("do") not in (CONFIRM, DOWNLOAD):
        shown = list(sections(by, who, form.chosen()))
        return within(request, who, "consent/disclose.html", {**context, "sections": shown})
    return _confirmed(request, who, one, form, verb)


def _confirmed(
    request: StaffRequest, who: Client, one: Authorization, form: DiscloseForm, verb: Verb
) -> HttpResponseBase:
    by, data = request.asker, form.cleaned_data
    account = reverse("consent:disclosures", kwargs={"client": who.pk})
    if used(by=by, submission=data["submission"]) is not None:
        messages.warning(request, _("This has been disclosed already. To do it once more, start again."))
        return HttpResponseRedirect(account)
    act = actions.disclose_substance_use if verb is Verb.DISCLOSE_SUBSTANCE_USE else actions.disclose
    try:
        with transaction.atomic():
            done = act(by=by, authorization=one, categories=form.chosen(), delivery=Delivery(data["delivery"]))
            finish(by=by, key=f"disclose:{one.pk}", submission=data["submission"], address=account)
    except actions.NotPermittedError:
        return _refused(request, who, one, verb)
    return _statement(request, who, one, done)


def _statement(request: StaffRequest, who: Client, one: Authorization, done: actions.Disclosed) -> HttpResponse:
    context = {
        "client": who,
        "one": one,
        "disclosure": done.disclosure,
        "sections": done.contents,
        "agency": Agency.objects.get(pk=who.agency_id),
        "is_part2": one.kind == AuthorizationKind.PART2,
        "categories": [Category(each).label for each in done.disclosure.categories],
        "account": reverse("consent:disclosures", kwargs={"client": who.pk}),
    }
    if request.POST.get("do") != DOWNLOAD:
        return render(request, "consent/statement.html", context)
    answer = render(request, "consent/statement_file.html", context)
    answer["Content-Disposition"] = 'attachment; filename="statement.html"'
    return answer


def _refused(request: StaffRequest, who: Client, one: Authorization, verb: Verb) -> HttpResponse:
    by = request.asker
    by.trail.about(one._meta.label_lower, one.pk)
    by.trail.say("no live authorization")
    log(by, verb, outcome=Outcome.DENIED, clients=frozenset({who.pk}))
    return within(request, who, "consent/refused.html", {"one": one}, status=409)
