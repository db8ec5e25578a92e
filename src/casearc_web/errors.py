"""Errors of the agency's application that a person at the command line or the server's log can meet, in one tree.

    CasearcError
    └── WebError                        exit code
        ├── LockedError                 2   no keys: the passphrase was not given yet
        ├── WrongPassphraseError        2   the passphrase does not open the key file
        ├── WeakPassphraseError         2   a new passphrase is too easy to guess
        ├── SharesRefusedError          2   recovery shares that do not fit or are misspelled
        │   └── NotEnoughSharesError    2   fewer shares than the agency decided
        ├── AlreadyThereError           2   something would be overwritten
        ├── InUseError                  2   the records are open elsewhere
        ├── NotServedError              2   the server would be reached in a way that is not safe
        ├── ConfigurationError          3   casearc.toml is wrong
        ├── DamagedKeyFileError         3   keys.json is missing, damaged or altered
        ├── DatabaseRefusedError        3   the records cannot be opened
        │   ├── DatabaseMissingError    3   there is no database file
        │   ├── WrongKeyError           3   these keys do not open it, or it is damaged
        │   └── NotEncryptedError       3   it would be stored in plain text
        └── BackupRefusedError          3   a backup that is not whole, not ours, or of another version

They carry paths, versions and counts, never a key, a passphrase or anything of a record.
"""

from __future__ import annotations

from casearc.errors import CasearcError


class WebError(CasearcError):
    """Root of the application's errors."""

    exit_code = 3


class LockedError(WebError):
    """Keys were asked for before a passphrase unlocked them."""

    exit_code = 2


class WrongPassphraseError(WebError):
    """The passphrase does not open the key file."""

    exit_code = 2


class WeakPassphraseError(WebError):
    """A new passphrase is too easy to guess."""

    exit_code = 2


class SharesRefusedError(WebError):
    """Recovery shares that are misspelled, of another set, or of another key."""

    exit_code = 2


class NotEnoughSharesError(SharesRefusedError):
    """Fewer recovery shares than the agency decided at set-up."""


class AlreadyThereError(WebError):
    """Going on would overwrite something."""

    exit_code = 2


class InUseError(WebError):
    """The records are open elsewhere, and this work needs them alone."""

    exit_code = 2


class NotServedError(WebError):
    """The server would be reached in a way that is not safe."""

    exit_code = 2


class ConfigurationError(WebError):
    """`casearc.toml` is wrong; `faults` lists all that is."""


class DamagedKeyFileError(WebError):
    """`keys.json` is missing, damaged or altered."""


class DatabaseRefusedError(WebError):
    """The records cannot be opened."""


class DatabaseMissingError(DatabaseRefusedError):
    """There is no database file where one is expected."""


class WrongKeyError(DatabaseRefusedError):
    """The keys in use do not open the database, or its first page is damaged."""


class NotEncryptedError(DatabaseRefusedError):
    """The database would be, or is, stored in plain text."""


class BackupRefusedError(WebError):
    """A backup that is not whole, not made with these keys, or of another version."""
