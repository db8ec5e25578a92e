"""Cohen's kappa: agreement of two ratings beyond chance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Matrix, confidence, counts
from casearc.statistics.results import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Kappa(Result):
    """Cohen's kappa with a large-sample interval, cut off at -1 and 1. `agreement` is the (weighted) observed share."""

    estimate: float
    se: float
    low: float
    high: float
    level: float
    n: int
    agreement: float
    weights: Literal["none", "linear", "quadratic"]


def kappa(
    table: ArrayLike, weights: Literal["linear", "quadratic"] | None = None, *, level: float = 0.95
) -> Kappa:
    """Agreement between rows and columns of a square table of counts.

    Parameters
    ----------
    table
        Counts, (k, k), the same levels in the same order.
    weights
        None: only the diagonal agrees. ``"linear"`` or ``"quadratic"``: near misses agree in part, levels ordered.
    level
        Confidence level.

    Raises
    ------
    StatisticsRefusedError
        Everybody is at one level in both, so chance alone gives full agreement.

    Notes
    -----
    Cohen (1960, 1968); standard error: Fleiss, Cohen & Everitt (1969), Psychological Bulletin 72:323-327. Checked
    against R's ``psych::cohen.kappa``; the weighted standard error, where psych's is not that of the paper, against
    numerical derivatives.

    Examples
    --------
    >>> round(kappa([[20, 5], [10, 15]]).estimate, 4)
    0.4
    """
    confidence(level)
    square = counts(table, name="The table of ratings", square=True)
    n = int(square.sum())
    shares = square / n
    w = _agreement_weights(square.shape[0], weights)
    row, column = shares.sum(axis=1), shares.sum(axis=0)
    observed = float((w * shares).sum())
    expected = float(row @ w @ column)
    if 1.0 - expected < 1e-12:
        raise StatisticsRefusedError(
            "All ratings are at one level, so agreement beyond chance is undefined.",
            alternative="Report the share of equal ratings.",
        )
    estimate = (observed - expected) / (1.0 - expected)
    mean_weights = (w @ column)[:, None] + (w.T @ row)[None, :]
    spread = float((shares * (w - mean_weights * (1.0 - estimate)) ** 2).sum())
    variance = (spread - (estimate - expected * (1.0 - estimate)) ** 2) / (n * (1.0 - expected) ** 2)
    se = math.sqrt(max(variance, 0.0))
    half_width = dist.normal_quantile(0.5 + level / 2.0) * se
    return Kappa(
        estimate=estimate,
        se=se,
        low=max(estimate - half_width, -1.0),
        high=min(estimate + half_width, 1.0),
        level=level,
        n=n,
        agreement=observed,
        weights="none" if weights is None else weights,
    )


def _agreement_weights(k: int, weights: str | None) -> Matrix:
    apart = np.abs(np.subtract.outer(np.arange(k), np.arange(k))) / (k - 1)
    if weights is None:
        return np.eye(k)
    if weights == "linear":
        return 1.0 - apart
    if weights == "quadratic":
        return 1.0 - apart**2
    raise StatisticsRefusedError('weights is None, "linear" or "quadratic".')
