"""Django's own commands for those who change Casearc, such as `makemigrations`: on made-up keys, never on records."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from django.core.management import execute_from_command_line

from casearc_web import configuration, keys
from casearc_web.keys.derived import derive
from casearc_web.sqlcipher.opening import make_database

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        keys.use(derive(bytes(32)))
        configuration.use(configuration.Configuration(folder=Path(folder)))
        make_database(configuration.current().database, keys.current())
        os.environ["DJANGO_SETTINGS_MODULE"] = "casearc_web.settings"
        execute_from_command_line(sys.argv)
