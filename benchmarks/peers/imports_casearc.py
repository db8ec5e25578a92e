"""Casearc's side of `imports`: files to checked, scored, written tables; prints what is compared."""

from __future__ import annotations

import sys
from pathlib import Path

from casearc.analyses import named_instruments, score_all
from casearc.files.importing import import_files, write_import

FOLDER = Path(sys.argv[1])
MAPPING = FOLDER / "mapping.toml"

imported = import_files(MAPPING, FOLDER)
write_import(imported, FOLDER / "tables", mapping=MAPPING, folder=FOLDER)
scores = score_all(named_instruments(imported.tables), imported.tables, coding={}, missing="house")[0]["mspss_total"]
print("rows", imported.tables.responses.height)
print("scored", len(scores) - scores.null_count())
print("mean", repr(scores.mean()))
