"""Dose: what was delivered to whom, in which window of days."""

from casearc.dose.account import DoseNote, DoseNoteKind, OutsideWindow
from casearc.dose.definitions import (
    ATTEMPTED,
    DAYS_IN_MONTH,
    DoseDefinition,
    DoseMeasure,
    DoseTable,
    GoalEvent,
)
from casearc.dose.deliver import DoseDelivered, deliver
from casearc.dose.soundness import MEASURES, DoseProblem, dose_problems

__all__ = [
    "ATTEMPTED",
    "DAYS_IN_MONTH",
    "MEASURES",
    "DoseDefinition",
    "DoseDelivered",
    "DoseMeasure",
    "DoseNote",
    "DoseNoteKind",
    "DoseProblem",
    "DoseTable",
    "GoalEvent",
    "OutsideWindow",
    "deliver",
    "dose_problems",
]
