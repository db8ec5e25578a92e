"""Collecting every fault before refusing, so that a file is mended once and not fault by fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from casearc.errors import DataRefusedError, Fault
from casearc.language import say, say_many
from casearc.tables.source import FILE, ROW, SourceTable

LIMIT = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """The same thing wrong in several rows: the first places, and how many there are."""

    faults: tuple[Fault, ...]
    total: int


class FaultLog:
    """Faults in the order they were found, those of one kind in one column together."""

    def __init__(self) -> None:
        self._groups: list[_Group] = []

    @property
    def total(self) -> int:
        """How many faults there are."""
        return sum(group.total for group in self._groups)

    def add(
        self,
        problem: str,
        remedy: str = "",
        *,
        file: str | None = None,
        row: int | None = None,
        column: str | None = None,
    ) -> None:
        """Add one fault."""
        fault = Fault(problem=problem, remedy=remedy, file=file, row=row, column=column)
        self._groups.append(_Group(faults=(fault,), total=1))

    def add_rows(
        self,
        failing: pl.DataFrame,
        source: SourceTable,
        *,
        column: str | None,
        problem: str,
        remedy: str,
    ) -> None:
        """Add one fault for each row of `failing`, a frame that has its places beside it.

        ``{other}`` in `problem` is filled from the column ``_other`` (the row of a duplicate's first copy).
        """
        for (file,), rows in failing.group_by(FILE, maintain_order=True):
            shown = rows.head(LIMIT)
            others = shown["_other"].to_list() if "_other" in shown.columns else [None] * shown.height
            label = None if column is None else source.label(str(file), column)
            faults = tuple(
                Fault(
                    problem=problem if other is None else problem.format(other=other),
                    remedy=remedy,
                    file=str(file),
                    row=row,
                    column=label,
                )
                for row, other in zip(shown[ROW].to_list(), others, strict=True)
            )
            self._groups.append(_Group(faults=faults, total=rows.height))

    def add_places(self, places: pl.DataFrame, *, problem: str, remedy: str, column: str | None = None) -> None:
        """Add one fault for each row of a frame of places (``_file``, ``_row``)."""
        for (file,), rows in places.group_by(FILE, maintain_order=True):
            shown = rows[ROW].head(LIMIT).to_list()
            faults = tuple(
                Fault(problem=problem, remedy=remedy, file=str(file), row=row, column=column) for row in shown
            )
            self._groups.append(_Group(faults=faults, total=rows.height))

    def extend(self, faults: Sequence[Fault]) -> None:
        """Add faults found elsewhere."""
        self._groups.extend(_Group(faults=(fault,), total=1) for fault in faults)

    def raise_if_any(self, error: type[DataRefusedError], what: str) -> None:
        """Raise `error` with at most fifty faults, every kind among them, and say how many more there are."""
        if not self._groups:
            return
        shown = _by_file(_fair(self._groups))
        more = self.total - len(shown)
        if more:
            remedy = say("Mend these first, then read the files again.")
            shown.append(Fault(problem=say("and {count:,} more.", count=more), remedy=remedy))
        count = say_many("{count:,} fault", "{count:,} faults", self.total)
        raise error(say("{what} refused: {count}. Nothing was written.", what=what, count=count), faults=shown)


def _fair(groups: Sequence[_Group]) -> list[Fault]:
    """At most LIMIT faults, dealt out one a group in turn: three thousand decimal commas must not hide an orphan."""
    taken = [0] * len(groups)
    left = LIMIT
    depth = 0
    while left and any(depth < len(group.faults) for group in groups):
        for index, group in enumerate(groups):
            if left and depth < len(group.faults):
                taken[index] += 1
                left -= 1
        depth += 1
    return [fault for group, count in zip(groups, taken, strict=True) for fault in group.faults[:count]]


def _by_file(faults: list[Fault]) -> list[Fault]:
    """The same faults file by file, in the order the files came up, and within a file from the top down."""
    order: dict[str | None, int] = {}
    for fault in faults:
        order.setdefault(fault.file, len(order))
    return sorted(faults, key=lambda fault: (order[fault.file], fault.row or 0))
