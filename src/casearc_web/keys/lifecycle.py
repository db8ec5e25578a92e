"""What is done with an agency's key file: made, unlocked, given another passphrase, recovered from shares."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from casearc_web.durable import make_folder
from casearc_web.errors import AlreadyThereError, DamagedKeyFileError, SharesRefusedError
from casearc_web.keys import keyfile, passphrase, splitting
from casearc_web.keys.cost import STRONG, Cost
from casearc_web.keys.derived import KEY_BYTES, Keys, derive
from casearc_web.keys.keyfile import KEY_FILE, SALT_BYTES, KeyFile

DEFAULT_SHARES = (2, 3)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Recovery:
    """Phrases for the recovery shares, to be printed once and kept apart; any `needed` of them give the key back."""

    needed: int
    phrases: tuple[str, ...]

    @property
    def made(self) -> int:
        """How many shares there are."""
        return len(self.phrases)

    def __repr__(self) -> str:
        return f"Recovery({self.needed} of {self.made}, phrases not shown)"


def create(
    folder: Path, new_passphrase: str, *, shares: tuple[int, int] = DEFAULT_SHARES, cost: Cost = STRONG
) -> Recovery:
    """Make a data key and its key file in a folder that has none."""
    if (folder / KEY_FILE).exists():
        raise AlreadyThereError(f"{folder / KEY_FILE} is already there. To overwrite it would lose what it opens.")
    passphrase.check_quality(new_passphrase)
    data_key = secrets.token_bytes(KEY_BYTES)
    recovery = _split(data_key, *shares)
    make_folder(folder)
    _write(folder, data_key, new_passphrase, cost=cost, shares=shares)
    return recovery


def unlock(folder: Path, known_passphrase: str) -> Keys:
    """The keys of an agency; WrongPassphraseError or DamagedKeyFileError where they cannot be had."""
    return derive(_data_key(folder, known_passphrase))


def change_passphrase(folder: Path, known_passphrase: str, new_passphrase: str, *, cost: Cost = STRONG) -> None:
    """Wrap the same data key under another passphrase. Shares stay good; copies of the old key file stay openable."""
    content = keyfile.read(folder / KEY_FILE)
    data_key = content.open(known_passphrase)
    passphrase.check_quality(new_passphrase)
    _write(folder, data_key, new_passphrase, cost=cost, shares=(content.needed, content.made))


def print_shares(folder: Path, known_passphrase: str) -> Recovery:
    """A new set of shares for the same data key. The old set stays good: only re-keying ends it."""
    content = keyfile.read(folder / KEY_FILE)
    return _split(content.open(known_passphrase), content.needed, content.made)


def recover(
    folder: Path,
    phrases: Sequence[str],
    new_passphrase: str,
    *,
    fits: Callable[[Keys], None] | None = None,
    cost: Cost = STRONG,
) -> Keys:
    """Set a new passphrase with enough shares, also where the key file is lost or damaged.

    `fits` is asked before anything is written: it raises where the keys do not open the agency's records.
    """
    data_key = splitting.join(phrases)
    keys = derive(data_key)
    passphrase.check_quality(new_passphrase)
    known = _readable(folder)
    if known is not None and known.fingerprint != keys.fingerprint:
        raise SharesRefusedError(
            "These recovery shares belong to another key than this folder's: an older one, or another agency's."
        )
    if fits is not None:
        fits(keys)
    _write(folder, data_key, new_passphrase, cost=cost, shares=_counts(phrases, known))
    return keys


def _data_key(folder: Path, known_passphrase: str) -> bytes:
    return keyfile.read(folder / KEY_FILE).open(known_passphrase)


def _split(data_key: bytes, needed: int, made: int) -> Recovery:
    return Recovery(needed=needed, phrases=splitting.split(data_key, needed=needed, made=made))


def _write(folder: Path, data_key: bytes, new_passphrase: str, *, cost: Cost, shares: tuple[int, int]) -> None:
    salt = secrets.token_bytes(SALT_BYTES)
    content = keyfile.wrap(data_key, new_passphrase, cost=cost, salt=salt, needed=shares[0], made=shares[1])
    make_folder(folder)
    keyfile.write(folder / KEY_FILE, content)


def _readable(folder: Path) -> KeyFile | None:
    """The key file, or None where it is lost or damaged."""
    try:
        return keyfile.read(folder / KEY_FILE)
    except DamagedKeyFileError:
        return None


def _counts(phrases: Sequence[str], known: KeyFile | None) -> tuple[int, int]:
    """Needed and made; a share tells only how many are needed."""
    needed = splitting.needed_by(phrases[0])
    return needed, known.made if known is not None else needed + 1
