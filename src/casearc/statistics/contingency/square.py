"""Tables of the same levels before and after: did the stages move, and in which direction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Vector, Whole, counts
from casearc.statistics.results import Result

ENUMERATED = 2_000_000
"""Most distinct sums the exact Bowker test keeps before it turns to simulation."""

SAME_STATISTIC = 1e-9
"""Statistics closer than this, relatively, are equal: they are fractions met in different orders of addition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SymmetryTest(Result):
    """A test on a square table. `discordant` counts participants off the diagonal, on whom alone it rests."""

    statistic: float
    df: int
    p: float
    n: int
    discordant: int
    method: str


def bowker(table: ArrayLike) -> SymmetryTest:
    """Bowker's test that every move is as frequent as its reverse.

    Parameters
    ----------
    table
        Counts, (k, k): rows before, columns after.

    Raises
    ------
    StatisticsRefusedError
        Nobody moved.

    Notes
    -----
    Bowker (1948), Journal of the American Statistical Association 43:572-574. Pairs of levels between which nobody
    moved say nothing and carry no degree of freedom (R's ``mcnemar.test`` returns NaN there; elsewhere it agrees).

    Examples
    --------
    >>> round(bowker([[12, 9, 2], [3, 20, 11], [1, 4, 18]]).statistic, 10)
    6.6
    """
    square = counts(table, name="The table of moves", square=True)
    up, down = _moves(square)
    statistic = float(((up - down) ** 2 / (up + down)).sum())
    return SymmetryTest(
        statistic=statistic,
        df=up.size,
        p=dist.chi_square_upper(statistic, up.size),
        n=int(square.sum()),
        discordant=int((up + down).sum()),
        method="Bowker's test of symmetry",
    )


def bowker_exact(table: ArrayLike, *, seed: int = 0, draws: int = 100_000) -> SymmetryTest:
    """Bowker's statistic against its exact distribution, for tables too sparse for the chi-square.

    Given how many moved between two levels, each moved either way with probability one half, independently of other
    pairs. The distribution is enumerated; where it has too many values it is simulated with `draws` tables from `seed`,
    and `method` says so. With two levels it is the exact McNemar test.

    Notes
    -----
    Krauth (1973), Biometrical Journal 15:233-238; the simulated p counts the observed table too (Davison & Hinkley
    1997, section 4.2). Checked against full enumeration and R's ``binom.test``.

    Examples
    --------
    >>> round(bowker_exact([[5, 4], [0, 6]]).p, 10)
    0.125
    """
    square = counts(table, name="The table of moves", square=True)
    up, down = _moves(square)
    totals = up + down
    observed = float(((up - down) ** 2 / totals).sum())
    enumerated = _symmetry_distribution(totals)
    if enumerated is None:
        p = _simulated_symmetry(totals, observed, seed=seed, draws=draws)
        method = f"exact test of symmetry, simulated ({draws} tables, seed {seed})"
    else:
        values, probability = enumerated
        p = min(1.0, float(probability[values >= observed * (1.0 - SAME_STATISTIC)].sum()))
        method = "exact test of symmetry"
    return SymmetryTest(
        statistic=observed, df=up.size, p=p, n=int(square.sum()), discordant=int(totals.sum()), method=method
    )


def stuart_maxwell(table: ArrayLike) -> SymmetryTest:
    """Stuart-Maxwell test that the levels are as frequent after as before (marginal homogeneity).

    Notes
    -----
    Stuart (1955), Biometrika 42:412-416; Maxwell (1970), British Journal of Psychiatry 116:651-655. Levels that nobody
    left or entered say nothing and carry no degree of freedom. Checked against R's ``coin::mh_test``.

    Examples
    --------
    >>> round(stuart_maxwell([[12, 9, 2], [3, 20, 11], [1, 4, 18]]).statistic, 5)
    5.77011
    """
    square = counts(table, name="The table of moves", square=True)
    _moves(square)
    difference = (square.sum(axis=1) - square.sum(axis=0)).astype(np.float64)
    covariance = -(square + square.T).astype(np.float64)
    np.fill_diagonal(covariance, 0.0)
    np.fill_diagonal(covariance, -covariance.sum(axis=1))
    statistic, df = _quadratic_form(difference, covariance)
    return SymmetryTest(
        statistic=statistic,
        df=df,
        p=dist.chi_square_upper(statistic, df),
        n=int(square.sum()),
        discordant=int(square.sum() - np.trace(square)),
        method="Stuart-Maxwell test of equal margins",
    )


def _moves(square: Whole) -> tuple[Vector, Vector]:
    """Counts of moves and of their reverses, for the pairs of levels between which anybody moved."""
    i, j = np.triu_indices(square.shape[0], k=1)
    up, down = square[i, j].astype(np.float64), square[j, i].astype(np.float64)
    moved = up + down > 0
    if not moved.any():
        raise StatisticsRefusedError(
            "Nobody moved from one level to another, so there is no direction to test.",
            alternative="Report that everybody stayed.",
        )
    return up[moved], down[moved]


def _quadratic_form(difference: Vector, covariance: Vector) -> tuple[float, int]:
    """d' S^- d and the rank of S (a graph's Laplacian: as many zeros as groups of levels with no move between)."""
    eigenvalues, vectors = np.linalg.eigh(covariance)
    kept = eigenvalues > 1e-10 * eigenvalues[-1]
    projected = vectors.T @ difference
    return float((projected[kept] ** 2 / eigenvalues[kept]).sum()), int(kept.sum())


def _symmetry_distribution(totals: Vector) -> tuple[Vector, Vector] | None:
    """Values of the statistic and their probabilities; None where there are too many."""
    values, probability = np.zeros(1), np.ones(1)
    for total in totals.astype(np.int64).tolist():
        pair_values, pair_probability = _pair_distribution(total)
        if values.size * pair_values.size > ENUMERATED:
            return None
        sums = (values[:, None] + pair_values[None, :]).ravel()
        weights = (probability[:, None] * pair_probability[None, :]).ravel()
        order = np.argsort(sums)
        sums, weights = sums[order], weights[order]
        starts = np.flatnonzero(np.diff(sums, prepend=-np.inf) > SAME_STATISTIC * (1.0 + sums))
        values, probability = sums[starts], np.add.reduceat(weights, starts)
    return values, probability


def _pair_distribution(total: int) -> tuple[Vector, Vector]:
    """(up - down)^2 / total for `total` who moved, each either way alike."""
    up = np.arange(total + 1)
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(total, 0, -1)) - np.log(np.arange(1, total + 1)))])
    probability = np.exp(logs - total * np.log(2.0))
    values, where = np.unique((2 * up - total) ** 2, return_inverse=True)
    return values / total, np.bincount(where, weights=probability).astype(np.float64)


def _simulated_symmetry(totals: Vector, observed: float, *, seed: int, draws: int) -> float:
    rng = np.random.default_rng(seed)
    up = rng.binomial(totals.astype(np.int64), 0.5, size=(draws, totals.size))
    statistics = ((2 * up - totals) ** 2 / totals).sum(axis=1)
    return float((1 + np.count_nonzero(statistics >= observed * (1.0 - SAME_STATISTIC))) / (draws + 1))
