"""The app's addresses, each with its rule. What writes records takes a second factor shown just now."""

from __future__ import annotations

from casearc_web.access.routes import page
from casearc_web.access.verbs import Verb
from casearc_web.imports import views

app_name = "imports"

_ONE, _VERB = "imports/<uuid:import_id>/", Verb.IMPORT_RECORDS

urlpatterns = [
    page("imports/", views.imports, verb=_VERB, name="imports"),
    page("imports/new/", views.new, verb=_VERB, name="new", writes=True, step_up=True),
    page(_ONE, views.import_page, verb=_VERB, name="import"),
    page(f"{_ONE}working/", views.working, verb=_VERB, name="working"),
    page(f"{_ONE}look/", views.look, verb=_VERB, name="look", writes=True),
    page(f"{_ONE}questions/", views.questions, verb=_VERB, name="questions", writes=True),
    page(f"{_ONE}mapping/", views.edit_mapping, verb=_VERB, name="mapping", writes=True),
    page(f"{_ONE}mapping.toml", views.download_mapping, verb=_VERB, name="download", writes=True),
    page(f"{_ONE}preview/", views.preview, verb=_VERB, name="preview", writes=True),
    page(f"{_ONE}import/", views.carry_out, verb=_VERB, name="carry_out", writes=True, step_up=True),
    page(f"{_ONE}discard/", views.discard, verb=_VERB, name="discard", writes=True),
    page(f"{_ONE}undo/", views.undo, verb=_VERB, name="undo", writes=True, step_up=True),
]
