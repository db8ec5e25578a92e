"""How alike measurements of one participant, or people of one case manager, are: the intraclass correlation."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import confidence
from casearc.statistics.estimates import EstimateInterval
from casearc.statistics.mixed._likelihood import look
from casearc.statistics.mixed._maximize import maximize
from casearc.statistics.mixed._pivot import pivot_of
from casearc.statistics.mixed._problem import Problem, problem_of
from casearc.statistics.mixed._profile import ratio_limits
from casearc.statistics.mixed.fit import MixedFit
from casearc.statistics.results import Result

Estimator = Literal["REML", "ANOVA"]
EXACT = "exact interval from the ratio of mean squares"


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness(Result):
    """Intraclass correlation of a clustered outcome.

    Attributes
    ----------
    icc, low, high
        The estimate, and limits exact in normal data (Wald's) where the sizes of clusters have nothing to do with the
        outcome; the lower one is 0 where clusters need not differ.
    f, f_p
        Exact F test that clusters do not differ; without terms, the one-way analysis of variance.
    lr_statistic, p
        Restricted likelihood-ratio test of the same; p is halved, the variance being at its boundary.
    n, clusters, size
        Rows, clusters, and rows a cluster as the average row sees it (sum of squares over sum).
    design_effect
        1 + (size - 1) icc: by what the variance of a mean grows.
    """

    icc: float
    low: float
    high: float
    level: float
    f: float
    f_df: int
    f_df_denominator: int
    f_p: float
    lr_statistic: float
    p: float
    n: int
    clusters: int
    size: float
    design_effect: float
    estimator: Estimator
    method: str
    notes: tuple[str, ...] = ()


def likeness(
    response: ArrayLike,
    *,
    groups: ArrayLike,
    design: ArrayLike | None = None,
    estimator: Estimator = "REML",
    level: float = 0.95,
) -> Likeness:
    """Estimate how much of an outcome's variance lies between clusters, given the terms of `design`.

    Parameters
    ----------
    response
        Shape (N,).
    groups
        N labels: a case manager, a site. For participants with missing waves use `mixed` and `icc_interval`.
    design
        Shape (N, k), the constant included; None: the constant alone.
    estimator
        ``"REML"``, never below 0, or ``"ANOVA"``, from mean squares, without `design`: below 0 where people of one
        cluster are less alike than chance makes them.
    level
        Confidence level.

    Raises
    ------
    StatisticsRefusedError
        Fewer than three clusters, hardly any with more than one row, a constant outcome, no differences within
        clusters; ``"ANOVA"`` with a design.

    Notes
    -----
    ANOVA: Donner (1986), International Statistical Review 54:67-82, with his mean size n0. Interval and F: Seely &
    El-Bassiouni (1983), Annals of Statistics 11:197-210; in balanced data that of ICC(1,1). Test by likelihood: Self &
    Liang (1987), Journal of the American Statistical Association 82:605-610, too cautious with few clusters. Checked
    against R's ``lme4::lmer``, ``aov`` and a root of the F quantile.

    Examples
    --------
    >>> found = likeness([1.0, 2.0, 4.0, 5.0, 8.0, 7.0], groups=[1, 1, 2, 2, 3, 3])
    >>> round(found.icc, 3)
    0.946
    """
    confidence(level)
    if estimator not in ("REML", "ANOVA") or (estimator == "ANOVA" and design is not None):
        raise StatisticsRefusedError(
            'The estimator is "REML", or "ANOVA" without a design.', alternative='Use "REML" with terms.'
        )
    rows = np.asarray(response).shape[0] if np.ndim(response) else 0
    X = np.ones((rows, 1)) if design is None else np.asarray(design, dtype=np.float64)
    names = [f"x{i}" for i in range(X.shape[1] if X.ndim == 2 else 1)]
    problem = problem_of(X, response, groups, terms=names)
    pivot = pivot_of(problem.data)
    low, high = (ratio_icc(float(limit)) for limit in pivot.limits(level))
    f, f_p = pivot.p_zero()
    counts = problem.parts.rows
    size, ratio = float((counts**2).sum() / counts.sum()), _ratio(problem)
    lr = max(_deviance(problem, 0.0) - _deviance(problem, ratio), 0.0)
    icc = ratio_icc(ratio) if estimator == "REML" else _anova(float(f), counts)
    return Likeness(
        icc=icc,
        low=low,
        high=high,
        level=level,
        f=float(f),
        f_df=int(pivot.df_between),
        f_df_denominator=int(pivot.df_within),
        f_p=float(f_p),
        lr_statistic=lr,
        p=0.5 * dist.chi_square_upper(lr, 1.0) if lr > 0.0 else 1.0,
        n=problem.table.shape[0],
        clusters=problem.participants,
        size=size,
        design_effect=1.0 + (size - 1.0) * icc,
        estimator=estimator,
        method=f"{'restricted likelihood' if estimator == 'REML' else 'analysis of variance'}, {EXACT}",
    )


def icc_interval(
    fit: MixedFit, *, level: float | None = None, method: Literal["exact", "profile"] | None = None
) -> EstimateInterval:
    """The intraclass correlation of a fit with a random intercept, with an interval.

    Parameters
    ----------
    fit
        A fit of `mixed` by REML with one random intercept and no clusters beyond it.
    level
        Confidence level; that of the fit where None.
    method
        ``"exact"`` in normal data, for numbers of measurements that have nothing to do with the outcome;
        ``"profile"`` of the restricted likelihood, which bears waves missing at random. None: exact where everybody was
        measured equally often, else the profile.

    Raises
    ------
    StatisticsRefusedError
        A fit by ML, with further random terms or with clusters; no differences within participants.

    Notes
    -----
    Exact: Seely & El-Bassiouni (1983), Annals of Statistics 11:197-210. Checked against roots of the F quantile and of
    the profile in R.

    Examples
    --------
    >>> from casearc.statistics.mixed import mixed
    >>> fit = mixed(np.ones((6, 1)), [1.0, 2.0, 4.0, 5.0, 8.0, 7.0], groups=[1, 1, 2, 2, 3, 3], terms=["mean"])
    >>> found = icc_interval(fit)
    >>> round(found.estimate, 3), round(found.low, 3), round(found.high, 3)
    (0.946, 0.383, 0.999)
    """
    if not fit.fitted.intercept or fit.clusters is not None or fit.method != "REML" or fit.icc is None:
        raise StatisticsRefusedError(
            "The interval is for a random intercept alone, fitted by REML.",
            alternative="Use variance_components for other models.",
        )
    level = confidence(fit.level if level is None else level)
    if method is None:
        method = "exact" if fit.fitted.balanced else "profile"
    if method == "exact":
        limits = pivot_of(fit.fitted.data).limits(level)
    elif method == "profile":
        limits = ratio_limits(fit.fitted.data, fit.fitted.at, level, reml=True)
    else:
        raise StatisticsRefusedError('The method of the interval is "exact" or "profile".')
    low, high = (ratio_icc(float(limit)) for limit in limits)
    how = EXACT if method == "exact" else "profile interval"
    return EstimateInterval(
        estimate=fit.icc, low=low, high=high, level=level, n=fit.participants, method=f"restricted likelihood, {how}"
    )


def ratio_icc(ratio: float) -> float:
    """The correlation at a ratio of variances."""
    return 1.0 if math.isinf(ratio) else ratio / (1.0 + ratio)


def _anova(f: float, counts: np.ndarray) -> float:
    """(F - 1) / (F - 1 + n0)."""
    mean = (counts.sum() - (counts**2).sum() / counts.sum()) / (counts.size - 1)
    return float((f - 1.0) / (f - 1.0 + mean))


def _deviance(problem: Problem, ratio: float) -> float:
    return float(look(problem.data, np.array([[math.sqrt(ratio)]]), reml=True).deviance)


def _ratio(problem: Problem) -> float:
    found = maximize(problem.data.lifted(), problem.structure, reml=True)
    if not found.settled[0]:
        raise StatisticsRefusedError(
            "The fit did not settle: the data hardly tell how clusters differ.",
            alternative="Describe the clusters in words.",
        )
    return float(problem.structure.snapped(found.parameters[0])[0][0] ** 2)
