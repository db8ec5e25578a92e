"""What a linear model predicts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Vector, frozen, matrix
from casearc.statistics.linear.fit import LEAST_DF, LinearFit
from casearc.statistics.results import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictedMean(Result):
    """Predicted means with standard errors and intervals, one a row asked for, shape (m,)."""

    mean: Vector
    se: Vector
    low: Vector
    high: Vector
    level: float
    notes: tuple[str, ...] = ()


def predicted_mean(fit: LinearFit, rows: ArrayLike) -> PredictedMean:
    """Mean outcome the model predicts at each of `rows` (m, k), with its interval at the fit's level.

    Raises
    ------
    StatisticsRefusedError
        The rows do not have the columns of the fit.

    Examples
    --------
    >>> from casearc.statistics.linear import linear
    >>> fit = linear([[1, 0], [1, 1], [1, 2], [1, 3]], [1.0, 2.0, 2.0, 4.0], terms=["constant", "months"])
    >>> round(float(predicted_mean(fit, [[1.0, 2.0]]).mean[0]), 4)
    2.7
    """
    X = matrix(rows, name="The rows to predict")
    if X.shape[1] != len(fit.terms):
        raise StatisticsRefusedError(f"The model has {len(fit.terms)} terms and the rows have {X.shape[1]} columns.")
    mean = X @ fit.coefficients
    se = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", X, fit.covariance, X), 0.0))
    df = fit.df_of(X)
    trusted = (df >= LEAST_DF) | (fit.small_sample is None)
    half_width = np.where(trusted, dist.t_quantiles(0.5 + fit.level / 2.0, df) * se, np.inf)
    notes = () if trusted.all() else ("Limits resting on fewer than four degrees of freedom are withheld.",)
    return PredictedMean(
        mean=frozen(mean),
        se=frozen(se),
        low=frozen(mean - half_width),
        high=frozen(mean + half_width),
        level=fit.level,
        notes=notes,
    )
