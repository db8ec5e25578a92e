"""`among`: whether an id is one of many, as one parameter of the query however many they are.

Django's `in` makes a parameter of each id, looks each over several times, and fails where there are more than the
database takes (32,766 in SQLite).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Lookup, Q, UUIDField
from django.db.models.fields.related import ForeignObject
from django.db.models.sql.compiler import SQLCompiler

Compiled = tuple[str, tuple[Any, ...]]


def among(path: str, ids: Iterable[uuid.UUID]) -> Q:
    """The condition that what a path leads to is one of the ids: ``among("enrollment_id", ids)``."""
    return Q(**{f"{path}__among": _Ids(ids)})


class _Ids:
    """Many ids as one value, which Django hands on without looking into it."""

    def __init__(self, ids: Iterable[uuid.UUID]) -> None:
        self.ids = tuple(dict.fromkeys(ids))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Ids) and self.ids == other.ids

    def __hash__(self) -> int:
        return hash(self.ids)


@UUIDField.register_lookup
@ForeignObject.register_lookup
class Among(Lookup):
    """One parameter on both engines: an array on PostgreSQL, a list in JSON on SQLite."""

    lookup_name = "among"
    prepare_rhs = False
    rhs: _Ids

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Compiled:
        """For SQLite."""
        left, params = self._left(compiler, connection)
        listed = json.dumps([one.hex for one in self.rhs.ids])
        return f"{left} IN (SELECT value FROM json_each(%s))", (*params, listed)

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Compiled:
        """For PostgreSQL."""
        left, params = self._left(compiler, connection)
        return f"{left} = ANY(%s)", (*params, list(self.rhs.ids))

    def _left(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Compiled:
        if not self.rhs.ids:
            raise EmptyResultSet
        left, params = self.process_lhs(compiler, connection)
        return left, tuple(params)
