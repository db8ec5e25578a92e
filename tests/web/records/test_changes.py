"""Nobody overwrites what somebody else wrote in the meantime, and what was there before is kept."""

from __future__ import annotations

import pytest

from casearc_web.records.changes import ConflictError, change
from casearc_web.records.models import Revision
from casearc_web.vault.models import Identity
from web.cast import Cast


def _identity(cast: Cast) -> Identity:
    return Identity.objects.get(pk=cast.acacia.identity_id)


def test_a_change_raises_the_version_and_keeps_what_was(cast: Cast) -> None:
    by = cast.by(cast.cleo)
    after = change(_identity(cast), by=by, version=1, values={"given_name": "Ash"}, client_id=cast.acacia.pk)
    assert (after.version, after.given_name, after.changed_by_id) == (2, "Ash", cast.cleo.pk)
    kept = Revision.objects.get(record_id=after.pk)
    assert (kept.record_version, kept.content["given_name"], kept.client_id) == (1, "Acacia", cast.acacia.pk)


def test_the_second_of_two_editors_is_told_what_differs(cast: Cast) -> None:
    mine, theirs = _identity(cast), _identity(cast)
    by = cast.by(cast.cleo)
    change(theirs, by=by, version=1, values={"given_name": "Ash", "pronouns": "they"}, client_id=None)
    with pytest.raises(ConflictError) as conflict:
        change(mine, by=by, version=1, values={"given_name": "Aspen", "pronouns": "they"}, client_id=None)
    assert [(d.field, d.stored, d.typed) for d in conflict.value.differences] == [("given_name", "Ash", "Aspen")]
    assert _identity(cast).given_name == "Ash"


def test_nothing_changed_is_no_new_version(cast: Cast) -> None:
    after = change(_identity(cast), by=cast.by(cast.cleo), version=1, values={"given_name": "Acacia"}, client_id=None)
    assert after.version == 1
    assert not Revision.objects.exists()
