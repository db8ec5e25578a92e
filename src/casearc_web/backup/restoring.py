"""Restoring a backup: everything is checked before anything is replaced, and what is replaced is kept aside."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from casearc_web import keys as agency_keys
from casearc_web import swap
from casearc_web.backup import container
from casearc_web.backup.making import HEADS
from casearc_web.backup.manifest import Manifest, unsealed
from casearc_web.configuration import Configuration
from casearc_web.durable import make_folder
from casearc_web.errors import AlreadyThereError, BackupRefusedError
from casearc_web.keys import Keys
from casearc_web.presence import alone
from casearc_web.replacement import decide_in_postgresql, settle
from casearc_web.sqlcipher import check_database, reading

Opening = Callable[[Path], Keys]
"""How the key file in a folder is opened."""

Acceptance = Callable[[Path, Keys], None]
"""Looks at the restored database before it replaces anything (migrates it, verifies its log); raises to refuse."""


def with_passphrase(passphrase: str) -> Opening:
    """Open with the passphrase of the day the backup was made."""
    return lambda folder: agency_keys.unlock(folder, passphrase)


def with_shares(phrases: Sequence[str], new_passphrase: str, *, cost: agency_keys.Cost = agency_keys.STRONG) -> Opening:
    """Open with shares, and give the restored records a new passphrase."""
    return lambda folder: agency_keys.recover(folder, phrases, new_passphrase, cost=cost)


def restore(
    source: Path,
    configuration: Configuration,
    opening: Opening,
    *,
    known_migrations: frozenset[str],
    replace: bool = False,
    may_migrate: bool = False,
    accept: Acceptance | None = None,
) -> Manifest:
    """Put a backup's records and keys into the agency's folder, all or nothing.

    Without `replace`, a folder that has records is left alone. With it the old pair goes to `replaced/` (on PostgreSQL
    the old key file only). A backup of
    an older version is refused unless `may_migrate` says that `accept` brings it up to date.
    """
    folder = configuration.folder
    make_folder(folder)
    with alone(folder):
        settle(configuration)
        if configuration.database.exists() and not replace:
            raise AlreadyThereError(
                f"{folder} has records already. To put the backup in their place (they are kept aside), add --replace."
            )
        incoming = swap.begin(folder)
        try:
            container.unpack(source, incoming)
            database = (incoming / container.PAYLOAD).rename(incoming / configuration.file)
            manifest, keys = _checked(incoming, database, opening, known_migrations, may_migrate=may_migrate)
            if manifest.engine != configuration.engine:
                raise BackupRefusedError(
                    f"The backup is of an agency on {manifest.engine}, and casearc.toml says {configuration.engine}."
                )
            (incoming / container.MANIFEST).unlink()
            if configuration.engine == "postgresql":
                _into_postgresql(configuration, database, keys, manifest, replace=replace, accept=accept)
            else:
                if accept is not None:
                    accept(database, keys)
                    check_database(database, keys)
                swap.commit(folder, configuration.file)
        finally:
            shutil.rmtree(incoming, ignore_errors=True)
    return manifest


def _into_postgresql(
    configuration: Configuration,
    database: Path,
    keys: Keys,
    manifest: Manifest,
    *,
    replace: bool,
    accept: Acceptance | None,
) -> None:
    """All in one transaction: the tables as the backup's version had them, its rows, and whatever `accept` does; then
    the key file. The rows that were there are gone when it ends.
    """
    from django.db import connection  # noqa: PLC0415 - Django must be ready first

    from casearc_web.backup import postgresql  # noqa: PLC0415 - an optional part
    from casearc_web.server.schema import go_to, migrate  # noqa: PLC0415

    def work() -> None:
        if not replace and postgresql.holds_records(connection.connection):
            raise AlreadyThereError(
                "The database has records already. To put the backup in their place, make a backup of them first and "
                "then add --replace: on PostgreSQL nothing else keeps them."
            )
        migrate()
        postgresql.empty(connection.connection, kept={"django_migrations"})
        go_to(manifest.migrations)
        postgresql.load(connection.connection, source, keys)
        if accept is not None:
            accept(source, keys)

    with tempfile.TemporaryDirectory(prefix=".restore-", dir=configuration.folder) as beside:
        source = database.rename(Path(beside) / container.PAYLOAD)
        decide_in_postgresql(configuration, keys, work)


def _checked(
    incoming: Path, database: Path, opening: Opening, known: frozenset[str], *, may_migrate: bool
) -> tuple[Manifest, Keys]:
    keys = opening(incoming)
    manifest = unsealed((incoming / container.MANIFEST).read_bytes(), keys)
    if manifest.payload_digest != container.digest(database):
        raise BackupRefusedError("The records in the backup are not those that were put into it: it was altered.")
    _check_version(manifest, known, may_migrate=may_migrate)
    if check_database(database, keys) != manifest.tables:
        raise BackupRefusedError("The backup's tables are not those that its manifest tells of.")
    with reading(database, keys) as records:
        if dict(records.execute(HEADS).fetchall()) != manifest.heads:
            raise BackupRefusedError("The audit log in the backup does not end where its manifest says.")
    return manifest, keys


def _check_version(manifest: Manifest, known: frozenset[str], *, may_migrate: bool) -> None:
    applied = frozenset(manifest.migrations)
    if applied - known:
        raise BackupRefusedError(
            f"The backup was made by a newer Casearc ({manifest.version}). Install that version first, then restore."
        )
    if known - applied and not may_migrate:
        raise BackupRefusedError(
            f"The backup was made by an older Casearc ({manifest.version}). "
            "To bring its records up to date while restoring, add --migrate."
        )
