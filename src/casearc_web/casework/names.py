"""What a client is called on lists that have no head of their own."""

from __future__ import annotations

from casearc_web.access.asker import Asker
from casearc_web.access.fields import redacted
from casearc_web.clients.models import Client


def name_of(client: Client, *, by: Asker) -> str:
    """The name as far as the asker sees it, else the client's code. For a client fetched with identity."""
    if client.identity is None:
        return client.code
    seen = redacted(by, client.identity)
    return " ".join(str(part) for part in (seen.given_name, seen.family_name) if part) or client.code
