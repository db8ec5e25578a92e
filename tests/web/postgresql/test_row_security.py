"""Between agencies stands PostgreSQL's own wall: with every check of ours off, no row of another is seen or written.

Runs only on PostgreSQL: `test_on_postgresql.py` starts a server and runs this file, and many others, on it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from django.db import ProgrammingError, connection, models, transaction

from casearc_web.access.row_security import enter, leave, unprotected, walled_tables
from casearc_web.agencies.models import StaffMember
from casearc_web.audit.log import Entry, append
from casearc_web.clients.models import Client
from web.cast import Cast
from web.postgresql.server import APPLICATION

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's: SQLite has one file an agency")


@pytest.fixture
def walled(cast: Cast) -> Iterator[Cast]:
    """The cast, seen through a role that is no superuser, behind the wall."""
    for agency in (cast.riverbend, cast.farshore):
        append(Entry(agency_id=agency.pk, verb="sign_in"))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the owner's checks, before the role has to read for them
        cursor.execute(f"SET ROLE {APPLICATION}")
    yield cast
    leave()
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def _tables() -> list[tuple[type[models.Model], str]]:
    return list(walled_tables())


def test_every_table_of_an_agency_iswalled_tables(walled: Cast) -> None:
    assert unprotected(connection) == []


def test_the_owner_of_everything_is_told_off(walled: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    assert unprotected(connection) == ["the role it connects as passes every wall"]


@pytest.mark.parametrize("name", ["riverbend", "farshore"])
def test_an_agency_sees_its_own_rows_only(walled: Cast, name: str) -> None:
    own = getattr(walled, name).pk
    enter(own)
    seen = 0
    for model, column in _tables():
        agencies = set(model._default_manager.values_list(column, flat=True))
        assert agencies <= {own}, model._meta.label
        seen += bool(agencies)
    assert seen >= 8  # enough tables hold rows for this to mean something


def test_without_an_agency_nothing_of_anybody_is_seen(walled: Cast) -> None:
    leave()
    for model, _ in _tables():
        if model._meta.app_label != "agencies" or model._meta.model_name not in {"agency", "staffmember"}:
            assert not model._default_manager.exists(), model._meta.label
    assert StaffMember.objects.count() == 9  # a user name has to be found before its agency is known


def test_rows_of_another_agency_cannot_be_written(walled: Cast) -> None:
    enter(walled.riverbend.pk)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Client.objects.create(agency=walled.farshore, code="AAA-AAA")
    assert Client.objects.filter(pk=walled.fern.pk).update(code="BBB-BBB") == 0
    assert Client.objects.filter(pk=walled.fern.pk).delete() == (0, {})
    with pytest.raises(ProgrammingError), transaction.atomic():
        Client.objects.filter(pk=walled.acacia.pk).update(agency_id=walled.farshore.pk)


def test_an_unknown_agency_sees_nothing(walled: Cast) -> None:
    enter(uuid.uuid4())
    assert not Client.objects.exists()
    assert not StaffMember.objects.exists()
