"""Planted words stand readable in no row of no table, so that whoever operates the server reads none of them.

Runs only on PostgreSQL, where nothing encrypts the whole database; see `test_on_postgresql.py`.
"""

from __future__ import annotations

import pytest
from django.db import connection

from casearc_web.backup import postgresql
from web.cast import make_cast
from web.everywhere.markers import plant

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's: SQLCipher hides all of it")


@pytest.mark.django_db
def test_no_planted_word_is_readable_in_any_table() -> None:
    cast = make_cast()
    planted = plant(cast)
    assert len(planted) >= 150
    rows = _every_row()
    assert cast.acacia.code in rows  # what is not sealed would be found
    readable = [field for word, field in planted.items() if word in rows or word.encode().hex() in rows]
    assert readable == []


def _every_row() -> str:
    connection.ensure_connection()
    texts = []
    with connection.cursor() as cursor:
        for table in postgresql.columns_of(connection.connection):
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT {name}::text FROM {name}")
            texts += [text for (text,) in cursor.fetchall()]
    return "\n".join(texts)
