"""Chromium for the pages of this app."""

from __future__ import annotations

from web.browser.fixtures import *  # noqa: F403  # fixtures are found by name
from web.browser.signed_in import *  # noqa: F403
