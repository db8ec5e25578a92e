"""Routes for the tests: the specimen of every component, a form that keeps its draft, and a small server of drafts.

The server keeps the protocol at the head of `drafts.js`, in memory.
"""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import include, path

from casearc_web.access.routes import Rule
from casearc_web.shell import conflict, views
from web.shell import specimen

kept: dict[str, list[list[str]]] = {}
written: dict[str, list[tuple[str, str]]] = {}
signed_out: set[bool] = set()

KEY = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA="
NAVIGATION = [
    {"label": "Caseload", "url": "/specimen", "current": True},
    {"label": "Due", "url": "/due", "current": False},
    {"label": "Search", "url": "/search", "current": False},
    {"label": "Contacts", "url": "/contacts", "current": False},
    {"label": "Reports", "url": "/reports", "current": False},
    {"label": "Activity", "url": "/activity", "current": False},
]
FRAME = {"navigation": NAVIGATION, "signed_in_name": "Ada Example", "sign_out_url": "/welcome", "draft_key": KEY}


def specimen_page(request: HttpRequest) -> HttpResponse:
    messages.success(request, specimen.SAVED)
    form = specimen.SpecimenForm(request.POST if request.method == "POST" else None)
    page = Paginator(range(95), 25).page(2)
    return render(request, "shell/specimen.html", FRAME | {"form": form, "page": page})


def contact_page(request: HttpRequest) -> HttpResponse:
    """A form as the apps write them; a `submission` that has been written is not written again."""
    form = specimen.ContactForm(request.POST or None)
    if form.is_valid():
        submission = str(form.cleaned_data["submission"])
        written.setdefault(submission, conflict.typed_in(request.POST))
        kept.pop("contact-new:1", None)
        return HttpResponseRedirect("/done")
    return render(request, "shell/specimen_form.html", FRAME | {"form": form})


def draft_server(request: HttpRequest, key: str) -> HttpResponse:
    if signed_out:
        return HttpResponse(status=401)
    if request.method == "GET":
        if key not in kept:
            return HttpResponse(status=204)
        return JsonResponse({"fields": kept[key], "saved_at": "2026-11-26T18:30:00Z"})
    if request.method == "DELETE":
        kept.pop(key, None)
    elif _submission(request) in written:
        return HttpResponse(status=410)
    else:
        kept[key] = [list(pair) for pair in conflict.typed_in(request.POST)]
    return HttpResponse(status=204)


def _submission(request: HttpRequest) -> str:
    bare = request.POST.get("submission", "").replace("-", "")
    return "-".join((bare[:8], bare[8:12], bare[12:16], bare[16:20], bare[20:]))


def conflict_page(request: HttpRequest) -> HttpResponse:
    if conflict.is_answer(request.POST):
        saved = {difference.name: difference.saved for difference in specimen.CONFLICT.differences}
        mine = dict(conflict.typed_in(request.POST))
        return JsonResponse(conflict.merged(mine, saved, request.POST) | {"version": request.POST["version"]})
    return render(request, "shell/conflict.html", FRAME | {"conflict": specimen.CONFLICT})


def breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a planted fault")


def bad(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation("planted")


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def plain(text: str) -> object:
    page = f"<!doctype html><html lang=en><title>{text}</title><main><h1>{text}</h1></main></html>"
    return lambda request: HttpResponse(page)


handler400 = views.bad_request
handler403 = views.not_yours
handler404 = views.not_found
handler500 = views.broken

drafts_routes = ([path("<str:key>", draft_server, name="draft")], "drafts")

EVERYTHING = frozenset({"GET", "HEAD", "POST", "DELETE"})
RULES: dict[str, Rule] = {}
"""Of these pages; they hold only while a test of the shell runs (`conftest.py`)."""


def _open(route: str, view: object) -> object:
    """A page without a door: the middleware of access lets everybody through."""
    RULES[route] = Rule(verb=None, public=True, methods=EVERYTHING)
    return path(route, view, name=route)


for name in ("drafts:draft", "shell:welcome", "shell:leave", "shell:language"):
    RULES[name] = Rule(verb=None, public=True, methods=EVERYTHING)
urlpatterns = [
    path("", include("casearc_web.shell.routes")),
    path("drafts/", include(drafts_routes)),
    _open("specimen", specimen_page),
    _open("contact", contact_page),
    _open("conflict", conflict_page),
    _open("done", plain("Saved")),
    _open("neutral", plain("Weather")),
    _open("breaks", breaks),
    _open("bad", bad),
    _open("forbidden", forbidden),
    _open("too-many", views.too_many),
    _open("closed", views.unavailable),
]
