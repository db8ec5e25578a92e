"""Django made ready: with one agency's configuration and keys, and at another database file where that is wanted."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from casearc_web import configuration as configurations
from casearc_web import keys as process_keys
from casearc_web.configuration import Configuration
from casearc_web.keys import Keys

SETTINGS = "casearc_web.settings"


def prepare(configuration: Configuration, keys: Keys) -> None:
    """Make Django ready in this process. From here on the process writes no core dump: it would hold the keys."""
    process_keys.use(keys)
    prepare_without_keys(configuration)


def prepare_without_keys(configuration: Configuration) -> None:
    """Make Django ready where the keys are not known yet: a backup to be restored brings its own."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    configurations.use(configuration)
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    import django  # noqa: PLC0415 - settings are made when Django is imported and need the keys

    django.setup()


@contextmanager
def at_database(path: Path, keys: Keys) -> Iterator[None]:
    """Have Django work on another encrypted file with other keys: a restored or re-keyed copy not yet in place."""
    from django.db import connections  # noqa: PLC0415 - see `prepare`

    connection = connections["default"]
    if connection.vendor == "postgresql":  # there is one database, whatever file is looked at
        with process_keys.using(keys):
            yield
        return
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = str(path)
    try:
        with process_keys.using(keys):
            yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


@contextmanager
def as_owner() -> Iterator[None]:
    """On PostgreSQL have Django work as the tables' owner; elsewhere there is nobody else."""
    from django.db import connections  # noqa: PLC0415 - see `prepare`

    connection = connections["default"]
    if connection.vendor != "postgresql":
        yield
        return
    before = dict(connection.settings_dict)
    owner = configurations.postgresql_database(configurations.current().owner)
    if {**before, **owner} == before:  # already there, and perhaps within a transaction
        yield
        return
    connection.close()
    connection.settings_dict.update(owner)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)
