"""A field that is not somebody's to see is hidden, in words, and the page does not fail."""

from __future__ import annotations

import pytest

from casearc_web.access.decide import OPENED_BY_GLASS
from casearc_web.access.fields import HIDDEN, NEEDED, Redacted, redacted
from casearc_web.access.roles import ROLES, Reach, reach_of
from casearc_web.access.verbs import Verb
from casearc_web.clients.models import Client
from web.cast import Cast


def test_supervisors_do_not_see_substance_use(cast: Cast) -> None:
    Client.objects.filter(pk=cast.acacia.pk).update(substance_use="some", housing="shelter")
    cast.acacia.refresh_from_db()
    seen = redacted(cast.by(cast.sue), cast.acacia)
    assert seen.substance_use is HIDDEN
    assert seen.get_substance_use_display is HIDDEN
    assert str(seen.substance_use) == "hidden: not part of your role"
    assert seen.housing == "shelter"
    assert redacted(cast.by(cast.cleo), cast.acacia).substance_use == "some"


def test_what_is_computed_from_hidden_fields_tells_nothing_of_them(cast: Cast) -> None:
    identity = cast.acacia.identity
    assert identity is not None
    assert "Acacia" in identity.full_name
    seen = Redacted(identity, frozenset({"given_name", "family_name"}))
    assert not {"Acacia", "Oriole"} & set(str(seen.full_name).split())


@pytest.mark.parametrize("role", ROLES)
def test_who_sees_a_class_of_fields_sees_it_on_every_record_they_see(role: str) -> None:
    """`fields.sees` asks only whether there is a reach: right as long as it is all of the record's reach or none."""
    for verb in NEEDED.values():
        reach = reach_of(role, verb)
        assert reach in (Reach.NOBODY, reach_of(role, Verb.VIEW_CLIENT)), verb


def test_broken_glass_never_opens_what_helps_nobody_in_an_emergency() -> None:
    assert not OPENED_BY_GLASS & {
        *(Verb.VIEW_SUBSTANCE_USE, Verb.EDIT_IDENTITY, Verb.GIVE_AUTHORIZATION, Verb.DISCLOSE, Verb.EXPORT_ROWS),
    }
