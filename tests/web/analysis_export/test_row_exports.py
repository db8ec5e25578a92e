"""Rows leave by two people, once, within a day, and only where the agency has allowed it at all."""

from __future__ import annotations

import io
import uuid
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from casearc_web.access.decide import Denied
from casearc_web.agencies.models import Agency
from casearc_web.analysis_export.actions import ask_for_rows, decide, take
from casearc_web.analysis_export.models import RowExport, State
from web.cast import Cast


def _asked(cast: Cast) -> RowExport:
    Agency.objects.filter(pk=cast.riverbend.pk).update(row_exports=True)
    return ask_for_rows(
        by=cast.by(cast.eve),
        programs=[cast.north],
        evaluator="University of Nowhere",
        study="",
        reason="A made-up study.",
        submission=uuid.uuid4(),
    )


def test_they_are_off_until_an_administrator_allows_them(cast: Cast) -> None:
    with pytest.raises(Denied):
        ask_for_rows(by=cast.by(cast.eve), programs=[], evaluator="x", study="", reason="x", submission=uuid.uuid4())


def test_one_asks_another_approves_and_the_first_takes_them_once(cast: Cast) -> None:
    asked = _asked(cast)
    with pytest.raises(Denied):
        take(by=cast.by(cast.eve), export=asked)  # not approved yet
    with pytest.raises(Denied):
        decide(by=cast.by(cast.eve), export=asked, version=1, approve=True)  # evaluators do not approve
    approved = decide(by=cast.by(cast.dora), export=asked, version=1, approve=True)
    with pytest.raises(Denied):
        take(by=cast.by(cast.dora), export=approved)  # only whoever asked
    with zipfile.ZipFile(io.BytesIO(take(by=cast.by(cast.eve), export=approved))) as archive:
        assert "participants.csv" in archive.namelist()
        assert archive.read("contacts.csv").count(b"\n") == 1  # nobody authorized this recipient: headings only
    approved.refresh_from_db()
    assert approved.state == State.TAKEN
    with pytest.raises(Denied):
        take(by=cast.by(cast.eve), export=approved)


def test_an_approval_lasts_a_day(cast: Cast) -> None:
    approved = decide(by=cast.by(cast.dora), export=_asked(cast), version=1, approve=True)
    RowExport.objects.filter(pk=approved.pk).update(decided_at=timezone.now() - timedelta(hours=25))
    approved.refresh_from_db()
    with pytest.raises(Denied):
        take(by=cast.by(cast.eve), export=approved)


def test_what_was_refused_stays_refused(cast: Cast) -> None:
    refused = decide(by=cast.by(cast.dora), export=_asked(cast), version=1, approve=False)
    with pytest.raises(Denied):
        decide(by=cast.by(cast.dora), export=refused, version=2, approve=True)
    with pytest.raises(Denied):
        take(by=cast.by(cast.eve), export=refused)
