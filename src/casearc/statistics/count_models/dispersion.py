"""Whether counts vary as a Poisson model has it: tests of overdispersion and of too many zeros."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Vector
from casearc.statistics.count_models._problem import CountProblem, count_problem
from casearc.statistics.count_models.negative_binomial import fitted_negative_binomial
from casearc.statistics.count_models.poisson import fitted_poisson
from casearc.statistics.results import Result

FEW_ZEROS = 1e-4
"""With fewer zeros expected than this share of one participant, the score test rests on nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdispersion(Result):
    """Tests of more spread than Poisson's.

    Attributes
    ----------
    dispersion, pearson, df, pearson_p
        Pearson's chi-square over its df, and its upper tail; rough where expected counts are below about 1.
    regression_alpha, regression_t, regression_p
        Cameron and Trivedi: slope of ((y - mu)^2 - y) / mu on mu, an estimate of 1 / theta; one-sided.
    lr_statistic, lr_p
        Negative binomial against Poisson; half of the chi-square's tail, theta being infinite at the edge of what it
        can be. None where the negative binomial fit does not settle.
    theta
        Of the negative binomial; None where it ran to infinity (no overdispersion) or did not settle.
    """

    dispersion: float
    pearson: float
    df: int
    pearson_p: float
    regression_alpha: float
    regression_t: float | None
    regression_p: float | None
    lr_statistic: float | None
    lr_p: float | None
    theta: float | None
    n: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ZeroInflation(Result):
    """Zeros found beside those a model expects.

    Attributes
    ----------
    observed
        Participants without any event.
    expected, ratio
        Zeros the Poisson fit expects, and observed over expected.
    statistic, df, p
        Score test against a Poisson model with a constant share of extra zeros, two-sided; `excess` says whether there
        are more zeros than expected (True) or fewer. None where no zero is to be expected at all.
    expected_negative_binomial
        Zeros the negative binomial fit expects: near `observed`, overdispersion alone explains them. None where theta
        ran to infinity.
    """

    observed: int
    expected: float
    ratio: float | None
    statistic: float | None
    df: int
    p: float | None
    excess: bool
    expected_negative_binomial: float | None
    n: int
    notes: tuple[str, ...] = ()


def overdispersion(
    design: ArrayLike,
    counts: ArrayLike,
    *,
    terms: Sequence[str],
    exposure: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> Overdispersion:
    """Test whether counts vary more than a Poisson model with these terms allows.

    Use it before believing errors of ``covariance="model"``. A large p at n = 95 does not show that there is none: the
    sandwich costs little.

    Parameters
    ----------
    design, counts, terms, exposure, weights
        As in `poisson`.

    Raises
    ------
    StatisticsRefusedError
        What `poisson` refuses.

    Notes
    -----
    Cameron & Trivedi (1990), Journal of Econometrics 46:347-364; the mixture of the likelihood ratio: Self & Liang
    (1987), JASA 82:605-610. Checked against R's ``AER::dispersiontest(trafo = 2)`` (whose p takes the statistic as
    normal; here it is t with n - 1 degrees of freedom) and ``MASS::glm.nb``.

    Examples
    --------
    >>> X = [[1, 0]] * 5 + [[1, 1]] * 5
    >>> found = overdispersion(X, [0, 1, 5, 2, 9, 0, 3, 14, 22, 1], terms=["constant", "served"])
    >>> round(found.dispersion, 3), found.lr_p < 0.001
    (7.737, True)
    """
    problem = count_problem(design, counts, terms, exposure, weights)
    summit = fitted_poisson(problem)
    mu = _means(problem, summit.parameters[0])
    y, w = problem.counts, problem.weights
    pearson, df = float((w * (y - mu) ** 2 / mu).sum()), problem.n - len(problem.terms)
    alpha, t = _regression(problem, mu)
    found = _negative_binomial(problem)
    statistic = None if found is None else max(2.0 * (found[0] - float(summit.value[0])), 0.0)
    return Overdispersion(
        dispersion=pearson / df,
        pearson=pearson,
        df=df,
        pearson_p=dist.chi_square_upper(pearson, df),
        regression_alpha=alpha,
        regression_t=t,
        regression_p=None if t is None else _upper_t(t, problem.n - 1),
        lr_statistic=statistic,
        lr_p=None if statistic is None else _boundary_p(statistic),
        theta=None if found is None else found[1],
        n=problem.n,
        notes=_notes(found, t),
    )


def zero_inflation(
    design: ArrayLike,
    counts: ArrayLike,
    *,
    terms: Sequence[str],
    exposure: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> ZeroInflation:
    """Count zeros beside those a Poisson model expects, and test the difference.

    More zeros than Poisson's are a sign of overdispersion of any kind: look at `expected_negative_binomial` before
    speaking of people who could have no event at all.

    Parameters
    ----------
    design, counts, terms, exposure, weights
        As in `poisson`.

    Raises
    ------
    StatisticsRefusedError
        What `poisson` refuses.

    Notes
    -----
    van den Broek (1995), Biometrics 51:738-743, with the terms' information taken off (x'mu solved in X'MX). Checked
    against an R script of that formula.

    Examples
    --------
    >>> X = [[1, 0]] * 5 + [[1, 1]] * 5
    >>> found = zero_inflation(X, [0, 0, 0, 4, 6, 0, 0, 5, 7, 5], terms=["constant", "served"])
    >>> found.observed, round(found.expected, 2), found.excess
    (5, 0.84, True)
    """
    problem = count_problem(design, counts, terms, exposure, weights)
    mu = _means(problem, fitted_poisson(problem).parameters[0])
    w = problem.weights
    observed, expected = float(w[problem.counts == 0].sum()), float((w * np.exp(-mu)).sum())
    statistic = _score(problem, mu) if expected > FEW_ZEROS and mu.max() < 300.0 else None
    thin = "No zeros are to be expected at such rates, so the score test of extra zeros rests on nothing."
    return ZeroInflation(
        observed=int(observed),
        expected=expected,
        ratio=observed / expected if expected > FEW_ZEROS else None,
        statistic=statistic,
        df=1,
        p=None if statistic is None else dist.chi_square_upper(statistic, 1),
        excess=observed > expected,
        expected_negative_binomial=_zeros_of_negative_binomial(problem),
        n=problem.n,
        notes=(thin,) if statistic is None else (),
    )


def _means(problem: CountProblem, parameters: Vector) -> Vector:
    return np.asarray(np.exp(problem.Z @ parameters + problem.offset), dtype=np.float64)


def _regression(problem: CountProblem, mu: Vector) -> tuple[float, float | None]:
    """Slope through zero of the scaled excess on the means, and its t; None where the excess has no error."""
    y, w = problem.counts, problem.weights
    excess = ((y - mu) ** 2 - y) / mu
    across = float((w * mu**2).sum())
    alpha = float((w * mu * excess).sum()) / across
    rest = float((w * (excess - alpha * mu) ** 2).sum())
    if rest <= 1e-20 * float((w * excess**2).sum()) or problem.n < 2:
        return alpha, None
    return alpha, alpha / math.sqrt(rest / (problem.n - 1) / across)


def _negative_binomial(problem: CountProblem) -> tuple[float, float | None] | None:
    """Log-likelihood and theta of the negative binomial; Poisson's and None at the boundary; None if not settled."""
    try:
        summit = fitted_negative_binomial(problem)
    except StatisticsRefusedError:
        return None
    if summit is None:
        return float(fitted_poisson(problem).value[0]), None
    return float(summit.value[0]), math.exp(-float(summit.parameters[0, -1]))


def _boundary_p(statistic: float) -> float:
    """Half of the chi-square's tail; one where the estimate lies on the boundary."""
    return 0.5 * dist.chi_square_upper(statistic, 1) if statistic > 0.0 else 1.0


def _upper_t(t: float, df: int) -> float:
    half = 0.5 * float(dist.t_two_sided(t, df))
    return half if t > 0 else 1.0 - half


def _notes(found: tuple[float, float | None] | None, t: float | None) -> tuple[str, ...]:
    notes = []
    if found is None:
        notes.append("The negative binomial did not settle, so there is no likelihood ratio.")
    elif found[1] is None:
        notes.append("The likelihood rises as theta grows without end: no overdispersion beyond the Poisson law.")
    if t is None:
        notes.append("The excess over the Poisson spread has no error of its own, so the regression has no t.")
    return tuple(notes)


def _score(problem: CountProblem, mu: Vector) -> float | None:
    w, none = problem.weights, np.exp(-mu)
    score = float((w * ((problem.counts == 0) / none - 1.0)).sum())
    across = problem.Z.T @ (w * mu)
    taken = float(across @ np.linalg.solve(problem.Z.T @ (problem.Z * (w * mu)[:, None]), across))
    own = float((w * np.expm1(mu)).sum())
    return score**2 / (own - taken) if own - taken > 1e-10 * own else None


def _zeros_of_negative_binomial(problem: CountProblem) -> float | None:
    try:
        summit = fitted_negative_binomial(problem)
    except StatisticsRefusedError:
        return None
    if summit is None:
        return None
    theta = math.exp(-float(summit.parameters[0, -1]))
    mu = _means(problem, summit.parameters[0, :-1])
    return float((problem.weights * np.exp(-theta * np.log1p(mu / theta))).sum())
