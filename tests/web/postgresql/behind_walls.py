"""On PostgreSQL every request of a test's client is answered as the application would: by a role that passes no wall.

The tests themselves make and look at rows as the owner, who passes all.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test.client import ClientHandler

from web.postgresql.server import APPLICATION


@contextmanager
def as_application() -> Iterator[None]:
    """Have the connection work as the application's role."""
    connection.ensure_connection()
    _ask_uncounted(f"SET ROLE {APPLICATION}")
    try:
        yield
    finally:
        if connection.connection is not None and not connection.needs_rollback:
            _ask_uncounted("RESET ROLE")


def _ask_uncounted(statement: str) -> None:
    """Past Django, so that a page's queries are counted without it."""
    connection.connection.execute(statement)


@pytest.fixture(autouse=True)
def requests_behind_walls(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        return
    answer = ClientHandler.get_response

    def behind(handler: ClientHandler, request: Any) -> Any:
        with as_application():
            return answer(handler, request)

    monkeypatch.setattr(ClientHandler, "get_response", behind)
