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

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

from casearc.language import both, say, say_many


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong at one place.

    `row` is the row a spreadsheet shows, the header being row 1; in a plan, mapping or other TOML file, the line.
    """

    problem: str
    remedy: str = ""
    file: str | None = None
    row: int | None = None
    column: str | None = None

    @property
    def place(self) -> str:
        """Where the fault is, in words; empty where it has no place."""
        return _place(self, [] if self.row is None else [self.row])

    def __str__(self) -> str:
        return _said(self, self.place)


_RUNS = 12
"""A message names so many runs of rows; a list of all of them would not be read."""


def _place(fault: Fault, rows: Sequence[int]) -> str:
    column = "" if fault.column is None else say("column {column}", column=fault.column)
    return ", ".join(part for part in (fault.file or "", _numbered(fault, rows), column) if part)


def _numbered(fault: Fault, rows: Sequence[int]) -> str:
    if not rows:
        return ""
    if ".toml" in (fault.file or ""):
        return say_many("line {rows}", "lines {rows}", len(rows), rows=_runs(rows))
    return say_many("row {rows}", "rows {rows}", len(rows), rows=_runs(rows))


def _said(fault: Fault, place: str) -> str:
    start = f"{place}: " if place else ""
    return f"{start}{fault.problem}" + (f" {fault.remedy}" if fault.remedy else "")


def _runs(rows: Sequence[int]) -> str:
    """``2 to 5, 9 and 11`` for 2, 3, 4, 5, 9, 11."""
    runs: list[tuple[int, int]] = []
    for row in sorted(set(rows)):
        if runs and row == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    named = [
        str(first) if first == last else say("{first} to {last}", first=first, last=last)
        for first, last in runs[:_RUNS]
    ]
    unnamed = sum(last - first + 1 for first, last in runs[_RUNS:])
    last_one = [say("{count:,} more", count=unnamed)] if unnamed else [named.pop()]
    return both(part for part in (", ".join(named), *last_one) if part)


def _lines(faults: Sequence[Fault]) -> list[str]:
    """The faults in words; the same thing wrong in many rows of a column is said once."""
    together: dict[tuple[str | None, str | None, str, str], list[Fault]] = {}
    for fault in faults:
        together.setdefault((fault.file, fault.column, fault.problem, fault.remedy), []).append(fault)
    return [
        _said(same[0], _place(same[0], [fault.row for fault in same if fault.row is not None]))
        for same in together.values()
    ]


class CasearcError(Exception):
    """Root of the tree. `faults` lists each fault found; `exit_code` is what the command ends with."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, faults: Sequence[Fault] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.faults = tuple(faults)

    def __str__(self) -> str:
        return "\n".join([self.message, *(f"  - {line}" for line in _lines(self.faults))])


class UsageError(CasearcError):
    """The command or call itself was wrong."""

    exit_code = 2


class MissingExtraError(UsageError):
    """An optional part of Casearc is needed and not installed."""

    def __init__(self, *, purpose: str, extra: str) -> None:
        super().__init__(
            say(
                "{purpose} needs an optional part. Install it with: pip install 'casearc[{extra}]'",
                purpose=purpose,
                extra=extra,
            )
        )


@contextmanager
def optional_part(*, purpose: str, extra: str) -> Iterator[None]:
    """Turn a failed import inside the block into a plain message; one of our own modules is our fault and stays so.

    Raises
    ------
    MissingExtraError
        A library of the extra is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("casearc"):
            raise
        raise MissingExtraError(purpose=purpose, extra=extra) from None


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
