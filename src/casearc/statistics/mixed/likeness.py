"""How alike measurements of one participant, or people of one case manager, are: the intraclass correlation."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import confidence
from casearc.statistics.mixed._likelihood import look
from casearc.statistics.mixed._maximize import maximize
from casearc.statistics.mixed._problem import Problem, problem_of
from casearc.statistics.mixed.fit import lifted, snapped
from casearc.statistics.results import Result

LARGEST_RATIO = 1e4
"""Ratio of standard deviations at which an upper limit is given up and reported as 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness(Result):
    """Intraclass correlation of a clustered outcome.

    Attributes
    ----------
    icc, low, high
        By restricted likelihood, with the interval at which its profile falls by half a chi-square quantile.
    lr_statistic, p
        Likelihood-ratio test that clusters do not differ; p is halved, the variance being at its boundary.
    n, clusters, size
        Rows, clusters, and rows a cluster on average (harmonic weights as in the design effect).
    design_effect
        1 + (size - 1) icc: by what the variance of a mean grows.
    """

    icc: float
    low: float
    high: float
    level: float
    lr_statistic: float
    p: float
    n: int
    clusters: int
    size: float
    design_effect: float
    method: str = "restricted likelihood, profile interval"


def likeness(
    response: ArrayLike,
    *,
    groups: ArrayLike,
    design: ArrayLike | None = None,
    level: float = 0.95,
) -> Likeness:
    """Estimate how much of an outcome's variance lies between clusters, given the terms of `design`.

    Parameters
    ----------
    response
        Shape (N,).
    groups
        N labels: a case manager, a site, or a participant measured several times.
    design
        Shape (N, k), the constant included; None: the constant alone.
    level
        Confidence level.

    Raises
    ------
    StatisticsRefusedError
        Fewer than three clusters, hardly any with more than one row, a constant outcome.

    Notes
    -----
    Checked against R's ``lme4::lmer`` and ``confint(method = "profile")`` on the ratio. The test: Self & Liang (1987),
    Journal of the American Statistical Association 82:605-610.

    Examples
    --------
    >>> found = likeness([1.0, 2.0, 4.0, 5.0, 8.0, 7.0], groups=[1, 1, 2, 2, 3, 3])
    >>> round(found.icc, 3)
    0.946
    """
    confidence(level)
    rows = np.asarray(response).shape[0] if np.ndim(response) else 0
    X = np.ones((rows, 1)) if design is None else np.asarray(design, dtype=np.float64)
    names = [f"x{i}" for i in range(X.shape[1] if X.ndim == 2 else 1)]
    problem = problem_of(X, response, groups, None, names, None)
    best = _ratio(problem)

    def fall(ratio: float) -> float:
        return _deviance(problem, ratio) - _deviance(problem, best)

    quantile = dist.normal_quantile(0.5 + level / 2.0) ** 2
    lr = max(fall(0.0), 0.0)
    low = 0.0 if lr <= quantile else _crossing(fall, quantile, best, 0.0)
    high = LARGEST_RATIO if fall(LARGEST_RATIO) <= quantile else _crossing(fall, quantile, best, LARGEST_RATIO)
    counts = np.diff(problem.begins, append=problem.table.shape[0]).astype(np.float64)
    size = float((counts**2).sum() / counts.sum())
    icc = _icc(best)
    return Likeness(
        icc=icc,
        low=_icc(low),
        high=1.0 if high == LARGEST_RATIO else _icc(high),
        level=level,
        lr_statistic=lr,
        p=0.5 * dist.chi_square_upper(lr, 1.0) if lr > 0.0 else 1.0,
        n=problem.table.shape[0],
        clusters=problem.participants,
        size=size,
        design_effect=1.0 + (size - 1.0) * icc,
    )


def _icc(ratio: float) -> float:
    return ratio**2 / (1.0 + ratio**2)


def _deviance(problem: Problem, ratio: float) -> float:
    return float(look(problem.data, np.array([[ratio]]), reml=True).deviance)


def _ratio(problem: Problem) -> float:
    found = maximize(lifted(problem.data), reml=True, free=np.ones((1, 1), dtype=bool))
    if not found.settled[0]:
        raise StatisticsRefusedError("The fit did not settle: the data hardly tell how clusters differ.")
    return float(snapped(found.factor)[0, 0, 0])


def _crossing(fall: Callable[[float], float], target: float, inside: float, outside: float) -> float:
    """Where the profile has fallen by `target` between the optimum and a point beyond; bisection in the logarithm far
    out, plainly near zero."""
    for _ in range(200):
        middle = math.sqrt(inside * outside) if min(inside, outside) > 1.0 else 0.5 * (inside + outside)
        if middle in (inside, outside) or abs(inside - outside) < 1e-12 * (1.0 + inside):
            break
        inside, outside = (middle, outside) if fall(middle) <= target else (inside, middle)
    return inside
