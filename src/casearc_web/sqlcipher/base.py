"""Django's SQLite backend, bound to SQLCipher instead of Python's own sqlite3."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base as stock
from django.db.backends.sqlite3._functions import register as register_functions  # type: ignore[import-untyped]
from django.utils.asyncio import async_unsafe
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from sqlcipher3 import dbapi2

from casearc_web import keys
from casearc_web.errors import NotEncryptedError
from casearc_web.sqlcipher.creation import DatabaseCreation
from casearc_web.sqlcipher.features import DatabaseFeatures
from casearc_web.sqlcipher.opening import open_database

# SQLCipher's module keeps registries of its own; what Django registers with sqlite3 does not reach it.
dbapi2.register_converter("bool", b"1".__eq__)
dbapi2.register_converter("date", stock.decoder(parse_date))
dbapi2.register_converter("time", stock.decoder(parse_time))
dbapi2.register_converter("datetime", stock.decoder(parse_datetime))
dbapi2.register_converter("timestamp", stock.decoder(parse_datetime))
dbapi2.register_adapter(decimal.Decimal, str)
dbapi2.register_adapter(datetime.date, stock.adapt_date)
dbapi2.register_adapter(datetime.datetime, stock.adapt_datetime)


class DatabaseWrapper(stock.DatabaseWrapper):
    """A connection to an encrypted file; everything that is not about the key is Django's own."""

    display_name = "SQLCipher"
    Database: Any = dbapi2
    creation_class = DatabaseCreation
    features_class = DatabaseFeatures

    def get_connection_params(self) -> dict[str, Any]:
        """Django's own, but never in memory, and every transaction takes the write lock when it begins.

        A transaction that reads first and writes later would otherwise fail when another wrote between.
        """
        if self.is_in_memory_db():
            raise NotEncryptedError("A database in memory is not encrypted. Give it a file; in tests, TEST.NAME.")
        arguments = super().get_connection_params()
        self.transaction_mode: str | None = self.transaction_mode or "IMMEDIATE"
        return arguments

    @async_unsafe
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open, check and set up; the key goes from `keys.current()` to SQLCipher and nowhere else."""
        arguments = {name: value for name, value in conn_params.items() if name not in {"database", "uri"}}
        connection = open_database(Path(conn_params["database"]), keys.current(), **arguments)
        register_functions(connection)
        for command in self.init_commands:  # type: ignore[attr-defined]
            if command.strip():
                connection.execute(command.strip())
        return connection

    def create_cursor(self, name: Any = None) -> Any:
        """A cursor that takes Django's placeholders."""
        return self.connection.cursor(factory=SQLCipherCursor)


class SQLCipherCursor(dbapi2.Cursor):  # type: ignore[misc]  # sqlcipher3 ships no annotations
    """Turns Django's `%s` and `%(name)s` into SQLite's `?` and `:name`."""

    def execute(self, query: str, params: Any = None) -> Any:
        """One statement; without parameters it is passed as it is."""
        if params is None:
            return super().execute(query)
        return super().execute(_converted(query, params), params)

    def executemany(self, query: str, param_list: Iterable[Any]) -> Any:
        """One statement for many rows; the first row tells how they are named."""
        rows = iter(param_list)
        first = next(rows, None)
        if first is None:
            return super().executemany(_converted(query, ()), ())
        return super().executemany(_converted(query, first), chain([first], rows))


def _converted(query: str, params: Any) -> str:
    if isinstance(params, Mapping):
        return query % {name: f":{name}" for name in params}
    return stock.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")
