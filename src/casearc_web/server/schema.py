"""Which migrations this version has and which of them the records lack."""

from __future__ import annotations

from casearc_web.configuration import current
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
    """Bring the records to this version; on PostgreSQL as the owner, who then puts up the wall."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from casearc_web.access.row_security import protect  # noqa: PLC0415

    with as_owner():
        call_command("migrate", verbosity=0, interactive=False)
        if connection.vendor == "postgresql":
            protect(connection)
            _admit_application()


def _admit_application() -> None:
    """The application's role may read and write rows, and nothing else."""
    from django.db import connection  # noqa: PLC0415
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415 - an optional part

    role = conninfo_to_dict(current().connection).get("user")
    if role is None or not current().maintenance:
        return
    quoted = connection.ops.quote_name(str(role))
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted}")
