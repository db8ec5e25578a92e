"""Whoever asks sees exactly the clients of their reach: own caseload, team, program, and nothing of another agency."""

from __future__ import annotations

import pytest

from casearc_web.access.decide import Denied, find, visible
from casearc_web.access.verbs import Verb
from casearc_web.clients.models import Client
from casearc_web.enrollments.models import Enrollment
from casearc_web.vault.models import Identity
from web.cast import Cast

SEES = [
    # who        whose records
    ("cleo", {"acacia", "cedar"}),
    ("carl", {"birch"}),
    ("sue", {"acacia", "cedar"}),
    ("dora", {"acacia", "cedar"}),
    ("eve", set()),
    ("ada", set()),
    ("faye", {"fern"}),
    ("fay", {"fern"}),
    ("fred", set()),
]


@pytest.mark.parametrize(("who", "whose"), SEES)
def test_each_sees_their_own(cast: Cast, who: str, whose: set[str]) -> None:
    by = cast.by(getattr(cast, who))
    clients = {getattr(cast, name) for name in whose}
    assert set(visible(by, Verb.VIEW_CLIENT, Client.objects.all())) == clients
    assert set(visible(by, Verb.VIEW_IDENTITY, Identity.objects.all())) == {client.identity for client in clients}
    assert {e.client for e in visible(by, Verb.VIEW_CLIENT, Enrollment.objects.all())} == clients


def test_what_is_not_seen_is_as_if_not_there(cast: Cast) -> None:
    by = cast.by(cast.cleo)
    assert find(by, Verb.VIEW_CLIENT, Client.objects.all(), cast.acacia.pk) == cast.acacia
    for client in (cast.birch, cast.fern):
        with pytest.raises(Denied):
            find(by, Verb.VIEW_CLIENT, Client.objects.all(), client.pk)
