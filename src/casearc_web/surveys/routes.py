"""The app's addresses, each with its rule."""

from __future__ import annotations

from casearc_web.access.routes import page
from casearc_web.access.verbs import Verb
from casearc_web.surveys import views

app_name = "surveys"

urlpatterns = [
    page(
        "clients/<uuid:client>/measures/",
        views.administrations,
        verb=Verb.VIEW_CASEWORK,
        name="administrations",
    ),
    page(
        "clients/<uuid:client>/measures/<str:reference>/",
        views.enter,
        verb=Verb.WRITE_CASEWORK,
        name="enter",
        writes=True,
    ),
]
