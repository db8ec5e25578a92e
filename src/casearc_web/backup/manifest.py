"""What a backup says of itself: when, by which version, which migrations, and every table's rows counted and digested.

It lies in the backup sealed under the agency's `backup` key, so nobody else reads or writes one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from casearc_web.configuration import Engine, Language
from casearc_web.errors import BackupRefusedError
from casearc_web.keys import Keys
from casearc_web.sqlcipher import TableContent

FORMAT = b"casearc-backup/1"
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`payload_digest` is over the payload's bytes; `heads` are the ends of the audit chains, one an agency."""

    made_at: str
    version: str
    engine: Engine
    language: Language
    made_up: bool
    migrations: tuple[str, ...]
    tables: Mapping[str, TableContent]
    heads: Mapping[str, str]
    payload_digest: str

    @property
    def rows(self) -> int:
        """Rows of all tables together."""
        return sum(table.rows for table in self.tables.values())

    def sealed(self, keys: Keys) -> bytes:
        """Encrypted and authenticated."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + AESGCM(keys.backup).encrypt(nonce, json.dumps(asdict(self)).encode(), FORMAT)


def unsealed(content: bytes, keys: Keys) -> Manifest:
    """Read one; BackupRefusedError where it was altered or made with other keys."""
    try:
        plain = AESGCM(keys.backup).decrypt(content[:_NONCE_BYTES], content[_NONCE_BYTES:], FORMAT)
    except (InvalidTag, ValueError):
        raise BackupRefusedError("The backup was altered, or its parts do not belong together.") from None
    values: dict[str, Any] = json.loads(plain)
    tables = {name: TableContent(**content) for name, content in values.pop("tables").items()}
    return Manifest(**{**values, "migrations": tuple(values["migrations"])}, tables=tables)
