"""An action is one transaction with its audit event; it is refused, whole, to whoever may not."""

from __future__ import annotations

import pytest

from casearc_web.access.actions import action, amend
from casearc_web.access.asker import Asker
from casearc_web.access.decide import Denied
from casearc_web.access.verbs import Verb
from casearc_web.audit.models import AuditEvent
from casearc_web.clients.models import Client
from web.cast import Cast


@action(Verb.EDIT_CLIENT)
def _house(*, by: Asker, client: Client, housing: str) -> Client:
    return amend(client, by=by, version=client.version, values={"housing": housing})


@action(Verb.EDIT_CLIENT)
def _fail(*, by: Asker, client: Client) -> Client:
    amend(client, by=by, version=client.version, values={"housing": "shelter"})
    raise RuntimeError("made to fail")


def test_a_write_and_its_event_stand_together(cast: Cast) -> None:
    _house(by=cast.by(cast.cleo), client=cast.acacia, housing="shelter")
    cast.acacia.refresh_from_db()
    event = AuditEvent.objects.get()
    assert cast.acacia.housing == "shelter"
    assert (event.verb, event.staff_id, event.kind, event.record_id) == (
        *("edit_client", cast.cleo.pk, "clients.client", str(cast.acacia.pk)),
    )
    assert event.detail.text == "client: housing"  # which fields, never what stands in them
    assert {row.client_id for row in event.clients.all()} == {cast.acacia.pk}


def test_a_write_that_fails_leaves_neither(cast: Cast) -> None:
    with pytest.raises(RuntimeError):
        _fail(by=cast.by(cast.cleo), client=cast.acacia)
    cast.acacia.refresh_from_db()
    assert cast.acacia.housing == ""
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("who", ["carl", "eve", "ada", "faye", "fay"])
def test_whoever_does_not_reach_the_client_is_denied(cast: Cast, who: str) -> None:
    with pytest.raises(Denied):
        _house(by=cast.by(getattr(cast, who)), client=cast.acacia, housing="shelter")
    cast.acacia.refresh_from_db()
    assert cast.acacia.housing == ""


def test_a_hidden_field_cannot_be_written_either(cast: Cast) -> None:
    @action(Verb.EDIT_CLIENT)
    def substance(*, by: Asker, client: Client) -> Client:
        return amend(client, by=by, version=client.version, values={"substance_use": "some"})

    with pytest.raises(Denied):
        substance(by=cast.by(cast.sue), client=cast.acacia)  # supervisors do not see it: 42 CFR Part 2
    assert substance(by=cast.by(cast.cleo), client=cast.acacia).substance_use == "some"


def test_an_action_takes_an_asker_and_keywords_only(cast: Cast) -> None:
    with pytest.raises(TypeError):
        _house(by=cast.cleo, client=cast.acacia, housing="shelter")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        _house(cast.by(cast.cleo), client=cast.acacia, housing="shelter")  # type: ignore[misc, call-arg]
