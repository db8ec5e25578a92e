"""Recipients are sealed; a keyed digest tells whether two authorizations name the same one."""

from __future__ import annotations

import hmac
import uuid
from dataclasses import dataclass

from casearc_web import keys
from casearc_web.consent.models import Authorization
from casearc_web.vault.search import words_of

_BYTES = 16


@dataclass(frozen=True, slots=True)
class Recipient:
    """An organization, and a person there where one is named. Letter case, accents and marks make no difference."""

    organization: str
    person: str = ""

    def digests(self, agency_id: uuid.UUID) -> tuple[bytes, bytes]:
        """Of the organization, and of the person (empty where none is named)."""
        person = _digest(agency_id, "person", self.person) if words_of(self.person) else b""
        return _digest(agency_id, "organization", self.organization), person


def reindex_all() -> int:
    """Make all digests anew, after the keys were replaced."""
    count = 0
    for authorization in Authorization.objects.iterator():
        if authorization.organization:
            name = Recipient(authorization.organization, authorization.person)
            organization, person = name.digests(authorization.agency_id)
            own = Authorization.objects.filter(pk=authorization.pk)
            count += own.update(organization_digest=organization, person_digest=person)
    return count


def _digest(agency_id: uuid.UUID, kind: str, text: str) -> bytes:
    said = f"{agency_id}|recipient-{kind}|{' '.join(words_of(text))}"
    return hmac.digest(keys.current().search, said.encode(), "sha256")[:_BYTES]
