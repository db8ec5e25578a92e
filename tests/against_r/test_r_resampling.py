"""Promise: bootstrap limits are those of boot given the same draws, and exact permutation tests those of all lm's.

Both sides take their draws from the same Lehmer generator, so replicates must agree one by one.
"""

from __future__ import annotations

import numpy as np
import pytest
from stored import DataSet, gap, load

from casearc.statistics.linear import linear_replicates
from casearc.statistics.paired import paired_permutation
from casearc.statistics.resampling import (
    bca_interval,
    jackknife_weights,
    percentile_interval,
    permutation_test,
)

SETS = load("resampling")
DRAWS = 499
CLOSED = 1e-8
TIED = {26, 77, 78, 112, 117, 124, 141, 154, 190}
"""Sets in which a replicate of the mean equals the estimate: half of it counts as below here, none or all of it in boot
(by rounding). Moved to one side, limits agree.
"""


def draws(seed: int, count: int, n: int) -> np.ndarray:
    """The R script's draws as case weights."""
    state, weights = seed, np.zeros((count, n), dtype=np.int64)
    for i in range(count * n):
        state = state * 16807 % 2147483647
        weights[i // n, state % n] += 1
    return weights


def statistics(data: DataSet, weights: np.ndarray) -> np.ndarray:
    y = data.columns["y"]
    means = weights @ y / weights.sum(axis=1)
    return np.column_stack([means, linear_replicates(design(data), y, weights)])


def design(data: DataSet) -> np.ndarray:
    return np.column_stack([np.ones(data.columns["y"].size), data.columns["x"], data.columns["z"]])


@pytest.mark.parametrize("data", SETS, ids=str)
def test_intervals(data: DataSet) -> None:
    n = data.columns["y"].size
    estimate = statistics(data, np.ones((1, n), dtype=np.int64))[0]
    replicates = statistics(data, draws(data.number + 1000, DRAWS, n))
    percentile = percentile_interval(replicates, estimate=estimate)
    left_out = statistics(data, jackknife_weights(n))
    tied = np.abs(replicates - estimate) < 1e-12
    assert tied.any() == (data.number in TIED)
    assert gap(percentile.low, data.numbered("perc_low")) < CLOSED
    assert gap(percentile.high, data.numbered("perc_high")) < CLOSED
    assert gap(percentile.se, data.numbered("se")) < CLOSED
    gaps = []
    for side in (1.0, -1.0) if tied.any() else (0.0,):
        bca = bca_interval(estimate, replicates + side * 1e-11 * tied, jackknife_values=left_out)
        gaps.append(gap([*bca.low, *bca.high], [*data.numbered("bca_low"), *data.numbered("bca_high")]))
    assert min(gaps) < CLOSED


@pytest.mark.parametrize("data", SETS, ids=str)
def test_exact_tests(data: DataSet) -> None:
    X, y, theirs = design(data), data.columns["y"], data.reference
    small = permutation_test(X[:6], y[:6], column=1, rng_or_seed=1)
    assert (small.exact, small.permutations) == (True, 720)
    assert gap(small.statistic, theirs["freedman_lane_t"]) < CLOSED
    assert gap(small.p, theirs["freedman_lane_p"]) < CLOSED
    group = np.column_stack([np.ones(10), np.arange(10) < 4])
    two = permutation_test(group, y[:10], column=1, rng_or_seed=1)
    assert (two.exact, two.permutations) == (True, 210)
    assert gap(two.p, theirs["groups_p"]) < CLOSED
    assert gap(paired_permutation(y[:8] - 1.5).p, theirs["flip_p"]) < CLOSED
