"""The codes of invitations: readable aloud, and too many to guess."""

from __future__ import annotations

import hashlib
import secrets

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without those that are taken for one another; 25 of them are 123 bits."""
_GROUPS, _IN_A_GROUP = 5, 5


def made_code() -> str:
    """A new code, such as ``K7F2Q-…``."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(_IN_A_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def plain_code(typed: str) -> str:
    """A code as somebody typed it, without what is not part of it."""
    return "".join(letter for letter in typed.upper() if letter in LETTERS)


def digest_of(code: str) -> bytes:
    """What is kept of a code. It is random, so a plain digest cannot be searched for it."""
    return hashlib.sha256(plain_code(code).encode()).digest()
