"""The app's addresses, each with its rule."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from casearc_web.access.routes import page
from casearc_web.access.verbs import Verb
from casearc_web.enrollments.intake.views import intake_page

app_name = "enrollments"

urlpatterns: list[URLPattern | URLResolver] = [
    page("clients/new/", intake_page, verb=Verb.INTAKE_CLIENT, name="intake", writes=True),
]
