"""Django's SQLite backend over SQLCipher: `ENGINE = "casearc_web.sqlcipher"`.

The key comes from `casearc_web.keys.current()` when a connection opens. `make_database` makes the file;
connecting never does, so that a wrong path or a wrong key can't end in a new, empty database.
"""

from casearc_web.sqlcipher.copying import TableContent, check_database, copy_database, reading
from casearc_web.sqlcipher.opening import make_database, open_database

__all__ = ["TableContent", "check_database", "copy_database", "make_database", "open_database", "reading"]
