"""Cross tables of two different things: chi-square with its expected counts, and the exact test."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Matrix, Whole, counts, frozen
from casearc.statistics.contingency._network import SAME_PROBABILITY, enumerated_p, log_factorial
from casearc.statistics.results import Result


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChiSquare(Result):
    """Pearson's chi-square. `cramers_v` is its effect size, 0 to 1; `expected` has the table's shape."""

    statistic: float
    df: int
    p: float
    n: int
    expected: Matrix
    smallest_expected: float
    cramers_v: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FisherExact(Result):
    """Fisher-Freeman-Halton test. `draws` and `seed` are None where all tables were enumerated."""

    p: float
    n: int
    method: str
    draws: int | None
    seed: int | None


def chi_square(table: ArrayLike) -> ChiSquare:
    """Pearson's chi-square test of independence, without continuity correction.

    Raises
    ------
    StatisticsRefusedError
        A row or column that counts nobody.

    Notes
    -----
    Read it with `smallest_expected`: below 5 use `fisher_exact`. Checked against R's ``chisq.test(correct = FALSE)``.

    Examples
    --------
    >>> round(chi_square([[10, 20], [20, 10]]).statistic, 4)
    6.6667
    """
    observed = _filled(table)
    n = int(observed.sum())
    expected = np.outer(observed.sum(axis=1), observed.sum(axis=0)) / n
    statistic = float(((observed - expected) ** 2 / expected).sum())
    rows, columns = observed.shape
    df = (rows - 1) * (columns - 1)
    return ChiSquare(
        statistic=statistic,
        df=df,
        p=dist.chi_square_upper(statistic, df),
        n=n,
        expected=frozen(expected),
        smallest_expected=float(expected.min()),
        cramers_v=math.sqrt(statistic / (n * (min(rows, columns) - 1))),
    )


def fisher_exact(table: ArrayLike, *, seed: int = 0, draws: int = 100_000) -> FisherExact:
    """Exact test of independence given both margins, for any number of rows and columns.

    P is the total probability of all tables with these margins that are no more likely than the observed one. They are
    counted by a network of partial tables: up to about three by three levels at 300 participants, three by four at 200,
    four by four at 95, five by five at 40, fewer where the association is strong. Beyond, `draws` tables are simulated
    from `seed`, and `method` says so.

    Raises
    ------
    StatisticsRefusedError
        A row or column that counts nobody.

    Notes
    -----
    Freeman & Halton (1951), Biometrika 38:141-149; Mehta & Patel (1983), Journal of the American Statistical
    Association 78:427-434, for the network; the simulated p counts the observed table too. Checked against R's
    ``fisher.test``.

    Examples
    --------
    >>> round(fisher_exact([[3, 1], [1, 3]]).p, 6)
    0.485714
    """
    observed = _filled(table)
    n = int(observed.sum())
    oriented = observed if observed.shape[0] <= observed.shape[1] else observed.T
    enumerated = enumerated_p(oriented)
    if enumerated is not None:
        return FisherExact(p=enumerated, n=n, method="Fisher-Freeman-Halton exact test", draws=None, seed=None)
    return FisherExact(
        p=_simulated_p(oriented, seed=seed, draws=draws),
        n=n,
        method=f"Fisher-Freeman-Halton test, simulated ({draws} tables, seed {seed})",
        draws=draws,
        seed=seed,
    )


def _filled(table: ArrayLike) -> Whole:
    observed = counts(table, name="The cross table")
    if (observed.sum(axis=0) == 0).any() or (observed.sum(axis=1) == 0).any():
        raise StatisticsRefusedError(
            "A row or column of the cross table counts nobody.",
            alternative="Leave out levels that do not occur, then test the rest.",
        )
    return observed


def _simulated_p(observed: Whole, *, seed: int, draws: int) -> float:
    """Draw tables with both margins fixed, cell by cell: each is hypergeometric given those before it."""
    rng = np.random.default_rng(seed)
    rows = np.tile(observed.sum(axis=1), (draws, 1))
    spent = np.zeros(draws)
    for column in observed.sum(axis=0).tolist():
        wanted = np.full(draws, column, dtype=np.int64)
        later = rows.sum(axis=1)
        for row in range(observed.shape[0]):
            later = later - rows[:, row]
            cell = rng.hypergeometric(rows[:, row], later, wanted)
            wanted = wanted - cell
            rows[:, row] -= cell
            spent += log_factorial(cell)
    limit = float(log_factorial(observed).sum())
    as_rare = int(np.count_nonzero(spent >= limit - SAME_PROBABILITY))
    return (1 + as_rare) / (draws + 1)
