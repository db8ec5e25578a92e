"""The page of intake. Before anything is written it says who is here already; saving anyway is one more press."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from casearc_web.access.asker import Asker
from casearc_web.access.requests import StaffRequest
from casearc_web.clients.forms import WayFields
from casearc_web.clients.models import Client
from casearc_web.drafts.queries import used
from casearc_web.drafts.saving import save_once
from casearc_web.enrollments.intake.actions import Newcomer, ReferredBy, intake, look_for_likes, tell_of_likes
from casearc_web.enrollments.intake.forms import IntakeForm, WaysFormSet
from casearc_web.enrollments.intake.queries import Likes
from casearc_web.vault.models import ContactWay, Identity

DRAFT = "intake"


def intake_page(request: StaffRequest) -> HttpResponseBase:
    """The empty form; or what comes of sending it."""
    by = request.asker
    if request.method != "POST":
        return _page(request, IntakeForm(by=by), WaysFormSet(prefix="way"))
    form, ways = IntakeForm(request.POST, by=by), WaysFormSet(request.POST, prefix="way")
    if not (form.is_valid() & ways.is_valid()):
        return _page(request, form, ways)
    submission = form.cleaned_data["submission"]
    if used(by=by, submission=submission) is None:
        found = _likes(by, form, ways)
        if found and "anyway" not in request.POST:
            return _page(request, form, ways, likes=found)
    else:
        found = Likes(own=(), elsewhere=frozenset())
    tells = found.elsewhere if "tell" in request.POST else frozenset()

    def write() -> str:
        client = _intake(by, form, ways)
        if tells:
            tell_of_likes(by=by, client=client, elsewhere=Client.objects.filter(pk__in=tells))
        messages.success(request, _("Saved. What else is known can be added here whenever there is time."))
        return reverse("clients:client", kwargs={"client": client.pk})

    return save_once(request, key=DRAFT, submission=submission, write=write)


def _page(
    request: StaffRequest, form: IntakeForm, ways: BaseFormSet[WayFields], *, likes: Likes | None = None
) -> HttpResponse:
    context = {"form": form, "ways": ways, "likes": likes}
    return render(request, "enrollments/intake.html", context)


def _likes(by: Asker, form: IntakeForm, ways: BaseFormSet[WayFields]) -> Likes:
    return look_for_likes(
        by=by, names=_names(form), birth_date=form.birth(), ways=[way.value for way in _contact_ways(ways)]
    )


def _names(form: IntakeForm) -> list[str]:
    cleaned = form.cleaned_data
    full = f"{cleaned['given_name']} {cleaned['family_name']}".strip()
    return [name for name in (full, *cleaned["aliases"]) if name]


def _intake(by: Asker, form: IntakeForm, ways: BaseFormSet[WayFields]) -> Client:
    cleaned = form.cleaned_data
    named = {name: cleaned[name] for name in ("given_name", "family_name", "aliases", "pronouns", "safety_notes")}
    referred = cleaned["referred_by"] or cleaned["referral_reason"]
    return intake(
        by=by,
        newcomer=Newcomer(identity=Identity(birth_date=form.birth(), **named), ways=tuple(_contact_ways(ways))),
        language=cleaned["language"],
        program=cleaned["program"],
        site=cleaned.get("site"),
        lead=cleaned["lead"],
        started_on=cleaned["started_on"],
        age_at_start=form.age_at_start(),
        referral=ReferredBy(organization=cleaned["referred_by"], reason=cleaned["referral_reason"])
        if referred
        else None,
    )


def _contact_ways(ways: BaseFormSet[WayFields]) -> Iterable[ContactWay]:
    for form in ways.forms:
        if form.cleaned_data.get("channel"):
            yield ContactWay(**{name: form.cleaned_data[name] for name in ("channel", "value", "permission", "words")})
