"""Logistic regression of a yes or no: the multinomial model with two levels, told in one column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from casearc.statistics._arrays import Matrix, Vector, frozen
from casearc.statistics.categorical._estimation import Penalty
from casearc.statistics.categorical._inference import Interval
from casearc.statistics.categorical.multinomial import MultinomialFit, multinomial, odds_ratios
from casearc.statistics.results import Result, Row, per_term


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LogisticFit(Result):
    """A fitted logistic regression: log odds of yes.

    Arrays have shape (k,), in the order of `terms`; `covariance` is (k, k). `odds_low` and `odds_high` are the limits
    of `odds_ratios`. The other fields are those of `MultinomialFit`, and `multinomial` is that fit itself, which
    predictions, marginal effects and tests take.
    """

    terms: tuple[str, ...]
    coefficients: Vector
    standard_errors: Vector
    z: Vector
    p: Vector
    low: Vector
    high: Vector
    level: float
    odds_ratios: Vector
    odds_low: Vector
    odds_high: Vector
    covariance: Matrix
    n: int
    events: int
    penalty: Penalty
    interval: Interval
    log_likelihood: float
    deviance: float
    null_deviance: float
    mcfadden: float
    nagelkerke: float
    lr_statistic: float | None
    lr_df: int | None
    lr_p: float | None
    multinomial: MultinomialFit
    notes: tuple[str, ...] = ()

    def rows(self) -> list[Row]:
        """One row a term."""
        named = {
            "estimate": self.coefficients,
            "std_error": self.standard_errors,
            "statistic": self.z,
            "p_value": self.p,
            "conf_low": self.low,
            "conf_high": self.high,
            "odds_ratio": self.odds_ratios,
        }
        return per_term(self.terms, named)


def logistic(
    design: ArrayLike,
    outcome: ArrayLike,
    *,
    terms: Sequence[str],
    weights: ArrayLike | None = None,
    penalty: Penalty = "none",
    clusters: ArrayLike | None = None,
    interval: Interval | None = None,
    level: float = 0.95,
) -> LogisticFit:
    """Fit the log odds of a yes as linear in the design.

    Parameters
    ----------
    design, terms, weights, penalty, clusters, interval, level
        As in `multinomial`.
    outcome
        0 (no) or 1 (yes), shape (n,).

    Raises
    ------
    StatisticsRefusedError
        What `multinomial` refuses, separation first of all; an odds ratio too large to be a number.

    Notes
    -----
    Checked against R's ``glm(family = binomial)`` and ``brglm2::brglm_fit``, the profile limits against ``MASS``.

    Examples
    --------
    >>> X = [[1, 0], [1, 0], [1, 0], [1, 1], [1, 1], [1, 1]]
    >>> fit = logistic(X, [0, 0, 1, 0, 1, 1], terms=["constant", "served"])
    >>> round(float(fit.odds_ratios[1]), 4), fit.events
    (4.0, 3)
    """
    fit = multinomial(
        design,
        outcome,
        terms=terms,
        levels=("no", "yes"),
        weights=weights,
        penalty=penalty,
        clusters=clusters,
        interval=interval,
        level=level,
    )
    ratios = odds_ratios(fit)
    return LogisticFit(
        terms=fit.terms,
        coefficients=_only(fit.coefficients),
        standard_errors=_only(fit.standard_errors),
        z=_only(fit.z),
        p=_only(fit.p),
        low=_only(fit.low),
        high=_only(fit.high),
        level=level,
        odds_ratios=_only(ratios.ratio),
        odds_low=_only(ratios.low),
        odds_high=_only(ratios.high),
        covariance=fit.covariance,
        n=fit.n,
        events=fit.counts[1],
        penalty=fit.penalty,
        interval=fit.interval,
        log_likelihood=fit.log_likelihood,
        deviance=fit.deviance,
        null_deviance=-2.0 * fit.log_likelihood_null,
        mcfadden=fit.mcfadden,
        nagelkerke=fit.nagelkerke,
        lr_statistic=fit.lr_statistic,
        lr_df=fit.lr_df,
        lr_p=fit.lr_p,
        multinomial=fit,
        notes=fit.notes,
    )


def _only(values: Matrix) -> Vector:
    return frozen(np.array(values[0]))
