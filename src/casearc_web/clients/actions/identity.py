"""Writing into the vault. Each write makes the digests anew, by which an identity is found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from casearc_web.access.actions import action, amend, store
from casearc_web.access.asker import Asker
from casearc_web.access.verbs import Verb
from casearc_web.vault.models import ContactWay, Identity
from casearc_web.vault.search import reindex


def store_identity(identity: Identity, *, ways: list[ContactWay], by: Asker) -> Identity:
    """Store a new identity with its contact ways, within an action such as an intake."""
    store(identity, by=by)
    for way in ways:
        way.identity = identity
        store(way, by=by)
    reindex(identity)
    return identity


@action(Verb.EDIT_IDENTITY)
def edit_identity(*, by: Asker, identity: Identity, version: int, values: Mapping[str, Any]) -> Identity:
    """Change names, pronouns, birth date or what to know before reaching out."""
    changed = amend(identity, by=by, version=version, values=values)
    reindex(changed)
    return changed


@action(Verb.EDIT_IDENTITY)
def add_way(*, by: Asker, identity: Identity, values: Mapping[str, Any]) -> ContactWay:
    """Add a way to reach a client."""
    way = store(ContactWay(identity=identity, **values), by=by)
    by.trail.say("contactway: added")
    reindex(identity)
    return way


@action(Verb.EDIT_IDENTITY)
def edit_way(*, by: Asker, way: ContactWay, version: int, values: Mapping[str, Any]) -> ContactWay:
    """Change a way, or its rule."""
    changed = amend(way, by=by, version=version, values=values)
    reindex(changed.identity)
    return changed


@action(Verb.EDIT_IDENTITY)
def remove_way(*, by: Asker, way: ContactWay, version: int) -> ContactWay:
    """Take a way off the record. Its history stays, until the client is purged."""
    changed = amend(way, by=by, version=version, values={"removed_at": timezone.now()})
    reindex(changed.identity)
    return changed
