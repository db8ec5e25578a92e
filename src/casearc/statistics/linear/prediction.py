"""What a linear model predicts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Matrix, Vector, frozen, matrix
from casearc.statistics.linear.fit import LEAST_DF, LinearFit
from casearc.statistics.results import Result, Row


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PredictedMean(Result):
    """Predicted means with standard errors and intervals, one a row asked for, shape (m,)."""

    mean: Vector
    se: Vector
    low: Vector
    high: Vector
    level: float
    notes: tuple[str, ...] = ()

    def rows(self) -> list[Row]:
        """One row a mean."""
        names = {"mean": "estimate", "se": "std_error", "low": "conf_low", "high": "conf_high"}
        columns = [getattr(self, name).tolist() for name in names]
        return [dict(zip(names.values(), values, strict=True)) for values in zip(*columns, strict=True)]


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
    mean, se, low, high, notes = mean_and_limits(fit, X)
    return PredictedMean(
        mean=frozen(mean), se=frozen(se), low=frozen(low), high=frozen(high), level=fit.level, notes=notes
    )


def mean_and_limits(fit: LinearFit, contrasts: Matrix) -> tuple[Vector, Vector, Vector, Vector, tuple[str, ...]]:
    """Estimate, standard error, limits and notes of every row of `contrasts`; an all-zero row is zero without error."""
    mean = contrasts @ fit.coefficients
    se = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", contrasts, fit.covariance, contrasts), 0.0))
    some = contrasts.any(axis=1)
    df = np.full(some.size, np.inf)
    df[some] = fit.df_of(contrasts[some])
    trusted = (df >= LEAST_DF) | (fit.small_sample is None)
    half_width = np.where(trusted, dist.t_quantiles(0.5 + fit.level / 2.0, df) * se, np.inf)
    notes = () if trusted.all() else ("Limits resting on fewer than four degrees of freedom are withheld.",)
    return mean, se, mean - half_width, mean + half_width, notes
