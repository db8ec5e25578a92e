"""Which migrations this version has and which of them the records lack."""

from __future__ import annotations


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
    """Bring the records to this version."""
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0, interactive=False)
