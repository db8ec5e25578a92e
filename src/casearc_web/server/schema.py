"""Which migrations this version has and which of them the records lack."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress

from casearc_web import key_mark
from casearc_web import keys as process_keys
from casearc_web.configuration import current
from casearc_web.errors import DatabaseRefusedError, LockedError
from casearc_web.key_mark import Mark
from casearc_web.server.ready import as_owner


def known_migrations() -> frozenset[str]:
    """Every migration of this version, as `app.name`."""
    from django.db.migrations.loader import MigrationLoader  # noqa: PLC0415 - Django must be ready first

    loader = MigrationLoader(None, ignore_no_migrations=True)
    return frozenset(f"{app}.{name}" for app, name in loader.disk_migrations or {})


def missing_migrations() -> tuple[str, ...]:
    """What `migrate` would do to the records."""
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return tuple(f"{migration.app_label}.{migration.name}" for migration, _ in plan)


def migrate() -> None:
    """Bring the records to this version. On PostgreSQL it is the owner's work, all of it or none: the steps, the wall
    between agencies around every table, and what the application's role may do.
    """
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection, transaction  # noqa: PLC0415

    if connection.vendor != "postgresql":
        call_command("migrate", verbosity=0, interactive=False)
        return
    application = role_of(current().connection)
    with as_owner(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else a table cannot be altered once a row was written
        call_command("migrate", verbosity=0, interactive=False)
        put_up_walls(application)
        _say_which_key()


def go_to(names: Collection[str]) -> None:
    """On PostgreSQL, in the caller's transaction: the tables as an older version had them, whose migrations these are,
    each `app.name`. What only later ones made is gone, with its rows.
    """
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    applied = {(app, name) for app, _, name in (each.partition(".") for each in names)}
    targets: list[tuple[str, str | None]] = []
    for leaf in executor.loader.graph.leaf_nodes():
        path = [node for node in executor.loader.graph.forwards_plan(leaf) if node[0] == leaf[0]]
        kept = [node for node in path if node in applied]
        if len(kept) < len(path):
            targets.append(kept[-1] if kept else (leaf[0], None))
    if targets:
        executor.migrate(targets)


def _say_which_key() -> None:
    """Where the database does not say yet under which key its rows lie."""
    from django.db import connection  # noqa: PLC0415

    if key_mark.read(connection.connection) is None:
        with suppress(LockedError):  # while a backup is restored, its own key is said at the end
            keys = process_keys.current()
            key_mark.write(connection.connection, Mark(fingerprint=keys.fingerprint, token="migrate"))


def put_up_walls(application: str) -> None:
    """As the owner: row security on every table of an agency's, and the application's role let in, to rows only."""
    from django.db import connection  # noqa: PLC0415

    from casearc_web.access.row_security import protect  # noqa: PLC0415

    protect(connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone()[0] == application:
            return
        role = connection.ops.quote_name(application)
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")


def role_of(connection: str) -> str:
    """As whom one is there with a connection; only the server knows, for a service or the machine's user may say it."""
    import psycopg  # noqa: PLC0415 - an optional part

    try:
        with psycopg.connect(connection) as database:
            return str(database.execute("SELECT current_user").fetchone()[0])  # type: ignore[index]  # always a row
    except psycopg.OperationalError:
        raise DatabaseRefusedError(
            "PostgreSQL cannot be reached, or it does not let in a role that casearc.toml names."
        ) from None
