"""All bootstrap draws of a linear model in a handful of matrix products."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import linalg

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _design
from casearc.statistics._arrays import Matrix, Vector, confidence, frozen, matrix
from casearc.statistics.linear._covariance import left_by_leverage
from casearc.statistics.linear._problem import Problem, checked_problem
from casearc.statistics.resampling import BootstrapIntervals, bootstrap, case_weights, percentile_interval
from casearc.statistics.resampling.bootstrap import in_chunks

SINGULAR = 1e-10
"""A pivot below this, in the orthonormal basis of the whole design, means that the draw lacks a term: it has failed."""


@dataclass(frozen=True, slots=True)
class _Basis:
    """Orthonormal design Q (n, k), R^-1, the products q_i q_i' that every draw weights, and the fit of the data.

    A draw is solved for how far its coefficients lie from those of the data, on the residuals of the data: nothing is
    lost to a large mean.
    """

    Q: Matrix
    inverse_r: Matrix
    products: Matrix
    coefficients: Vector
    residuals: Vector

    @property
    def k(self) -> int:
        return int(self.Q.shape[1])

    def in_units(self, g: Matrix) -> Matrix:
        """Coefficients in the units of the design, (draws, k)."""
        return np.asarray(self.coefficients + g @ self.inverse_r.T, dtype=np.float64)


def linear_replicates(design: ArrayLike, response: ArrayLike, weights: ArrayLike) -> NDArray[np.float64]:
    """Coefficients of every draw, shape (draws, k); nan where a draw leaves terms that cannot be told apart.

    Parameters
    ----------
    design
        Shape (n, k), the constant included.
    response
        Shape (n,).
    weights
        Case weights of shape (draws, n), as `resampling.case_weights` makes them.

    Raises
    ------
    StatisticsRefusedError
        What `linear` refuses of the data themselves; weights of another shape.

    Notes
    -----
    The design is made orthonormal once, so that the normal equations of a draw are well conditioned whatever the
    design, and all draws are solved together.

    Examples
    --------
    >>> linear_replicates([[1, 0], [1, 1], [1, 2]], [1.0, 2.0, 4.0], [[1, 1, 1], [2, 0, 1]]).round(3).tolist()
    [[0.833, 1.5], [1.0, 1.5]]
    """
    basis = _basis(_checked(design, response))
    return in_chunks(lambda part: _coefficients(basis, part), _weights(weights, basis))  # type: ignore[arg-type]


def linear_replicate_errors(
    design: ArrayLike, response: ArrayLike, weights: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coefficients of every draw and their HC3 standard errors, each (draws, k): `linear_replicates` with errors.

    Errors are nan also where one row alone decides its fitted value in a draw. Parameters, refusals and method are
    those of `linear_replicates`; the studentized bootstrap rests on it.

    Examples
    --------
    >>> design, score = [[1, 0], [1, 1], [1, 2], [1, 3]], [1.0, 2.0, 2.0, 4.0]
    >>> linear_replicate_errors(design, score, [[1, 1, 1, 1]])[1].round(3).tolist()
    [[0.386, 0.425]]
    """
    basis = _basis(_checked(design, response))
    found = in_chunks(
        lambda part: np.concatenate(_errors(basis, part), axis=1),  # type: ignore[arg-type]
        _weights(weights, basis),  # type: ignore[arg-type]
    )
    return found[:, : basis.k], found[:, basis.k :]


def bootstrap_linear(
    design: ArrayLike,
    response: ArrayLike,
    *,
    terms: Sequence[str],
    draws: int = 2000,
    rng_or_seed: np.random.Generator | int,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    method: Literal["percentile", "BCa", "studentized"] = "BCa",
    level: float = 0.95,
    expanded: bool = False,
) -> BootstrapIntervals:
    """Bootstrap intervals of all coefficients, participants being resampled whole.

    Parameters
    ----------
    design, response, terms
        As in `linear`.
    draws, rng_or_seed, strata, clusters, level, expanded
        As in `resampling.bootstrap`.
    method
        ``"BCa"``, ``"percentile"``, or ``"studentized"``: the bootstrap of t with HC3 errors, the one whose intervals
        keep their level with few participants and unequal spread; it knows no clusters.

    Raises
    ------
    StatisticsRefusedError
        What `linear` and `resampling.bootstrap` refuse.

    Notes
    -----
    Studentized: Davison & Hinkley (1997), section 6.2.5 (resampling cases) with the limits b - t* se. Replicates agree
    with R's ``lm`` on the same draws, limits with ``boot::boot.ci``.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> months = rng.exponential(6.0, 40)
    >>> score = 2.0 + 0.1 * months + rng.normal(size=40)
    >>> design = np.column_stack([np.ones(40), months])
    >>> found = bootstrap_linear(design, score, terms=["constant", "months"], rng_or_seed=1)
    >>> bool(found.low[1] < 0.1 < found.high[1]), int(found.failed.max())
    (True, 0)
    """
    confidence(level)
    problem = _checked(design, response, terms)
    basis = _basis(problem)
    if method == "studentized":
        if clusters is not None:
            raise StatisticsRefusedError(
                "The studentized bootstrap knows no clusters.", alternative='Use method="BCa" with clusters.'
            )
        weights = case_weights(problem.n, draws=draws, rng_or_seed=rng_or_seed, strata=strata)
        return _studentized(problem, basis, weights.astype(np.float64), level=level)
    return bootstrap(
        lambda w: _coefficients(basis, w.astype(np.float64)),
        problem.n,
        draws=draws,
        rng_or_seed=rng_or_seed,
        strata=strata,
        clusters=clusters,
        method=method,
        level=level,
        terms=problem.terms,
        expanded=expanded,
    )


def _checked(design: ArrayLike, response: ArrayLike, terms: Sequence[str] | None = None) -> Problem:
    if terms is None:
        terms = [f"column {i + 1}" for i in range(matrix(design, name="The design matrix").shape[1])]
    problem = checked_problem(design, response, terms=terms)
    _design.refuse_redundant(problem.X, problem.terms)
    return problem


def _weights(weights: ArrayLike, basis: _Basis) -> Matrix:
    W = matrix(weights, name="The case weights")
    if W.shape[1] != basis.residuals.size:
        raise StatisticsRefusedError(f"There are {W.shape[1]} case weights a draw for {basis.residuals.size} rows.")
    return W


def _basis(problem: Problem) -> _Basis:
    scale = np.linalg.norm(problem.X, axis=0)
    Q, R = np.linalg.qr(problem.X / scale)
    solution = problem.solve()
    products = (Q[:, :, None] * Q[:, None, :]).reshape(problem.n, -1)
    inverse = linalg.solve_triangular(R, np.eye(problem.k)) / scale[:, None]
    return _Basis(
        Q=Q,
        inverse_r=inverse,
        products=products,
        coefficients=solution.coefficients,
        residuals=solution.residuals,
    )


def _coefficients(basis: _Basis, weights: Matrix) -> Matrix:
    """Coefficients in the units of the design, (draws, k)."""
    return basis.in_units(_solved(basis, weights)[0])


def _solved(basis: _Basis, weights: Matrix, *, inverse: bool = False) -> tuple[Matrix, NDArray[np.float64]]:
    """Solve Q'WQ g = Q'We of every draw by elimination, all draws abreast; with `inverse` also (Q'WQ)^-1.

    Failed draws are nan. Returns (draws, k) and (draws, k, k), the latter empty unless asked for.
    """
    k, draws = basis.k, weights.shape[0]
    width = 1 + (k if inverse else 0)
    A = np.empty((k, k + width, draws))
    A[:, :k] = (weights @ basis.products).T.reshape(k, k, draws)
    A[:, k] = (weights @ (basis.Q * basis.residuals[:, None])).T
    A[:, k + 1 :] = np.eye(k)[:, : width - 1, None]
    failed = np.zeros(draws, dtype=bool)
    for j in range(k):
        pivot = A[j, j]
        failed |= ~(pivot > SINGULAR)
        A[j, j:] /= np.where(failed, 1.0, pivot)
        others = np.arange(k) != j
        A[others, j + 1 :] -= A[others, j][:, None] * A[j, j + 1 :]
    A[:, k:, failed] = np.nan
    return A[:, k].T, np.moveaxis(A[:, k + 1 :], -1, 0)


def _errors(basis: _Basis, weights: Matrix) -> tuple[Matrix, Matrix]:
    """Coefficients and HC3 standard errors of every draw, each (draws, k)."""
    g, inverse = _solved(basis, weights, inverse=True)
    draws, k = g.shape
    residuals = basis.residuals - g @ basis.Q.T
    leverage = inverse.reshape(draws, -1) @ basis.products.T
    left = np.where(weights > 0, 1.0 - leverage, 1.0)
    lone = (left < SINGULAR).any(axis=1)
    middle = (weights * (residuals / np.where(left < SINGULAR, 1.0, left)) ** 2) @ basis.products
    half = basis.inverse_r @ inverse
    covariance = half @ middle.reshape(draws, k, k) @ np.swapaxes(half, -1, -2)
    se = np.sqrt(np.maximum(np.einsum("bii->bi", covariance), 0.0))
    se[lone] = np.nan
    return basis.in_units(g), se


def _studentized(problem: Problem, basis: _Basis, weights: Matrix, *, level: float) -> BootstrapIntervals:
    left_by_leverage(problem, problem.solve(), purpose="HC3 is undefined")
    b, se = (found[0] for found in _errors(basis, np.ones((1, problem.n))))
    found = in_chunks(lambda part: np.concatenate(_errors(basis, part), axis=1), weights)  # type: ignore[arg-type]
    replicates, errors = found[:, : problem.k], found[:, problem.k :]
    usable = errors > 0.0
    t = np.where(usable, (replicates - b) / np.where(usable, errors, 1.0), np.nan)
    pivots = percentile_interval(t, level, terms=problem.terms)
    return replace(
        pivots,
        estimate=frozen(b),
        bias=None,
        se=frozen(se),
        low=frozen(b - pivots.high * se),
        high=frozen(b - pivots.low * se),
        method="studentized (HC3)",
    )
