"""What a wave is. The study plan parses into these types."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Pick(StrEnum):
    """Which of several administrations in a window stands for the wave."""

    NEAREST = "nearest"  # to the target day
    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """A planned round of measurement.

    `target_day` is counted from the enrollment's start; an administration belongs to the wave when its day lies
    in ``[target_day + window[0], target_day + window[1]]``, both ends inclusive. Of several, `pick` says which one.
    Waves that pick the first or the last may share days with others: where nobody scheduled the measurements,
    people still have a first one and a last one.
    """

    name: str
    target_day: int
    window: tuple[int, int]
    pick: Pick = Pick.NEAREST

    @property
    def first_day(self) -> int:
        """First day of the window."""
        return self.target_day + self.window[0]

    @property
    def last_day(self) -> int:
        """Last day of the window."""
        return self.target_day + self.window[1]
