"""PostgreSQL's tables in a backup: copied, as text, into the same kind of encrypted file that the default engine has.

So packing, sealing, digests and checks are the same for both engines. Reading is one repeatable-read transaction; the
role must be one whom row security does not bind (`maintenance` in casearc.toml), else PostgreSQL refuses, instead of
leaving rows out. Restoring is one transaction as well.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from casearc_web.errors import BackupRefusedError
from casearc_web.keys import Keys
from casearc_web.sqlcipher import TableContent, check_database, make_database, open_database, reading

_BATCH = 2_000
_COLUMNS = """
    SELECT c.table_name, array_agg(c.column_name::text ORDER BY c.ordinal_position)
    FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' GROUP BY c.table_name ORDER BY c.table_name
"""
_NUMBERED = """
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND is_identity = 'YES'
"""


def dump(connection: str, target: Path, keys: Keys) -> dict[str, TableContent]:
    """All tables as they are at one moment, into a new encrypted file; what each holds."""
    make_database(target, keys)
    store = open_database(target, keys)
    try:
        with psycopg.connect(connection) as database:
            database.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            database.read_only = True
            with database.cursor() as cursor:
                cursor.execute("SET row_security = off")
            store.execute("BEGIN IMMEDIATE")
            for table, columns in database.execute(_COLUMNS).fetchall():
                _dump_table(database, store, table, columns)
            store.execute("COMMIT")
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        store.execute("PRAGMA journal_mode = DELETE")
    except psycopg.errors.InsufficientPrivilege as refused:
        raise BackupRefusedError(
            "The maintenance role may not read all rows. Give it the right to pass row security: "
            "ALTER ROLE … BYPASSRLS, as PostgreSQL's administrator."
        ) from refused
    finally:
        store.close()
    return check_database(target, keys)


def load(connection: str, source: Path, keys: Keys, *, replace: bool) -> None:
    """Fill migrated tables with those of a backup, all or nothing. Without `replace`, tables with records are left."""
    with psycopg.connect(connection) as database, reading(source, keys) as store:
        with database.cursor() as cursor:
            cursor.execute("SET row_security = off")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        present: dict[str, list[str]] = dict(database.execute(_COLUMNS).fetchall())
        if not replace and _any(database, "SELECT 1 FROM agencies_agency LIMIT 1"):
            raise BackupRefusedError(
                "The database has records already. To put the backup in their place, add --replace."
            )
        if set(present) != set(_tables(store)):
            raise BackupRefusedError("The database's tables are not those of the backup. Nothing was changed.")
        names = sql.SQL(", ").join(sql.Identifier(table) for table in present)
        database.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))
        for table, columns in present.items():
            _load_table(database, store, table, columns)
        for table, column in database.execute(_NUMBERED).fetchall():
            _go_on_counting(database, table, column)


def _dump_table(database: psycopg.Connection[Any], store: Any, table: str, columns: list[str]) -> None:
    quoted = ", ".join(f'"{column}"' for column in columns)
    store.execute(f'CREATE TABLE "{table}" ({", ".join(f"""{chr(34)}{c}{chr(34)} TEXT""" for c in columns)})')
    texts = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(column)) for column in columns)
    chosen = sql.SQL("SELECT {} FROM {} ORDER BY 1").format(texts, sql.Identifier(table))
    marks = ", ".join("?" for _ in columns)
    with database.cursor(name="dump") as cursor:
        cursor.itersize = _BATCH
        cursor.execute(chosen)
        while rows := cursor.fetchmany(_BATCH):
            store.executemany(f'INSERT INTO "{table}" ({quoted}) VALUES ({marks})', rows)


def _load_table(database: psycopg.Connection[Any], store: Any, table: str, columns: list[str]) -> None:
    quoted = ", ".join(f'"{column}"' for column in columns)
    names = sql.SQL(", ").join(sql.Identifier(column) for column in columns)
    target = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with database.cursor() as cursor, cursor.copy(target) as copy:
        for row in store.execute(f'SELECT {quoted} FROM "{table}" ORDER BY rowid'):
            copy.write_row(row)


def _go_on_counting(database: psycopg.Connection[Any], table: str, column: str) -> None:
    """The next number of an identity column follows the highest that was restored."""
    highest = sql.SQL("SELECT max({}) FROM {}").format(sql.Identifier(column), sql.Identifier(table))
    found = database.execute(highest).fetchone()
    if found is not None and found[0] is not None:
        name = f'"{table}"'
        database.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [name, column, found[0]])


def _tables(store: Any) -> list[str]:
    found = store.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return [name for (name,) in found]


def _any(database: psycopg.Connection[Any], query: Any) -> bool:
    return database.execute(query).fetchone() is not None
