"""Standardized differences between groups, for tables that compare those who stayed with those who were lost."""

from __future__ import annotations

import math

from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import has_no_spread, vector


def standardized_difference_means(first: ArrayLike, second: ArrayLike) -> float:
    """(mean of `first` - mean of `second`) over the root mean square of their standard deviations.

    For tables that compare those who stayed with those who were lost: it does not shrink with the sample.

    Raises
    ------
    StatisticsRefusedError
        Too few in a group, or no spread in either.

    Notes
    -----
    Austin (2009), Statistics in Medicine 28:3083-3107.

    Examples
    --------
    >>> round(standardized_difference_means([1.0, 2.0, 3.0], [2.0, 3.0, 4.0]), 3)
    -1.0
    """
    one = vector(first, name="The first group", at_least=2)
    two = vector(second, name="The second group", at_least=2)
    if has_no_spread(one) and has_no_spread(two):
        raise StatisticsRefusedError(
            "Neither group has any spread, so no standardized difference exists.",
            alternative="Report the two means.",
        )
    return float((one.mean() - two.mean()) / math.sqrt((one.var(ddof=1) + two.var(ddof=1)) / 2.0))


def standardized_difference_proportions(first: tuple[int, int], second: tuple[int, int]) -> float:
    """Standardized difference of two proportions, each given as (count, of how many).

    Raises
    ------
    StatisticsRefusedError
        A count larger than its group, an empty group, or all or nothing in both.

    Notes
    -----
    Austin (2009), Statistics in Medicine 28:3083-3107.

    Examples
    --------
    >>> round(standardized_difference_proportions((30, 60), (20, 60)), 4)
    0.343
    """
    shares = [_share(part, whole) for part, whole in (first, second)]
    spread = sum(share * (1.0 - share) for share in shares) / 2.0
    if spread == 0.0:
        raise StatisticsRefusedError(
            "Each group is all or nothing, so no standardized difference exists.",
            alternative="Report the two proportions.",
        )
    return (shares[0] - shares[1]) / math.sqrt(spread)


def _share(part: int, whole: int) -> float:
    if whole < 1 or not 0 <= part <= whole:
        raise StatisticsRefusedError("A proportion is a count and the group it is part of, which is not empty.")
    return part / whole
