"""Cells of the resampling family: bootstrap intervals of means and slopes, permutation tests.

The simulated programs of a chunk share their draws, so that all their replicates are one matrix product; each chunk has
new draws.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from cells import Cell

from casearc.statistics.resampling import (
    bca_interval,
    case_weights,
    jackknife_weights,
    percentile_interval,
    permutation_test,
)

DRAWS = 2000
SIZES = (30, 95, 300)
Statistic = Callable[[np.ndarray, np.ndarray], np.ndarray]


def errors(rng: np.random.Generator, shape: tuple[int, int], truth: str) -> np.ndarray:
    """Errors of mean zero and SD one."""
    if truth == "skewed":
        return rng.exponential(1.0, shape) - 1.0
    return rng.normal(0.0, 1.0, shape)


def mean(weights: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Means of every draw (rows) and simulated program (columns)."""
    return weights @ y / weights.sum(axis=1, keepdims=True)


def slope(weights: np.ndarray, y: np.ndarray, *, x: np.ndarray) -> np.ndarray:
    """Least-squares slopes, likewise; x (n, times) is drawn with each program."""
    n = weights.sum(axis=1, keepdims=True)
    sum_x, sum_y = weights @ x, weights @ y
    return (weights @ (x * y) - sum_x * sum_y / n) / (weights @ (x * x) - sum_x**2 / n)


def covered(
    rng: np.random.Generator, times: int, *, n: int, what: str, method: str, expanded: bool, truth: str
) -> np.ndarray:
    """Whether the interval holds a true mean of 0 or a true slope of 0.5."""
    noise = errors(rng, (n, times), truth)
    if what == "mean":
        statistic: Statistic = mean
        y, target = noise, 0.0
    else:
        x = rng.exponential(1.0, (n, times))
        if truth == "unequal spread":
            noise = noise * (0.5 + 0.5 * x)
        statistic, y, target = partial(slope, x=x), 0.5 * x + noise, 0.5
    weights = case_weights(n, draws=DRAWS, rng_or_seed=rng).astype(float)
    replicates = statistic(weights, y)
    participants = n if expanded else None
    if method == "percentile":
        found = percentile_interval(replicates, participants=participants)
    else:
        estimate = statistic(np.ones((1, n)), y)[0]
        left_out = statistic(jackknife_weights(n).astype(float), y)
        found = bca_interval(estimate, replicates, jackknife_values=left_out, participants=participants)
    return (found.low <= target) & (target <= found.high)


def rejected(rng: np.random.Generator, times: int, *, n: int, test: str, truth: str) -> np.ndarray:
    """Whether a permutation test rejects a true null at 0.05; 999 permutations."""
    noise = errors(rng, (times, n), truth)
    found = np.empty(times, dtype=bool)
    for i, e in enumerate(noise):
        if test == "two groups":
            design = np.column_stack([np.ones(n), np.arange(n) < n // 3])
            p = permutation_test(design, e, column=1, permutations=999, rng_or_seed=rng).p
        else:
            z = rng.exponential(1.0, n)
            design = np.column_stack([np.ones(n), 0.7 * z + rng.exponential(1.0, n), z])
            p = permutation_test(design, z + e, column=1, permutations=999, rng_or_seed=rng).p
        found[i] = p <= 0.05
    return found


NARROW = (
    "plain percentiles of a small sample are too narrow: they have the variance of n in place of n - 1 and no t; the "
    "expanded interval is offered for that"
)
SKEW = (
    "skewness is corrected to second order only, and a few participants tell little about a tail; coverage comes near "
    "0.95 as n grows"
)
LEVER = (
    "few participants have a high dose, and resampling cannot know those not seen: the spread of the slope is "
    "underestimated; the studentized bootstrap of bootstrap_linear is offered for that"
)
ACCELERATION = (
    "; BCa besides estimates skewness from products of residuals and doses, and where spread is unequal it is "
    "so uncertain that it does harm"
)


def _why(n: int, what: str, method: str, expanded: bool, truth: str) -> str:
    if what == "slope":
        reason = LEVER + (ACCELERATION if method == "BCa" and truth != "normal" else "")
        return "" if n == 300 and truth == "normal" else reason
    if truth == "skewed":
        return SKEW
    return NARROW if n < 300 and not expanded else ""


CELLS = tuple(
    Cell(
        family="resampling",
        method=f"bootstrap {method}{', expanded' if expanded else ''}, {what}",
        truth=truth,
        n=n,
        measure="coverage",
        simulate=partial(covered, n=n, what=what, method=method, expanded=expanded, truth=truth),
        why=_why(n, what, method, expanded, truth),
    )
    for what, truths in (("mean", ("normal", "skewed")), ("slope", ("normal", "skewed", "unequal spread")))
    for method in ("percentile", "BCa")
    for expanded in (False, True)
    for truth in truths
    for n in SIZES
) + tuple(
    Cell(
        family="resampling",
        method=f"permutation test, {test}",
        truth=truth,
        n=n,
        measure="type I error",
        simulate=partial(rejected, n=n, test=test, truth=truth),
        exact=test == "two groups",
    )
    for test in ("two groups", "coefficient beside a correlated covariate")
    for truth in ("normal", "skewed")
    for n in (30, 95)
)
