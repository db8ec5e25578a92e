"""The files of one data folder, each read once, the way a mapping says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl

from casearc.files.dates import Order, dates_of
from casearc.files.dialects import dialect_named
from casearc.files.formats import SUFFIXES, read_file
from casearc.files.mapping.file_entries import FileEntry
from casearc.files.reading import Reading
from casearc.files.sheet import Sheet
from casearc.language import say
from casearc.tables import TABLES, FaultLog, nearest, suggestion


class FileStore:
    """Reads files of a folder on demand and remembers them; faults go to the log once."""

    def __init__(self, folder: Path, log: FaultLog, entries: Mapping[str, FileEntry] | None = None) -> None:
        self._folder = folder
        self._log = log
        self._entries = entries or {}
        self._files: dict[str, tuple[Sheet, ...]] = {}
        self._sheets: dict[str, Sheet | None] = {}

    def names(self) -> tuple[str, ...]:
        """The CSV files of the folder, which need no mapping."""
        return tuple(sorted(each.name for each in self._folder.iterdir() if each.suffix.lower() == ".csv"))

    def others(self, table: str) -> str:
        """A file of that table in a format that is read only through a mapping, if there is one."""
        found = (self._folder / f"{table}{suffix}" for suffix in SUFFIXES if suffix != ".csv")
        return next((path.name for path in found if path.is_file()), "")

    def near(self, name: str) -> str:
        """The CSV file whose name is near this one, if any; a table's own file is never taken for another."""
        tables = {f"{table}.csv" for table in TABLES}
        return nearest(name, [each for each in self.names() if each.lower() not in tables])

    def sheets(self, file: str) -> tuple[Sheet, ...]:
        """All sheets of a file as its format has them; () after logging why there are none."""
        if file not in self._files:
            path = self._folder / file
            if path.is_file():
                self._files[file] = read_file(path, name=file, log=self._log, reading=self._reading_of_file(file))
            else:
                present = sorted(each.name for each in self._folder.iterdir() if each.is_file())
                near = suggestion(file, present)
                self._log.add(say("The data folder has no such file."), near or say("Check the name."), file=file)
                self._files[file] = ()
        return self._files[file]

    def get(self, name: str) -> Sheet | None:
        """A sheet as the mapping calls it (``visits.csv``, ``cases.xlsx#Contacts``), with its dialect and its dates
        put right; None after logging why there is none."""
        if name not in self._sheets:
            plain = self._plain(name)
            adopted = None if plain is None else self._adopted(plain)
            self._sheets[name] = None if adopted is None else self._dated(adopted)
        return self._sheets[name]

    def _entry(self, name: str) -> FileEntry:
        """What the mapping says of a sheet, or else of its file."""
        return self._entries.get(name) or self._entries.get(name.partition("#")[0]) or FileEntry()

    def _reading(self, name: str) -> Reading:
        return self._entry(name).reading

    def _reading_of_file(self, file: str) -> Reading:
        """How the whole file is read: entries of its sheets may say where their own column names stand."""
        sheets = {name: each.reading.header_row for name, each in self._entries.items() if name.startswith(f"{file}#")}
        rows = {name.partition("#")[2]: row for name, row in sheets.items() if row > 1}
        heights = {name.partition("#")[2]: self._entries[name].reading.header_height for name in sheets}
        return replace(self._reading(file), header_rows=rows, header_heights=heights)

    def _plain(self, name: str) -> Sheet | None:
        file, _, part = name.partition("#")
        found = self.sheets(file)
        exact = next((sheet for sheet in found if sheet.name == name), None)
        if exact is not None or not found:
            return exact
        if not part and len(found) == 1:
            return found[0]
        parts = [sheet.name.partition("#")[2] for sheet in found]
        self._log.add(
            say("The file has no sheet {part}.", part=part) if part else say("The file has several sheets."),
            say(
                "Name one as {name}; there are: {parts}.",
                name="#".join((file, parts[0])),
                parts=", ".join(filter(None, parts)) or say("one without a name"),
            ),
            file=file,
        )
        return None

    def _adopted(self, sheet: Sheet) -> Sheet | None:
        reading = self._reading(sheet.name)
        dialect = dialect_named(reading.format)
        if dialect is None:
            return sheet
        companions = {role: self._plain(name) for role, name in reading.companions.items()}
        present = {role: each for role, each in companions.items() if each is not None}
        return dialect.adopt(sheet, present, self._log) if len(present) == len(companions) else None

    def _dated(self, sheet: Sheet) -> Sheet:
        frame = sheet.frame
        for column, order in self._entry(sheet.name).dates.items():
            if column not in frame.columns:
                near = suggestion(column, frame.columns)
                self._log.add(say("The file has no such column."), near, file=sheet.in_words, column=column)
                continue
            frame = self._with_dates(sheet, frame, column, order)
        return replace(sheet, frame=frame)

    def _with_dates(self, sheet: Sheet, frame: pl.DataFrame, column: str, order: Order) -> pl.DataFrame:
        found = frame.select(dates_of(pl.col(column), order)).to_series()
        self._log.add_places(
            sheet.places.filter(found.is_null() & frame[column].is_not_null()),
            problem=say('The cell holds no date written as "{order}".', order=say(order.value)),
            remedy=say("Correct the cell, or say under dates in the mapping how the column writes dates."),
            column=column,
        )
        return frame.with_columns(found.cast(pl.String).alias(column))
