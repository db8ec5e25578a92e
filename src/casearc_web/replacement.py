"""Records and key file replaced together on either engine, and what broke off in between finished or undone.

SQLCipher's two files are for `swap` alone. On PostgreSQL the rows are replaced in one transaction, and that decides:
the new key file waits in `incoming-undecided-TOKEN/`, and the transaction leaves the token in the database
(`key_mark`). Whoever comes after a crash asks the database: with the token the key file is put in place, without it
thrown away.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from casearc_web import key_mark, swap
from casearc_web.configuration import Configuration
from casearc_web.errors import DatabaseRefusedError, InUseError
from casearc_web.key_mark import Mark
from casearc_web.keys import Keys

_TOKEN_BYTES = 16
_PATIENCE_SECONDS = 3.0
_OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = ANY(%s)
"""


def unsettled(folder: Path) -> bool:
    """Whether a replacement broke off here."""
    return any((folder / name).exists() for name in (swap.READY, swap.INCOMING)) or swap.undecided(folder) is not None


def settle(configuration: Configuration) -> None:
    """Finish or undo what broke off. The caller holds `presence.alone`."""
    folder = configuration.folder
    token = swap.undecided(folder)
    if token is not None:
        mark = key_mark.ask(configuration)
        swap.decide(folder, token, for_it=mark is not None and mark.token == token)
    swap.settle(folder, configuration.file)


def decide_in_postgresql(configuration: Configuration, keys: Keys, work: Callable[[], None]) -> Path:
    """Do the work as the owner in one transaction of Django's connection, and put the key file in `incoming/` in place
    with it; tells where the old key file is kept.
    """
    from django.db import connection, transaction  # noqa: PLC0415 - Django must be ready first

    from casearc_web.server.ready import as_owner  # noqa: PLC0415

    token = secrets.token_hex(_TOKEN_BYTES)
    swap.leave_undecided(configuration.folder, token)
    try:
        with as_owner(), transaction.atomic():
            connection.ensure_connection()
            _begin(configuration, connection.connection)
            work()
            key_mark.write(connection.connection, Mark(fingerprint=keys.fingerprint, token=token))
    except Exception:
        with suppress(DatabaseRefusedError):  # where the database cannot say, the next start asks it
            settle(configuration)
        raise
    swap.decide(configuration.folder, token, for_it=True)
    swap.settle(configuration.folder, configuration.file)
    return configuration.folder / swap.REPLACED


def _begin(configuration: Configuration, database: Any) -> None:
    """Past every wall, with nobody else there, and on the disk once it is said to be."""
    from casearc_web.backup.postgresql import check_passes_walls  # noqa: PLC0415 - an optional part

    with database.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = on")
        cursor.execute("SET LOCAL row_security = off")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    check_passes_walls(database)
    _check_nobody_else(configuration, database)


def _check_nobody_else(configuration: Configuration, database: Any) -> None:
    """The lock in the folder is this machine's; the database may be used from others. A session that has just ended is
    still listed for a moment.
    """
    from casearc_web.server.schema import role_of  # noqa: PLC0415 - see above

    roles = [role_of(configuration.connection), role_of(configuration.owner)]
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        with database.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            others = cursor.execute(_OTHERS, [roles]).fetchone()[0]
        if not others:
            return
        if time.monotonic() > until:
            raise InUseError(
                f"Casearc works on this database from elsewhere ({others} connections). Stop it there first."
            )
        time.sleep(0.1)
