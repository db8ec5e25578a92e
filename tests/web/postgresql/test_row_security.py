"""Between agencies stands PostgreSQL's own wall: with every check of ours off, no row of another is seen or written.

Runs only on PostgreSQL: `test_on_postgresql.py` starts a server and runs this file, and many others, on it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, ProgrammingError, connection, models, transaction

from casearc_web.access.row_security import enter, leave, unprotected, walled_tables, walled_through
from casearc_web.agencies.models import Program, StaffMember
from casearc_web.audit.log import Entry, append
from casearc_web.clients.models import Client
from casearc_web.signin.actions import make_invitation
from casearc_web.signin.models import InvitationReason
from web.cast import Cast
from web.everywhere.fuller import fill
from web.postgresql.behind_walls import as_application
from web.postgresql.server import APPLICATION

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's: SQLite has one file an agency")


@pytest.fixture
def full(cast: Cast) -> Cast:
    """The cast, with months of work in one agency: most tables hold rows of it, and some of both."""
    fill(cast)
    Authenticator.objects.create(user=cast.ada, type=Authenticator.Type.TOTP, data={})
    make_invitation(cast.fred, InvitationReason.NEW)
    return cast


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


def test_every_wall_stands(walled: Cast) -> None:
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


@pytest.mark.parametrize("name", ["riverbend", "farshore"])
def test_in_every_table_rows_of_another_are_neither_seen_nor_changed_nor_erased(full: Cast, name: str) -> None:
    foreign = _foreign_rows(getattr(full, name).pk)
    assert len(foreign) >= (5 if name == "riverbend" else 25)
    with as_application():
        enter(getattr(full, name).pk)
        for table, keys in foreign.items():
            for statement in (
                f"SELECT * FROM {table} WHERE {{key}}::text = ANY(%s)",
                f"UPDATE {table} SET {{key}} = {{key}} WHERE {{key}}::text = ANY(%s)",
                f"DELETE FROM {table} WHERE {{key}}::text = ANY(%s)",
            ):
                with connection.cursor() as cursor:
                    cursor.execute(statement.format(key=keys[0]), [keys[1]])
                    assert cursor.rowcount == 0, statement
        leave()
    assert _foreign_rows(getattr(full, name).pk) == foreign


def test_a_row_of_another_agency_is_written_into_no_table(full: Cast) -> None:
    refused = []
    with as_application():
        enter(full.riverbend.pk)
        for model, column in walled_tables():
            assert _refused_by_wall(model, {column: full.farshore.pk}), model._meta.label
            assert not _refused_by_wall(model, {column: full.riverbend.pk}), f"{model._meta.label}: refused to its own"
            refused.append(model)
        strangers = {StaffMember: full.fay.pk, Program: full.north.pk}
        for model, columns in walled_through():
            assert _refused_by_wall(model, {name: strangers.get(parent) for name, parent in columns.items()}), model
            refused.append(model)
        leave()
    assert len(refused) > 50


def test_what_leads_to_rows_of_two_agencies_is_refused(full: Cast) -> None:
    """Through every column that leads to an agency's rows, not through one of them."""
    through = StaffMember.programs.through
    with as_application():
        enter(full.riverbend.pk)
        assert _refused_by_wall(through, {"staffmember_id": full.fay.pk, "program_id": full.north.pk})
        assert not _refused_by_wall(through, {"staffmember_id": full.cleo.pk, "program_id": full.south.pk})
        leave()


def _foreign_rows(own: uuid.UUID) -> dict[str, tuple[str, list[str]]]:
    """As the owner: of every walled table that holds rows of other agencies, the key's column and their keys."""
    found = {}
    for model, path in (*walled_tables(), *_paths()):
        meta = model._meta
        rows = model._default_manager.exclude(**{path: own}).exclude(**{path: None}).values_list("pk", flat=True)
        if rows:
            quote = connection.ops.quote_name
            found[quote(meta.db_table)] = (quote(meta.pk.column), sorted(map(str, rows)))
    return found


def _paths() -> list[tuple[type[models.Model], str]]:
    """Of tables that lead to an agency's rows, the way there."""
    return [
        (model, f"{model._meta.get_field(next(iter(columns)).removesuffix('_id')).name}__agency_id")
        for model, columns in walled_through()
    ]


def _refused_by_wall(model: type[models.Model], values: dict[str, object]) -> bool:
    """Whether such a row meets the wall; PostgreSQL asks it before it asks whether the row is whole."""
    names = ", ".join(map(connection.ops.quote_name, values))
    marks = ", ".join(["%s"] * len(values))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({names}) VALUES ({marks})",
                list(values.values()),
            )
            transaction.set_rollback(True)
    except ProgrammingError as error:
        if "row-level security" not in str(error):
            raise
        return True
    except IntegrityError:
        return False
    return False


def test_an_unknown_agency_sees_nothing(walled: Cast) -> None:
    enter(uuid.uuid4())
    assert not Client.objects.exists()
    assert not StaffMember.objects.exists()
