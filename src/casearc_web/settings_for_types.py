"""The settings as the type checker imports them: without an agency's folder and without keys."""

from __future__ import annotations

from pathlib import Path

from casearc_web import configuration

configuration.use(configuration.Configuration(folder=Path("nowhere")))

from casearc_web.settings import *  # noqa: E402, F403 - the configuration must be in place first
