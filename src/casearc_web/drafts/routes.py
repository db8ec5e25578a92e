"""The app's addresses, each with its rule."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from casearc_web.access.routes import page
from casearc_web.access.verbs import Verb
from casearc_web.drafts import views

app_name = "drafts"

urlpatterns: list[URLPattern | URLResolver] = [
    page("drafts/<str:key>", views.draft, verb=Verb.USE_OWN_ACCOUNT, name="draft", writes=True, deletes=True),
    page("kept/<uuid:form>/", views.kept, verb=Verb.USE_OWN_ACCOUNT, name="kept", writes=True),
]
