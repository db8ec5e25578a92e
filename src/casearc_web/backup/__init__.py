"""Backups: one encrypted file that holds all of an agency's records, and what it takes to know that it does.

    make_backup(configuration, target)              # while Casearc is in use; the keys in use must be the agency's
    restore(source, folder, with_passphrase("…"))   # into an empty folder, on any machine

A backup is opened with the passphrase or the shares that were good when it was made.
"""

from casearc_web.backup.making import make_backup
from casearc_web.backup.manifest import Manifest
from casearc_web.backup.restoring import Opening, restore, with_passphrase, with_shares

__all__ = ["Manifest", "Opening", "make_backup", "restore", "with_passphrase", "with_shares"]
