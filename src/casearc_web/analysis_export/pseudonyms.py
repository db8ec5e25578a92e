"""Pseudonyms: ids that leave no way back to a client without the agency's key, and are the same at every export.

A keyed digest of the record's own random id. Another agency's key gives other pseudonyms, so that two agencies' exports
cannot be joined by them.
"""

from __future__ import annotations

import base64
import hmac
import uuid
from dataclasses import dataclass

from casearc_web import keys

_BYTES = 10
"""80 bits: among a million records the chance that two share a pseudonym is about one in two trillion."""


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Pseudonyms of one agency."""

    agency_id: uuid.UUID

    def of(self, letter: str, record_id: uuid.UUID) -> str:
        """The pseudonym of a record; the letter says of what kind: P, E, C, G or A."""
        message = f"pseudonym|{self.agency_id}|{letter}|{record_id}".encode()
        digest = hmac.digest(keys.current().search, message, "sha256")[:_BYTES]
        return letter + base64.b32encode(digest).decode().rstrip("=")
