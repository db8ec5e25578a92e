"""Makes Django ready for the tests of the web application: made-up keys, an encrypted database file, nobody's
records.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django

from casearc_web import configuration, keys
from casearc_web.keys.derived import derive

_MEMORY = Path("/dev/shm")
FOLDER = Path(tempfile.mkdtemp(prefix="casearc-tests-", dir=_MEMORY if _MEMORY.is_dir() else None))
"""In memory where there is such a folder: every commit waits for the disk, and here nothing is to be kept."""
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)

DATA_KEY = b"made-up key for tests only, 32 b."[:32]
keys.use(derive(DATA_KEY))
POSTGRESQL = os.environ.get("CASEARC_TEST_POSTGRESQL", "")
"""How to connect to a PostgreSQL to test on, as its owner; empty for the encrypted file."""

configuration.use(
    configuration.Configuration(
        folder=FOLDER,
        engine="postgresql" if POSTGRESQL else "sqlcipher",
        time_zone="UTC",
        connection=POSTGRESQL,
        allowed_hosts=("localhost", "127.0.0.1", "testserver"),
    )
)
os.environ["DJANGO_SETTINGS_MODULE"] = "casearc_web.settings"

django.setup()
del os.environ["DJANGO_SETTINGS_MODULE"]  # processes started from here make their own settings

import pytest  # noqa: E402 - Django must be ready before anything imports a model
import pytest_django  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import translation  # noqa: E402

from casearc_web.access.row_security import protect  # noqa: E402
from web.browser.fixtures import *  # noqa: E402, F403 - fixtures are found by name, once for all
from web.browser.signed_in import *  # noqa: E402, F403
from web.browser.ways import *  # noqa: E402, F403
from web.cast import Cast, make_cast  # noqa: E402
from web.postgresql.behind_walls import *  # noqa: E402, F403
from web.postgresql.server import APPLICATION  # noqa: E402


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> None:
    """On PostgreSQL the wall between agencies stands, and the application's role may use the tables."""
    if POSTGRESQL:
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            protect(connection)
            cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APPLICATION}")
            cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APPLICATION}")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Each test begins in English and leaves English behind: the library's own tests follow it."""
    translation.activate("en")
    yield
    translation.activate("en")


@pytest.fixture
def cast(db: None) -> Cast:
    """Two made-up agencies with staff of every role and a few clients."""
    return make_cast()
