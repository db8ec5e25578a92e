"""Bringing records to this version: a backup first, then the migrations, with nobody else at work."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from casearc_web import keys as process_keys
from casearc_web import swap
from casearc_web.backup import make_backup
from casearc_web.configuration import Configuration
from casearc_web.durable import make_folder
from casearc_web.presence import alone
from casearc_web.server import at_database, migrate
from casearc_web.sqlcipher import check_database, copy_database


def upgrade(configuration: Configuration) -> Path:
    """Migrate a copy, check it, and put it in place; tells where the backup of the records as they were lies."""
    keys = process_keys.current()
    make_folder(configuration.backups)
    backup = configuration.backups / f"before-upgrade-{datetime.now(UTC):%Y-%m-%d-%H%M%S}.casearc"
    make_backup(configuration, backup)
    folder = configuration.folder
    with alone(folder):
        if configuration.engine == "postgresql":
            migrate()
            return backup
        incoming = swap.begin(folder)
        try:
            copy = incoming / configuration.file
            copy_database(configuration.database, keys, copy, target_keys=keys)
            with at_database(copy, keys):
                migrate()
            check_database(copy, keys)
            shutil.rmtree(swap.commit(folder, configuration.file))
        finally:
            shutil.rmtree(incoming, ignore_errors=True)
    return backup
