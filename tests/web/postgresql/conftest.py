"""An agency of the made-up cast on PostgreSQL, with its folder and keys: set up once, copied for each test.

Each copy is a database of its own, and Django's connection is led there while a test runs.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections

from casearc_web import configuration as configurations
from casearc_web import keys
from casearc_web.configuration import Configuration
from casearc_web.setup import set_up
from web.conftest import POSTGRESQL
from web.planted import PASSPHRASE, planted_agencies
from web.postgresql.server import APPLICATION

_PREPARED, _COPY = "prepared_for_copies", "one_copy"


class Led:
    """Django's connection leads to another database, and the process has that agency's configuration and keys."""

    def __init__(self, blocker: Any, configuration: Configuration) -> None:
        self._blocker, self._configuration = blocker.unblock(), configuration

    def __enter__(self) -> None:
        connection = connections["default"]
        self._before = configurations.current(), keys.current(), dict(connection.settings_dict)
        self._blocker.__enter__()
        connection.close()
        connection.settings_dict.update(configurations.postgresql_database(self._configuration.connection))
        configurations.use(self._configuration)

    def __exit__(self, *raised: Any) -> None:
        connection = connections["default"]
        connection.close()
        connection.settings_dict.update(self._before[2])
        self._blocker.__exit__(*raised)
        configurations.use(self._before[0])
        keys.use(self._before[1])


def configuration_at(folder: Path, database: str) -> Configuration:
    """A folder whose records are in that database, used as the application's role."""
    owner = psycopg.conninfo.make_conninfo(POSTGRESQL, dbname=database)
    application = psycopg.conninfo.make_conninfo(owner, user=APPLICATION)
    return Configuration(folder=folder, engine="postgresql", connection=application, maintenance=owner)


def run(statement: str) -> None:
    """As the owner, outside of every test's database."""
    with psycopg.connect(POSTGRESQL, autocommit=True) as database:
        database.execute(statement)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Path:
    folder = tmp_path_factory.mktemp("prepared") / "agency"
    for left in (_PREPARED, _COPY):  # where a run before this one was killed
        run(f"DROP DATABASE IF EXISTS {left} WITH (FORCE)")
    run(f"CREATE DATABASE {_PREPARED}")
    configuration = configuration_at(folder, _PREPARED)
    with Led(django_db_blocker, configuration):
        set_up(configuration, PASSPHRASE, _fill, cost=keys.QUICK)
    return folder


@pytest.fixture
def agency(prepared: Path, tmp_path: Path, django_db_blocker: Any) -> Iterator[Configuration]:
    """A copy, unlocked and in use."""
    folder = tmp_path / "agency"
    shutil.copytree(prepared, folder)
    run(f"CREATE DATABASE {_COPY} TEMPLATE {_PREPARED}")
    configuration = configuration_at(folder, _COPY)
    with Led(django_db_blocker, configuration):
        keys.use(keys.unlock(folder, PASSPHRASE))
        yield configuration
    run(f"DROP DATABASE {_COPY} WITH (FORCE)")


def _fill() -> None:
    planted_agencies()
