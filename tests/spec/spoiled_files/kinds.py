"""What a kind of spoiled file is, and small ways to spoil one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from spoiled_files.agency import GOOD, Rows, as_csv, mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A file that stands in the place of one of the agency's three, and what becomes of it.

    made
        Its bytes.
    table, name, sheet
        Whose place it takes, what it is called, and which of its sheets is meant.
    entry
        Lines of the mapping under ``[file."<name>"]``.
    mapping
        A change to the agency's mapping.
    beside
        Further files in the folder.
    said
        Words of the refusal; where there are none, the file comes in.
    at
        Places that the refusal names: ``row 4, column Minutes (minutes)``.
    where
        What the places are in, where it is not this file.
    noted
        Words of the report's notes.
    rows, holds
        Tables that do not come in as from the good files, to the last byte: how many rows, and a cell of a column.
    asked
        A cell with the word that nothing repeats stands where codes do, and inspecting asks what the code means.
    """

    made: Callable[[], bytes]
    table: str = "contacts"
    name: str = ""
    sheet: str = ""
    entry: str = ""
    mapping: Callable[[str], str] = str
    beside: Mapping[str, Callable[[], bytes]] = field(default_factory=dict)
    said: Sequence[str] = ()
    at: Sequence[str] = ()
    where: str = ""
    noted: Sequence[str] = ()
    rows: Mapping[str, int] = field(default_factory=dict)
    holds: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    asked: bool = False

    @property
    def file(self) -> str:
        """The name of the file."""
        return self.name or f"{self.table}.csv"

    @property
    def in_words(self) -> str:
        """How messages call the file or its sheet."""
        return self.where or (f"{self.file}, sheet {self.sheet}" if self.sheet else self.file)

    def lay(self, folder: Path) -> None:
        """The file, the good ones beside it and the mapping, in an empty folder."""
        for table, rows in GOOD.items():
            if table != self.table:
                (folder / f"{table}.csv").write_bytes(as_csv(rows()))
        (folder / self.file).write_bytes(self.made())
        for name, write in self.beside.items():
            (folder / name).write_bytes(write())
        written = mapping(**{self.table: self.file + (f"#{self.sheet}" if self.sheet else "")})
        entry = f'\n[file."{self.file}"]\n{self.entry}\n' if self.entry else ""
        (folder / "mapping.toml").write_text(self.mapping(written + entry), encoding="utf-8")


def renamed_in(mapping: str, names: Mapping[str, str], *, table: str) -> str:
    """A mapping with other names for the columns of a table's file."""
    parts = mapping.split("\n\n")
    start = next(at for at, part in enumerate(parts) if part.startswith(f"[table.{table}]"))
    for old, new in names.items():
        parts[start] = parts[start].replace(f'"{old}"', f'"{new}"')
    return "\n\n".join(parts)


Change = Callable[[Rows], object]


def changed(table: str, *changes: Change, sign: str = ",", end: str = "\n") -> Callable[[], bytes]:
    """The good file with its rows changed in place."""

    def made() -> bytes:
        rows = GOOD[table]()
        for change in changes:
            change(rows)
        return as_csv(rows, sign=sign, end=end)

    return made


def text(table: str, change: Callable[[str], str], encoding: str = "utf-8") -> Callable[[], bytes]:
    """The good file with its text changed."""
    return lambda: change(as_csv(GOOD[table]()).decode()).encode(encoding)


def octets(table: str, change: Callable[[bytes], bytes]) -> Callable[[], bytes]:
    """The good file with its bytes changed."""
    return lambda: change(as_csv(GOOD[table]()))


def cell(row: int, column: str, value: str) -> Change:
    """A value in one cell; row 1 holds the names."""

    def change(rows: Rows) -> None:
        rows[row - 1][rows[0].index(column)] = value

    return change


def column(name: str, change: Callable[[str], str], *, rows: slice = slice(1, None)) -> Change:
    """Every cell of a column (or of some rows of it) changed."""

    def changes(table: Rows) -> None:
        at = table[0].index(name)
        for row in table[rows]:
            row[at] = change(row[at])

    return changes


def heading(old: str, new: str) -> Change:
    """Another name for a column."""
    return cell(1, old, new)


def more(*rows: Sequence[str]) -> Change:
    """Rows at the end."""
    return lambda table: table.extend(list(row) for row in rows)


def above(*rows: Sequence[str]) -> Change:
    """Rows above the names."""

    def change(table: Rows) -> None:
        table[:0] = [list(row) for row in rows]

    return change


def wider(*cells: str) -> Change:
    """Cells at the right end of each row, the first in the row of names."""

    def change(table: Rows) -> None:
        for at, row in enumerate(table):
            row.append(cells[min(at, len(cells) - 1)])

    return change
