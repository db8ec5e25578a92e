"""Profile-likelihood limits of a random intercept's variance: over the residual one, and of both standard deviations.

They hold where waves are missing at random, which the exact limits of `_pivot` do not.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import special

from casearc.statistics import _distributions as dist
from casearc.statistics.mixed._likelihood import Look, look
from casearc.statistics.mixed._sufficient import Array, Sufficient

SMALLEST, LARGEST = 1e-4, 1e4
"""Ratios of standard deviations between which limits are sought: below stands for 0, above for an open limit."""


def ratio_limits(data: Sufficient, at: Look, level: float, *, reml: bool) -> tuple[Array, Array]:
    """Limits (...) of the ratio of variances around the optimum `at`; 0 or infinite where there is none."""
    quantile = dist.normal_quantile(0.5 + level / 2.0) ** 2
    best = np.maximum(np.abs(at.factor[..., 0, 0]), 2.0 * SMALLEST)
    low, high = (_crossing(data, at.deviance + quantile, best, end, reml=reml) for end in (SMALLEST, LARGEST))
    return low, high


def _crossing(data: Sufficient, target: Array, best: Array, end: float, *, reml: bool) -> Array:
    """Bisection in the logarithm between the optimum and a far end."""
    inside, outside = np.log(best), np.full(np.shape(best), np.log(end))
    never = _deviance(data, outside, reml=reml) <= target
    for _ in range(55):
        middle = 0.5 * (inside + outside)
        within = _deviance(data, middle, reml=reml) <= target
        inside, outside = np.where(within, middle, inside), np.where(within, outside, middle)
    beyond = 0.0 if end == SMALLEST else np.inf
    return np.asarray(np.where(never, beyond, np.exp(2.0 * inside)))


def _deviance(data: Sufficient, logarithm: Array, *, reml: bool) -> Array:
    return look(data, np.exp(logarithm)[..., None, None], reml=reml).deviance


def sd_limits(
    data: Sufficient, at: Look, level: float, *, reml: bool
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Limits of the participants' standard deviation and of the residual one, one data set.

    At a ratio L of SDs the deviance in the residual variance s2 is df (log s2 + rss / (df s2)) and a constant: so each
    L has its own limits of s, and the limits of L s and of s are the extremes over L.
    """
    quantile = dist.normal_quantile(0.5 + level / 2.0) ** 2
    df = float(at.df)

    def limits(ratio: Array) -> tuple[Array, ...]:
        here = look(data, ratio[:, None, None], reml=reml)
        left = (quantile - (here.deviance - float(at.deviance))) / df
        inside = left >= 0.0
        x = -np.exp(-1.0 - np.where(inside, left, 0.0))
        sd = np.sqrt(here.rss / df)
        least = np.where(inside, sd / np.sqrt(np.real(-special.lambertw(x, -1))), np.inf)
        most = np.where(inside, sd / np.sqrt(np.real(-special.lambertw(x, 0))), -np.inf)
        return ratio * least, -ratio * most, least, -most

    zero = float(look(data, np.zeros((1, 1)), reml=reml).deviance) - float(at.deviance) <= quantile
    found = [_least(limits, which) for which in range(4)]
    return (0.0 if zero else found[0], -found[1]), (found[2], -found[3])


def _least(limits: Callable[[Array], tuple[Array, ...]], which: int) -> float:
    """Smallest value over ratios of SDs: a grid, refined around its best point."""
    left, right, values = np.log(SMALLEST), np.log(LARGEST), np.empty(0)
    for _ in range(12):
        grid = np.linspace(left, right, 121)
        values = limits(np.exp(grid))[which]
        at = int(np.argmin(values))
        left, right = grid[max(at - 2, 0)], grid[min(at + 2, 120)]
    return float(values.min())
