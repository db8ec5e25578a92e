"""From the command's options to an agency's open records."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from casearc_cli.web.asking import ask_passphrase

if TYPE_CHECKING:
    from casearc_web.configuration import Configuration
    from casearc_web.keys import Keys

_PARTS = ("django", "sqlcipher3", "argon2", "cryptography", "shamir_mnemonic", "gunicorn", "allauth", "axes", "csp")


def check_installed() -> None:
    """MissingExtraError where the web application's libraries are not installed."""
    from casearc.errors import MissingExtraError

    if any(importlib.util.find_spec(part) is None for part in _PARTS):
        raise MissingExtraError(purpose="The web application", extra="web")


def folder_of(folder: Path | None) -> Path:
    """The agency's folder: as named, else the default."""
    from casearc_web.configuration import default_folder

    return (folder or default_folder()).expanduser().absolute()


def configuration_of(folder: Path | None) -> Configuration:
    """The agency's configuration, after a replacement of its records that broke off was finished or undone."""
    from casearc_web.configuration import read
    from casearc_web.errors import InUseError
    from casearc_web.presence import alone
    from casearc_web.replacement import settle, unsettled

    configuration = read(folder_of(folder))
    if unsettled(configuration.folder):
        try:
            with alone(configuration.folder):
                settle(configuration)
        except InUseError:
            pass  # whoever is at work there settles it
    return configuration


def unlock(configuration: Configuration, passphrase_file: IO[str] | None) -> tuple[str, Keys]:
    """The passphrase as it was given, and the keys it opens."""
    from casearc_web import key_mark, keys

    passphrase = ask_passphrase(passphrase_file)
    opened = keys.unlock(configuration.folder, passphrase)
    key_mark.check(configuration, opened)
    return passphrase, opened


def open_records(folder: Path | None, passphrase_file: IO[str] | None) -> Configuration:
    """Everything up to a Django that works on the agency's records."""
    from casearc_web.server import prepare

    configuration = configuration_of(folder)
    prepare(configuration, unlock(configuration, passphrase_file)[1])
    return configuration


def check_up_to_date() -> None:
    """Refuse records of an older version; `migrate` is a step that somebody decides."""
    from casearc_web.errors import DatabaseRefusedError
    from casearc_web.server import missing_migrations

    missing: Any = missing_migrations()
    if missing:
        raise DatabaseRefusedError(
            f"The records are of an older version of Casearc ({len(missing)} steps behind). "
            "Bring them up to date with `casearc web migrate`; it makes a backup first."
        )
