"""A made-up agency's records for the programs of faults: an encrypted file in a folder of its own, or the empty
PostgreSQL database that `CASEARC_TEST_POSTGRESQL` leads to.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django

from casearc_web import configuration, keys
from casearc_web.keys.derived import derive
from casearc_web.sqlcipher.opening import make_database

POSTGRESQL = os.environ.get("CASEARC_TEST_POSTGRESQL", "")


@contextlib.contextmanager
def ready() -> Iterator[None]:
    """Django on fresh records with all tables; once a process."""
    with tempfile.TemporaryDirectory(prefix="casearc-faults-") as folder:
        keys.use(derive(b"made-up key for tests only, 32 b."[:32]))
        engine = "postgresql" if POSTGRESQL else "sqlcipher"
        configuration.use(configuration.Configuration(folder=Path(folder), engine=engine, connection=POSTGRESQL))
        if not POSTGRESQL:
            make_database(configuration.current().database, keys.current())
        os.environ["DJANGO_SETTINGS_MODULE"] = "casearc_web.settings"
        sys.path.insert(0, str(Path(__file__).parents[1]))
        django.setup()

        from django.core.management import call_command
        from django.db import connections

        call_command("migrate", verbosity=0)
        try:
            yield
        finally:
            connections.close_all()


def engine() -> str:
    """For the remark of a result."""
    return "PostgreSQL" if POSTGRESQL else "SQLCipher"
