"""An agency of the made-up cast in a folder of its own, set up once and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from casearc_web import configuration as configurations
from casearc_web import keys
from casearc_web.agencies.models import Agency
from casearc_web.configuration import Configuration
from casearc_web.setup import set_up
from web.planted import PASSPHRASE, PLANTED, planted_agencies


@pytest.fixture(autouse=True)
def _as_before(django_db_blocker: Any) -> Iterator[None]:
    """The process has its own configuration, keys and database again when a test ends."""
    with _Borrowed(django_db_blocker):
        yield


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> tuple[Path, keys.Recovery]:
    folder = tmp_path_factory.mktemp("prepared") / "agency"
    with _Borrowed(django_db_blocker):
        _, recovery, _ = set_up(Configuration(folder=folder), PASSPHRASE, _fill, cost=keys.QUICK)
    return folder, recovery


@pytest.fixture
def recovery(prepared: tuple[Path, keys.Recovery]) -> keys.Recovery:
    return prepared[1]


@pytest.fixture
def agency(prepared: tuple[Path, keys.Recovery], tmp_path: Path) -> Configuration:
    """A copy of the agency's folder, unlocked and in use."""
    shutil.copytree(prepared[0], tmp_path / "agency")
    configuration = Configuration(folder=tmp_path / "agency")
    configurations.use(configuration)
    keys.use(keys.unlock(configuration.folder, PASSPHRASE))
    return configuration


def _fill() -> None:
    cast = planted_agencies()
    Agency.objects.filter(pk=cast.farshore.pk).update(state=PLANTED)


class _Borrowed:
    """Lets a test or a fixture use the database and changes to the process undone afterwards."""

    def __init__(self, blocker: Any) -> None:
        self._blocker = blocker.unblock()

    def __enter__(self) -> None:
        self._before = configurations.current(), keys.current()
        self._blocker.__enter__()

    def __exit__(self, *raised: Any) -> None:
        from django.db import connections

        self._blocker.__exit__(*raised)
        connections["default"].close()
        configurations.use(self._before[0])
        keys.use(self._before[1])
