"""PostgreSQL's own wall between agencies, which holds even where the application forgets one.

Every table of an agency's rows carries a policy that compares its agency with a setting of the connection; without the
setting no row is seen or written. SQLite has no such thing: there one file is one agency's.
"""

from __future__ import annotations

import uuid

from django.db import connection

SETTING = "casearc.agency"


def enter(agency_id: uuid.UUID) -> None:
    """From here on this connection sees one agency."""
    _set(str(agency_id))


def leave() -> None:
    """From here on this connection sees no agency."""
    if connection.connection is not None and not connection.needs_rollback:
        _set("")


def _set(agency: str) -> None:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, false)", [SETTING, agency])
