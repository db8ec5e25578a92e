"""Finding identities without opening them: keyed digests of names, beginnings of names, birth dates and contact
ways.
"""

from __future__ import annotations

import hmac
import unicodedata
import uuid
from collections.abc import Iterable, Iterator

from casearc_web import keys
from casearc_web.vault.models import ContactWay, Identity, SearchDigest, SearchKind

_SHORTEST = 2
_LONGEST = 8
_BYTES = 16


def words_of(text: str) -> list[str]:
    """A name's words without accents, case and marks: ``Ana-María`` gives ``ana`` and ``maria``."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in bare).split()


def digest(agency_id: uuid.UUID, kind: SearchKind, text: str) -> bytes:
    """The keyed digest of a normalized text, different in every agency."""
    return hmac.digest(keys.current().search, f"{agency_id}|{kind}|{text}".encode(), "sha256")[:_BYTES]


def reindex(identity: Identity) -> None:
    """Make an identity's digests anew, after it or its contact ways changed."""
    identity.digests.all().delete()
    SearchDigest.objects.bulk_create(digests_of(identity, identity.contact_ways.filter(removed_at=None)))


def digests_of(identity: Identity, ways: Iterable[ContactWay]) -> list[SearchDigest]:
    """The digests of an identity with these contact ways, not stored yet."""
    agency_id = identity.agency_id
    return [
        SearchDigest(agency_id=agency_id, identity=identity, kind=kind, digest=digest(agency_id, kind, text))
        for kind, text in sorted(set(_terms(identity, ways)))
    ]


def beginnings(agency_id: uuid.UUID, text: str) -> list[bytes]:
    """One digest for each word of what somebody typed, to find names that begin so; too short words are left out."""
    return [digest(agency_id, SearchKind.PREFIX, word[:_LONGEST]) for word in words_of(text) if len(word) >= _SHORTEST]


def _terms(identity: Identity, ways: Iterable[ContactWay]) -> Iterator[tuple[SearchKind, str]]:
    for name in (identity.full_name, *identity.aliases):
        words = words_of(name)
        if words:
            yield SearchKind.NAME, whole_name(name)
        for word in words:
            for end in range(_SHORTEST, min(len(word), _LONGEST) + 1):
                yield SearchKind.PREFIX, word[:end]
    if identity.birth_date:
        yield SearchKind.BIRTH, identity.birth_date
    for way in ways:
        yield SearchKind.WAY, way_text(way.value)


def whole_name(name: str) -> str:
    """A whole name for comparing: its words in order of the alphabet, for forms mix up given and family names."""
    return " ".join(sorted(words_of(name)))


def way_text(value: str) -> str:
    """A contact way for comparing: the last ten digits of a number, else the text without case and blanks."""
    digits = "".join(c for c in value if c.isdigit())
    return digits[-10:] if len(digits) >= 7 and "@" not in value else "".join(value.casefold().split())
