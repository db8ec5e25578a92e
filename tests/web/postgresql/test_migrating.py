"""`casearc web migrate` on PostgreSQL: the owner changes the tables; each new one is walled, and open for rows only.

Runs only on PostgreSQL; see `test_on_postgresql.py`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from casearc_web import upgrading
from casearc_web.access import row_security
from casearc_web.access.row_security import unprotected
from casearc_web.backup import postgresql
from casearc_web.configuration import Configuration
from casearc_web.server import known_migrations, migrate, missing_migrations
from casearc_web.server.ready import as_owner
from casearc_web.server.schema import go_to, role_of

from .conftest import APPLICATION

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's")


@pytest.fixture
def older(agency: Configuration) -> Configuration:
    """The agency before there were goals."""
    with as_owner(), transaction.atomic():
        go_to([name for name in known_migrations() if not name.startswith("goals.")])
    connection.close()
    return agency


def _tables(agency: Configuration) -> set[str]:
    with psycopg.connect(agency.owner) as database:
        return set(postgresql.columns_of(database))


def _may(agency: Configuration, table: str) -> list[bool]:
    """As the application: select, insert, update, delete; and what it must not."""
    rights = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
    with psycopg.connect(agency.connection) as database:
        asked = [database.execute("SELECT has_table_privilege(%s, %s)", [f'"{table}"', right]) for right in rights]
        return [bool(answer.fetchone()[0]) for answer in asked]  # type: ignore[index]  # always a row


def test_new_tables_are_walled_and_open_to_the_application_only_for_rows(older: Configuration) -> None:
    before = _tables(older)
    assert missing_migrations()
    backup = upgrading.upgrade(older)
    assert backup.exists()
    assert missing_migrations() == ()
    assert unprotected(connection) == []
    made = _tables(older) - before
    assert {"goals_goal", "goals_supportplan"} & made
    for table in made:
        assert _may(older, table) == [True] * 4 + [False] * 3, table


def test_the_application_itself_changes_no_table(older: Configuration) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE public.beside (id int)")
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE clients_client DISABLE ROW LEVEL SECURITY")
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("COMMENT ON TABLE agencies_agency IS 'casearc key 0 set by 0'")


def test_a_migration_that_breaks_off_at_the_wall_changes_nothing(
    older: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no moment in which a table stands and its wall does not."""
    before, missing = _tables(older), missing_migrations()

    def fail(_: Any) -> list[str]:
        raise RuntimeError("made up")

    with monkeypatch.context() as failing:
        failing.setattr(row_security, "protect", fail)
        with pytest.raises(RuntimeError, match="made up"):
            migrate()
    assert _tables(older) == before
    assert missing_migrations() == missing


def test_a_wall_and_a_right_that_were_taken_away_are_put_up_anew(agency: Configuration) -> None:
    with psycopg.connect(agency.owner) as database:
        database.execute("ALTER TABLE clients_client DISABLE ROW LEVEL SECURITY")
        database.execute("DROP POLICY one_agency ON audit_auditevent")
        database.execute(f"REVOKE ALL ON enrollments_enrollment FROM {APPLICATION}")
    assert set(unprotected(connection)) == {"table clients_client", "table audit_auditevent"}
    migrate()
    assert unprotected(connection) == []
    assert _may(agency, "enrollments_enrollment")[:4] == [True] * 4


def test_the_role_is_asked_of_the_server_where_the_connection_does_not_name_it(
    agency: Configuration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with `service=casearc`, which the documentation shows."""
    given = psycopg.conninfo.conninfo_to_dict(agency.connection)
    services = tmp_path / "services"
    services.write_text("[casearc]\n" + "".join(f"{name}={value}\n" for name, value in given.items()))
    monkeypatch.setenv("PGSERVICEFILE", str(services))
    assert role_of("service=casearc") == APPLICATION
