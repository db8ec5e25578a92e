"""What was erased is to be gone from the file as well, and so from every backup made later.

The database overwrites what is deleted (`secure_delete`), but earlier states of its pages stay in the write-ahead log
until that is emptied. On PostgreSQL erased rows stay in the tables until these are written anew.
"""

from __future__ import annotations

from django.db import connection

_SQLITE, _POSTGRESQL = "sqlite", "postgresql"


def forget_old_pages() -> None:
    """Empty the write-ahead log into the file, after a commit. Where somebody is reading, the next purge does it."""
    if connection.vendor == _SQLITE and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.fetchall()


def write_anew() -> None:
    """Write the whole file anew without what was erased. Takes a while on a large one: for the nightly run."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == _SQLITE:
            cursor.execute("VACUUM")
        elif connection.vendor == _POSTGRESQL:
            cursor.execute("VACUUM FULL")
    forget_old_pages()
