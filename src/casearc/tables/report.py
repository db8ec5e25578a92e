"""The data report: rows read, kept and set aside, file by file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SetAside:
    """Rows left out on purpose, and why."""

    reason: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileUse:
    """What one file gave to one table. `purpose` is the table's name, or ``lookup`` for a file that only
    lent columns to others. Rows are records of the file below its header."""

    file: str
    purpose: str
    rows_read: int
    rows_kept: int
    set_aside: tuple[SetAside, ...] = ()
    rows_refused: int = 0

    def to_dict(self) -> dict[str, object]:
        """As it stands in data-report.json."""
        return {
            "file": self.file,
            "purpose": self.purpose,
            "rows_read": self.rows_read,
            "rows_kept": self.rows_kept,
            "rows_set_aside": sum(aside.rows for aside in self.set_aside),
            "set_aside": [{"reason": aside.reason, "rows": aside.rows} for aside in self.set_aside],
            "rows_refused": self.rows_refused,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class DataReport:
    """What was read. `tables` holds the rows of each table; `notes` what a careful reader wants to know."""

    files: tuple[FileUse, ...] = ()
    tables: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """The content of data-report.json: counts of rows and words of the mapping, no participant's value."""
        return {
            "files": [use.to_dict() for use in self.files],
            "tables": dict(self.tables),
            "notes": list(self.notes),
        }
