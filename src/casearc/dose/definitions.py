"""What a dose is. The study plan parses into these types."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

DAYS_IN_MONTH = 30.4375
"""One month of the contract: a twelfth of 365.25 days."""

ATTEMPTED = "attempted"
"""Among a dose's `types`: count attempts at contacts in place of completed ones."""


class DoseTable(StrEnum):
    """Where a dose is counted."""

    CONTACTS = "contacts"
    SERVICES = "services"
    GOALS = "goals"
    ENROLLMENTS = "enrollments"


class DoseMeasure(StrEnum):
    """How it is counted."""

    MONTHS_ENROLLED = "months_enrolled"  # start to exit or to the end of the window, whichever is first
    MONTHS_SERVED = "months_served"  # first to last completed contact in the window
    FREQUENCY = "frequency"  # completed contacts a month of window
    AMOUNT = "amount"  # minutes of contacts, or quantity of one service in one unit
    BREADTH = "breadth"  # number of different kinds
    COUNT = "count"  # number of completed contacts, services delivered, goals
    DAYS = "days"  # number of different days with one


class GoalEvent(StrEnum):
    """What of a goal is counted: the one word in a goal dose's `types`."""

    SET = "set"  # opened in the window
    MET = "met"  # closed as met in the window


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseDefinition:
    """A dose delivered in a window of days.

    The window runs from the `start` wave's administration day, inclusive, to `end`, exclusive: a wave's
    administration day, or, where `end` is an integer, that day since enrollment (a fixed landmark).
    `start` may be an integer day too. `types` restricts to contact types, service codes, or goal statuses
    (``set``: opened in the window; ``met``: closed as met in it); ``attempted`` among contact types counts attempts
    in place of completed contacts. `unit` restricts an amount of a service to the rows in that unit.
    """

    id: str
    table: DoseTable
    measure: DoseMeasure
    types: tuple[str, ...] = ()
    start: str | int
    end: str | int
    label: str = ""
    unit: str = ""

    @property
    def attempts(self) -> bool:
        """Whether it counts attempts at contacts and not contacts."""
        return self.table is DoseTable.CONTACTS and ATTEMPTED in self.types

    @property
    def kinds(self) -> tuple[str, ...]:
        """The contact types or service codes it is restricted to; empty for all."""
        return tuple(kind for kind in self.types if kind != ATTEMPTED)
