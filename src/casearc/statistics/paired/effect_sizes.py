"""Standardized effects of change and of difference between groups."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import confidence, has_no_spread, same_length, vector
from casearc.statistics.estimates import EstimateInterval


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
