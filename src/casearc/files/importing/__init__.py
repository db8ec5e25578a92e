"""Importing: a mapping run on files, everything checked and scored, and the tables laid into a folder as a whole."""

from casearc.files.importing.report import ImportReport
from casearc.files.importing.run import Imported, import_files
from casearc.files.importing.write import Written, write_import
from casearc.files.place import settle

__all__ = ["ImportReport", "Imported", "Written", "import_files", "settle", "write_import"]
