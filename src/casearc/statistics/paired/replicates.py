"""Estimates of change under case weights, all bootstrap draws at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import Matrix, Vector, matrix, same_length, vector
from casearc.statistics.paired.signed_rank import TIED

CHANGE_TERMS = ("mean change", "d_z", "d_av")
RANK_TERMS = ("rank-biserial", "Hodges-Lehmann")
RANK_LIMIT = 1000
CELLS = 4_000_000
"""Draws times pairs held at once."""


def change_replicates(before: ArrayLike, after: ArrayLike, weights: ArrayLike) -> Matrix:
    """Mean change, d_z and d_av (`CHANGE_TERMS`) of every draw, shape (draws, 3); nan where a draw has no spread.

    Parameters
    ----------
    before, after
        Scores of the same participants, shape (n,).
    weights
        How often each participant counts, whole numbers, shape (draws, n), as `resampling.case_weights` makes them.

    Raises
    ------
    StatisticsRefusedError
        Missing values; shapes that do not fit.

    Examples
    --------
    >>> change_replicates([1.0, 2.0, 3.0], [2.0, 4.0, 3.0], [[1, 1, 1], [2, 1, 0]]).round(3).tolist()
    [[1.0, 1.0, 1.0], [1.333, 2.309, 1.461]]
    """
    first = vector(before, name="The earlier wave", at_least=2)
    second = vector(after, name="The later wave", at_least=2)
    same_length(first, second, names=("The earlier wave", "the later wave"))
    W = _weights(weights, first.size)
    change, change_variance = _moments(second - first, W)
    pooled = (_moments(first, W)[1] + _moments(second, W)[1]) / 2.0
    return np.column_stack([change, _ratio(change, change_variance), _ratio(change, pooled)])


def rank_replicates(differences: ArrayLike, weights: ArrayLike) -> Matrix:
    """Rank-biserial correlation and Hodges-Lehmann estimate (`RANK_TERMS`) of every draw, shape (draws, 2).

    nan where nobody in a draw changed. Up to 1000 differences, shape (n,); `weights` as in `change_replicates`.

    Raises
    ------
    StatisticsRefusedError
        Missing values; shapes that do not fit; more than 1000 differences.

    Notes
    -----
    Checked against `wilcoxon_signed_rank` and `hodges_lehmann` on repeated rows.

    Examples
    --------
    >>> rank_replicates([1.0, -2.0, 3.0], [[1, 1, 1], [2, 0, 1]]).round(3).tolist()
    [[0.333, 0.75], [1.0, 1.5]]
    """
    values = vector(differences, name="The differences")
    if values.size > RANK_LIMIT:
        raise StatisticsRefusedError(
            f"All pairs of {values.size} differences are too many to be weighted draw by draw.",
            alternative=f"Up to {RANK_LIMIT} are; with more, bootstrap the mean change.",
        )
    values, which = np.unique(values, return_inverse=True)
    W = _weights(weights, which.size) @ np.eye(values.size)[which]  # equal differences count together
    chunk = max(1, CELLS // (values.size * (values.size + 1) // 2))
    parts = [W[i : i + chunk] for i in range(0, W.shape[0], chunk)]
    return np.concatenate([np.column_stack([_rank_biserial(values, w), _hodges_lehmann(values, w)]) for w in parts])


def _weights(weights: ArrayLike, n: int) -> Matrix:
    W = matrix(weights, name="The case weights")
    if W.shape[1] != n:
        raise StatisticsRefusedError(f"There are {W.shape[1]} case weights a draw for {n} participants.")
    return W


def _moments(values: Vector, W: Matrix) -> tuple[Vector, Vector]:
    """Mean and variance (n - 1) of every draw; values are centered first, so that a large mean costs no digits."""
    center = float(values.mean())
    off = values - center
    n = W.sum(axis=1)
    mean = W @ off / n
    square = (W * (off - mean[:, None]) ** 2).sum(axis=1)
    size = float(np.abs(values).max())
    flat = square <= n * (64 * np.finfo(np.float64).eps * size) ** 2
    return center + mean, np.where(flat | (n < 2), np.nan, square / np.maximum(n - 1.0, 1.0))


def _ratio(mean: Vector, variance: Vector) -> Vector:
    return np.asarray(mean / np.sqrt(variance), dtype=np.float64)


def _rank_biserial(values: Vector, W: Matrix) -> Vector:
    """The signs of all sums of two (a value with itself as well) add up to the difference of the rank sums."""
    tolerance = TIED * float(np.abs(values).max())
    changed = np.abs(values) > tolerance
    kept, w = values[changed], W[:, changed]
    sums = kept[:, None] + kept[None, :]
    signs = np.where(np.abs(sums) <= tolerance, 0.0, np.sign(sums))
    m = w.sum(axis=1)
    difference = ((w @ signs) * w).sum(axis=1) + w @ np.sign(kept)
    return np.where(m > 0, difference / np.maximum(m * (m + 1.0), 1.0), np.nan)


def _hodges_lehmann(values: Vector, W: Matrix) -> Vector:
    """Weighted median of the pairwise means: k copies of a value make k (k + 1) / 2 pairs with themselves."""
    first, second = np.triu_indices(values.size)
    walsh = (values[first] + values[second]) / 2.0
    order = np.argsort(walsh, kind="stable")
    first, second, walsh = first[order], second[order], walsh[order]
    pairs = W[:, first] * (W[:, second] + (first == second))
    pairs[:, first == second] /= 2.0
    reached = np.cumsum(pairs, axis=1)
    total = reached[:, -1]
    middle = [np.floor((total + 1.0) / 2.0), np.floor(total / 2.0) + 1.0]
    at = [np.minimum((reached < place[:, None]).sum(axis=1), walsh.size - 1) for place in middle]
    return np.asarray((walsh[at[0]] + walsh[at[1]]) / 2.0, dtype=np.float64)
