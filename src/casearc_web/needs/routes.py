"""The app's addresses, each with its rule."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from casearc_web.access.routes import page
from casearc_web.access.verbs import Verb
from casearc_web.needs import domain_views, views

app_name = "needs"

_WRITE, _MANAGE = Verb.WRITE_CASEWORK, Verb.MANAGE_AGENCY
_OWN = "clients/<uuid:client>/needs/"

urlpatterns: list[URLPattern | URLResolver] = [
    page(_OWN, views.assessments, verb=Verb.VIEW_CASEWORK, name="assessments"),
    page(f"{_OWN}<uuid:enrollment>/", views.assessments, verb=Verb.VIEW_CASEWORK, name="of_enrollment"),
    page(f"{_OWN}<uuid:enrollment>/new/", views.assess, verb=_WRITE, name="assess", writes=True),
    page(f"{_OWN}on/<uuid:assessment>/", views.assessment, verb=Verb.VIEW_CASEWORK, name="assessment"),
    page(f"{_OWN}on/<uuid:assessment>/change/", views.correct, verb=_WRITE, name="correct", writes=True),
    page("settings/domains/", domain_views.domains, verb=_MANAGE, name="domains"),
    page("settings/domains/new/", domain_views.add_domain, verb=_MANAGE, name="add_domain", writes=True),
    page("settings/domains/<slug:code>/", domain_views.change_domain, verb=_MANAGE, name="change_domain", writes=True),
]
