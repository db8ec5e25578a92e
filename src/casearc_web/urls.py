"""Every address of the application. Each app's own stand in its `routes.py`; a test goes through them all."""

from __future__ import annotations

from django.urls import include, path

from casearc_web.access.routes import Rule, admit

for _name in ("welcome", "leave"):
    admit(f"shell:{_name}", Rule(verb=None, public=True))
admit("shell:language", Rule(verb=None, public=True, methods=frozenset({"POST"})))

APPS = (
    *("signin", "drafts", "staff", "clients", "consent", "enrollments", "casework", "needs", "goals", "surveys"),
    *("analysis_export", "outcomes", "retention", "imports"),
)

urlpatterns = [
    path("", include("casearc_web.signin.allauth_routes")),
    path("", include("casearc_web.shell.routes")),
    *(path("", include(f"casearc_web.{app}.routes")) for app in APPS),
]

handler400 = "casearc_web.shell.views.bad_request"
handler403 = "casearc_web.shell.views.not_yours"
handler404 = "casearc_web.shell.views.not_found"
handler500 = "casearc_web.shell.views.broken"
