"""What a dose is. The study plan parses into these types."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseDefinition:
    """A dose delivered in a window of days.

    The window runs from the `start` wave's administration day, inclusive, to `end`, exclusive: a wave's
    administration day, or, where `end` is an integer, that day since enrollment (a fixed landmark).
    `start` may be an integer day too. `types` restricts to contact types, service codes, or goal statuses
    (``set``: opened in the window; ``met``: closed as met in it).
    """

    id: str
    table: DoseTable
    measure: DoseMeasure
    types: tuple[str, ...] = ()
    start: str | int
    end: str | int
    label: str = ""
