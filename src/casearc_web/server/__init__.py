"""Starting the application: Django made ready with the agency's keys, and gunicorn around it."""

from casearc_web.server.ready import at_database, prepare, prepare_without_keys
from casearc_web.server.running import check_address, serve
from casearc_web.server.schema import known_migrations, migrate, missing_migrations

__all__ = [
    "at_database",
    "check_address",
    "known_migrations",
    "migrate",
    "missing_migrations",
    "prepare",
    "prepare_without_keys",
    "serve",
]
