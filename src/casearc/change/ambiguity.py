"""Doubts that the data leave about which record is meant, counted, with the rule that settled each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AmbiguityKind(StrEnum):
    """Ways in which the data leave open which administration is meant."""

    SEVERAL_IN_WINDOW = "several_in_window"
    SAME_DAY = "same_day"
    OUTSIDE_EVERY_WINDOW = "outside_every_window"
    NO_DAY = "no_day"
    DIFFERENT_DAYS = "different_days"
    LATER_ENROLLMENT = "later_enrollment"
    UNDATED_ENROLLMENT = "undated_enrollment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ambiguity:
    """One kind of doubt and the rule that settled it.

    count
        Number of records of the kind `counted`: administrations set aside, or enrollments.
    counted
        ``administrations`` (rows, never hidden) or ``enrollments`` (people: the disclosure gate decides).
    """

    kind: AmbiguityKind
    wave: str | None
    instrument: str | None
    count: int
    rule: str
    counted: str = "administrations"
