"""Test databases: files, encrypted like any other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db.backends.sqlite3.creation import DatabaseCreation as StockCreation

from casearc_web import keys
from casearc_web.errors import NotEncryptedError
from casearc_web.sqlcipher.opening import make_database


class DatabaseCreation(StockCreation):
    """Makes the file that connecting refuses to make."""

    def _create_test_db(self, verbosity: int, autoclobber: bool, keepdb: bool = False) -> str:
        name = self._get_test_db_name()  # type: ignore[attr-defined]  # the stubs leave out what begins with _
        if self.is_in_memory_db(name):
            raise NotEncryptedError("Tests run on an encrypted file as well: set TEST.NAME.")
        super()._create_test_db(verbosity, autoclobber, keepdb)  # type: ignore[misc]
        if not Path(name).exists():
            _remove_logs(name)
            make_database(Path(name), keys.current())
        return str(name)

    def _destroy_test_db(self, test_database_name: Any, verbosity: int) -> None:
        super()._destroy_test_db(test_database_name, verbosity)  # type: ignore[misc]
        _remove_logs(test_database_name)


def _remove_logs(name: Any) -> None:
    """A write-ahead log that outlived its database would be read into the next one."""
    for ending in ("-wal", "-shm", "-journal"):
        Path(f"{name}{ending}").unlink(missing_ok=True)
