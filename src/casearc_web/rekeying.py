"""Re-keying: a new data key for everything, when the old one, the passphrase or enough shares may be known to others.

A copy of the database is made under the new key, what lies sealed inside it is sealed anew, and then copy and key file
take the place of the old pair at once. On PostgreSQL it is sealed anew in one transaction, and the key file follows it
(`replacement`). Until that moment the old pair stays as it is, whatever fails.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable

from casearc_web import keys as agency_keys
from casearc_web import swap
from casearc_web.configuration import Configuration
from casearc_web.keys import KEY_FILE, STRONG, Cost, Keys, Recovery
from casearc_web.keys.keyfile import read as read_key_file
from casearc_web.presence import alone
from casearc_web.replacement import decide_in_postgresql, settle
from casearc_web.server.ready import at_database
from casearc_web.sqlcipher import check_database, copy_database

Reseal = Callable[[Keys, Keys], None]
"""Seals anew, in Django's current database, what the old keys sealed; called with the old and the new keys."""


def rekey(
    configuration: Configuration, passphrase: str, new_passphrase: str, *, reseal: Reseal, cost: Cost = STRONG
) -> Recovery:
    """Replace the data key. Returns new shares, as many as before; the old ones open only old backups from now on."""
    folder = configuration.folder
    with alone(folder):
        settle(configuration)
        old = agency_keys.unlock(folder, passphrase)
        counts = read_key_file(folder / KEY_FILE)
        incoming = swap.begin(folder)
        try:
            recovery = agency_keys.create(incoming, new_passphrase, shares=(counts.needed, counts.made), cost=cost)
            new = agency_keys.unlock(incoming, new_passphrase)
            if configuration.engine == "postgresql":
                replaced = decide_in_postgresql(configuration, new, lambda: reseal(old, new))
            else:
                _reseal_copy(configuration, old, new, reseal)
                replaced = swap.commit(folder, configuration.file)
            shutil.rmtree(replaced)
        finally:
            shutil.rmtree(incoming, ignore_errors=True)
    return recovery


def forget_old_rows(configuration: Configuration) -> None:
    """Write PostgreSQL's tables anew: until then its files still hold each row as it was under the old key."""
    if configuration.engine != "postgresql":
        return
    import psycopg  # noqa: PLC0415 - an optional part

    with alone(configuration.folder), psycopg.connect(configuration.owner, autocommit=True) as database:
        database.execute("VACUUM (FULL, ANALYZE)")


def _reseal_copy(configuration: Configuration, old: Keys, new: Keys, reseal: Reseal) -> None:
    copy = configuration.folder / swap.INCOMING / configuration.file
    copy_database(configuration.database, old, copy, target_keys=new)
    with at_database(copy, new):
        reseal(old, new)
    check_database(copy, new)
