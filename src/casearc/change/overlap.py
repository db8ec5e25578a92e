"""Waves whose windows share days: an administration there would belong to two waves."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from casearc.change.definitions import Pick, Wave


def overlapping(waves: Sequence[Wave]) -> tuple[tuple[Wave, Wave], ...]:
    """Pairs of waves that share at least one day by mistake, in the order given.

    A wave that picks the first or the last administration may share days with others.

    >>> intake = Wave(name="intake", target_day=0, window=(0, 45))
    >>> later = Wave(name="later", target_day=60, window=(-15, 9))
    >>> [(one.name, other.name) for one, other in overlapping([intake, later])]
    [('intake', 'later')]
    """
    return tuple(
        (one, other)
        for one, other in combinations(waves, 2)
        if one.pick is other.pick is Pick.NEAREST
        and one.first_day <= other.last_day
        and other.first_day <= one.last_day
    )
