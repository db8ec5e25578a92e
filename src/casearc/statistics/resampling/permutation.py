"""Permutation test of one coefficient of a linear model (Freedman-Lane); a mean change is tested in `paired`."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _design
from casearc.statistics._arrays import SAME, Matrix, Vector, Whole, matrix, same_length, vector
from casearc.statistics.resampling.weights import Units, units_of
from casearc.statistics.results import Result

MOST_EXACT = 20_000
"""All rearrangements are enumerated up to this many; beyond, they are drawn."""

TIED = 1e-9
"""Statistics closer than this, relatively, are ties that rounding split."""

CHUNK = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PermutationTest(Result):
    """Permutation test.

    Attributes
    ----------
    estimate
        The coefficient, or the mean change.
    statistic
        Its t, whose size is compared between rearrangements.
    p
        Two-sided. Of drawn rearrangements (b + 1) / (m + 1), b of m being at least as extreme; of all of them, b / m.
    permutations
        m. `exact` says whether these are all of them.
    """

    estimate: float
    statistic: float
    p: float
    permutations: int
    exact: bool
    n: int
    method: str


def permutation_test(
    design: ArrayLike,
    response: ArrayLike,
    *,
    column: int,
    permutations: int = 9999,
    rng_or_seed: np.random.Generator | int,
    strata: ArrayLike | None = None,
) -> PermutationTest:
    """Test one coefficient of a linear model by permuting the residuals of the model without it.

    Use it where errors are far from normal or n is small. With a constant and one other column the test is that of
    a correlation or a difference of two means, and exact.

    Parameters
    ----------
    design
        Shape (n, k), the constant included as a column of ones.
    response
        Shape (n,).
    column
        Which column's coefficient is tested, from 0.
    permutations
        How many are drawn where all would be more than 20,000.
    rng_or_seed
        A seed, or a generator to go on with.
    strata
        One label a row: residuals change places only within a stratum, for example a site.

    Raises
    ------
    StatisticsRefusedError
        Missing values, redundant terms, an outcome that the other terms reproduce exactly, no residual df.

    Notes
    -----
    Freedman & Lane (1983), Journal of Business & Economic Statistics 1:292-298; the t statistic, as Anderson & Legendre
    (1999) advise, Journal of Statistical Computation and Simulation 62:271-303. p by Phipson & Smyth (2010). The errors
    must be exchangeable: with unequal spread use HC3 instead. Checked against a loop over ``lm`` in R.

    Examples
    --------
    >>> test = permutation_test([[1, 0], [1, 0], [1, 1], [1, 1]], [1.0, 2.0, 8.0, 9.0], column=1, rng_or_seed=1)
    >>> test.exact, round(test.p, 4)
    (True, 0.3333)
    """
    X = matrix(design, name="The design matrix")
    y = vector(response, name="The outcome", at_least=3)
    same_length(X, y, names=("The design matrix", "the outcome"))
    if not 0 <= column < X.shape[1]:
        raise StatisticsRefusedError(f"The design matrix has {X.shape[1]} columns, counted from 0.")
    if y.size <= X.shape[1]:
        raise StatisticsRefusedError(
            f"The model has {X.shape[1]} terms and only {y.size} participants.", alternative="Drop terms."
        )
    if permutations < 99:
        raise StatisticsRefusedError("Fewer than 99 permutations say too little.", alternative="Draw 9,999.")
    _design.refuse_redundant(X, [f"column {i}" for i in range(X.shape[1])])
    units = units_of(y.size, strata=strata)
    model = _reduced(X, y, column)
    observed = _t_values(model, model.residuals[None, :])[0]
    orders = _all_orders(X, column, units)
    if orders is not None:
        extreme, m = _count(model, orders, observed), orders.shape[0]
        p = extreme / m
    else:
        rng = np.random.default_rng(rng_or_seed)
        sizes = [min(CHUNK, permutations - i) for i in range(0, permutations, CHUNK)]
        extreme, m = sum(_count(model, _drawn(rng, units, size), observed) for size in sizes), permutations
        p = (extreme + 1) / (m + 1)
    return PermutationTest(
        estimate=float(model.x @ y / (model.x @ model.x)),
        statistic=float(observed),
        p=p,
        permutations=m,
        exact=orders is not None,
        n=y.size,
        method="Freedman-Lane permutation of residuals" + ("" if strata is None else " within strata"),
    )


@dataclass(frozen=True, slots=True)
class _Reduced:
    """The model without the tested column: its residuals, an orthonormal basis of it, and what of x it leaves."""

    residuals: Vector
    basis: Matrix
    x: Vector
    df: int


def _reduced(X: Matrix, y: Vector, column: int) -> _Reduced:
    Q = np.linalg.qr(np.delete(X, column, axis=1))[0]
    x, e = X[:, column], y
    for _ in range(2):  # projecting twice leaves rounding at the size of the residuals
        x, e = x - Q @ (Q.T @ x), e - Q @ (Q.T @ e)
    if float(np.abs(e).max()) <= SAME * max(float(np.abs(y).max()), 1e-300):
        raise StatisticsRefusedError(
            "The other terms reproduce the outcome exactly, so there is nothing to permute.",
            alternative="Check whether the outcome, or a part of it, is among the terms.",
        )
    left = float(e @ e) - float(x @ e) ** 2 / float(x @ x)
    if left <= SAME * float(e @ e):
        raise StatisticsRefusedError(
            "The terms reproduce the outcome exactly, so there is no error to judge them by.",
            alternative="Check whether the outcome, or a part of it, is among the terms.",
        )
    return _Reduced(residuals=e, basis=Q, x=x, df=y.size - X.shape[1])


def _t_values(model: _Reduced, residuals: Matrix) -> Vector:
    """t of the tested column for every row of permuted residuals, (m, n) to (m,)."""
    x = model.x / math.sqrt(float(model.x @ model.x))
    explained = residuals @ x
    left = (residuals**2).sum(axis=1) - ((residuals @ model.basis) ** 2).sum(axis=1) - explained**2
    error = np.sqrt(np.maximum(left, SAME * (residuals**2).sum(axis=1)) / model.df)
    return np.asarray(explained / error, dtype=np.float64)


def _count(model: _Reduced, orders: Whole, observed: float) -> int:
    t = np.abs(_t_values(model, model.residuals[orders]))
    return int(np.count_nonzero(t >= abs(observed) * (1.0 - TIED)))


def _drawn(rng: np.random.Generator, units: Units, size: int) -> Whole:
    """Random orders of the rows, each stratum within itself, (size, n)."""
    orders = np.tile(np.arange(units.count), (size, 1))
    for stratum in range(int(units.stratum.max()) + 1):
        members = np.flatnonzero(units.stratum == stratum)
        orders[:, members] = rng.permuted(orders[:, members], axis=1)
    return orders


def _all_orders(X: Matrix, column: int, units: Units) -> Whole | None:
    """Every order, or one order for every way to choose a group of two; None where they are too many."""
    n = units.count
    x = X[:, column]
    levels = np.unique(x)
    others = np.delete(X, column, axis=1)
    if not units.stratum.any() and levels.size == 2 and others.shape[1] == 1 and np.ptp(others) == 0.0:
        group = np.flatnonzero(x == levels[1])
        return _all_groups(n, group) if math.comb(n, group.size) <= MOST_EXACT else None
    members = [np.flatnonzero(units.stratum == s) for s in range(int(units.stratum.max()) + 1)]
    if math.prod(math.factorial(min(m.size, 20)) for m in members) > MOST_EXACT:
        return None
    chosen = itertools.product(*(itertools.permutations(m.tolist()) for m in members))
    places = np.concatenate(members)
    orders = np.array([list(itertools.chain.from_iterable(each)) for each in chosen], dtype=np.int64)
    out = np.empty_like(orders)
    out[:, places] = orders
    return out


def _all_groups(n: int, group: Whole) -> Whole:
    """For every choice of as many rows as the group has, an order that brings them into the group's places."""
    rest = np.setdiff1d(np.arange(n), group)
    chosen = np.array(list(itertools.combinations(range(n), group.size)), dtype=np.int64)
    taken = np.zeros((chosen.shape[0], n), dtype=bool)
    np.put_along_axis(taken, chosen, values=True, axis=1)
    orders = np.empty((chosen.shape[0], n), dtype=np.int64)
    orders[:, group] = chosen
    orders[:, rest] = np.nonzero(~taken)[1].reshape(chosen.shape[0], rest.size)
    return orders
