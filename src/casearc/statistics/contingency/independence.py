"""Cross tables of two different things: chi-square with its expected counts, and the exact test."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Matrix, Vector, Whole, counts, frozen
from casearc.statistics.results import Result

PATHS = 3_000_000
"""Most partial tables the exact test keeps in hand before it turns to simulation."""

SAME_PROBABILITY = 1e-7
"""Tables whose probabilities differ by less than this share are equally likely, as in R's ``fisher.test``."""


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
    enumerated column by column; where that takes too long, `draws` tables are simulated from `seed` and `method` says
    so.

    Notes
    -----
    Freeman & Halton (1951), Biometrika 38:141-149; the simulated p counts the observed table too. Checked against R's
    ``fisher.test``.

    Examples
    --------
    >>> round(fisher_exact([[3, 1], [1, 3]]).p, 6)
    0.485714
    """
    observed = _filled(table)
    n = int(observed.sum())
    oriented = observed if observed.shape[0] <= observed.shape[1] else observed.T
    enumerated = _enumerated_p(oriented)
    if enumerated is not None:
        return FisherExact(
            p=enumerated, n=n, method="Fisher-Freeman-Halton exact test", draws=None, seed=None
        )
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


def _enumerated_p(observed: Whole) -> float | None:
    """Walk the columns; the state is what is left of each row, with all log-weights that lead there.

    A table's probability is a constant over the product of its cells' factorials, so `weight` is minus the sum of log
    factorials. Rows are alike to what follows, so states are sorted and merged, and equal weights within a state too.
    """
    rows = observed.sum(axis=1)
    columns = np.sort(observed.sum(axis=0))[::-1]
    constant = float(_log_factorial(rows).sum() + _log_factorial(columns).sum() - _log_factorial(rows.sum()))
    limit = constant - float(_log_factorial(observed).sum())
    states: dict[tuple[int, ...], tuple[Vector, Vector]] = {
        tuple(sorted(rows.tolist())): (np.zeros(1), np.ones(1))
    }
    for column in columns[:-1].tolist():
        states_or_none = _next_column(states, int(column))
        if states_or_none is None:
            return None
        states = states_or_none
    total = 0.0
    for state, (weights, ways) in states.items():
        logs = constant + weights - float(_log_factorial(np.array(state)).sum())
        total += float((ways * np.exp(logs))[logs <= limit + SAME_PROBABILITY].sum())
    return min(1.0, total)


def _next_column(
    states: dict[tuple[int, ...], tuple[Vector, Vector]], column: int
) -> dict[tuple[int, ...], tuple[Vector, Vector]] | None:
    gathered: dict[tuple[int, ...], list[tuple[Vector, Vector]]] = {}
    held = 0
    for state, (weights, ways) in states.items():
        fills = _fillings(np.array(state), column)
        held += fills.shape[0] * weights.size
        if held > PATHS:
            return None
        spent = -_log_factorial(fills).sum(axis=1)
        left = np.sort(np.array(state) - fills, axis=1)
        for target, cost in zip(map(tuple, left.tolist()), spent.tolist(), strict=True):
            gathered.setdefault(target, []).append((weights + cost, ways))
    return {target: _merged(parts) for target, parts in gathered.items()}


def _merged(parts: list[tuple[Vector, Vector]]) -> tuple[Vector, Vector]:
    weights = np.concatenate([weight for weight, _ in parts])
    ways = np.concatenate([way for _, way in parts])
    order = np.argsort(weights)
    weights, ways = weights[order], ways[order]
    starts = np.flatnonzero(np.diff(weights, prepend=-np.inf) > 1e-10 * (1.0 + np.abs(weights)))
    return weights[starts], np.add.reduceat(ways, starts)


def _fillings(left: Whole, column: int) -> Whole:
    """All ways to draw `column` people from rows that have `left`, shape (ways, rows)."""
    partial = np.zeros((1, 0), dtype=np.int64)
    taken = np.zeros(1, dtype=np.int64)
    after = np.concatenate([np.cumsum(left[::-1])[::-1][1:], [0]])
    for row in range(left.size):
        choices = np.arange(left[row] + 1)
        rest = column - taken[:, None] - choices[None, :]
        keep, pick = np.nonzero((rest >= 0) & (rest <= after[row]))
        partial = np.column_stack([partial[keep], choices[pick]])
        taken = taken[keep] + choices[pick]
    return partial


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
            spent += _log_factorial(cell)
    limit = float(_log_factorial(observed).sum())
    as_rare = int(np.count_nonzero(spent >= limit - SAME_PROBABILITY))
    return (1 + as_rare) / (draws + 1)


def _log_factorial(values: Whole) -> Vector:
    return np.asarray(special.gammaln(np.asarray(values, dtype=np.float64) + 1.0), dtype=np.float64)
