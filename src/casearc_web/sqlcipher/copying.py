"""Whole databases: copied while in use, digested table by table, checked page by page."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from casearc_web.durable import OWNER_ONLY, sync_file, sync_folder
from casearc_web.errors import AlreadyThereError, DatabaseRefusedError
from casearc_web.keys import Keys
from casearc_web.sqlcipher.opening import open_database


@dataclass(frozen=True, slots=True, kw_only=True)
class TableContent:
    """How many rows a table has, and a digest of all of them in their order."""

    rows: int
    digest: str


def copy_database(source: Path, keys: Keys, target: Path, *, target_keys: Keys) -> dict[str, TableContent]:
    """Copy a database to a new file, under other keys if wanted, and check the copy against what was read.

    All is read in one transaction, so others may go on writing; the copy is the moment at which it began.
    """
    connection = open_database(source, keys)
    try:
        _attach(connection, target, target_keys)
        connection.execute("BEGIN")
        connection.execute("SELECT sqlcipher_export('copy')")
        read = contents(connection)
        connection.execute("COMMIT")
        connection.execute("DETACH DATABASE copy")
    finally:
        connection.close()
    with reading(target, target_keys) as copy:
        check(copy, target)
        if contents(copy) != read:
            raise DatabaseRefusedError("The copy is not what was read. Nothing was kept of it; check the disk.")
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
    sync_file(target)
    sync_folder(target.parent)
    return read


def check_database(path: Path, keys: Keys) -> dict[str, TableContent]:
    """Read every page of a database and check it in every way SQLCipher knows; what its tables hold."""
    with reading(path, keys) as connection:
        check(connection, path)
        return contents(connection)


@contextmanager
def reading(path: Path, keys: Keys) -> Iterator[Any]:
    """A connection to a whole database, closed afterwards."""
    connection = open_database(path, keys)
    try:
        yield connection
    finally:
        connection.close()


def check(connection: Any, path: Path) -> None:
    """Every page authentic, every index right, every reference met; DatabaseRefusedError otherwise."""
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        pages = connection.execute("PRAGMA cipher_integrity_check").fetchall()
        told = connection.execute("PRAGMA integrity_check").fetchall()
        loose = connection.execute("PRAGMA foreign_key_check").fetchall()
    except dbapi2.DatabaseError as error:
        raise DatabaseRefusedError(f"{path} is damaged and cannot be read whole. Restore a backup.") from error
    if pages or told != [("ok",)]:
        raise DatabaseRefusedError(f"{path} is damaged: pages of it were altered. Restore a backup.")
    if loose:
        raise DatabaseRefusedError(f"{path} is damaged: rows refer to rows that are not there. Restore a backup.")


def contents(connection: Any) -> dict[str, TableContent]:
    """Each table's rows counted and digested."""
    tables = connection.execute(
        "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
        "AND name NOT IN ('sqlite_schema') AND name NOT LIKE 'sqlite_stat%' ORDER BY name"
    ).fetchall()
    return {
        name: _content(connection, name, order="" if without_rowid else " ORDER BY rowid")
        for name, without_rowid in tables
    }


def _content(connection: Any, table: str, *, order: str) -> TableContent:
    digest, rows = hashlib.sha256(), 0
    for row in connection.execute(f"SELECT * FROM main.{_quoted(table)}{order}"):
        digest.update(ascii(row).encode())
        rows += 1
    return TableContent(rows=rows, digest=digest.hexdigest())


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _attach(connection: Any, target: Path, keys: Keys) -> None:
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY))
    except FileExistsError:
        raise AlreadyThereError(f"{target} is already there.") from None
    connection.execute("ATTACH DATABASE ? AS copy KEY ?", (str(target), f"x'{keys.database.hex()}'"))
