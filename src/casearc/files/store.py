"""The files of one data folder, each read once."""

from __future__ import annotations

from pathlib import Path

from casearc.files.csv import RawFile, read_csv
from casearc.tables import TABLES, FaultLog, suggestion

_SPREADSHEETS = (".xlsx", ".xls", ".ods", ".numbers", ".tsv", ".sav", ".dta")


class FileStore:
    """Reads files of a folder on demand and remembers them; faults go to the log once."""

    def __init__(self, folder: Path, log: FaultLog) -> None:
        self._folder = folder
        self._log = log
        self._read: dict[str, RawFile | None] = {}

    def names(self) -> tuple[str, ...]:
        """The CSV files of the folder."""
        return tuple(sorted(each.name for each in self._folder.iterdir() if each.suffix.lower() == ".csv"))

    def others(self, table: str) -> str:
        """A file of that table in a format that is not read, if there is one."""
        found = (self._folder / f"{table}{suffix}" for suffix in _SPREADSHEETS)
        return next((path.name for path in found if path.is_file()), "")

    def near(self, name: str) -> str:
        """The CSV file whose name is near this one, if any; a table's own file is never taken for another."""
        tables = {f"{table}.csv" for table in TABLES}
        found = suggestion(name, [each for each in self.names() if each.lower() not in tables])
        return found.removeprefix("Did you mean ").removesuffix("?")

    def get(self, name: str) -> RawFile | None:
        """A file's cells, or None after logging why there are none."""
        if name not in self._read:
            path = self._folder / name
            if path.is_file():
                self._read[name] = read_csv(path, name=name, log=self._log)
            else:
                near = suggestion(name, self.names())
                self._log.add("The data folder has no such file.", near or "Check the name.", file=name)
                self._read[name] = None
        return self._read[name]
