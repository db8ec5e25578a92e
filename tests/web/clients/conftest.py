"""Chromium for the pages about clients."""

from __future__ import annotations

from web.browser.fixtures import *  # noqa: F403  # fixtures are found by name
