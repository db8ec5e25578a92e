"""The app's addresses, each with its rule."""

from __future__ import annotations

from casearc_web.access.routes import page
from casearc_web.access.verbs import Verb
from casearc_web.outcomes import views

app_name = "outcomes"

urlpatterns = [
    page("evaluation/", views.evaluations, verb=Verb.VIEW_RESULTS, name="evaluations"),
    page("evaluation/plans/new/", views.new_plan, verb=Verb.RUN_EVALUATION, name="new_plan", writes=True),
    page("evaluation/plans/<uuid:plan>/", views.plan_page, verb=Verb.RUN_EVALUATION, name="plan", writes=True),
    page(
        "evaluation/plans/<uuid:plan>/edit/", views.edit_plan, verb=Verb.RUN_EVALUATION, name="edit_plan", writes=True
    ),
    page("evaluation/runs/<uuid:run>/", views.run_page, verb=Verb.VIEW_RESULTS, name="run"),
    page("evaluation/runs/<uuid:run>/<path:name>", views.report_file, verb=Verb.VIEW_RESULTS, name="file"),
]
