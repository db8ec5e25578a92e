"""The keys of each purpose, derived from the data key by HKDF, so that none tells anything of another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Keys:
    """One key of 32 bytes for each purpose. `fingerprint` names the data key without telling it.

    database: the database file · vault: sealed fields · audit: the chain of audit events · sessions: Django's
    signatures · search: digests that find a name · drafts: what a phone keeps while offline · backup: manifests.
    """

    fingerprint: str
    database: bytes
    vault: bytes
    audit: bytes
    sessions: bytes
    search: bytes
    drafts: bytes
    backup: bytes

    def __repr__(self) -> str:
        return f"Keys({self.fingerprint}, the rest is not shown)"

    def __reduce__(self) -> NoReturn:
        """Never into a cache, a queue or another process by pickle."""
        raise TypeError("keys are not written anywhere")


def derive(data_key: bytes) -> Keys:
    """All keys of one data key."""
    return Keys(
        fingerprint=_derive(data_key, "fingerprint", length=8).hex(),
        database=_derive(data_key, "database"),
        vault=_derive(data_key, "vault"),
        audit=_derive(data_key, "audit"),
        sessions=_derive(data_key, "sessions"),
        search=_derive(data_key, "search"),
        drafts=_derive(data_key, "drafts"),
        backup=_derive(data_key, "backup"),
    )


def derive_file_check(data_key: bytes) -> bytes:
    """The key under which `keys.json` itself is authenticated; nobody else's business."""
    return _derive(data_key, "key-file")


def _derive(data_key: bytes, purpose: str, *, length: int = KEY_BYTES) -> bytes:
    """The purposes' names are part of the format: to rename one is to lose what it protects."""
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=f"casearc/1/{purpose}".encode()).derive(data_key)
