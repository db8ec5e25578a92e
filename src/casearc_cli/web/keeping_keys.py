"""`casearc web passphrase`, `recover`, `rekey` and `shares`."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from casearc_cli.web.asking import ask_new_passphrase, ask_passphrase, in_folder, with_passphrase_file
from casearc_cli.web.keeping import ask_shares
from casearc_cli.web.opening import check_up_to_date, configuration_of
from casearc_cli.web.telling import say, tell_shares

if TYPE_CHECKING:
    from casearc_web.keys import Keys


@click.command(name="passphrase")
@in_folder
@with_passphrase_file
def passphrase_command(folder: Path | None, passphrase_file: IO[str] | None) -> None:
    """Change the passphrase. Records and recovery shares stay as they are; older backups keep the old passphrase.

    A file given with --passphrase-file has the old passphrase in its first line and the new one in its second.
    """
    from casearc_web import keys

    configuration = configuration_of(folder)
    known = ask_passphrase(passphrase_file, what="Passphrase until now")
    keys.unlock(configuration.folder, known)
    keys.change_passphrase(configuration.folder, known, ask_new_passphrase(passphrase_file))
    say("The passphrase is changed. Backups made until now still open with the old one.")
    say("If somebody else may know the old one and has a copy of the records, use `casearc web rekey` as well.")


@click.command(name="recover")
@in_folder
@with_passphrase_file
def recover_command(folder: Path | None, passphrase_file: IO[str] | None) -> None:
    """Set a new passphrase with recovery shares, also where keys.json is lost."""
    from casearc_web import key_mark, keys
    from casearc_web.sqlcipher import open_database

    configuration = configuration_of(folder)

    def fits(recovered: Keys) -> None:
        if configuration.engine == "sqlcipher":
            open_database(configuration.database, recovered, read_only=True).close()
        key_mark.check(configuration, recovered)

    say("Type the recovery shares from paper, one after the other, each as one line.")
    phrases = ask_shares()
    keys.recover(configuration.folder, phrases, ask_new_passphrase(passphrase_file), fits=fits)
    say("The records open with the new passphrase. The recovery shares stay good.")


@click.command(name="rekey")
@in_folder
@with_passphrase_file
def rekey_command(folder: Path | None, passphrase_file: IO[str] | None) -> None:
    """Encrypt everything under a new key, with a new passphrase and new recovery shares.

    For when the passphrase, or enough shares, may be known to somebody who has or had a copy of the records. Stop
    Casearc first. A file given with --passphrase-file has the old passphrase in its first line and the new one in its
    second.
    """
    from casearc_web import key_mark, keys
    from casearc_web.server import prepare

    configuration = configuration_of(folder)
    known = ask_passphrase(passphrase_file, what="Passphrase until now")
    unlocked = keys.unlock(configuration.folder, known)
    key_mark.check(configuration, unlocked)
    prepare(configuration, unlocked)
    check_up_to_date()
    from casearc_web.rekeying import forget_old_rows, rekey
    from casearc_web.resealing import reseal  # knows of every app, so Django must be ready

    recovery = rekey(configuration, known, ask_new_passphrase(passphrase_file), reseal=reseal)
    say("Everything is encrypted under a new key. The old recovery shares and the old passphrase open it no longer.")
    say("They still open backups made until now: make a new backup and destroy the old ones.")
    tell_shares(recovery)
    forget_old_rows(configuration)
    if configuration.engine == "postgresql":
        say("What PostgreSQL's operator copied or archived until now still opens with the old key: destroy that too.")
        say("On every other machine that runs Casearc on this database, put the new keys.json in place.")


@click.command(name="shares")
@in_folder
@with_passphrase_file
def shares_command(folder: Path | None, passphrase_file: IO[str] | None) -> None:
    """Print a new set of recovery shares. The old set stays good until `casearc web rekey`."""
    from casearc_web import keys

    configuration = configuration_of(folder)
    tell_shares(keys.print_shares(configuration.folder, ask_passphrase(passphrase_file)))
