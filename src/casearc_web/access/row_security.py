"""PostgreSQL's own wall between agencies, which holds even where the application forgets one.

Every table of an agency's rows carries a policy that compares its agency with a setting of the connection; without the
setting no row is seen or written. Before somebody has signed in only the names of agencies and the accounts are seen,
for a user name has to be found somewhere. SQLite has no such thing: there one file is one agency's.

The policies bind the tables' owner too. They do not bind a superuser or a role with BYPASSRLS: the application's role
must be neither, and `unprotected` says so; backups and migrations run as a role of their own.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from django.apps import apps
from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper

SETTING = "casearc.agency"
_POLICY = "one_agency"
_SEEN_BY_STRANGERS = frozenset({"agencies.agency", "agencies.staffmember"})


def enter(agency_id: uuid.UUID) -> None:
    """From here on this connection sees one agency."""
    _set(str(agency_id))


def leave() -> None:
    """From here on this connection sees no agency."""
    if connection.connection is not None and not connection.needs_rollback:
        _set("")


def protect(database: BaseDatabaseWrapper) -> list[str]:
    """Put up the wall, after migrations: row security and the policy on every table of an agency's rows; their
    names.
    """
    protected = []
    with database.cursor() as cursor:
        for model, column in walled_tables():
            table = database.ops.quote_name(model._meta.db_table)
            rule = _rule(model, database.ops.quote_name(column))
            cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            cursor.execute(f"DROP POLICY IF EXISTS {_POLICY} ON {table}")
            cursor.execute(f"CREATE POLICY {_POLICY} ON {table} USING ({rule.seen}) WITH CHECK ({rule.written})")
            protected.append(model._meta.db_table)
    return protected


def unprotected(database: BaseDatabaseWrapper) -> list[str]:
    """What is missing from the wall, in words; empty where it stands. On SQLite there is none to stand."""
    if database.vendor != "postgresql":
        return []
    with database.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        missing = ["the role it connects as passes every wall"] if cursor.fetchone()[0] else []
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid "
            "WHERE c.relrowsecurity AND c.relforcerowsecurity AND p.polname = %s",
            [_POLICY],
        )
        standing = {name for (name,) in cursor.fetchall()}
    tables = (model._meta.db_table for model, _ in walled_tables())
    return missing + [f"table {table}" for table in tables if table not in standing]


class _Rule:
    """What a row must fulfil to be seen, and to be written."""

    def __init__(self, *, seen: str, written: str) -> None:
        self.seen, self.written = seen, written


def _rule(model: type[models.Model], column: str) -> _Rule:
    own = f"{column}::text = current_setting('{SETTING}', true)"
    if model._meta.label_lower not in _SEEN_BY_STRANGERS:
        return _Rule(seen=own, written=own)
    nobody_yet = f"coalesce(current_setting('{SETTING}', true), '') = ''"
    return _Rule(seen=f"{own} OR {nobody_yet}", written=f"{own} OR {nobody_yet}")


def walled_tables() -> Iterator[tuple[type[models.Model], str]]:
    """Every table of an agency's rows and the column that names the agency; the agencies' own table by its id."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label_lower == "agencies.agency":
            yield model, "id"
        elif any(field.name == "agency" for field in model._meta.concrete_fields):
            yield model, "agency_id"


def _set(agency: str) -> None:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, false)", [SETTING, agency])
