"""How axes counts tries: by a digest of the user name and the address, so that nothing typed into the form is kept."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from casearc_web import configuration, keys
from casearc_web.shell.views import too_many
from casearc_web.signin.events import failed


def name_digest(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """In place of a user name, known or not: people type passwords into that field too."""
    name = str((credentials or {}).get("username") or request.POST.get("login", "")).strip().casefold()
    return hmac.digest(keys.current().sessions, b"try\0" + name.encode(), "sha256").hex()[:32]


def address_of(request: HttpRequest) -> str:
    """Who asks, as the network sees them. Behind a proxy: what the proxy itself added last."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if configuration.current().behind_tls else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR") or "127.0.0.1")


def nobody(*_: object) -> str:
    """What axes writes into the server's log about who tried: nothing."""
    return "somebody"


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: Mapping[str, Any] | None = None
) -> HttpResponse:
    """The answer to too many tries; the same whether or not there is such a user name."""
    failed(str((credentials or {}).get("username", "")), "locked for a while after five tries")
    return too_many(request)
