"""Making a backup while the records are in use."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from casearc_web import keys as process_keys
from casearc_web.backup import container
from casearc_web.backup.manifest import Manifest
from casearc_web.configuration import Configuration
from casearc_web.errors import AlreadyThereError, BackupRefusedError
from casearc_web.keys import KEY_FILE, Keys
from casearc_web.keys.keyfile import read as read_key_file
from casearc_web.presence import present
from casearc_web.sqlcipher import TableContent, copy_database, reading

HEADS = "SELECT agency_id, number || ':' || lower(hex(digest)) FROM audit_audithead ORDER BY agency_id"
MIGRATIONS = "SELECT app || '.' || name FROM django_migrations ORDER BY 1"


def make_backup(configuration: Configuration, target: Path) -> Manifest:
    """Copy all records as they are at one moment, check the copy, and write it with its manifest to one new file."""
    keys = process_keys.current()
    if target.exists():
        raise AlreadyThereError(f"{target} is already there. Choose another name.")
    if not target.parent.is_dir():
        raise BackupRefusedError(f"There is no folder {target.parent} to put the backup into.")
    with present(configuration.folder), tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as beside:
        key_file = _key_file(configuration.folder, keys)
        payload = Path(beside) / container.PAYLOAD
        tables = _copy(configuration, payload, keys)
        manifest = _manifest(configuration, payload, keys, tables)
        container.pack(target, key_file=key_file, manifest=manifest.sealed(keys), payload=payload)
    return manifest


def _copy(configuration: Configuration, payload: Path, keys: Keys) -> dict[str, TableContent]:
    if configuration.engine == "sqlcipher":
        return copy_database(configuration.database, keys, payload, target_keys=keys)
    from casearc_web.backup.postgresql import dump  # noqa: PLC0415 - an optional part

    return dump(configuration.owner, payload, keys)


def _key_file(folder: Path, keys: Keys) -> bytes:
    """The key file's bytes; never another key's than the one that the copy is made under."""
    if read_key_file(folder / KEY_FILE).fingerprint != keys.fingerprint:
        raise BackupRefusedError("The key file is not the one that these records were opened with. Start again.")
    return (folder / KEY_FILE).read_bytes()


def _manifest(configuration: Configuration, payload: Path, keys: Keys, tables: dict[str, TableContent]) -> Manifest:
    with reading(payload, keys) as copy:
        return Manifest(
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            version=version("casearc"),
            engine=configuration.engine,
            language=configuration.language,
            made_up=configuration.made_up,
            migrations=tuple(name for (name,) in copy.execute(MIGRATIONS)),
            tables=tables,
            heads=dict(copy.execute(HEADS).fetchall()),
            payload_digest=container.digest(payload),
        )
