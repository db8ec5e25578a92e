"""The app's addresses, each with its rule."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from casearc_web.access.routes import View, page
from casearc_web.access.verbs import Verb
from casearc_web.goals import goal_views, plan_views

app_name = "goals"

_PLAN = "clients/<uuid:client>/plan/"
_STAY = f"{_PLAN}<uuid:enrollment>/"
_GOAL = f"{_PLAN}goals/<uuid:goal>/"


def _reads(route: str, view: View, name: str) -> URLPattern:
    return page(route, view, verb=Verb.VIEW_CASEWORK, name=name)


def _writes(route: str, view: View, name: str) -> URLPattern:
    return page(route, view, verb=Verb.WRITE_CASEWORK, name=name, writes=True)


urlpatterns: list[URLPattern | URLResolver] = [
    _reads(_PLAN, plan_views.plan, "plan"),
    _reads(_STAY, plan_views.plan, "of_enrollment"),
    _writes(f"{_STAY}words/", plan_views.edit_plan, "edit_plan"),
    _writes(f"{_STAY}agree/", plan_views.agree, "agree"),
    _reads(f"{_STAY}copy/", plan_views.print_plan, "print"),
    _writes(f"{_STAY}goals/new/", goal_views.set_goal, "set_goal"),
    _reads(_GOAL, goal_views.goal, "goal"),
    _writes(f"{_GOAL}change/", goal_views.change_goal, "change_goal"),
    _writes(f"{_GOAL}steps/", goal_views.steps, "steps"),
    _writes(f"{_GOAL}review/", goal_views.review, "review"),
    _writes(f"{_GOAL}reviews/<uuid:review>/", goal_views.change_review, "change_review"),
    _writes(f"{_GOAL}close/", goal_views.close, "close"),
    _writes(f"{_GOAL}reopen/", goal_views.reopen, "reopen"),
    _reads(f"{_GOAL}history/", goal_views.goal_history, "history"),
]
