"""What every kind of export is made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from casearc.files.described import Described
from casearc.instruments import Instrument
from casearc.study import StudyPlan
from casearc.tables import Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """The tables, as they are and described; the instruments in their variants; the plan where there is one.

    `counts`: whether codebooks count.
    """

    tables: Tables
    described: Sequence[Described]
    instruments: Sequence[Instrument]
    plan: StudyPlan | None = None
    counts: bool = False

    def table(self, name: str) -> Described:
        """The described table of that name; KeyError where there is none."""
        for each in self.described:
            if each.name == name:
                return each
        raise KeyError(name)
