"""A client's stays: what was, what is, and changing it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casearc_web.access.decide import may
from casearc_web.access.requests import StaffRequest
from casearc_web.access.verbs import Verb
from casearc_web.clients.editing import Edit, edit
from casearc_web.clients.models import Client
from casearc_web.clients.pages import client_for, within
from casearc_web.drafts.saving import save_once
from casearc_web.enrollments import queries
from casearc_web.enrollments.actions.care_team import add_to_care_team, end_care
from casearc_web.enrollments.actions.referrals import change_referral, refer
from casearc_web.enrollments.actions.stays import change_stay, enroll, exit_enrollment, take_exit_back
from casearc_web.enrollments.facts import StillOpen, still_open
from casearc_web.enrollments.forms import (
    EndCareForm,
    EnrollForm,
    ExitForm,
    JoinForm,
    ReferralForm,
    ReopenForm,
    StayForm,
)
from casearc_web.records.changes import ConflictError
from casearc_web.shell.forms import Submittable

_REOPEN = gettext_lazy("The stay is open again, and whoever cared for the client on its last day does so again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitEdit(Edit):
    """With what is still open."""

    open: tuple[StillOpen, ...] = ()


def stays(request: StaffRequest, client: uuid.UUID) -> HttpResponseBase:
    """All stays of a client that the asker reaches."""
    by = request.asker
    who = client_for(by, Verb.VIEW_CASEWORK, client)
    found = queries.stays(by, who)
    allowed = {"enroll": may(by, Verb.ENROLL) and client not in by.opened, "assign": may(by, Verb.ASSIGN)}
    return within(request, who, "enrollments/stays.html", {"stays": found, "allowed": allowed})


def new_stay(request: StaffRequest, client: uuid.UUID) -> HttpResponseBase:
    """Enroll again, or in another program."""
    by, who = request.asker, client_for(request.asker, Verb.ENROLL, client)
    form = EnrollForm(request.POST or None, by=by)

    def write() -> None:
        chosen = {name: form.cleaned_data[name] for name in ("program", "site", "lead", "started_on")}
        enroll(by=by, client=who, **chosen)

    return _new(request, who, form, write, draft="enroll", heading=_("Enroll"), about=who.pk)


def edit_stay(request: StaffRequest, client: uuid.UUID, enrollment: uuid.UUID) -> HttpResponseBase:
    """Correct site and days."""
    by, who = request.asker, client_for(request.asker, Verb.EDIT_ENROLLMENT, client)
    stay = queries.stay_for(by, Verb.EDIT_ENROLLMENT, who, enrollment)
    what = Edit(
        record=stay,
        form=StayForm.about(by, stay),
        save=_saving(request, partial(change_stay, enrollment=stay)),
        heading=gettext_lazy("Correct site and days"),
        draft="stay",
        leads_to=_back(who),
    )
    return edit(request, who, what)


def end_stay(request: StaffRequest, client: uuid.UUID, enrollment: uuid.UUID) -> HttpResponseBase:
    """End a stay. What is still open is shown first."""
    by, who = request.asker, client_for(request.asker, Verb.EXIT_ENROLLMENT, client)
    stay = queries.stay_for(by, Verb.EXIT_ENROLLMENT, who, enrollment)
    if not stay.is_open and request.method != "POST":
        return HttpResponseRedirect(_back(who))
    what = ExitEdit(
        record=stay,
        form=ExitForm.about(by, stay),
        save=_saving(request, partial(exit_enrollment, enrollment=stay)),
        heading=gettext_lazy("Record an exit"),
        lead=gettext_lazy("The care team ends with it. Notes can be finished for 90 days."),
        draft="exit",
        leads_to=_back(who),
        template="enrollments/exit.html",
        open=tuple(still_open(by, stay)),
    )
    return edit(request, who, what)


def reopen_stay(request: StaffRequest, client: uuid.UUID, enrollment: uuid.UUID) -> HttpResponseBase:
    """Take an exit back."""
    by, who = request.asker, client_for(request.asker, Verb.EXIT_ENROLLMENT, client)
    stay = queries.stay_for(by, Verb.EXIT_ENROLLMENT, who, enrollment)
    form = ReopenForm(request.POST or None, initial={"version": stay.version})

    def write() -> None:
        take_exit_back(by=by, enrollment=stay, version=form.cleaned_data["version"])

    heading = _("Take the exit back")
    return _new(request, who, form, write, draft="reopen", heading=heading, about=stay.pk, lead=_REOPEN)


def new_member(request: StaffRequest, client: uuid.UUID, enrollment: uuid.UUID) -> HttpResponseBase:
    """Put somebody on the care team."""
    by, who = request.asker, client_for(request.asker, Verb.ASSIGN, client)
    stay = queries.stay_for(by, Verb.ASSIGN, who, enrollment)
    form = JoinForm(request.POST or None, by=by)

    def write() -> None:
        data = form.cleaned_data
        until = data["last_day"] + timedelta(days=1) if data["last_day"] else None
        chosen = {"staff": data["staff"], "part": data["part"], "since": data["since"], "until": until}
        add_to_care_team(by=by, enrollment=stay, **chosen)

    return _new(request, who, form, write, draft="join", heading=_("Add to the care team"), about=stay.pk)


def end_member(request: StaffRequest, client: uuid.UUID, member: uuid.UUID) -> HttpResponseBase:
    """Take somebody off the care team."""
    by, who = request.asker, client_for(request.asker, Verb.ASSIGN, client)
    place = queries.member_for(by, who, member)
    what = Edit(
        record=place,
        form=EndCareForm,
        save=_saving(request, lambda **given: end_care(member=place, **_flat(given))),
        heading=_("Take off the care team: %(name)s") % {"name": place.staff.name},
        draft="member",
        leads_to=_back(who),
    )
    return edit(request, who, what)


def new_referral(request: StaffRequest, client: uuid.UUID, enrollment: uuid.UUID) -> HttpResponseBase:
    """Note a referral."""
    by, who = request.asker, client_for(request.asker, Verb.EDIT_ENROLLMENT, client)
    stay = queries.stay_for(by, Verb.EDIT_ENROLLMENT, who, enrollment)
    form = ReferralForm(request.POST or None, initial={"version": 1})

    def write() -> None:
        refer(by=by, enrollment=stay, values=form.typed())

    return _new(request, who, form, write, draft="referral-new", heading=_("Note a referral"), about=stay.pk)


def edit_referral(request: StaffRequest, client: uuid.UUID, referral: uuid.UUID) -> HttpResponseBase:
    """Correct a referral."""
    by, who = request.asker, client_for(request.asker, Verb.EDIT_ENROLLMENT, client)
    record = queries.referral_for(by, who, referral)
    what = Edit(
        record=record,
        form=ReferralForm,
        save=_saving(request, partial(change_referral, referral=record)),
        heading=gettext_lazy("Correct the referral"),
        draft="referral",
        leads_to=_back(who),
    )
    return edit(request, who, what)


def _new(
    request: StaffRequest,
    who: Client,
    form: Submittable,
    write: Callable[[], None],
    *,
    draft: str,
    heading: str,
    about: uuid.UUID,
    lead: Any = "",
) -> HttpResponseBase:
    """A form that makes something: written once, refused in words, or shown again."""

    def whole() -> str:
        write()
        messages.success(request, _("Saved."))
        return _back(who)

    if request.method == "POST" and form.is_valid():
        try:
            submission = form.cleaned_data["submission"]
            return save_once(request, key=f"{draft}:{about}", submission=submission, write=whole)
        except ValidationError as refused:
            form.add_error(None, refused)
        except ConflictError:
            form.add_error(None, _("Somebody changed this meanwhile. Go back and look again."))
    shown = {"heading": heading, "lead": lead, "leads_to": _back(who)}
    context = {"form": form, "edit": shown, "draft_name": draft, "draft_id": about}
    return within(request, who, "clients/edit.html", context, status=422 if form.errors else 200)


def _saving(request: StaffRequest, action: Callable[..., object]) -> Callable[[int, dict[str, Any]], object]:
    def save(version: int, values: dict[str, Any]) -> object:
        saved = action(by=request.asker, version=version, values=values)
        messages.success(request, _("Saved."))
        return saved

    return save


def _flat(given: dict[str, Any]) -> dict[str, Any]:
    """`end_care` names its one value."""
    values: dict[str, Any] = given.pop("values")
    return {**given, **values}


def _back(who: Client) -> str:
    return reverse("enrollments:stays", kwargs={"client": who.pk})
