"""Standardized effects of change and of difference between groups."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import confidence, same_length, vector
from casearc.statistics.estimates import EstimateInterval
from casearc.statistics.paired import has_no_spread


def cohen_dz(differences: ArrayLike, *, level: float = 0.95) -> EstimateInterval:
    """Mean difference divided by the standard deviation of the differences.

    Parameters
    ----------
    differences
        Later minus earlier, shape (n,), n >= 2.
    level
        Confidence level; the limits are the noncentralities at which the observed t sits at either tail, divided by
        the root of n (exact for normal differences).

    Raises
    ------
    StatisticsRefusedError
        The differences have no spread.

    Notes
    -----
    Cohen (1988), Statistical Power Analysis, 48; Steiger & Fouladi (1997) for the interval. Checked against roots of
    R's ``pt(ncp = )``.

    Examples
    --------
    >>> round(cohen_dz([1.0, 0.0, 2.0, 1.0]).estimate, 4)
    1.2247
    """
    confidence(level)
    values = vector(differences, name="The differences", at_least=2)
    if has_no_spread(values):
        raise StatisticsRefusedError(
            "The differences have no spread, so no standardized effect exists.",
            alternative="Report the change in the unit of the score.",
        )
    root = math.sqrt(values.size)
    estimate = float(values.mean() / values.std(ddof=1))
    df = values.size - 1
    return EstimateInterval(
        estimate=estimate,
        low=dist.noncentrality(estimate * root, df, 0.5 + level / 2.0) / root,
        high=dist.noncentrality(estimate * root, df, 0.5 - level / 2.0) / root,
        level=level,
        n=values.size,
        method="Cohen's d_z, noncentral t interval",
    )


def cohen_d_av(before: ArrayLike, after: ArrayLike, *, level: float = 0.95) -> EstimateInterval:
    """Mean change divided by the root mean square of the two waves' standard deviations.

    Unlike d_z it does not grow with the correlation of the waves, so it compares with differences between groups.

    Raises
    ------
    StatisticsRefusedError
        Too few pairs, or one wave without spread.

    Notes
    -----
    Interval: Bonett (2008), Psychological Methods 13:99-109, which does not assume equal variances. Large-sample.

    Examples
    --------
    >>> round(cohen_d_av([1.0, 2.0, 3.0, 4.0], [2.0, 2.0, 5.0, 5.0]).estimate, 4)
    0.6547
    """
    confidence(level)
    first = vector(before, name="The earlier wave", at_least=3)
    second = vector(after, name="The later wave", at_least=3)
    same_length(first, second, names=("The earlier wave", "the later wave"))
    if has_no_spread(first) or has_no_spread(second):
        raise StatisticsRefusedError(
            "One wave has no spread, so no standardized effect exists.",
            alternative="Report the change in the unit of the score.",
        )
    df = first.size - 1
    v1, v2 = float(first.var(ddof=1)), float(second.var(ddof=1))
    pooled = (v1 + v2) / 2.0
    estimate = float((second.mean() - first.mean()) / math.sqrt(pooled))
    covariance = float(np.cov(first, second)[0, 1])
    variance = estimate**2 * (v1**2 + v2**2 + 2.0 * covariance**2) / (8.0 * df * pooled**2)
    variance += (v1 + v2 - 2.0 * covariance) / (pooled * df)
    half_width = dist.normal_quantile(0.5 + level / 2.0) * math.sqrt(variance)
    return EstimateInterval(
        estimate=estimate,
        low=estimate - half_width,
        high=estimate + half_width,
        level=level,
        n=first.size,
        method="Cohen's d_av, Bonett's interval",
    )


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
        raise StatisticsRefusedError(
            "A proportion is a count and the group it is part of, which is not empty."
        )
    return part / whole
