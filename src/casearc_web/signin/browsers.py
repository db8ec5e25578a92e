"""A browser's own long description in three words, for somebody's list of sign-ins; the rest is not kept.

>>> browser_in("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
'Firefox, Linux'
"""

from __future__ import annotations

_BROWSERS = (("Edg", "Edge"), ("Firefox/", "Firefox"), ("FxiOS", "Firefox"), ("Chrome/", "Chrome"), ("CriOS", "Chrome"))
_SYSTEMS = (
    *(("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows")),
    *(("Mac OS X", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux")),
)


def browser_in(description: str) -> str:
    """Browser and system; empty where neither is told."""
    browser = _first(_BROWSERS, description) or ("Safari" if "Safari/" in description else "")
    return ", ".join(part for part in (browser, _first(_SYSTEMS, description)) if part)


def _first(known: tuple[tuple[str, str], ...], description: str) -> str:
    return next((name for mark, name in known if mark in description), "")
