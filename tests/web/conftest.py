"""Makes Django ready for the tests of the web application: made-up keys, an encrypted database file, nobody's
records.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import django

from casearc_web import configuration, keys
from casearc_web.keys.derived import derive

FOLDER = Path(tempfile.mkdtemp(prefix="casearc-tests-"))

keys.use(derive(b"made-up key for tests only, 32 b."[:32]))
configuration.use(configuration.Configuration(folder=FOLDER, allowed_hosts=("localhost", "127.0.0.1", "testserver")))
os.environ["DJANGO_SETTINGS_MODULE"] = "casearc_web.settings"

django.setup()

import pytest  # noqa: E402 - Django must be ready before anything imports a model

from web.cast import Cast, make_cast  # noqa: E402


@pytest.fixture
def cast(db: None) -> Cast:
    """Two made-up agencies with staff of every role and a few clients."""
    return make_cast()
