"""Engines of databases: how each is reached at its one address, and how each is made to read only."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import sqlalchemy
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from casearc_sources.addresses import is_loopback
from casearc_sources.configuration import SqlSource
from casearc_sources.errors import FetchError

_BEFORE = {
    "mysql": ("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ", "SET SESSION TRANSACTION READ ONLY"),
    "mariadb": ("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ", "SET SESSION TRANSACTION READ ONLY"),
    "oracle": ("SET TRANSACTION READ ONLY",),
}
"""Engine -> what is said on a new connection, so that its transaction refuses to write."""
_SURE = ("sqlite", "postgresql", *_BEFORE)
_PATIENCE = 10_000
"""A statement may take ten times as long as a connection; in milliseconds for each second of `timeout`."""
_TLS = ("require", "verify-ca", "verify-full")
_LEADING_ELSEWHERE = ("PGHOSTADDR", "PGSERVICE", "PGSERVICEFILE")
_ALLOWED = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
    sqlite3.SQLITE_TRANSACTION,
}


def engine_of(source: SqlSource) -> Engine:
    """SQLAlchemy's engine for a source; nothing is contacted yet.

    Parameters
    ----------
    source
        With its address.

    Raises
    ------
    FetchError
        The address is none, names a driver that is not installed, or would not lead to one certain place safely.

    Examples
    --------
    >>> engine_of(source).dialect.name  # doctest: +SKIP
    'postgresql'
    """
    problem = ""
    try:
        url = sqlalchemy.make_url(source.address)
        backend, driver = url.get_backend_name(), url.get_driver_name()
    except (SQLAlchemyError, ValueError, ImportError):
        raise FetchError(
            _said(source, "This is no address as SQLAlchemy takes it, or its driver is unknown.")
        ) from None
    try:
        if backend == "sqlite":
            return _sqlite(source, url, driver)
        problem = _why_not(url, backend)
        if not problem:
            return sqlalchemy.create_engine(url, poolclass=NullPool, connect_args=_arguments(url, backend, source))
    except (SQLAlchemyError, ImportError):
        problem = f"The driver {driver} is not installed, or it does not take the address."
    raise FetchError(_said(source, problem))


def only_reading(connection: Connection, source: SqlSource) -> tuple[Connection, tuple[str, ...]]:
    """The connection in a transaction that refuses to write, as far as the engine can; and what to say of it."""
    engine = connection.dialect.name
    if engine == "postgresql":
        connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {source.timeout * _PATIENCE}")
        connection.exec_driver_sql("SELECT 1")  # from here on the transaction cannot be made one that writes
    if engine == "sqlite":
        connection.exec_driver_sql("BEGIN")
    for statement in _BEFORE.get(engine, ()):
        connection.exec_driver_sql(statement)
        if statement.startswith("SET SESSION"):
            connection.commit()
    if engine in _SURE:
        return connection, ()
    return connection, (
        f"The engine {engine} has no transaction that only reads. Nothing was kept, and the statements were looked "
        "at; be sure that the account has no right but to read.",
    )


def _sqlite(source: SqlSource, url: URL, driver: str) -> Engine:
    if driver != "pysqlite" or not url.database or url.query or url.database == ":memory:":
        raise FetchError(_said(source, "An SQLite address is sqlite:/// and the path of a file, and nothing else."))
    path = source.folder / Path(url.database)
    if not path.is_file():
        raise FetchError(_said(source, "There is no such database file."))
    where = f"{path.resolve().as_uri()}?mode=ro"

    def connect() -> sqlite3.Connection:
        opened = sqlite3.connect(where, uri=True, timeout=source.timeout, check_same_thread=False)
        opened.execute("PRAGMA query_only = 1")
        opened.execute("PRAGMA trusted_schema = 0")
        opened.set_authorizer(_authorize)
        return opened

    return sqlalchemy.create_engine("sqlite://", creator=connect, poolclass=NullPool)


def _authorize(action: int, first: str | None, second: str | None, database: str | None, inner: str | None) -> int:
    """SQLite asks before it prepares each part of a statement."""
    del database, inner
    asks = first in ("table_info", "table_xinfo") or (first, second) == ("read_uncommitted", None)
    sound = action in _ALLOWED or (action == sqlite3.SQLITE_PRAGMA and asks)
    return sqlite3.SQLITE_OK if sound else sqlite3.SQLITE_DENY


def _why_not(url: URL, backend: str) -> str:
    if not url.host and not url.query.get("host"):
        return "It names no host, so that the driver would choose one."
    if backend != "postgresql":
        return ""
    leading = [name for name in _LEADING_ELSEWHERE if name in os.environ]
    if leading or "service" in url.query:
        return f"{', '.join(leading) or 'service'} would lead elsewhere. Unset it; only the address may say where."
    if "," in f"{url.host}{url.query.get('host', '')}":
        return "It names several hosts; name one."
    mode = url.query.get("sslmode", "verify-full")
    if not _is_near(url) and mode not in _TLS:
        return "Its sslmode would send the records and the password unencrypted. Leave it out, or say verify-full."
    return ""


def _is_near(url: URL) -> bool:
    """Whether the server is on this machine: a socket's folder, or a loopback address."""
    host = url.host or url.query.get("host", "")
    return isinstance(host, str) and (host.startswith("/") or is_loopback(host))


def _arguments(url: URL, backend: str, source: SqlSource) -> dict[str, str | int]:
    """What the driver is told beside the address."""
    if backend != "postgresql":
        return {}
    given: dict[str, str | int] = {"connect_timeout": source.timeout}
    if not _is_near(url) and "sslmode" not in url.query:
        given |= {"sslmode": "verify-full"}
        given |= {} if "sslrootcert" in url.query else {"sslrootcert": "system"}
    return given


def _said(source: SqlSource, problem: str) -> str:
    return f"The source {source.name} was not fetched. Its address cannot be used. {problem}"
