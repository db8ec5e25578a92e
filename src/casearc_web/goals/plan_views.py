"""Pages of a support plan."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from casearc_web.access.asker import Asker
from casearc_web.access.decide import Denied, may
from casearc_web.access.requests import StaffRequest
from casearc_web.access.verbs import Verb
from casearc_web.clients.models import Client
from casearc_web.clients.pages import client_for, within
from casearc_web.enrollments.models import Enrollment
from casearc_web.goals import actions, queries
from casearc_web.goals.forms import AgreeForm, PlanForm, Versioned, plan_values
from casearc_web.goals.models import Goal, Progress, SupportPlan
from casearc_web.goals.saving import save
from casearc_web.goals.schedule import plan_due, review_due
from casearc_web.needs.queries import chosen, domains, enrollment_for, sees_substance_use


@dataclass(frozen=True, slots=True)
class Shown:
    """A goal as the plan shows it. `due_on` is the next review's day."""

    goal: Goal
    domain: str
    reviewed_on: date | None
    progress: str
    due_on: date | None


def plan(request: StaffRequest, client: uuid.UUID, enrollment: uuid.UUID | None = None) -> HttpResponseBase:
    """A stay's plan and goals; without a stay, the open one or the last."""
    by = request.asker
    who = client_for(by, Verb.VIEW_CASEWORK, client)
    stays = queries.stays(by, who)
    stay = chosen(stays, enrollment)
    context = {"stays": stays, "stay": stay, "may_write": may(by, Verb.WRITE_CASEWORK)}
    return within(request, who, "goals/plan.html", context | (_of(by, stay) if stay else {}))


def _of(by: Asker, stay: Enrollment) -> dict[str, Any]:
    found = queries.plan_of(by, stay)
    goals = shown(by, stay, queries.goals_of(by, stay))
    agreed = found.agreed_on if found else None
    return {
        "plan": found,
        "open_goals": [one for one in goals if one.goal.is_open],
        "closed_goals": [one for one in goals if not one.goal.is_open],
        "changed_since": bool(agreed and any(one.goal.opened_on > agreed for one in goals)),
        "plan_due_on": plan_due(started_on=stay.started_on, exited_on=stay.exited_on, has_plan=found is not None),
        "sees_all": may(by, Verb.VIEW_SUBSTANCE_USE),
        "today": timezone.localdate(),
    }


def shown(by: Asker, stay: Enrollment, goals: Sequence[Goal]) -> list[Shown]:
    """Goals with the names of their domains, their last reviews and when the next ones are due."""
    names = {domain.code: str(domain.name) for domain in domains(by.agency_id)} if goals else {}
    found = []
    for goal in goals:
        last: date | None = getattr(goal, "reviewed_on", None)
        days = [goal.opened_on, goal.reopened_on or goal.opened_on, last or goal.opened_on]
        due_on = review_due(looked_at=max(days), exited_on=stay.exited_on) if goal.is_open else None
        progress = str(Progress(getattr(goal, "progress", 0)).label) if last else ""
        found.append(Shown(goal, names.get(goal.domain, goal.domain), last, progress, due_on))
    return found


def edit_plan(request: StaffRequest, client: uuid.UUID, enrollment: uuid.UUID) -> HttpResponseBase:
    """Begin a plan, or change what it says."""
    who, stay, found = _for_writing(request, client, enrollment)
    by = request.asker
    initial = {"wishes": found.wishes, "version": found.version} if found else {}
    form = PlanForm(request.POST or None, initial=initial)

    def write(typed: dict[str, Any]) -> None:
        if found:
            actions.change_plan(by=by, plan=found, version=form.edited, values=typed)
        else:
            actions.begin_plan(by=by, enrollment=stay, **typed)

    said = _("The plan is saved.")
    heading = _("What the plan says") if found else _("Begin a plan")
    return _answer(request, who, stay, form, key="plan", heading=heading, said=said, write=write, record=found)


def agree(request: StaffRequest, client: uuid.UUID, enrollment: uuid.UUID) -> HttpResponseBase:
    """Note that the young person agreed to the plan."""
    who, stay, found = _for_writing(request, client, enrollment)
    if found is None:
        raise Denied(Verb.WRITE_CASEWORK)
    initial = {"agreed_on": timezone.localdate(), "agreed_how": found.agreed_how, "version": found.version}
    form = AgreeForm(request.POST or None, initial=initial)

    def write(typed: dict[str, Any]) -> None:
        actions.change_plan(by=request.asker, plan=found, version=form.edited, values=typed)

    said, heading = _("The agreement is noted."), _("The young person agrees")
    return _answer(request, who, stay, form, key="agree", heading=heading, said=said, write=write, record=found)


def print_plan(request: StaffRequest, client: uuid.UUID, enrollment: uuid.UUID) -> HttpResponseBase:
    """A copy for the young person, in their language: no name, no agency, nothing that tells a finder whose it is."""
    by = request.asker
    who = client_for(by, Verb.VIEW_CASEWORK, client)
    stay = enrollment_for(by, Verb.VIEW_CASEWORK, who, enrollment)
    goals = [goal for goal in queries.goals_of(by, stay) if goal.is_open]
    language = request.GET.get("language") or who.language
    context = {"plan": queries.plan_of(by, stay), "goals": goals, "client_id": who.pk, "stay": stay}
    with translation.override(language if language in {"en", "es"} else by.language):
        return render(request, "goals/print.html", context)


def _for_writing(
    request: StaffRequest, client: uuid.UUID, enrollment: uuid.UUID
) -> tuple[Client, Enrollment, SupportPlan | None]:
    by = request.asker
    who = client_for(by, Verb.WRITE_CASEWORK, client)
    stay = enrollment_for(by, Verb.WRITE_CASEWORK, who, enrollment)
    return who, stay, queries.plan_of(by, stay)


def _answer(
    request: StaffRequest,
    who: Client,
    stay: Enrollment,
    form: Versioned,
    *,
    key: str,
    heading: str,
    **options: Any,
) -> HttpResponse | HttpResponseBase:
    to = reverse("goals:of_enrollment", kwargs={"client": who.pk, "enrollment": stay.pk})
    if form.is_valid():
        answer = save(request, form, key=f"plan-{key}:{stay.pk}", to=to, values=plan_values, **options)
        if answer is not None:
            return answer
    context = {"form": form, "heading": heading, "back": to, "key": f"plan-{key}", "record_id": stay.pk}
    return within(request, who, "goals/form.html", context, status=422 if form.errors else 200)


def may_choose(by: Asker, stay: Enrollment, current: str = "") -> list[Any]:
    """The domains a goal of a stay may belong to: those in use, and the one it has."""
    seen = sees_substance_use(by, stay)
    known = [domain for domain in domains(by.agency_id) if seen or not domain.substance_use]
    return [domain for domain in known if not domain.retired or domain.code == current]
