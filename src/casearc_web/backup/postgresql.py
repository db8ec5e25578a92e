"""PostgreSQL's tables in a backup: copied, as text, into the same kind of encrypted file that the default engine has.

So packing, sealing, digests and checks are the same for both engines. Reading is one repeatable-read transaction; the
role must be one whom row security does not bind (`maintenance` in casearc.toml), else it is refused, instead of leaving
rows out. Restoring is one transaction as well, the caller's (`restoring`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from casearc_web import key_mark
from casearc_web.errors import BackupRefusedError
from casearc_web.keys import Keys
from casearc_web.sqlcipher import TableContent, check_database, make_database, open_database, reading

_BATCH = 2_000
_PLAIN = {
    "row_security": "off",
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "timezone": "UTC",
    "bytea_output": "hex",
    "extra_float_digits": "1",
}
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
    """All tables as they are at one moment, into a new encrypted file; what each holds, read back and compared."""
    make_database(target, keys)
    store = open_database(target, keys)
    try:
        with psycopg.connect(connection) as database:
            database.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            database.read_only = True
            _speak_plainly(database)
            check_passes_walls(database)
            mark = key_mark.read(database)
            if mark is not None and mark.fingerprint != keys.fingerprint:
                raise BackupRefusedError("The records lie under another key than the one in use. Start again.")
            store.execute("BEGIN IMMEDIATE")
            columns = columns_of(database)
            read = {table: _dump_table(database, store, table, names) for table, names in columns.items()}
            store.execute("COMMIT")
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        store.execute("PRAGMA journal_mode = DELETE")
    finally:
        store.close()
    if check_database(target, keys) != read:
        raise BackupRefusedError("The copy is not what was read. Nothing was kept of it; check the disk.")
    return read


def check_passes_walls(database: psycopg.Connection[Any]) -> None:
    """BackupRefusedError where row security binds the role, which would then see no agency's rows."""
    with database.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        passes = cursor.fetchone()
    if passes is None or not passes[0]:
        raise BackupRefusedError(
            "The maintenance role may not read all rows. Give it the right to pass row security: "
            "ALTER ROLE … BYPASSRLS, as PostgreSQL's administrator."
        )


def columns_of(database: psycopg.Connection[Any]) -> dict[str, list[str]]:
    """Every table and the names of its columns."""
    with database.cursor() as cursor:
        return dict(cursor.execute(_COLUMNS).fetchall())


def holds_records(database: psycopg.Connection[Any]) -> bool:
    """Whether there is an agency in it."""
    with database.cursor() as cursor:
        there = cursor.execute("SELECT to_regclass('public.agencies_agency') IS NOT NULL").fetchone()
        if there is None or not there[0]:
            return False
        return cursor.execute("SELECT 1 FROM agencies_agency LIMIT 1").fetchone() is not None


def empty(database: psycopg.Connection[Any], *, kept: Collection[str] = ()) -> None:
    """No row in any table, in the caller's transaction. Unlike rows that are deleted, these leave the disk."""
    names = sql.SQL(", ").join(sql.Identifier(table) for table in columns_of(database) if table not in kept)
    with database.cursor() as cursor:
        cursor.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))


def load(database: psycopg.Connection[Any], source: Path, keys: Keys) -> None:
    """The rows of a backup in the place of all there are, in the caller's transaction."""
    with reading(source, keys) as store, database.cursor() as cursor:
        present = columns_of(database)
        if {table: set(names) for table, names in present.items()} != _stored(store):
            raise BackupRefusedError("The database's tables are not those of the backup. Nothing was changed.")
        _speak_plainly(database)
        empty(database)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table, columns in present.items():
            _load_table(database, store, table, columns)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, column in cursor.execute(_NUMBERED).fetchall():
            _go_on_counting(cursor, table, column)


def _speak_plainly(database: psycopg.Connection[Any]) -> None:
    """Values as text must mean the same on every server, however it is set."""
    with database.cursor() as cursor:
        for setting, value in _PLAIN.items():
            cursor.execute(sql.SQL("SET LOCAL {} = {}").format(sql.Identifier(setting), sql.Literal(value)))


def _dump_table(database: psycopg.Connection[Any], store: Any, table: str, columns: list[str]) -> TableContent:
    quoted = ", ".join(f'"{column}"' for column in columns)
    store.execute(f'CREATE TABLE "{table}" ({", ".join(f"""{chr(34)}{c}{chr(34)} TEXT""" for c in columns)})')
    texts = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(column)) for column in columns)
    chosen = sql.SQL("SELECT {} FROM {} ORDER BY 1").format(texts, sql.Identifier(table))
    marks = ", ".join("?" for _ in columns)
    digest, rows = hashlib.sha256(), 0
    with database.cursor(name="dump") as cursor:
        cursor.itersize = _BATCH
        cursor.execute(chosen)
        while batch := cursor.fetchmany(_BATCH):
            store.executemany(f'INSERT INTO "{table}" ({quoted}) VALUES ({marks})', batch)
            digest.update("".join(map(ascii, batch)).encode())
            rows += len(batch)
    return TableContent(rows=rows, digest=digest.hexdigest())


def _load_table(database: psycopg.Connection[Any], store: Any, table: str, columns: list[str]) -> None:
    quoted = ", ".join(f'"{column}"' for column in columns)
    names = sql.SQL(", ").join(sql.Identifier(column) for column in columns)
    target = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with database.cursor() as cursor, cursor.copy(target) as copy:
        for row in store.execute(f'SELECT {quoted} FROM "{table}" ORDER BY rowid'):
            copy.write_row(row)


def _go_on_counting(cursor: psycopg.Cursor[Any], table: str, column: str) -> None:
    """The next number of an identity column follows the highest that was restored."""
    highest = sql.SQL("SELECT max({}) FROM {}").format(sql.Identifier(column), sql.Identifier(table))
    found = cursor.execute(highest).fetchone()
    if found is not None and found[0] is not None:
        name = f'"{table}"'
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [name, column, found[0]])


def _stored(store: Any) -> dict[str, set[str]]:
    found = store.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    tables = [name for (name,) in found]
    return {table: {row[1] for row in store.execute(f'PRAGMA table_info("{table}")')} for table in tables}
