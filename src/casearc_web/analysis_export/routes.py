"""The app's addresses, each with its rule."""

from __future__ import annotations

from casearc_web.access.routes import page
from casearc_web.access.verbs import Verb
from casearc_web.analysis_export import views

app_name = "analysis_export"

urlpatterns = [
    page("exports/", views.exports, verb=Verb.SEE_EXPORTS, name="exports"),
    page("exports/new/", views.new_export, verb=Verb.EXPORT_ROWS, name="new", writes=True),
    page("exports/<uuid:export>/", views.decide_export, verb=Verb.APPROVE_EXPORT, name="decide", writes=True),
    page(
        "exports/<uuid:export>/rows/", views.take_export, verb=Verb.EXPORT_ROWS, name="take", writes=True, step_up=True
    ),
]
