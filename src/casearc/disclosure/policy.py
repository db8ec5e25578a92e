"""What the agency allows to leave: the smallest count, and the two editions of a report."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from casearc.errors import DisclosureRefusedError
from casearc.language import say

LOWEST_FLOOR = 3  # below three, the second member of a pair knows the first


class Edition(StrEnum):
    """Who the report is for."""

    IN_HOUSE = "in-house"  # staff who may see the records anyway: nothing is hidden
    OUTSIDE = "outside"  # everybody else: what passed the gate


@dataclass(frozen=True, slots=True)
class Policy:
    """The agency's rule. No count of people below `floor` leaves, and a plan can only raise it.

    Raises
    ------
    DisclosureRefusedError
        If the floor itself is below three.
    """

    floor: int = 11

    def __post_init__(self) -> None:
        if self.floor < LOWEST_FLOOR:
            raise DisclosureRefusedError(
                say(
                    "The agency's disclosure floor is set to {floor}. It must be {lowest} or more; 11 is usual.",
                    floor=self.floor,
                    lowest=LOWEST_FLOOR,
                )
            )

    def threshold(self, asked: int | None) -> int:
        """Return the threshold in force: what the plan asks for, never below the floor.

        Raises
        ------
        DisclosureRefusedError
            If the plan asks for less than the floor.

        Examples
        --------
        >>> Policy(floor=11).threshold(None)
        11
        >>> Policy(floor=11).threshold(20)
        20
        """
        if asked is None:
            return self.floor
        if asked < self.floor:
            raise DisclosureRefusedError(
                say(
                    "The threshold {asked} is below the agency's floor of {floor}. A plan can only raise it: set "
                    "[disclosure] threshold to {floor} or more, or leave it out.",
                    asked=asked,
                    floor=self.floor,
                )
            )
        return asked
