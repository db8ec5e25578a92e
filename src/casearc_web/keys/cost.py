"""What one guess at a passphrase costs: the parameters of Argon2id (RFC 9106)."""

from __future__ import annotations

from dataclasses import dataclass

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw

from casearc_web.errors import DamagedKeyFileError, LockedError

_MOST_MEMORY_KIB = 4 * 1024 * 1024
_MOST_PASSES = 64
_MOST_LANES = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Memory in KiB, passes over it, lanes side by side."""

    memory_kib: int
    passes: int
    lanes: int

    def __post_init__(self) -> None:
        """Bounds, so that an altered key file cannot take all memory before it is found out."""
        sound = (
            8 * self.lanes <= self.memory_kib <= _MOST_MEMORY_KIB
            and 1 <= self.passes <= _MOST_PASSES
            and 1 <= self.lanes <= _MOST_LANES
        )
        if not sound:
            raise DamagedKeyFileError("The key file asks for a cost of guessing that cannot be right.")

    def stretch(self, passphrase: str, salt: bytes) -> bytes:
        """The wrapping key: 32 bytes from a passphrase, slow on purpose."""
        try:
            return hash_secret_raw(passphrase.encode(), salt, self.passes, self.memory_kib, self.lanes, 32, Type.ID)
        except HashingError:
            raise LockedError(
                f"There is not enough free memory to open the records: {self.memory_kib // 1024} MB are needed."
            ) from None


STRONG = Cost(memory_kib=128 * 1024, passes=3, lanes=4)
"""A quarter of a second and 128 MB on a small machine of 2026: twice the memory of RFC 9106's lesser choice."""

QUICK = Cost(memory_kib=64, passes=1, lanes=1)
"""For tests only."""
