"""What an import leaves out or leaves alone, with reasons and places, and never with a cell of anybody's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

import polars as pl
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casearc.errors import Fault
from casearc.tables import FILE, ROW

MOST_RUNS = 12

WHY: Mapping[str, str | Promise] = {
    "no_enrollment": _("nobody's enrollment is in the files, and records here begin with one"),
    "parent_left_out": _("what they belong to is left out"),
    "erased": _("what they belong to was erased here, and does not come back"),
    "code": _("the code is none of those that records here know; the field stays empty"),
    "site": _("no site of the agency has this code or name; the field stays empty"),
    "staff": _("no staff member has this code; the person chosen for this import stands in"),
    "birth_date": _("it is no date written as year-month-day; the field stays empty"),
    "number": _("the number has more places than records here keep"),
    "extra": _("records here have no field for it"),
    "future": _("the day lies in the future"),
    "domain": _("the domain is none of the agency's; add it under Needs, or name another in the mapping"),
    "level": _("the level is none of 0 to 4"),
    "assessment_there": _("there is an assessment of that day already"),
    "goal_open": _("a goal that is not open needs the day on which it was closed"),
    "goal_rating": _("a goal that is met or not met needs its rating"),
    "rating_dropped": _("only goals that are met or not met keep a rating; the field stays empty"),
    "service": _("the catalog of services has no such code; add it there, or name another in the mapping"),
    "no_contact": _("records here keep a service at a contact, and there is no completed one of that day left"),
    "unit": _("the unit is none that records here know"),
    "quantity": _("no quantity is given; it counts as one"),
    "coding": _("answers are coded otherwise than in the instrument; map them to its own codes"),
    "language": _("the language is neither English nor Spanish; the field stays empty"),
    "answer": _("an answer is no whole number"),
    "several_programs": _(
        "the files name several programs; import one at a time, with a condition (where) in the mapping"
    ),
    "other_program": _("the row names another program of the agency; choose that program when you upload the files"),
    "no_start": _("an enrollment needs its start date"),
    "two_open": _("nobody is enrolled twice at once in one program; end one of the enrollments in the file"),
    "open_there": _("the client has an open enrollment in this program here; end it first"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Rows or cells of a table that the records cannot take, by the code of the reason."""

    table: str
    why: str
    count: int
    left_out: bool
    column: str = ""
    file: str = ""
    rows: str = ""

    @property
    def reason(self) -> str | Promise:
        """In words of the reader's language."""
        return WHY.get(self.why, self.why)


@dataclass(slots=True)
class Notes:
    """Collects notes while tables are fitted to the records."""

    found: list[Note] = field(default_factory=list)

    def leave_out(self, table: str, why: str, rows: pl.DataFrame, *, column: str = "") -> None:
        """Note whole rows that stay behind."""
        self._add(table, why, rows, column, left_out=True)

    def leave_empty(self, table: str, why: str, rows: pl.DataFrame, *, column: str) -> None:
        """Note cells that stay behind."""
        self._add(table, why, rows, column, left_out=False)

    def _add(self, table: str, why: str, rows: pl.DataFrame, column: str, *, left_out: bool) -> None:
        if rows.is_empty():
            return
        for (file,), own in rows.group_by(FILE, maintain_order=True):
            note = Note(
                table=table,
                why=why,
                count=own.height,
                left_out=left_out,
                column=column,
                file=str(file or ""),
                rows=runs(own[ROW].to_list()),
            )
            self.found.append(note)

    def told(self) -> list[dict[str, object]]:
        """As it is kept with a preview."""
        return [asdict(note) for note in self.found]


def runs(rows: Sequence[int | None]) -> str:
    """Rows as they are read: ``2–5, 9``.

    >>> runs([2, 3, 4, 5, 9, 3])
    '2–5, 9'
    """
    found: list[list[int]] = []
    for row in sorted({row for row in rows if row is not None}):
        if found and row == found[-1][1] + 1:
            found[-1][1] = row
        else:
            found.append([row, row])
    said = [str(first) if first == last else f"{first}–{last}" for first, last in found[:MOST_RUNS]]
    return ", ".join([*said, "…"] if len(found) > MOST_RUNS else said)


def faults_told(faults: Sequence[Fault]) -> list[dict[str, str]]:
    """Faults of the library, those of one kind in one column together, as they are kept with a preview."""
    together: dict[tuple[str, str, str, str], list[int | None]] = {}
    for fault in faults:
        key = (fault.file or "", fault.column or "", fault.problem, fault.remedy)
        together.setdefault(key, []).append(fault.row)
    return [
        {"file": file, "column": column, "problem": problem, "remedy": remedy, "rows": runs(rows)}
        for (file, column, problem, remedy), rows in together.items()
    ]
