"""The covariances offered for the coefficients of a linear model."""

from __future__ import annotations

from typing import Literal

import numpy as np

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import Matrix, Vector, listed
from casearc.statistics._clusters import Clusters, cr1_factor, refuse_lone_clusters
from casearc.statistics._least_squares import Solution
from casearc.statistics.linear._bell_mccaffrey import SmallSample, small_sample
from casearc.statistics.linear._problem import Problem

CovarianceKind = Literal["classical", "HC0", "HC1", "HC2", "HC3", "CR1", "CR2"]
KINDS: tuple[str, ...] = ("classical", "HC0", "HC1", "HC2", "HC3", "CR1", "CR2")
CLUSTERED = ("CR1", "CR2")


def chosen_kind(covariance: str, *, clustered: bool) -> CovarianceKind:
    """The kind asked for; clusters turn the default into CR1."""
    if covariance not in KINDS:
        raise StatisticsRefusedError(f"covariance is one of {listed(KINDS)}.")
    if covariance in CLUSTERED and not clustered:
        raise StatisticsRefusedError(
            f'The covariance "{covariance}" needs clusters.', alternative='Give clusters, or use "HC3".'
        )
    if clustered and covariance not in (*CLUSTERED, "HC3"):
        raise StatisticsRefusedError(
            f'The covariance "{covariance}" knows no clusters.',
            alternative='Use covariance="CR2" with clusters.',
        )
    return "CR1" if clustered and covariance == "HC3" else covariance  # type: ignore[return-value]  # checked above


def covariance_of(
    problem: Problem, solution: Solution, kind: CovarianceKind, grouped: Clusters | None
) -> tuple[Matrix, SmallSample | None]:
    """The covariance of the coefficients (papers in `linear`) and, with CR2, what gives each contrast its df."""
    bread = solution.inverse_r
    if kind == "classical":
        return (bread @ bread.T) * (problem.residual_sum(solution) / (problem.n - problem.k)), None
    half = problem.X @ bread
    small = None
    if grouped is not None:
        refuse_lone_clusters(problem.X, problem.terms, problem.weights, grouped)
        totals = grouped.sums(half * (problem.weights * solution.residuals)[:, None])
        if kind == "CR2":
            small = small_sample(half, problem.weights, grouped, bread)
            totals = small.adjusted(totals)
        middle = totals.T @ totals * (cr1_factor(grouped.count, problem.n, problem.k) if kind == "CR1" else 1.0)
    else:
        factor = _hc_factor(problem, solution, kind)
        middle = (half * (problem.weights * solution.residuals**2 * factor)[:, None]).T @ half
    return bread @ middle @ bread.T, small


def _hc_factor(problem: Problem, solution: Solution, kind: CovarianceKind) -> Vector | float:
    if kind == "HC0":
        return 1.0
    if kind == "HC1":
        return problem.n / (problem.n - problem.k)
    left = left_by_leverage(problem, solution, purpose=f"{kind} is undefined")
    return np.asarray(left ** (-1.0 if kind == "HC2" else -2.0), dtype=np.float64)


def left_by_leverage(problem: Problem, solution: Solution, *, purpose: str) -> Vector:
    """One minus the leverage of each row (1 where its weight is 0); refuses a row that alone decides its fit."""
    left = np.where(problem.weights > 0, 1.0 - solution.leverage, 1.0)
    alone = left < 1e-10
    if alone.any():
        raise _leverage_refusal(problem, alone, purpose)
    return left


def _leverage_refusal(problem: Problem, alone: np.ndarray, purpose: str) -> StatisticsRefusedError:
    """Name the terms without which such a row would be like others: those it alone carries."""
    rest = problem.X[~alone & (problem.weights > 0)]
    carried = [term for term, column in zip(problem.terms, rest.T, strict=True) if column.size == 0 or not column.any()]
    which = f" The term {listed(carried)} rests on one participant." if carried else ""
    count = int(alone.sum())
    who = "One participant alone decides its" if count == 1 else f"{count} participants each alone decide their"
    return StatisticsRefusedError(
        f"{who} fitted value (leverage 1), so {purpose}.{which}",
        alternative="Merge the level that only one participant has, or leave the term out.",
    )
