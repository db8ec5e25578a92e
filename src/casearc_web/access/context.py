"""What pages know of who asks: their name and their menu."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch

from casearc_web.access.asker import Asker
from casearc_web.access.decide import may
from casearc_web.access.navigation import Entry, entries
from casearc_web.access.requests import asker_in
from casearc_web.addresses import address


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `navigation`, `signed_in_name`, `sign_in_url`, `sign_out_url`."""
    by = asker_in(request)
    if by is None:
        return {"navigation": [], "sign_in_url": _address("account_login")}
    shown = [(entry, address(entry.route)) for entry in entries() if may(by, entry.verb)]
    menu = [
        {"label": _label(entry, by), "url": url, "current": _lies_under(request.path, url)} for entry, url in shown
    ]
    return {
        "navigation": menu,
        "signed_in_name": by.name,
        "account_url": _address("signin:account"),
        "sign_out_url": _address("account_logout"),
    }


def _lies_under(here: str, address: str) -> bool:
    return here == address or (address != "/" and here.startswith(address))


def _label(entry: Entry, by: Asker) -> str:
    waiting = entry.count(by) if entry.count else 0
    return f"{entry.label} ({waiting})" if waiting else str(entry.label)


def _address(name: str) -> str:
    try:
        return address(name)
    except NoReverseMatch:
        return ""
