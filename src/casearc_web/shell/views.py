"""Pages that show no record: the front door, quick exit, and what is said when something cannot be done.

The project's routes name the error views: `handler400 = "casearc_web.shell.views.bad_request"` and so on, and settings
`CSRF_FAILURE_VIEW = "casearc_web.shell.views.csrf_failed"`. No error page says what was asked for, or why it failed.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from casearc_web.shell.context import leave_to, service_name


@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """The front door for somebody who is not signed in."""
    return render(request, "shell/welcome.html")


@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """Quick exit: ends the sign-in, so that "back" shows nothing, and goes to the neutral site.

    A GET, because it must work as a plain link. Another site that links here could only sign somebody out; even that is
    kept from it where the browser says where the request comes from.
    """
    towards = leave_to(request)
    answer = HttpResponseRedirect(towards)
    if request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"} and hasattr(request, "session"):
        _sign_out(request)
        answer.delete_cookie(settings.SESSION_COOKIE_NAME)
    answer["Clear-Site-Data"] = '"cache"'
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cache-Control"] = "no-store"
    return answer


def _sign_out(request: HttpRequest) -> None:
    """As everywhere, with an event in the log. Where the records do not answer, the page is left all the same."""
    with suppress(DatabaseError):
        get_adapter(request).logout(request)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, "shell/400.html", 400)


def not_yours(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, "shell/403.html", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Says the same whether nothing is there or it may not be seen."""
    return _error(request, "shell/404.html", 404)


def too_many(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Too many tries; also django-axes' lockout view (`AXES_LOCKOUT_CALLABLE`)."""
    return _error(request, "shell/429.html", 429)


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database is being restored, re-keyed or is not there."""
    answer = _error(request, "shell/503.html", 503)
    answer["Retry-After"] = "60"
    return answer


def broken(request: HttpRequest) -> HttpResponse:
    """Our own fault. Rendered without the context processors: one of them may be what failed."""
    page = render_to_string("shell/500.html", {"service_name": service_name()})
    return HttpResponse(page, status=500, headers={"Cache-Control": "no-store"})


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token has aged. What was typed comes back on the page and can be sent again.

    Only to the person who typed it: signed in, and sent by our own page. A form sent by another site is never offered
    for sending again.
    """
    typed = list(_typed(request)) if _sent_by_us(request) else []
    return _error(request, "shell/csrf.html", 403, typed=typed)


def _sent_by_us(request: HttpRequest) -> bool:
    origin = urlsplit(request.headers.get("Origin", "")).netloc
    return origin == request.get_host() and getattr(request, "user", None) is not None and request.user.is_authenticated


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and "password" not in name
    ]


def _error(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    answer = render(request, template, context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer
