"""Opening a SQLCipher file: keyed, checked, and set so that an acknowledged write survives a power loss."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from casearc_web.durable import OWNER_ONLY, sync_folder
from casearc_web.errors import AlreadyThereError, DatabaseMissingError, NotEncryptedError, WrongKeyError
from casearc_web.keys import Keys

SETTINGS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # a commit is on the disk when it returns
    "PRAGMA fullfsync = ON",  # macOS: past the disk's own cache
    "PRAGMA checkpoint_fullfsync = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA legacy_alter_table = OFF",
    "PRAGMA secure_delete = ON",  # a purged row is overwritten, not only forgotten
    "PRAGMA temp_store = MEMORY",  # nothing is sorted in an unencrypted file
    "PRAGMA cache_size = -65536",  # 64 MB: decrypted pages are worth keeping
)
TIMEOUT_SECONDS = 20.0
_PLAIN_HEADER = b"SQLite format 3\x00"


def open_database(path: Path, keys: Keys, *, read_only: bool = False, **arguments: Any) -> Any:
    """A keyed connection to an existing database, checked by reading from it.

    DatabaseMissingError, NotEncryptedError or WrongKeyError where that cannot be had; never a new file.
    """
    if not path.is_file():
        raise DatabaseMissingError(f"There is no database at {path}. Make one with `casearc web init`.")
    if _starts_plain(path):
        raise NotEncryptedError(f"{path} is not encrypted. It is not a database of Casearc's.")
    connection = _connect(path, "ro" if read_only else "rw", keys, arguments)
    try:
        _check(connection, path)
        for setting in SETTINGS[1:] if read_only else SETTINGS:
            connection.execute(setting)
    except BaseException:
        connection.close()
        raise
    return connection


def make_database(path: Path, keys: Keys) -> None:
    """Make an empty encrypted database that only its owner may read. AlreadyThereError where there is a file."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY))
    except FileExistsError:
        raise AlreadyThereError(f"{path} is already there.") from None
    connection = _connect(path, "rw", keys, {})
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA user_version = 1")  # the first page is written, so that the key can be checked
    finally:
        connection.close()
    if path.stat().st_size == 0 or _starts_plain(path):
        path.unlink()
        raise NotEncryptedError("The database would not have been encrypted, so it was not made.")
    sync_folder(path.parent)


def _connect(path: Path, mode: str, keys: Keys, arguments: dict[str, Any]) -> Any:
    """Connect and hand over the key; no local variable holds it bare, so that no traceback can show it."""
    given = {"timeout": TIMEOUT_SECONDS, "isolation_level": None, "check_same_thread": False, **arguments}
    connection = dbapi2.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, **given)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        if connection.execute("PRAGMA cipher_version").fetchone() is None:
            raise NotEncryptedError("SQLCipher is not at work here; the records would be stored in plain text.")
        connection.execute(f"PRAGMA key = \"x'{keys.database.hex()}'\"")
    except BaseException:
        connection.close()
        raise
    return connection


def _check(connection: Any, path: Path) -> None:
    """Read from the file: with another key its first page makes no sense."""
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except dbapi2.DatabaseError as error:
        if isinstance(error, dbapi2.OperationalError):
            raise  # locked or unreadable, which says nothing of the key
        raise WrongKeyError(f"The keys in use do not open {path}, or its first page is damaged.") from None


def _starts_plain(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_PLAIN_HEADER)) == _PLAIN_HEADER
