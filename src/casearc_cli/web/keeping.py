"""`casearc web backup` and `casearc web restore`."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from casearc_cli.web.asking import ask, ask_new_passphrase, ask_passphrase, in_folder, with_passphrase_file
from casearc_cli.web.opening import configuration_of, folder_of, open_records
from casearc_cli.web.telling import say

if TYPE_CHECKING:
    from casearc_web.backup import Manifest, Opening
    from casearc_web.configuration import Configuration
    from casearc_web.keys import Keys


@click.command(name="backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@in_folder
@with_passphrase_file
def backup_command(file: Path, folder: Path | None, passphrase_file: IO[str] | None) -> None:
    """Write all records, encrypted, to the new file FILE. Casearc may go on running meanwhile.

    The backup opens with today's passphrase or recovery shares, on any machine.
    """
    from casearc_web.backup import make_backup

    manifest = make_backup(open_records(folder, passphrase_file), file.absolute())
    say(f"{file} holds all records as of {manifest.made_at}: {_size(manifest)}, read back and compared.")
    say("It opens with the passphrase or recovery shares of today. Keep it away from this machine.")


@click.command(name="restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@in_folder
@with_passphrase_file
@click.option("--replace", is_flag=True, help="Put the backup in the place of records; SQLCipher's are kept aside.")
@click.option("--migrate", "may_migrate", is_flag=True, help="Bring the records of an older Casearc up to date.")
@click.option("--with-shares", is_flag=True, help="Open the backup with recovery shares and set a new passphrase.")
def restore_command(
    file: Path,
    folder: Path | None,
    passphrase_file: IO[str] | None,
    replace: bool,
    may_migrate: bool,
    with_shares: bool,
) -> None:
    """Check the backup FILE from end to end and put it into the agency's folder, all or nothing."""
    from casearc_web import swap

    target = folder_of(folder)
    configuration = _target(target)
    opening = _opening(passphrase_file, with_shares=with_shares)
    manifest = _restored(file, configuration, opening, replace=replace, may_migrate=may_migrate)
    say(f"{target} holds the records of {manifest.made_at} again: {_size(manifest)}, all checked.")
    if (target / swap.REPLACED).exists():
        before = "The key file that was" if configuration.engine == "postgresql" else "What was"
        say(f"{before} there before is in {target / swap.REPLACED}. Delete it when you no longer need it.")


def ask_shares() -> list[str]:
    """Shares typed from paper, one a line, until an empty line."""
    from casearc_web.keys import check_share

    phrases: list[str] = []
    while True:
        phrase = ask(
            None, f"Share {len(phrases) + 1} (all its words; Enter alone when done)", option="a terminal", default=""
        )
        if not phrase:
            return phrases
        wrong = check_share(phrase)
        if wrong:
            click.echo(wrong, err=True)
        else:
            phrases.append(phrase)


def _opening(passphrase_file: IO[str] | None, *, with_shares: bool) -> Opening:
    from casearc_web import backup

    if not with_shares:
        return backup.with_passphrase(ask_passphrase(passphrase_file, what="Passphrase of the backup"))
    phrases = ask_shares()
    return backup.with_shares(phrases, ask_new_passphrase(passphrase_file))


def _target(folder: Path) -> Configuration:
    """The folder's own configuration, or a new one."""
    from casearc_web.configuration import FILE, Configuration

    return configuration_of(folder) if (folder / FILE).exists() else Configuration(folder=folder)


def _restored(
    file: Path, configuration: Configuration, opening: Opening, *, replace: bool, may_migrate: bool
) -> Manifest:
    from casearc_web import configuration as configurations
    from casearc_web.backup import restore
    from casearc_web.server import at_database, known_migrations, migrate, prepare_without_keys

    def accept(database: Path, keys: Keys) -> None:
        with at_database(database, keys):
            if may_migrate:
                migrate()
            _verify_audit()

    prepare_without_keys(configuration)
    manifest = restore(
        file,
        configuration,
        opening,
        known_migrations=known_migrations(),
        replace=replace,
        may_migrate=may_migrate,
        accept=accept,
    )
    if not (configuration.folder / configurations.FILE).exists():
        configurations.write(configurations.restored(configuration, manifest.language, made_up=manifest.made_up))
    return manifest


def _verify_audit() -> None:
    """A backup whose audit log was altered before it was made is not put in place silently."""
    from casearc_cli.web.tending import verified_chains
    from casearc_web.errors import BackupRefusedError

    broken = [report for report in verified_chains() if not report.sound]
    if broken:
        raise BackupRefusedError(
            f"The audit log in the backup was altered before the backup was made: {len(broken[0].faults)} faults. "
            "Restore an older backup, or look at this one with help."
        )


def _size(manifest: Manifest) -> str:
    return f"{manifest.rows:,} rows in {len(manifest.tables)} tables"
