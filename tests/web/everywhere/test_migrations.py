"""Every migration goes down and up again with data in the database, and takes nothing that is not its own."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from casearc_web.demo import fill

OURS = {config.label for config in apps.get_app_configs() if config.name.startswith("casearc_web.")}


@pytest.mark.django_db(transaction=True)
def test_each_later_migration_goes_down_and_up_with_data() -> None:
    fill(participants=12, seed=3)
    assert _counts()["enrollments_enrollment"] >= 12
    for app, name, earlier in _later():
        before = _counts()
        steps = MigrationExecutor(connection).migration_plan([(app, earlier)])
        undone = {migration.app_label for migration, _ in steps}
        _go((app, earlier))
        _go(*MigrationExecutor(connection).loader.graph.leaf_nodes())
        kept = {table: count for table, count in before.items() if not table.startswith(tuple(undone - {app}))}
        assert {table: _counts()[table] for table in kept} == kept, f"{app}.{name}"


@pytest.mark.django_db(transaction=True)
def test_all_of_ours_go_down_to_nothing_and_up_again() -> None:
    fill(participants=3, seed=3)
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    _go(*((app, None) for app in sorted(OURS & executor.loader.migrated_apps)))
    left = {table for table in connection.introspection.table_names() if table.partition("_")[0] in OURS}
    assert left <= {"signin_counter"}  # a cache: no migration makes it
    _go(*leaves)
    assert fill(participants=3, seed=3).accounts


def test_there_is_a_migration_for_every_model() -> None:
    """`makemigrations` would find nothing to do."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    found = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(graph=loader.graph)
    assert {app for app in found if app in OURS} == set()


def _later() -> list[tuple[str, str, str]]:
    """Migrations that have one before them in their app: app, name, the one before. The last comes first, for going
    down takes along what depends on it, with its rows.
    """
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    names = [(one.app_label, one.name) for one, _ in plan if one.app_label in OURS]
    before = {key: earlier for app in OURS for earlier, key in pairwise(key for key in names if key[0] == app)}
    return [(*key, before[key][1]) for key in reversed(names) if key in before]


def _go(*targets: tuple[str, str | None]) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(list(targets))


def _counts() -> dict[str, int]:
    counted = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.partition("_")[0] in OURS | {"analysis"} and table != "signin_counter":
                cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
                counted[table] = cursor.fetchone()[0]
    return counted
