"""What SQLCipher's SQLite can do; Django's own list asks Python's sqlite3 about its version."""

from __future__ import annotations

from django.db.backends.sqlite3.features import DatabaseFeatures as StockFeatures
from sqlcipher3 import dbapi2


class DatabaseFeatures(StockFeatures):
    """The stock features, by the version that is really at work."""

    can_alter_table_drop_column = dbapi2.sqlite_version_info >= (3, 35, 5)
    can_return_columns_from_insert = dbapi2.sqlite_version_info >= (3, 35)
    can_return_rows_from_bulk_insert = can_return_columns_from_insert
    supports_json_field = True
    can_introspect_json_field = True
    has_json_object_function = True
