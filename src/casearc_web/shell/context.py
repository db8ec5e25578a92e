"""What every page knows: the service's name, the languages, where quick exit leads.

Apps above add, by context processors of their own: `navigation` (a list of `{"label", "url", "current"}`),
`signed_in_name`, `sign_out_url`, `sign_in_url`, `draft_key`. The templates do without any of them.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_info

from casearc_web import configuration

SERVICE_NAME = "Casearc"
LEAVE_TO = "https://www.weather.gov/"


def service_name() -> str:
    """What the agency calls the service in titles and headers: something that tells a passer-by nothing."""
    return str(getattr(settings, "CASEARC_SERVICE_NAME", SERVICE_NAME))


def leave_to(request: HttpRequest) -> str:
    """The neutral site that quick exit opens: the one that somebody's agency chose, else the service's."""
    chosen = getattr(getattr(getattr(request, "user", None), "agency", None), "exit_address", "")
    return chosen or str(getattr(settings, "CASEARC_LEAVE_TO", LEAVE_TO))


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the part of every page that does not depend on who asks."""
    return {
        "service_name": service_name(),
        "made_up": configuration.current().made_up,
        "leave_host": urlsplit(leave_to(request)).hostname,
        "language": get_language() or settings.LANGUAGE_CODE,
        "languages": [{"code": code, "name": get_language_info(code)["name_local"]} for code, _ in settings.LANGUAGES],
        "here": request.get_full_path(),
    }
