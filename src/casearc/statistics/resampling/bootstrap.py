"""The driver: one statistic that takes case weights, all draws, the jackknife where BCa needs it, and the interval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import Matrix, Whole, confidence
from casearc.statistics.resampling.intervals import BootstrapIntervals, bca_interval, percentile_interval
from casearc.statistics.resampling.weights import case_weights, jackknife_weights, units_of

Statistic = Callable[[Whole], np.ndarray]

CHUNK = 500
"""Draws given to the statistic at once: enough that NumPy's overhead is nothing, few enough for the cache."""


def bootstrap(
    statistic: Statistic,
    n: int,
    *,
    draws: int = 2000,
    rng_or_seed: np.random.Generator | int,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    method: Literal["percentile", "BCa"] = "BCa",
    level: float = 0.95,
    terms: Sequence[str] | None = None,
    expanded: bool = False,
) -> BootstrapIntervals:
    """Bootstrap intervals of everything `statistic` computes, participants being resampled whole.

    Parameters
    ----------
    statistic
        Takes whole-number case weights of shape (b, n) and gives values of shape (b, p) or (b,), nan where a draw has
        no value (separation, no spread). Called with ones for the estimate and with the jackknife's zeros and ones.
    n
        Number of rows the weights are for.
    draws
        Bootstrap samples; 2,000 suffice for 95 % limits.
    rng_or_seed, strata, clusters
        As in `case_weights`.
    method
        ``"BCa"`` (bias-corrected and accelerated) or ``"percentile"``.
    level
        Confidence level.
    terms
        Names of the p values.
    expanded
        Widen the interval for the number of participants, see `percentile_interval`; worth it below about 100.

    Raises
    ------
    StatisticsRefusedError
        The statistic has no value on the data as they are; no value varies between draws; too few draws gave a value;
        what `case_weights` refuses.

    Notes
    -----
    Percentile limits of small samples are known to be too narrow (they cover about 0.93 for a mean at n = 30); BCa
    helps with skewness and bias, `expanded` with that. With strata the jackknife's values are centered within each
    stratum.

    Examples
    --------
    >>> scores = np.array([3.0, 5.0, 4.0, 8.0, 6.0, 5.0, 9.0, 4.0])
    >>> interval = bootstrap(lambda w: w @ scores / w.sum(axis=1), 8, rng_or_seed=1)
    >>> float(interval.estimate[0]), bool(interval.low[0] < 5.5 < interval.high[0])
    (5.5, True)
    """
    confidence(level)
    if method not in ("percentile", "BCa"):
        raise StatisticsRefusedError('The method of a bootstrap interval is "percentile" or "BCa".')
    weights = case_weights(n, draws=draws, rng_or_seed=rng_or_seed, strata=strata, clusters=clusters)
    estimate = in_chunks(statistic, np.ones((1, n), dtype=np.int64))[0]
    if not np.isfinite(estimate).all():
        raise StatisticsRefusedError(
            "The statistic has no value on the data themselves, so there is nothing to bootstrap.",
            alternative="Look at what the estimator says of these data.",
        )
    replicates = in_chunks(statistic, weights)
    units = units_of(n, clusters=clusters, strata=strata)
    participants = units.count if expanded else None
    if method == "percentile":
        return percentile_interval(replicates, level, estimate=estimate, terms=terms, participants=participants)
    left_out = in_chunks(statistic, jackknife_weights(n, clusters))
    return bca_interval(
        estimate,
        replicates,
        jackknife_values=_within_strata(left_out, units.stratum),
        level=level,
        terms=terms,
        participants=participants,
    )


def in_chunks(statistic: Statistic, weights: Whole) -> Matrix:
    """The statistic of every draw, (draws, p), computed some hundreds at a time."""
    parts = [np.asarray(statistic(weights[i : i + CHUNK]), dtype=np.float64) for i in range(0, len(weights), CHUNK)]
    values = np.concatenate(parts)
    values = values[:, None] if values.ndim == 1 else values
    if values.ndim != 2 or values.shape[0] != weights.shape[0]:
        raise StatisticsRefusedError("The statistic must give one row of values for each row of weights.")
    return values


def _within_strata(values: Matrix, stratum: Whole) -> Matrix:
    """Values minus the mean of their stratum; the grand mean is added so that their size stays that of the estimate."""
    if not stratum.any():
        return values
    used = np.isfinite(values)
    known = np.where(used, values, 0.0)
    sums = np.zeros((int(stratum.max()) + 1, values.shape[1]))
    counts = np.zeros_like(sums)
    np.add.at(sums, stratum, known)
    np.add.at(counts, stratum, used.astype(np.float64))
    means = sums / np.maximum(counts, 1.0)
    grand = sums.sum(axis=0) / np.maximum(counts.sum(axis=0), 1.0)
    return np.asarray(values - means[stratum] + grand, dtype=np.float64)
