"""What a multinomial model predicts: probabilities of each level, with delta-method intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Matrix, Vector, finite, frozen, matrix
from casearc.statistics.categorical._kernel import probabilities
from casearc.statistics.categorical.multinomial import MultinomialFit
from casearc.statistics.results import Result


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PredictedProbability(Result):
    """Probabilities of each level, shape (m, J): one row a row asked for, columns in the order of `levels`.

    `low` and `high` come from the logit scale, so they stay between 0 and 1.
    """

    levels: tuple[str, ...]
    estimate: Matrix
    se: Matrix
    low: Matrix
    high: Matrix
    level: float


def predict_probabilities(fit: MultinomialFit, design: ArrayLike) -> Matrix:
    """Fitted probability of each level for each row of `design`, shape (n, J); rows sum to one.

    Examples
    --------
    >>> from casearc.statistics.categorical.multinomial import multinomial
    >>> X = [[1, 0], [1, 0], [1, 0], [1, 1], [1, 1], [1, 1]]
    >>> fit = multinomial(X, [0, 0, 1, 0, 1, 1], terms=["constant", "served"], levels=["same", "advanced"])
    >>> round(float(predict_probabilities(fit, [[1, 1]])[0, 1]), 4)
    0.6667
    """
    return probabilities(rows_of(fit, design) @ fit.coefficients.T)


def predicted_probability(fit: MultinomialFit, rows: ArrayLike) -> PredictedProbability:
    """Probability of each level at each of `rows` (m, k), with delta-method standard errors and intervals.

    Examples
    --------
    >>> from casearc.statistics.categorical.multinomial import multinomial
    >>> X = [[1, 0], [1, 0], [1, 0], [1, 1], [1, 1], [1, 1]]
    >>> fit = multinomial(X, [0, 0, 1, 0, 1, 1], terms=["constant", "served"], levels=["same", "advanced"])
    >>> round(float(predicted_probability(fit, [[1, 1]]).se[0, 1]), 4)
    0.2722
    """
    X = rows_of(fit, rows)
    P = probabilities(X @ fit.coefficients.T)
    return _with_interval(fit, P, _gradient(P, X))


def average_probability(
    fit: MultinomialFit, designs: ArrayLike, *, weights: ArrayLike | None = None
) -> PredictedProbability:
    """Probability of each level averaged over participants, once for each of `designs` (m, n, k).

    Each design is everybody's row with, say, the dose set to one value: the averages over them draw a marginal curve.
    `weights` (n,) say how often each row counts.

    Raises
    ------
    StatisticsRefusedError
        The designs do not have the columns of the fit, or the weights do not fit the rows.

    Examples
    --------
    >>> from casearc.statistics.categorical.multinomial import multinomial
    >>> X = [[1, 0], [1, 0], [1, 0], [1, 1], [1, 1], [1, 1]]
    >>> fit = multinomial(X, [0, 0, 1, 0, 1, 1], terms=["constant", "served"], levels=["same", "advanced"])
    >>> round(float(average_probability(fit, [[[1, 0], [1, 1]]]).estimate[0, 1]), 4)
    0.5
    """
    stack = finite(designs, name="The designs")
    if stack.ndim != 3:
        raise StatisticsRefusedError("The designs are a stack of tables: one table of everybody's rows a point.")
    w = np.ones(stack.shape[1]) if weights is None else finite(weights, name="The weights")
    if w.shape != (stack.shape[1],) or w.sum() <= 0:
        raise StatisticsRefusedError("There must be one weight a participant, not all zero.")
    estimates, gradients = zip(*(_averaged(fit, design, w / w.sum()) for design in stack), strict=True)
    return _with_interval(fit, np.stack(estimates), np.stack(gradients))


def _averaged(fit: MultinomialFit, design: Matrix, shares: Vector) -> tuple[Vector, Matrix]:
    X = rows_of(fit, design)
    P = probabilities(X @ fit.coefficients.T)
    return shares @ P, np.einsum("n,njp->jp", shares, _gradient(P, X))


def _gradient(P: Matrix, X: Matrix) -> Matrix:
    """Derivative of each probability by each coefficient, (m, J, (J - 1) k)."""
    J = P.shape[1]
    by_predictor = P[:, :, None] * (np.eye(J)[None, :, 1:] - P[:, None, 1:])
    return np.asarray((by_predictor[:, :, :, None] * X[:, None, None, :]).reshape(P.shape[0], J, -1), dtype=np.float64)


def _with_interval(fit: MultinomialFit, P: Matrix, gradient: Matrix) -> PredictedProbability:
    variance = np.einsum("mjp,pq,mjq->mj", gradient, fit.covariance, gradient, optimize=True)
    se = np.sqrt(np.maximum(variance, 0.0))
    upper = 0.5 + fit.level / 2.0
    quantile = dist.normal_quantile(upper) if fit.df_inference is None else dist.t_quantile(upper, fit.df_inference)
    spread = P * (1.0 - P)
    inside = spread > 0.0
    safe = np.where(inside, P, 0.5)
    half_width = quantile * se / np.where(inside, spread, 1.0)
    return PredictedProbability(
        levels=fit.levels,
        estimate=frozen(P),
        se=frozen(se),
        low=frozen(np.where(inside, special.expit(special.logit(safe) - half_width), P)),
        high=frozen(np.where(inside, special.expit(special.logit(safe) + half_width), P)),
        level=fit.level,
    )


def rows_of(fit: MultinomialFit, rows: ArrayLike) -> Matrix:
    """Rows of a design as a matrix, refused where they do not have the columns of the fit."""
    X = matrix(rows, name="The rows to predict")
    if X.shape[1] != len(fit.terms):
        raise StatisticsRefusedError(f"The model has {len(fit.terms)} terms and the rows have {X.shape[1]} columns.")
    return X
