"""Writing what describes a client in codes, and what was done to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casearc_web.access.actions import action, amend, store
from casearc_web.access.asker import Asker
from casearc_web.access.verbs import Verb
from casearc_web.clients.models import Client, VictimizationProfile
from casearc_web.vault.models import Identity


def store_client(identity: Identity, *, by: Asker, **values: Any) -> Client:
    """Store a new client with an empty victimization profile, within an action such as an intake."""
    client = store(Client(identity=identity, **values), by=by)
    store(VictimizationProfile(client=client), by=by)
    return client


@action(Verb.EDIT_CLIENT)
def edit_client(*, by: Asker, client: Client, version: int, values: Mapping[str, Any]) -> Client:
    """Change what describes a client; fields that the asker does not see are refused."""
    return amend(client, by=by, version=version, values=values)


@action(Verb.EDIT_SENSITIVE)
def edit_victimization(
    *, by: Asker, profile: VictimizationProfile, version: int, values: Mapping[str, Any]
) -> VictimizationProfile:
    """Change what was done to a client, as far as it was told."""
    return amend(profile, by=by, version=version, values=values)


@action(Verb.EDIT_SENSITIVE)
def start_victimization(*, by: Asker, client: Client) -> VictimizationProfile:
    """An empty profile for a client who came without one, such as from an import."""
    found = VictimizationProfile.objects.filter(client=client).first()
    return found or store(VictimizationProfile(client=client), by=by)
