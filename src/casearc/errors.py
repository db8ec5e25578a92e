"""Every error Casearc raises on purpose, in one tree.

    CasearcError                      exit code
    ├── UsageError                    2   the command or call was wrong
    │   └── MissingExtraError         2   an optional part is not installed
    ├── DataRefusedError              3   files or frames that cannot be trusted
    │   ├── TableError                3   a table breaks the contract
    │   ├── MappingError              3   mapping.toml does not fit the files
    │   ├── InstrumentError           3   an instrument folder is wrong
    │   └── ScoringError              3   responses that cannot be scored
    ├── PlanRefusedError              4   the study plan is wrong or unsafe
    ├── DisclosureRefusedError        5   nothing may leave under this policy
    └── StatisticsRefusedError        3   an estimator declines degenerate input

A message says what is wrong, where, and what to do. It never carries a participant's value:
a fault names file, row and column, and the reader looks there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong at one place. `row` is the row a spreadsheet shows, the header being row 1."""

    problem: str
    remedy: str = ""
    file: str | None = None
    row: int | None = None
    column: str | None = None

    @property
    def place(self) -> str:
        """Where the fault is, in words; empty where it has no place."""
        parts = [
            self.file or "",
            f"row {self.row}" if self.row is not None else "",
            f"column {self.column}" if self.column is not None else "",
        ]
        return ", ".join(part for part in parts if part)

    def __str__(self) -> str:
        start = f"{self.place}: " if self.place else ""
        return f"{start}{self.problem}" + (f" {self.remedy}" if self.remedy else "")


class CasearcError(Exception):
    """Root of the tree. `faults` lists each fault found; `exit_code` is what the command ends with."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, faults: Sequence[Fault] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.faults = tuple(faults)

    def __str__(self) -> str:
        return "\n".join([self.message, *(f"  - {fault}" for fault in self.faults)])


class UsageError(CasearcError):
    """The command or call itself was wrong."""

    exit_code = 2


class MissingExtraError(UsageError):
    """An optional part of Casearc is needed and not installed."""

    def __init__(self, *, purpose: str, extra: str) -> None:
        super().__init__(f"{purpose} needs an optional part. Install it with: pip install 'casearc[{extra}]'")


class DataRefusedError(CasearcError):
    """Files or frames that cannot be trusted as they are; nothing was written."""

    exit_code = 3


class TableError(DataRefusedError):
    """A table does not keep the contract."""


class MappingError(DataRefusedError):
    """The mapping does not fit the files."""


class InstrumentError(DataRefusedError):
    """An instrument folder is wrong."""


class ScoringError(DataRefusedError):
    """Responses that cannot be scored: unknown items, values out of range, a doubtful coding."""


class PlanRefusedError(CasearcError):
    """The study plan is wrong, or asks for what the design cannot give."""

    exit_code = 4


class DisclosureRefusedError(CasearcError):
    """What was asked for may not leave under the disclosure policy."""

    exit_code = 5


class StatisticsRefusedError(CasearcError):
    """An estimator declines: the input is degenerate. `alternative` names what would be valid, if anything."""

    exit_code = 3

    def __init__(self, message: str, *, alternative: str = "") -> None:
        super().__init__(message if not alternative else f"{message} {alternative}")
        self.reason = message
        self.alternative = alternative
