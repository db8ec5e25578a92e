"""Intervals and tests of the coefficients of a fit: Wald's, cluster-robust or not, and those of the profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Matrix, Vector, listed
from casearc.statistics._clusters import Clusters, cr1_factor
from casearc.statistics.categorical import _kernel as kernel
from casearc.statistics.categorical._batched_profile import coefficient_ratios, profile_limits
from casearc.statistics.categorical._estimation import Estimate, in_terms

Interval = Literal["profile", "wald"]


@dataclass(frozen=True, slots=True)
class Inference:
    """What is said of each coefficient, (J - 1, k); `df` where t was used."""

    interval: Interval
    covariance: Matrix
    standard_errors: Matrix
    z: Matrix
    p: Matrix
    low: Matrix
    high: Matrix
    df: int | None = None
    notes: tuple[str, ...] = ()


def wald(fitted: Estimate, grouped: Clusters | None, level: float) -> Inference:
    """Estimate over standard error, normal or, with clusters, t."""
    covariance = in_terms(fitted.problem, _covariance(fitted, grouped))
    se = np.sqrt(np.diag(covariance)).reshape(fitted.coefficients.shape)
    if grouped is not None:
        _refuse_zero_errors(fitted, se)
    df = None if grouped is None else grouped.count - 1
    z = fitted.coefficients / se
    upper = 0.5 + level / 2.0
    half_width = se * (dist.normal_quantile(upper) if df is None else dist.t_quantile(upper, df))
    return Inference(
        interval="wald",
        covariance=covariance,
        standard_errors=se,
        z=z,
        p=dist.normal_two_sided(z) if df is None else dist.t_two_sided(z, df),
        low=fitted.coefficients - half_width,
        high=fitted.coefficients + half_width,
        df=df,
    )


def profile(fitted: Estimate, level: float) -> Inference:
    """Likelihood-ratio tests of each coefficient, and the values they do not reject."""
    b = fitted.coefficients
    every = [(int(j), int(i)) for j, i in np.ndindex(*b.shape)]
    sample = fitted.profiled()
    limits = profile_limits(sample, every, dist.normal_quantile(0.5 + level / 2.0) ** 2)
    z = np.sign(b) * np.sqrt(coefficient_ratios(sample, every)).reshape(b.shape)
    covariance = in_terms(fitted.problem, fitted.inverse_information)
    se = np.sqrt(np.diag(covariance)).reshape(b.shape)
    lost = ~np.isfinite(z)
    z = np.where(lost, b / se, z)
    return Inference(
        interval="profile",
        covariance=covariance,
        standard_errors=se,
        z=z,
        p=dist.normal_two_sided(z),
        low=limits.low.reshape(b.shape),
        high=limits.high.reshape(b.shape),
        notes=(
            *_named(fitted, lost, "The fit without it did not settle, so the test is Wald's"),
            *open_limits(fitted, every, limits.low, limits.high),
        ),
    )


def open_limits(fitted: Estimate, chosen: list[tuple[int, int]], low: Vector, high: Vector) -> tuple[str, ...]:
    """A note on limits that could not be bracketed."""
    lost = np.zeros(fitted.coefficients.shape, dtype=bool)
    for (level, column), a, b in zip(chosen, low, high, strict=True):
        lost[level, column] = not (np.isfinite(a) and np.isfinite(b))
    return _named(fitted, lost, "A limit could not be bracketed and is open")


def _named(fitted: Estimate, which: np.ndarray, text: str) -> tuple[str, ...]:
    terms, levels = fitted.problem.terms, fitted.problem.levels[1:]
    found = [f"{terms[i]}, {levels[j]}" for j, i in np.argwhere(which)]
    return (f"{text}: {listed(found)}.",) if found else ()


def _covariance(fitted: Estimate, grouped: Clusters | None) -> Matrix:
    """Inverse information, or the CR1 sandwich around it; both in the orthonormal basis."""
    bread, problem = fitted.inverse_information, fitted.problem
    if grouped is None:
        return bread
    P = kernel.probabilities(problem.Q @ fitted.g.T)
    residuals = problem.weights[:, None] * (problem.Y - P)[:, 1:]
    scores = (residuals[:, :, None] * problem.Q[:, None, :]).reshape(problem.Q.shape[0], -1)
    totals = grouped.sums(scores)
    middle = totals.T @ totals * cr1_factor(grouped.count, problem.n, problem.parameters)
    return bread @ middle @ bread


def _refuse_zero_errors(fitted: Estimate, se: Matrix) -> None:
    """Terms that only say which cluster a participant is in have no error between clusters."""
    usual = np.sqrt(np.diag(in_terms(fitted.problem, fitted.inverse_information))).reshape(se.shape)
    smallest = np.asarray((se / usual).min(axis=0))
    named = zip(fitted.problem.terms, smallest.tolist(), strict=True)
    bad = [term for term, ratio in named if ratio <= 1e-10]
    if bad:
        raise StatisticsRefusedError(
            f"Between these clusters {listed(bad)} leave no error, so there is no cluster-robust standard error.",
            alternative="Leave out the clusters, or terms that only say which cluster a participant is in.",
        )
