"""Ordinal logistic regression: the proportional-odds model, by maximum likelihood or with Jeffreys' penalty."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Matrix, Vector, confidence, frozen, listed
from casearc.statistics._ascent import Summit
from casearc.statistics._clusters import Clusters, clusters_of, cr1_factor, refuse_lone_clusters
from casearc.statistics._profile_limits import profile_limits
from casearc.statistics.categorical._ordinal_fitting import fitted, held_at_zero, most_steps
from casearc.statistics.categorical._ordinal_problem import OrdinalProblem, ordinal_problem
from casearc.statistics.results import Result, Row, per_term

OrdinalPenalty = Literal["none", "jeffreys"]
IntervalKind = Literal["profile", "wald"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OrdinalFit(Result):
    """A fitted proportional-odds model.

    logit P(level j or below) = threshold j - x b, so a positive slope means
    higher levels. Arrays of slopes are in the order of `terms`, shape (k,); thresholds, shape
    (J - 1,), lie between neighboring levels. `covariance` is (J - 1 + k, J - 1 + k), thresholds first.

    Attributes
    ----------
    standard_errors, threshold_errors
        From the observed information (maximum likelihood), the expected information (Jeffreys' penalty) or the
        sandwich (clusters).
    z, p
        Wald; t with `df_inference` = clusters - 1 where clusters are given.
    low, high
        By `interval`: profile likelihood (penalized where the fit is) or Wald; an open limit is infinite.
    threshold_low, threshold_high
        Wald.
    term_lr, term_lr_p
        Likelihood-ratio test of each slope, 1 df; penalized where the fit is. None with clusters.
    lr_statistic, lr_df, lr_p
        The same of all slopes at once.
    log_likelihood
        At the estimates, without the penalty; `penalized_log_likelihood` with it (None without a penalty);
        `log_likelihood_null` that of the thresholds alone.
    mcfadden, cox_snell, nagelkerke
        Pseudo R2, from the unpenalized log-likelihoods.
    """

    terms: tuple[str, ...]
    levels: tuple[str, ...]
    coefficients: Vector
    standard_errors: Vector
    z: Vector
    p: Vector
    low: Vector
    high: Vector
    interval: IntervalKind
    level: float
    thresholds: Vector
    threshold_errors: Vector
    threshold_low: Vector
    threshold_high: Vector
    term_lr: Vector | None
    term_lr_p: Vector | None
    lr_statistic: float | None
    lr_df: int | None
    lr_p: float | None
    n: int
    counts: tuple[int, ...]
    covariance: Matrix
    clusters: int | None
    df_inference: int | None
    penalty: OrdinalPenalty
    converged: bool
    iterations: int
    log_likelihood: float
    penalized_log_likelihood: float | None
    log_likelihood_null: float
    deviance: float
    mcfadden: float
    cox_snell: float
    nagelkerke: float
    condition: float
    notes: tuple[str, ...] = ()

    @property
    def splits(self) -> tuple[str, ...]:
        """Names of the thresholds: the levels on both sides."""
        return tuple(f"{a}|{b}" for a, b in zip(self.levels, self.levels[1:], strict=False))

    def rows(self) -> list[Row]:
        """One row a slope, then one a threshold; `coef_type` says which."""
        slopes = {
            "estimate": self.coefficients,
            "std_error": self.standard_errors,
            "statistic": self.z,
            "p_value": self.p,
            "conf_low": self.low,
            "conf_high": self.high,
        }
        splits: dict[str, Sequence[object] | np.ndarray] = {
            "estimate": self.thresholds,
            "std_error": self.threshold_errors,
            "statistic": self.thresholds / self.threshold_errors,
            "p_value": [None] * self.thresholds.size,
            "conf_low": self.threshold_low,
            "conf_high": self.threshold_high,
        }
        return [
            *({**row, "coef_type": "coefficient"} for row in per_term(self.terms, slopes)),
            *({**row, "coef_type": "threshold"} for row in per_term(self.splits, splits)),
        ]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OrdinalOddsRatios(Result):
    """Odds ratios of being above any split, for one unit more of each term, shape (k,)."""

    terms: tuple[str, ...]
    ratio: Vector
    low: Vector
    high: Vector
    level: float

    def rows(self) -> list[Row]:
        """One row a term."""
        return per_term(self.terms, {"estimate": self.ratio, "conf_low": self.low, "conf_high": self.high})


def ordinal(
    design: ArrayLike,
    outcome: ArrayLike,
    *,
    terms: Sequence[str],
    levels: Sequence[str],
    weights: ArrayLike | None = None,
    penalty: OrdinalPenalty = "none",
    clusters: ArrayLike | None = None,
    interval: IntervalKind = "profile",
    level: float = 0.95,
) -> OrdinalFit:
    """Fit one odds ratio a term for being above any split of an ordered outcome.

    Use it for stages or ratings whose order is certain, after `proportional_odds` found no sign that a term acts
    differently at different splits.

    Parameters
    ----------
    design
        Shape (n, k), without a constant: the thresholds are the constants.
    outcome
        Whole numbers 0 to J - 1 in the order of the levels, shape (n,).
    terms, levels
        Names of the k columns and of the J levels, lowest first.
    weights
        How often each row counts, whole numbers.
    penalty
        ``"none"``: maximum likelihood. ``"jeffreys"``: half the log determinant of the expected information is added,
        which keeps estimates finite on separated data and shrinks them. It is not Firth's bias reduction, which it
        equals in exponential families with their own link only.
    clusters
        One label a row: covariance CR1, t with (clusters - 1) degrees of freedom and Wald intervals. Not with the
        penalty.
    interval
        ``"profile"`` (the default) or ``"wald"``, for the slopes.
    level
        Confidence level of the intervals.

    Raises
    ------
    StatisticsRefusedError
        Missing values; a level nobody is at (it names the neighbor to merge it with); a term without spread, or one
        that repeats others; as many parameters as participants; separation under maximum likelihood (it names terms
        and splits, and the penalty as the way out).

    Notes
    -----
    McCullagh (1980), JRSS B 42:109-142. Newton-Raphson on the concave log-likelihood; that a maximum exists is proven
    for every fit returned (Burridge 1981, JRSS B 43:41-45, for concavity). Checked against R's ``MASS::polr`` and
    ``ordinal::clm``, profile limits against ``ordinal::confint.clm`` and against constrained fits by ``optim``; the
    penalized fit against ``optim`` on the same objective.

    Examples
    --------
    >>> months = [[0], [1], [2], [3], [4], [5], [6], [7]]
    >>> fit = ordinal(months, [0, 1, 0, 1, 2, 1, 2, 2], terms=["months"], levels=["low", "middle", "high"])
    >>> round(float(fit.coefficients[0]), 3)
    1.198
    """
    confidence(level)
    if penalty not in ("none", "jeffreys"):
        raise StatisticsRefusedError('penalty is "none" or "jeffreys".')
    if interval not in ("profile", "wald"):
        raise StatisticsRefusedError('interval is "profile" or "wald".')
    problem = ordinal_problem(design, outcome, terms, levels, weights)
    grouped = _grouped(problem, clusters, penalty)
    return _assemble(problem, fitted(problem, penalty), penalty, grouped, "wald" if grouped else interval, level)


def ordinal_odds_ratios(fit: OrdinalFit) -> OrdinalOddsRatios:
    """The exponentials of slopes and limits; an open limit stays open.

    Raises
    ------
    StatisticsRefusedError
        A ratio is too large to be a number.

    Examples
    --------
    >>> months = [[0], [1], [2], [3], [4], [5], [6], [7]]
    >>> fit = ordinal(months, [0, 1, 0, 1, 2, 1, 2, 2], terms=["months"], levels=["low", "middle", "high"])
    >>> round(float(ordinal_odds_ratios(fit).ratio[0]), 2)
    3.31
    """
    tops = np.where(np.isfinite(fit.high), fit.high, fit.coefficients)
    names = [term for term, top in zip(fit.terms, tops, strict=True) if top > 700.0]
    if names:
        raise StatisticsRefusedError(
            f"The odds ratio of {listed(names)} is too large to write down.",
            alternative="Measure the term in a larger unit, so that one unit more is a step that occurs.",
        )
    return OrdinalOddsRatios(
        terms=fit.terms,
        ratio=frozen(np.exp(fit.coefficients)),
        low=frozen(np.exp(fit.low)),
        high=frozen(np.exp(fit.high)),
        level=fit.level,
    )


def _grouped(problem: OrdinalProblem, clusters: ArrayLike | None, penalty: str) -> Clusters | None:
    if clusters is None:
        return None
    if penalty != "none":
        raise StatisticsRefusedError(
            "Cluster-robust errors are not defined here for a penalized fit.",
            alternative="Leave out the clusters and say so, or merge levels until maximum likelihood exists.",
        )
    grouped = clusters_of(clusters, problem.weights)
    refuse_lone_clusters(problem.X, problem.terms, problem.weights, grouped)
    return grouped


def _covariance(problem: OrdinalProblem, summit: Summit, grouped: Clusters | None) -> Matrix:
    """Inverse information, or CR1 around it, of the parameters of X."""
    inner = summit.inverse[0]
    if grouped is not None:
        totals = grouped.sums(problem.weights[:, None] * problem.plain().row_gradients(summit.parameters[0]))
        factor = cr1_factor(grouped.count, problem.n, problem.back.shape[0])
        inner = inner @ (totals.T @ totals) @ inner * factor
        _refuse_zero_errors(problem, inner, summit.inverse[0])
    return np.asarray(problem.back @ inner @ problem.back.T, dtype=np.float64)


def _refuse_zero_errors(problem: OrdinalProblem, robust: Matrix, usual: Matrix) -> None:
    ratio = np.sqrt(np.maximum(np.diag(robust), 0.0) / np.diag(usual))
    names = [f"threshold {j + 1}" for j in range(problem.thresholds)] + list(problem.terms)
    bad = [name for name, small in zip(names, ratio.tolist(), strict=True) if small <= 1e-10]
    if bad:
        raise StatisticsRefusedError(
            f"Between these clusters {listed(bad)} leave no error, so there is no cluster-robust standard error.",
            alternative="Leave out the clusters, or terms that only say which cluster a participant is in.",
        )


def _limits(
    problem: OrdinalProblem, summit: Summit, penalty: str, upper: float
) -> tuple[Vector, Vector, tuple[str, ...]]:
    """Profile limits of the slopes on the scale of X, and what to say of open ones."""
    quantile = dist.normal_quantile(upper)
    slopes = problem.slopes
    model = problem.model(penalty, 2 * slopes.size)
    low, high = profile_limits(model, summit, slopes, quantile=quantile, most_steps=most_steps(penalty))
    scale = np.diag(problem.back)[slopes]
    open_ones = [
        term for term, a, b in zip(problem.terms, low, high, strict=True) if not (np.isfinite(a) and np.isfinite(b))
    ]
    notes = (f"A limit of {listed(open_ones)} could not be bracketed and is open.",) if open_ones else ()
    return low * scale, high * scale, notes


def _assemble(
    problem: OrdinalProblem,
    summit: Summit,
    penalty: OrdinalPenalty,
    grouped: Clusters | None,
    interval: IntervalKind,
    level: float,
) -> OrdinalFit:
    parameters = problem.back @ summit.parameters[0]
    covariance = _covariance(problem, summit, grouped)
    se = np.sqrt(np.diag(covariance))
    df = None if grouped is None else grouped.count - 1
    upper = 0.5 + level / 2.0
    half_width = se * (dist.normal_quantile(upper) if df is None else dist.t_quantile(upper, df))
    low, high, notes = parameters - half_width, parameters + half_width, () if grouped is None else grouped.notes()
    slopes, J1, k = problem.slopes, problem.thresholds, len(problem.terms)
    slope_low, slope_high = low[slopes], high[slopes]
    if interval == "profile":
        slope_low, slope_high, notes = _limits(problem, summit, penalty, upper)
    z = parameters[slopes] / se[slopes]
    value = float(problem.plain().value(summit.parameters, np.array([0]))[0])
    null = float((problem.counts * np.log(problem.counts / problem.n)).sum())
    cox_snell = -math.expm1(2.0 * (null - value) / problem.n)
    lr = None if grouped else held_at_zero(problem, summit, penalty, [*slopes[:, None], slopes])
    return OrdinalFit(
        terms=problem.terms,
        levels=problem.levels,
        coefficients=frozen(parameters[slopes]),
        standard_errors=frozen(se[slopes]),
        z=frozen(z),
        p=frozen(dist.normal_two_sided(z) if df is None else dist.t_two_sided(z, df)),
        low=frozen(slope_low),
        high=frozen(slope_high),
        interval=interval,
        level=level,
        thresholds=frozen(parameters[:J1]),
        threshold_errors=frozen(se[:J1]),
        threshold_low=frozen(low[:J1]),
        threshold_high=frozen(high[:J1]),
        term_lr=None if lr is None else frozen(lr[:k]),
        term_lr_p=None if lr is None else frozen(np.array([dist.chi_square_upper(s, 1) for s in lr[:k]])),
        lr_statistic=None if lr is None else float(lr[k]),
        lr_df=None if lr is None else k,
        lr_p=None if lr is None else dist.chi_square_upper(float(lr[k]), k),
        n=problem.n,
        counts=tuple(int(count) for count in problem.counts),
        covariance=frozen(covariance),
        clusters=None if grouped is None else grouped.count,
        df_inference=df,
        penalty=penalty,
        converged=True,
        iterations=summit.steps,
        log_likelihood=value,
        penalized_log_likelihood=None if penalty == "none" else float(summit.value[0]),
        log_likelihood_null=null,
        deviance=-2.0 * value,
        mcfadden=1.0 - value / null,
        cox_snell=cox_snell,
        nagelkerke=cox_snell / -math.expm1(2.0 * null / problem.n),
        condition=problem.condition,
        notes=notes,
    )
