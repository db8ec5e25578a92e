"""Deny by default: no rule, no sign-in, no verb, no page. And nothing read leaves before it is logged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation

from casearc_web.access.actions import log
from casearc_web.access.decide import Denied, may
from casearc_web.access.door import asker_of
from casearc_web.access.gates import meet_stranger, pass_gates
from casearc_web.access.requests import asker_in
from casearc_web.access.routes import Rule, rule_of
from casearc_web.access.row_security import enter, leave
from casearc_web.access.verbs import Verb
from casearc_web.audit.models import Outcome

UNLOGGED = frozenset({Verb.SEE_HOME, Verb.USE_OWN_ACCOUNT, Verb.SIGN_IN})
"""Pages that are logged only where they showed a client."""


class AccessMiddleware:
    """Between every request and its view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            response = self.get_response(request)
            self._log_what_was_read(request, response)
        finally:
            leave()
        response.setdefault("Cache-Control", "no-store")
        return response

    def process_view(self, request: HttpRequest, callback: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """Let pass, or answer instead of the view."""
        match = request.resolver_match
        rule = rule_of(callback, match.view_name if match else "")
        if rule is None:
            return not_found(request)
        setattr(request, "rule", rule)  # noqa: B010 - a StaffRequest from here on
        if request.method not in rule.methods:
            return HttpResponse(status=405, headers={"Allow": ", ".join(sorted(rule.methods))})
        if rule.public:
            return None
        return self._let_in(request, rule, match.view_name if match else "")

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """A denial within a view: logged, and answered like a page that is not there."""
        if not isinstance(exception, Denied):
            return None
        return self._deny(request, exception)

    def _let_in(self, request: HttpRequest, rule: Rule, route: str) -> HttpResponseBase | None:
        if not request.user.is_authenticated:
            return meet_stranger(request, rule) or redirect(settings.LOGIN_URL)
        staff = request.user
        enter(staff.agency_id)
        by = asker_of(staff, remember=True)
        by.trail.route = route
        setattr(request, "asker", by)  # noqa: B010 - a StaffRequest from here on
        translation.activate(by.language)
        request.LANGUAGE_CODE = by.language
        answer = pass_gates(request, rule)
        if answer is not None:
            return answer
        if rule.verb is None or not may(by, rule.verb):
            return self._deny(request, Denied(rule.verb or Verb.SIGN_IN), status=403)
        return None

    def _deny(self, request: HttpRequest, denied: Denied, *, status: int = 404) -> HttpResponseBase:
        by = asker_in(request)
        if by is None:
            return not_found(request)
        by.trail.clear()
        by.trail.about(denied.kind, denied.record_id)
        log(by, denied.verb, outcome=Outcome.DENIED)
        return not_found(request) if status == 404 else render(request, "shell/403.html", status=403)

    def _log_what_was_read(self, request: HttpRequest, response: HttpResponseBase) -> None:
        """Commit the event of a read before anything of the answer leaves; without the event there is no answer."""
        by = asker_in(request)
        rule: Rule | None = getattr(request, "rule", None)
        if by is None or rule is None or rule.verb is None:
            return
        if response.status_code >= 400 and not by.trail.clients:
            return  # a page of two versions (409) has shown a client; a denial has logged itself
        read = request.method in ("GET", "HEAD") and rule.verb not in UNLOGGED and response.status_code == 200
        if by.trail.clients or read:
            log(by, rule.verb, outcome=Outcome.OPENED)


def not_found(request: HttpRequest) -> HttpResponse:
    """Not here, or not yours to see: the same page for both."""
    return render(request, "shell/404.html", status=404)
