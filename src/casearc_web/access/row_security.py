"""PostgreSQL's own wall between agencies, which holds even where the application forgets one.

Every table of an agency's rows carries a policy that compares its agency with a setting of the connection; without the
setting no row is seen or written. A table that names no agency but leads to rows that do (who works in which program)
is walled through those. Before somebody has signed in only the names of agencies, the accounts and how one signs in to
them are seen, for a user name has to be found somewhere. `UNWALLED` is the rest, each with its reason. SQLite has no
such thing: there one file is one agency's.

The policies bind the tables' owner too. They do not bind a superuser or a role with BYPASSRLS: the application's role
must be neither, and `unprotected` says so; backups and migrations run as a role of their own.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.apps import apps
from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper

SETTING = "casearc.agency"
_POLICY = "one_agency"
_SEEN_BY_STRANGERS = frozenset(
    {"agencies.agency", "agencies.staffmember", "signin.invitation", "account.emailaddress", "mfa.authenticator"}
)
_NO_RECORDS = "Django's own list of the application's parts; the same for every agency"
UNWALLED: Mapping[str, str] = {
    "signin.signedin": "read before anybody knows whose it is, and ended by whoever signs in next in the same browser; "
    "keys are digests and the content is sealed",
    "signin.counter": "tries counted under digests, for all processes together",
    "account.emailconfirmation": "unused: accounts have no address to confirm",
    "axes.accessattempt": "tries to sign in, which may name no account of anybody's",
    "axes.accessattemptexpiration": "as axes.accessattempt",
    "axes.accessfailurelog": "as axes.accessattempt; switched off",
    "axes.accesslog": "as axes.accessattempt; switched off",
    **dict.fromkeys(
        ("auth.permission", "auth.group", "auth.group_permissions", "contenttypes.contenttype"), _NO_RECORDS
    ),
}
"""Tables without a wall, and why."""


def enter(agency_id: uuid.UUID) -> None:
    """From here on this connection sees one agency."""
    _set(str(agency_id))


def leave() -> None:
    """From here on this connection sees no agency."""
    if connection.connection is not None and not connection.needs_rollback:
        _set("")


@contextmanager
def as_stranger(agency_id: uuid.UUID) -> Iterator[None]:
    """What everybody may see before they sign in, and then this agency again."""
    leave()
    try:
        yield
    finally:
        enter(agency_id)


def protect(database: BaseDatabaseWrapper) -> list[str]:
    """Put up the wall, after migrations: row security and the policy on every table of an agency's rows; their
    names.
    """
    protected = []
    with database.cursor() as cursor:
        for model, rule in _walls(database):
            table = database.ops.quote_name(model._meta.db_table)
            cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            cursor.execute(f"DROP POLICY IF EXISTS {_POLICY} ON {table}")
            cursor.execute(f"CREATE POLICY {_POLICY} ON {table} USING ({rule}) WITH CHECK ({rule})")
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
    tables = (model._meta.db_table for model, _ in _walls(database))
    return missing + [f"table {table}" for table in tables if table not in standing]


def _walls(database: BaseDatabaseWrapper) -> Iterator[tuple[type[models.Model], str]]:
    """Every walled table, and what a row must fulfil to be seen or written."""
    quote = database.ops.quote_name
    for model, column in walled_tables():
        yield model, _or_nobody_yet(model, _own(quote(column)))
    for model, columns in walled_through():
        table = quote(model._meta.db_table)
        own = " AND ".join(
            f"EXISTS (SELECT 1 FROM {quote(parent._meta.db_table)} led "
            f"WHERE led.{quote(str(parent._meta.pk.column))} = {table}.{quote(column)} AND {_own('led.agency_id')})"
            for column, parent in columns.items()
        )
        yield model, _or_nobody_yet(model, own)


def _own(column: str) -> str:
    return f"{column}::text = current_setting('{SETTING}', true)"


def _or_nobody_yet(model: type[models.Model], own: str) -> str:
    if model._meta.label_lower not in _SEEN_BY_STRANGERS:
        return own
    return f"({own}) OR coalesce(current_setting('{SETTING}', true), '') = ''"


def walled_tables() -> Iterator[tuple[type[models.Model], str]]:
    """Every table of an agency's rows and the column that names the agency; the agencies' own table by its id."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label_lower == "agencies.agency":
            yield model, "id"
        elif any(field.name == "agency" for field in model._meta.concrete_fields):
            yield model, "agency_id"


def walled_through() -> Iterator[tuple[type[models.Model], dict[str, type[models.Model]]]]:
    """Every table that names no agency but leads to rows that do: the columns that lead, and where to."""
    named = {model for model, column in walled_tables() if column == "agency_id"}
    for model in apps.get_models(include_auto_created=True):
        if model in named or model._meta.label_lower in {"agencies.agency", *UNWALLED}:
            continue
        leading = {
            field.column: field.related_model
            for field in model._meta.concrete_fields
            if isinstance(field, models.ForeignKey) and field.related_model in named
        }
        if leading:
            yield model, leading


def _set(agency: str) -> None:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, false)", [SETTING, agency])
