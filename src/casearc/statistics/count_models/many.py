"""One term of a Poisson model in many data sets at once, each with its own design: for simulations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import Vector, finite, frozen
from casearc.statistics._least_squares import Array, Solution, solve
from casearc.statistics.results import Result

STEPS = 25
SETTLED = 1e-9
FARTHEST = 30.0
"""Log means beyond this are held there: a fit that runs so far has no finite answer."""

ALONE = 1e-8
"""Less than this left over of a person's own count: one person alone decides a coefficient, and HC3 has no answer."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ManyRates(Result):
    """Log rate ratio of one term in each data set with its HC3 error, shape (B,), and degrees of freedom of t.

    Those in which the fit did not settle are nan and `failed`.
    """

    estimate: Vector
    standard_error: Vector
    df: Vector
    failed: NDArray[np.bool_]


def poisson_many(
    designs: ArrayLike, counts: ArrayLike, weights: ArrayLike, *, exposure: ArrayLike, term: int
) -> ManyRates:
    """Fit the model to every data set.

    Parameters
    ----------
    designs
        Shape (B, n, k), the constant included.
    counts, weights, exposure
        Shape (B, n); weights are 0 for people who are not in a data set.
    term
        Which column's coefficient is wanted.

    Raises
    ------
    StatisticsRefusedError
        Shapes that do not fit, negative counts, exposures that are not above zero.

    Notes
    -----
    Iteratively reweighted least squares. The same numbers as `poisson` with ``covariance="HC3"`` of each data set by
    itself, which the tests of this package check.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> X = np.stack([np.ones((3, 50)), rng.normal(size=(3, 50))], axis=-1)
    >>> events, everybody = rng.poisson(4.0, (3, 50)), np.ones((3, 50))
    >>> poisson_many(X, events, everybody, exposure=everybody, term=1).estimate.shape
    (3,)
    """
    X, y, w = finite(designs, name="The designs"), finite(counts, name="The counts"), finite(weights, name="Weights")
    time = finite(exposure, name="The exposure")
    if X.ndim != 3 or not y.shape == w.shape == time.shape == X.shape[:2] or not 0 <= term < X.shape[2]:
        raise StatisticsRefusedError("Designs are (B, n, k), the rest (B, n), and the term is a column.")
    if (y < 0).any() or (time <= 0).any():
        raise StatisticsRefusedError("Counts are 0 or more and exposures above 0.")
    usable = (w.sum(axis=1) > X.shape[2]) & ((w * y).sum(axis=1) > 0)
    w = np.where(usable[:, None], w, 1.0)
    y = np.where(usable[:, None], y, 1.0)
    with np.errstate(all="ignore"):
        beta, mu, fit, settled = _climbed(X, y, w, np.log(time))
        error, sound = _errors(X, y - mu, w, mu, fit, term)
    good = usable & settled & sound
    return ManyRates(
        estimate=frozen(np.where(good, beta[:, term], np.nan)),
        standard_error=frozen(np.where(good, error, np.nan)),
        df=frozen(np.maximum(w.sum(axis=1) - X.shape[2], 1.0)),
        failed=~good,
    )


def _climbed(X: Array, y: Array, w: Array, offset: Array) -> tuple[Array, Array, Solution, NDArray[np.bool_]]:
    mu = y + 0.1
    eta = np.log(mu)
    beta = np.zeros((X.shape[0], X.shape[2]))
    for _ in range(STEPS):
        fit = solve(X, eta - offset + (y - mu) / mu, w * mu)
        moved = np.abs(fit.coefficients - beta).max(axis=1)
        beta = fit.coefficients
        eta = np.clip((X @ beta[..., None])[..., 0] + offset, -FARTHEST, FARTHEST)
        mu = np.exp(eta)
        if (moved < SETTLED).all():
            break
    return beta, mu, fit, moved < SETTLED


def _errors(
    X: Array, residuals: Array, w: Array, mu: Array, fit: Solution, term: int
) -> tuple[Array, NDArray[np.bool_]]:
    left = np.where(w > 0, 1.0 - fit.leverage * mu, 1.0)
    scores = (X @ fit.inverse_r) * (w * residuals / np.maximum(left, ALONE))[..., None]
    row = fit.inverse_r[:, term, :]
    error = np.sqrt((((scores @ row[..., None])[..., 0]) ** 2).sum(axis=1))
    return error, np.asarray((left.min(axis=1) > ALONE) & np.isfinite(error) & (error > 0))
