"""How many questions a page asks the database. Savepoints stand for transactions and do not count."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def counting() -> Iterator[list[str]]:
    """The beginnings of the questions asked within, cheaply."""
    asked: list[str] = []

    def ask(execute: Any, sql: str, *rest: Any) -> Any:
        if "SAVEPOINT" not in sql:
            asked.append(sql[:300])
        return execute(sql, *rest)

    with connection.execute_wrapper(ask):
        yield asked


@contextmanager
def at_most(most: int) -> Iterator[None]:
    """Fails where more than `most` questions are asked within."""
    with counting() as asked:
        yield
    assert len(asked) <= most, "\n".join(question[:120] for question in asked)
