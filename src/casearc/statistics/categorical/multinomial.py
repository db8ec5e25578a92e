"""Multinomial logistic regression (two levels: logistic regression), by maximum likelihood or Firth's penalty."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _design
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Matrix, confidence, frozen, listed
from casearc.statistics._clusters import Clusters, clusters_of, refuse_lone_clusters
from casearc.statistics.categorical._batched_profile import likelihood_ratios
from casearc.statistics.categorical._estimation import Estimate, Penalty, estimate
from casearc.statistics.categorical._inference import Inference, Interval, profile, wald
from casearc.statistics.categorical._problem import Problem, problem_of
from casearc.statistics.results import Result, Row, per_term


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MultinomialFit(Result):
    """A fitted multinomial logit: log odds of each further level against the first.

    Arrays named in the plural, `z`, `p`, `low` and `high` have shape (J - 1, k): rows in the order of ``levels[1:]``,
    columns in the order of `terms`. `covariance` is ((J - 1) k, (J - 1) k), level by level.

    Attributes
    ----------
    log_likelihood
        At the estimates, without the penalty. `log_likelihood_null` is that of the constant alone (equal shares where
        the model has no constant), and `deviance` is -2 `log_likelihood`.
    df_inference
        clusters - 1 where clusters are given, and p values and intervals then use t; None: they use the normal.
    interval
        Where `z`, `p`, `low` and `high` come from. ``"profile"``: z is the signed root of the likelihood-ratio
        statistic of the coefficient, p is that test's, the limits are those values that it would not reject; one that
        could not be found is infinite (open) and in `notes`. ``"wald"``: from `standard_errors`.
    lr_statistic, lr_df, lr_p
        Likelihood-ratio test of all slopes; penalized under the Firth penalty. None with clusters (the likelihood then
        is not that of the data: use `wald_test`) and without slopes.
    mcfadden, cox_snell, nagelkerke
        Pseudo R2, from the unpenalized log-likelihoods.
    """

    terms: tuple[str, ...]
    levels: tuple[str, ...]
    coefficients: Matrix
    standard_errors: Matrix
    z: Matrix
    p: Matrix
    low: Matrix
    high: Matrix
    level: float
    interval: Interval
    n: int
    counts: tuple[int, ...]
    covariance: Matrix
    clusters: int | None
    df_inference: int | None
    penalty: Penalty
    converged: bool
    iterations: int
    log_likelihood: float
    log_likelihood_null: float
    deviance: float
    mcfadden: float
    cox_snell: float
    nagelkerke: float
    lr_statistic: float | None
    lr_df: int | None
    lr_p: float | None
    condition: float
    notes: tuple[str, ...] = ()

    def rows(self) -> list[Row]:
        """One row a level and term; `y_level` is the level held against the first."""
        named = {
            "estimate": self.coefficients,
            "std_error": self.standard_errors,
            "statistic": self.z,
            "p_value": self.p,
            "conf_low": self.low,
            "conf_high": self.high,
        }
        return [
            {"y_level": name, **row}
            for j, name in enumerate(self.levels[1:])
            for row in per_term(self.terms, {column: values[j] for column, values in named.items()})
        ]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OddsRatios(Result):
    """Odds ratios with limits, shape (J - 1, k), as in `MultinomialFit`."""

    ratio: Matrix
    low: Matrix
    high: Matrix


def multinomial(
    design: ArrayLike,
    outcome: ArrayLike,
    *,
    terms: Sequence[str],
    levels: Sequence[str],
    weights: ArrayLike | None = None,
    penalty: Penalty = "none",
    clusters: ArrayLike | None = None,
    interval: Interval | None = None,
    level: float = 0.95,
) -> MultinomialFit:
    """Fit log odds of each level against the first as linear in the design.

    Parameters
    ----------
    design
        Shape (n, k), the constant included as a column of ones.
    outcome
        Whole numbers 0 to J - 1, shape (n,); 0 is the level the others are compared with.
    terms, levels
        Names of the k columns and the J levels.
    weights
        How often each row counts, whole numbers.
    penalty
        ``"none"``: maximum likelihood. ``"firth"``: Jeffreys' prior, which is finite on separated data and less biased
        in small samples.
    clusters
        One label a row: covariance CR1, t with (clusters - 1) degrees of freedom. Not with the Firth penalty.
    interval
        ``"profile"``: limits and p values from the profile of the (penalized) likelihood, the default under the Firth
        penalty. ``"wald"``: from the standard error, the default under maximum likelihood; under the Firth penalty it
        is too cautious (wrong in 2 to 3 % of tests at the 5 % level).
    level
        Confidence level of the intervals.

    Raises
    ------
    StatisticsRefusedError
        Missing values; a level nobody is at; redundant terms; as many parameters as participants; separation under
        maximum likelihood (it names the terms and the levels, and Firth as the way out).

    Notes
    -----
    Maximum likelihood by Newton-Raphson; that a maximum exists is proven for every fit returned. Firth (1993),
    Biometrika 80:27-38; Bull, Mak & Greenwood (2002), Computational Statistics & Data Analysis 39:57-74. Profile
    limits: Heinze & Schemper (2002), Statistics in Medicine 21:2409-2419; Bull, Lewinger & Lee (2007), Statistics in
    Medicine 26:903-918. While a coefficient is held, the penalty stays that of the full model.

    Checked against R's ``nnet::multinom``, ``glm`` and ``brglm2::brmultinom(type = "AS_mean")``; CR1 against
    ``sandwich::vcovCL``; profiles against ``optim`` on the penalized likelihood written out in R, and, for two levels
    under maximum likelihood, ``MASS::confint``.

    Examples
    --------
    >>> X = [[1, 0], [1, 0], [1, 0], [1, 1], [1, 1], [1, 1]]
    >>> fit = multinomial(X, [0, 0, 1, 0, 1, 1], terms=["constant", "served"], levels=["same", "advanced"])
    >>> round(float(fit.coefficients[0, 1]), 4)
    1.3863
    """
    confidence(level)
    problem = problem_of(design, outcome, terms, levels, weights)
    grouped = None if clusters is None else clusters_of(clusters, problem.weights)
    _refuse_clusters(problem, grouped, penalty)
    chosen: Interval = interval or ("profile" if penalty == "firth" else "wald")
    _refuse_interval(chosen, grouped)
    fitted = estimate(problem, penalty)
    inference = profile(fitted, level) if chosen == "profile" else wald(fitted, grouped, level)
    return _assemble(fitted, inference, grouped, level)


def odds_ratios(fit: MultinomialFit) -> OddsRatios:
    """The exponentials of coefficients and limits; refuses those too large to be a number. Open limits stay open.

    Raises
    ------
    StatisticsRefusedError
        A ratio or a limit is too large to be a number.

    Examples
    --------
    >>> X = [[1, 0], [1, 0], [1, 0], [1, 1], [1, 1], [1, 1]]
    >>> fit = multinomial(X, [0, 0, 1, 0, 1, 1], terms=["constant", "served"], levels=["same", "advanced"])
    >>> round(float(odds_ratios(fit).ratio[0, 1]), 4)
    4.0
    """
    largest = np.where(np.isfinite(fit.high), fit.high, fit.coefficients).max(axis=0)
    names = [term for term, top in zip(fit.terms, largest, strict=True) if top > 700.0]
    if names:
        raise StatisticsRefusedError(
            f"The odds ratio of {listed(names)} is too large to write down.",
            alternative="Measure the term in a larger unit, so that one unit more is a step that occurs.",
        )
    return OddsRatios(
        ratio=frozen(np.exp(fit.coefficients)), low=frozen(np.exp(fit.low)), high=frozen(np.exp(fit.high))
    )


def _refuse_interval(interval: Interval, grouped: Clusters | None) -> None:
    if interval not in ("profile", "wald"):
        raise StatisticsRefusedError('interval is "profile" or "wald".')
    if interval == "profile" and grouped is not None:
        raise StatisticsRefusedError(
            "With clusters the likelihood is not that of the data, so it has no profile.",
            alternative='Use interval="wald" with the cluster-robust errors.',
        )


def _refuse_clusters(problem: Problem, grouped: Clusters | None, penalty: Penalty) -> None:
    if grouped is None:
        return
    if penalty == "firth":
        raise StatisticsRefusedError(
            "Cluster-robust errors are not defined here for the Firth penalty.",
            alternative="Leave out the clusters and say so, or merge levels until maximum likelihood exists.",
        )
    refuse_lone_clusters(problem.X, problem.terms, problem.weights, grouped)


def _assemble(fitted: Estimate, inference: Inference, grouped: Clusters | None, level: float) -> MultinomialFit:
    problem = fitted.problem
    null, lr_statistic, lr_df = _against_constant(fitted, grouped)
    cox_snell = -math.expm1(2.0 * (null - fitted.log_likelihood) / problem.n)
    return MultinomialFit(
        terms=problem.terms,
        levels=problem.levels,
        coefficients=frozen(fitted.coefficients),
        standard_errors=frozen(inference.standard_errors),
        z=frozen(inference.z),
        p=frozen(inference.p),
        low=frozen(inference.low),
        high=frozen(inference.high),
        level=level,
        interval=inference.interval,
        n=problem.n,
        counts=tuple(int(count) for count in problem.counts),
        covariance=frozen(inference.covariance),
        clusters=None if grouped is None else grouped.count,
        df_inference=inference.df,
        penalty=fitted.penalty,
        converged=True,
        iterations=fitted.iterations,
        log_likelihood=fitted.log_likelihood,
        log_likelihood_null=null,
        deviance=-2.0 * fitted.log_likelihood,
        mcfadden=1.0 - fitted.log_likelihood / null,
        cox_snell=cox_snell,
        nagelkerke=cox_snell / -math.expm1(2.0 * null / problem.n),
        lr_statistic=lr_statistic,
        lr_df=lr_df,
        lr_p=None if lr_statistic is None or lr_df is None else dist.chi_square_upper(lr_statistic, lr_df),
        condition=problem.condition,
        notes=(*inference.notes, *(() if grouped is None else grouped.notes())),
    )


def _against_constant(fitted: Estimate, grouped: Clusters | None) -> tuple[float, float | None, int | None]:
    """The log-likelihood of the constant alone, and the likelihood-ratio test of all slopes, where there is one."""
    problem = fitted.problem
    constant = _design.constant_direction(problem.X[problem.weights > 0])
    if constant is None:
        null = -problem.n * math.log(len(problem.levels))
    else:
        null = float((problem.counts * np.log(problem.counts / problem.n)).sum())
    df = (len(problem.levels) - 1) * (len(problem.terms) - (constant is not None))
    if df == 0 or grouped is not None:
        return null, None, None
    if fitted.penalty == "none":
        return null, max(2.0 * (fitted.log_likelihood - null), 0.0), df
    slopes = np.arange(len(problem.terms)) if constant is None else np.flatnonzero(constant == 0.0)
    if slopes.size * (len(problem.levels) - 1) != df:
        return null, None, None
    statistic = float(likelihood_ratios(fitted.profiled(), [slopes.tolist()])[0])
    return null, *((statistic, df) if math.isfinite(statistic) else (None, None))
