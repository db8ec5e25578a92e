"""A form sent twice at once is written once: the second sender is led to where the first one got."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

from casearc_web.drafts.actions import RepeatedError


class RepeatedFormMiddleware:
    """Turns `RepeatedError` into a redirect, so that no view has to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Lead on, where it is this error."""
        return HttpResponseRedirect(exception.address) if isinstance(exception, RepeatedError) else None
