"""Pages of one goal: what it says, its steps, its reviews, its end, its history."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from casearc_web.access.decide import Denied, may
from casearc_web.access.history import history
from casearc_web.access.requests import StaffRequest
from casearc_web.access.verbs import Verb
from casearc_web.clients.models import Client
from casearc_web.clients.pages import client_for, within
from casearc_web.goals import actions, queries
from casearc_web.goals.forms import (
    CloseForm,
    GoalForm,
    ReopenForm,
    ReviewForm,
    StepsForm,
    Versioned,
    closing_values,
    goal_values,
    review_values,
    steps_values,
)
from casearc_web.goals.models import Goal, Rating
from casearc_web.goals.plan_views import may_choose
from casearc_web.goals.saving import save
from casearc_web.needs.queries import domains, enrollment_for

Typed = dict[str, Any]


def goal(request: StaffRequest, client: uuid.UUID, goal: uuid.UUID) -> HttpResponseBase:
    """One goal whole."""
    who, found = _found(request, Verb.VIEW_CASEWORK, client, goal)
    by = request.asker
    names = {domain.code: domain.name for domain in domains(by.agency_id)}
    context = {
        "goal": found,
        "domain": names.get(found.domain, found.domain),
        "reviews": queries.reviews_of(by, found),
        "levels": [(rating, found.looks_like.get(str(rating.value), "")) for rating in reversed(Rating)],
        "may_write": may(by, Verb.WRITE_CASEWORK),
        "form": StepsForm(goal=found, initial={**steps_values(found), "version": found.version}),
    }
    return within(request, who, "goals/goal.html", context)


def set_goal(request: StaffRequest, client: uuid.UUID, enrollment: uuid.UUID) -> HttpResponseBase:
    """Set a goal."""
    by = request.asker
    who = client_for(by, Verb.WRITE_CASEWORK, client)
    stay = enrollment_for(by, Verb.WRITE_CASEWORK, who, enrollment)
    form = GoalForm(request.POST or None, domains=may_choose(by, stay), initial={"opened_on": timezone.localdate()})
    to = reverse("goals:of_enrollment", kwargs={"client": who.pk, "enrollment": stay.pk})

    def write(typed: Typed) -> None:
        actions.set_goal(by=by, enrollment=stay, **form.content(typed))

    if form.is_valid():
        answer = save(request, form, key=f"goal-new:{stay.pk}", to=to, said=_("The goal is set."), write=write)
        if answer is not None:
            return answer
    context = {"form": form, "heading": _("Set a goal"), "back": to, "key": "goal-new", "record_id": stay.pk}
    return within(request, who, "goals/goal_form.html", context, status=422 if form.errors else 200)


def change_goal(request: StaffRequest, client: uuid.UUID, goal: uuid.UUID) -> HttpResponseBase:
    """Change what a goal says."""
    by = request.asker
    who, found = _found(request, Verb.WRITE_CASEWORK, client, goal)
    choices = may_choose(by, found.enrollment, found.domain)
    form = GoalForm(request.POST or None, domains=choices, initial={**goal_values(found), "version": found.version})

    def write(typed: Typed) -> None:
        actions.change_goal(by=by, goal=found, version=form.edited, values=form.content(typed))

    words = {"said": _("The goal is saved."), "heading": _("Change the goal")}
    return _answer(
        request, who, found, form, "goal-edit", "goals/goal_form.html", **words, write=write, values=goal_values
    )


def steps(request: StaffRequest, client: uuid.UUID, goal: uuid.UUID) -> HttpResponseBase:
    """Tick steps."""
    who, found = _found(request, Verb.WRITE_CASEWORK, client, goal)
    form = StepsForm(request.POST or None, goal=found, initial={**steps_values(found), "version": found.version})

    def write(typed: Typed) -> None:
        actions.tick_steps(by=request.asker, goal=found, version=form.edited, done=typed["done"])

    words = {"said": _("The steps are saved."), "heading": _("Steps")}
    return _answer(request, who, found, form, "goal-steps", **words, write=write, values=steps_values)


def review(request: StaffRequest, client: uuid.UUID, goal: uuid.UUID) -> HttpResponseBase:
    """Review a goal: progress, steps, a note."""
    who, found = _found(request, Verb.WRITE_CASEWORK, client, goal)
    if not found.is_open:
        raise Denied(Verb.WRITE_CASEWORK, kind=found._meta.label_lower, record_id=found.pk)
    initial = {**steps_values(found), "on": timezone.localdate(), "version": found.version}
    form = ReviewForm(request.POST or None, goal=found, initial=initial)

    def write(typed: Typed) -> None:
        actions.review_goal(by=request.asker, goal=found, version=form.edited, **typed)

    words = {"said": _("The review is saved."), "heading": _("Review the goal")}
    return _answer(request, who, found, form, "goal-review", **words, write=write, values=steps_values)


def change_review(request: StaffRequest, client: uuid.UUID, goal: uuid.UUID, review: uuid.UUID) -> HttpResponseBase:
    """Change a review."""
    by = request.asker
    who, found = _found(request, Verb.WRITE_CASEWORK, client, goal)
    own = queries.review_for(by, found, review)
    initial = {**review_values(own), "version": own.version}
    form = ReviewForm(request.POST or None, goal=found, steps=False, initial=initial)

    def write(typed: Typed) -> None:
        actions.change_review(by=by, review=own, version=form.edited, values=typed)

    words = {"said": _("The review is saved."), "heading": _("Change the review")}
    return _answer(request, who, found, form, "review-edit", **words, write=write, values=review_values, record=own)


def close(request: StaffRequest, client: uuid.UUID, goal: uuid.UUID) -> HttpResponseBase:
    """Close a goal with a rating, or let it go; also to correct how it was closed."""
    who, found = _found(request, Verb.WRITE_CASEWORK, client, goal)
    on = {"on": timezone.localdate()} if found.is_open else {}
    initial = {**closing_values(found), **on, "version": found.version}
    form = CloseForm(request.POST or None, goal=found, initial=initial)

    def write(typed: Typed) -> None:
        actions.close_goal(
            by=request.asker,
            goal=found,
            version=form.edited,
            on=typed["on"],
            rating=form.rating(typed),
            note=typed["note"],
        )

    words = {"said": _("The goal is closed."), "heading": _("Close the goal")}
    return _answer(request, who, found, form, "goal-close", **words, write=write, values=closing_values)


def reopen(request: StaffRequest, client: uuid.UUID, goal: uuid.UUID) -> HttpResponseBase:
    """Take a closed goal up again."""
    who, found = _found(request, Verb.WRITE_CASEWORK, client, goal)
    if found.is_open:
        raise Denied(Verb.WRITE_CASEWORK, kind=found._meta.label_lower, record_id=found.pk)
    form = ReopenForm(request.POST or None, initial={"on": timezone.localdate(), "version": found.version})

    def write(typed: Typed) -> None:
        actions.reopen_goal(by=request.asker, goal=found, version=form.edited, on=typed["on"])

    def values(goal: Goal) -> Typed:
        return {"on": goal.reopened_on}

    words = {"said": _("The goal is open again."), "heading": _("Take the goal up again")}
    return _answer(request, who, found, form, "goal-reopen", **words, write=write, values=values)


def goal_history(request: StaffRequest, client: uuid.UUID, goal: uuid.UUID) -> HttpResponseBase:
    """Every change of a goal: when, by whom, and what it was before."""
    who, found = _found(request, Verb.VIEW_CASEWORK, client, goal)
    names = {domain.code: str(domain.name) for domain in domains(request.asker.agency_id)}
    changes = history(request.asker, found, {"domain": lambda code: str(names.get(code, code))})
    return within(request, who, "goals/history.html", {"goal": found, "changes": changes})


def _found(request: StaffRequest, verb: Verb, client: uuid.UUID, goal: uuid.UUID) -> tuple[Client, Goal]:
    who = client_for(request.asker, verb, client)
    return who, queries.goal_for(request.asker, verb, who, goal)


def _answer(
    request: StaffRequest,
    who: Client,
    goal: Goal,
    form: Versioned,
    key: str,
    template: str = "goals/form.html",
    *,
    heading: str,
    record: Any = None,
    **options: Any,
) -> HttpResponseBase:
    edited = record or goal
    to = reverse("goals:goal", kwargs={"client": who.pk, "goal": goal.pk})
    if form.is_valid():
        answer = save(request, form, key=f"{key}:{edited.pk}", to=to, record=edited, **options)
        if answer is not None:
            return answer
    context = {"form": form, "heading": heading, "back": to, "key": key, "record_id": edited.pk, "goal": goal}
    return within(request, who, template, context, status=422 if form.errors else 200)
