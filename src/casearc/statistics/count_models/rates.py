"""Exact rates of one group, and rate ratios and predicted rates of a fitted count model."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Vector, confidence, frozen, listed, matrix
from casearc.statistics.count_models._problem import checked_counts, checked_exposure
from casearc.statistics.count_models.fit import CountFit
from casearc.statistics.estimates import EstimateInterval
from casearc.statistics.results import Result, Row, per_term


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RateRatios(Result):
    """Rate ratios for one unit more of each term, shape (k,); that of the constant is the rate at zero."""

    terms: tuple[str, ...]
    ratio: Vector
    low: Vector
    high: Vector
    level: float

    def rows(self) -> list[Row]:
        """One row a term."""
        return per_term(self.terms, {"estimate": self.ratio, "conf_low": self.low, "conf_high": self.high})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PredictedRate(Result):
    """Events expected in the exposure asked for, with limits from the log scale, shape (m,)."""

    rate: Vector
    se: Vector
    low: Vector
    high: Vector
    level: float

    def rows(self) -> list[Row]:
        """One row a row asked for."""
        columns = {"estimate": self.rate, "std_error": self.se, "conf_low": self.low, "conf_high": self.high}
        return per_term([str(i + 1) for i in range(self.rate.size)], columns)


def exact_rate(counts: ArrayLike, *, exposure: ArrayLike | None = None, level: float = 0.95) -> EstimateInterval:
    """Events per unit of exposure in one group, with the exact (Garwood) interval.

    Use it where there is nothing to adjust for, and where nobody had an event: the upper limit still says something.

    Parameters
    ----------
    counts
        Events of each participant, shape (n,).
    exposure
        Time at risk of each, shape (n,); a unit each where None.
    level
        Confidence level; the interval covers at least this where events follow one Poisson rate.

    Raises
    ------
    StatisticsRefusedError
        Missing or negative counts, no exposure.

    Notes
    -----
    Garwood (1936), Biometrika 28:437-442: gamma quantiles of the total. It trusts the Poisson law: events that come in
    clusters within participants need `poisson` with a robust covariance. Checked against R's ``poisson.test``.

    Examples
    --------
    >>> rate = exact_rate([0, 0, 0, 0, 0], exposure=[6, 6, 6, 6, 6])
    >>> rate.estimate, rate.low, round(rate.high, 4)
    (0.0, 0.0, 0.123)
    """
    confidence(level)
    y = checked_counts(counts)
    time = float(checked_exposure(exposure, y.size).sum())
    total, tail = float(y.sum()), (1.0 - level) / 2.0
    low = float(special.gammaincinv(total, tail)) if total else 0.0
    return EstimateInterval(
        estimate=total / time,
        low=low / time,
        high=float(special.gammainccinv(total + 1.0, tail)) / time,
        level=level,
        n=y.size,
        method="exact Poisson (Garwood)",
    )


def rate_ratios(fit: CountFit) -> RateRatios:
    """The exponentials of coefficients and limits; an open limit stays open.

    Raises
    ------
    StatisticsRefusedError
        A ratio is too large to be a number.

    Examples
    --------
    >>> from casearc.statistics.count_models.poisson import poisson
    >>> fit = poisson([[1, 0], [1, 0], [1, 1], [1, 1]], [1, 3, 4, 4], terms=["constant", "served"])
    >>> round(float(rate_ratios(fit).ratio[1]), 4)
    2.0
    """
    tops = np.where(np.isfinite(fit.high), fit.high, fit.coefficients)
    names = [term for term, top in zip(fit.terms, tops, strict=True) if top > 700.0]
    if names:
        raise StatisticsRefusedError(
            f"The rate ratio of {listed(names)} is too large to write down.",
            alternative="Measure the term in a larger unit, so that one unit more is a step that occurs.",
        )
    return RateRatios(
        terms=fit.terms,
        ratio=frozen(np.exp(fit.coefficients)),
        low=frozen(np.exp(fit.low)),
        high=frozen(np.exp(fit.high)),
        level=fit.level,
    )


def predicted_rate(fit: CountFit, rows: ArrayLike, *, exposure: float = 1.0) -> PredictedRate:
    """Events the model expects at each of `rows` (m, k) in so much exposure, with the interval at the fit's level.

    Raises
    ------
    StatisticsRefusedError
        The rows do not have the columns of the fit, the exposure is not above zero, or a rate is too large.

    Notes
    -----
    Checked against R's ``predict.glm(type = "link", se.fit = TRUE)``.

    Examples
    --------
    >>> from casearc.statistics.count_models.poisson import poisson
    >>> fit = poisson([[1, 0], [1, 0], [1, 1], [1, 1]], [1, 3, 4, 4], terms=["constant", "served"])
    >>> round(float(predicted_rate(fit, [[1, 1]], exposure=2.0).rate[0]), 4)
    8.0
    """
    X = matrix(rows, name="The rows to predict")
    if X.shape[1] != len(fit.terms):
        raise StatisticsRefusedError(f"The model has {len(fit.terms)} terms and the rows have {X.shape[1]} columns.")
    if not (math.isfinite(exposure) and exposure > 0.0):
        raise StatisticsRefusedError("The exposure to predict for must be above zero.")
    eta = X @ fit.coefficients + math.log(exposure)
    error = np.sqrt(np.maximum(((X @ fit.covariance) * X).sum(axis=1), 0.0))
    upper = 0.5 + fit.level / 2.0
    df = fit.df_inference
    half_width = error * (dist.normal_quantile(upper) if df is None else dist.t_quantile(upper, df))
    if (eta + half_width > 700.0).any():
        raise StatisticsRefusedError(
            "A predicted rate is too large to write down.",
            alternative="Predict at rows that lie among those of the participants.",
        )
    return PredictedRate(
        rate=frozen(np.exp(eta)),
        se=frozen(np.exp(eta) * error),
        low=frozen(np.exp(eta - half_width)),
        high=frozen(np.exp(eta + half_width)),
        level=fit.level,
    )
