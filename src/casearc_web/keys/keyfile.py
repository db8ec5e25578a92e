"""`keys.json`: what it holds, read and written. It holds no key that is not wrapped."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from casearc_web.durable import write_whole
from casearc_web.errors import DamagedKeyFileError, WrongPassphraseError
from casearc_web.keys import passphrase as words
from casearc_web.keys.cost import Cost
from casearc_web.keys.derived import KEY_BYTES, derive, derive_file_check

KEY_FILE = "keys.json"
FORMAT = "casearc-keys/1"
SALT_BYTES = 16
WRAPPED_BYTES = KEY_BYTES + 8


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFile:
    """The content of `keys.json`: the data key wrapped, what it takes to unwrap it, and how many shares recover it.

    `seal` authenticates everything else under the data key, so that an altered cost or count is noticed.
    """

    fingerprint: str
    cost: Cost
    salt: bytes
    wrapped: bytes
    needed: int
    made: int
    seal: bytes = b""

    def sealed(self, data_key: bytes) -> KeyFile:
        """The same with its seal."""
        return replace(self, seal=_seal(self, data_key))

    def open(self, passphrase: str) -> bytes:
        """The data key; WrongPassphraseError, or DamagedKeyFileError where something beside the wrap was altered."""
        try:
            data_key = aes_key_unwrap(self.cost.stretch(words.normal(passphrase), self.salt), self.wrapped)
        except InvalidUnwrap:
            raise WrongPassphraseError("That passphrase does not open the records.") from None
        sound = self.fingerprint == derive(data_key).fingerprint
        if not (sound and hmac.compare_digest(self.seal, _seal(self, data_key))):
            raise DamagedKeyFileError("The key file was altered after it was written. Restore it from a backup.")
        return data_key


def wrap(data_key: bytes, passphrase: str, *, cost: Cost, salt: bytes, needed: int, made: int) -> KeyFile:
    """A key file's content for a data key and a passphrase."""
    return KeyFile(
        fingerprint=derive(data_key).fingerprint,
        cost=cost,
        salt=salt,
        wrapped=aes_key_wrap(cost.stretch(words.normal(passphrase), salt), data_key),
        needed=needed,
        made=made,
    ).sealed(data_key)


def write(path: Path, content: KeyFile) -> None:
    """Write it whole; only its owner may read it."""
    write_whole(path, encode(content))


def read(path: Path) -> KeyFile:
    """Read it; DamagedKeyFileError says what to do."""
    try:
        return decode(path.read_bytes())
    except FileNotFoundError:
        raise DamagedKeyFileError(
            f"There is no key file at {path}. Restore it from a backup, or use `casearc web recover` with the shares."
        ) from None
    except DamagedKeyFileError as error:
        raise DamagedKeyFileError(f"{path}: {error.message}") from None


def encode(content: KeyFile) -> bytes:
    """The file's bytes."""
    plain = {
        "format": FORMAT,
        "fingerprint": content.fingerprint,
        "argon2id": asdict(content.cost),
        "salt": _text(content.salt),
        "wrapped": _text(content.wrapped),
        "shares": {"needed": content.needed, "made": content.made},
        "seal": _text(content.seal),
    }
    return (json.dumps(plain, indent=2) + "\n").encode()


def decode(content: bytes) -> KeyFile:
    """The file's content, each part of the type and length it must have."""
    try:
        plain: dict[str, Any] = json.loads(content)
        if plain["format"] != FORMAT:
            raise DamagedKeyFileError("This key file is of a format that this version of Casearc does not know.")
        return KeyFile(
            fingerprint=str(plain["fingerprint"]),
            cost=Cost(**{name: int(value) for name, value in plain["argon2id"].items()}),
            salt=_bytes(plain["salt"], SALT_BYTES),
            wrapped=_bytes(plain["wrapped"], WRAPPED_BYTES),
            needed=int(plain["shares"]["needed"]),
            made=int(plain["shares"]["made"]),
            seal=_bytes(plain["seal"], KEY_BYTES),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise DamagedKeyFileError("The key file is damaged. Restore it from a backup.") from None


def _seal(content: KeyFile, data_key: bytes) -> bytes:
    return hmac.digest(derive_file_check(data_key), encode(replace(content, seal=b"")), hashlib.sha256)


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(value: str, length: int) -> bytes:
    try:
        decoded = base64.b64decode(value, validate=True)
    except binascii.Error:
        raise ValueError("not base64") from None
    if len(decoded) != length:
        raise ValueError("wrong length")
    return decoded
