"""Pages of the shell alone: its routes are `pages.py`, without any app that has records."""

from __future__ import annotations

import pytest

from casearc_web.access import routes
from web.shell import pages


@pytest.fixture(autouse=True)
def shell_pages(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ROOT_URLCONF = "web.shell.pages"
    settings.CASEARC_LEAVE_TO = "/neutral"
    for name, rule in pages.RULES.items():
        monkeypatch.setitem(routes._admitted, name, rule)
    pages.kept.clear()
    pages.written.clear()
    pages.signed_out.clear()
