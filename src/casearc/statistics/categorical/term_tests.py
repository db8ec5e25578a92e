"""Likelihood-ratio tests of whole predictors, and profile intervals of one term that matters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Matrix, Vector, Whole, confidence, frozen, listed
from casearc.statistics.categorical._batched_profile import coefficient_ratios, likelihood_ratios, profile_limits
from casearc.statistics.categorical._estimation import Penalty, estimate
from casearc.statistics.categorical._inference import open_limits
from casearc.statistics.categorical._problem import Problem, problem_of
from casearc.statistics.results import Result, Row, per_term


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PredictorTests(Result):
    """Likelihood-ratio tests of predictors, each over all levels of the outcome.

    Arrays are in the order of `predictors`. `statistic` is twice the fall of the log-likelihood (under Firth's penalty
    of the penalized one) when the predictor's coefficients are zero in every level, chi-square with `df`.
    """

    predictors: tuple[str, ...]
    statistic: Vector
    df: Whole
    p: Vector
    penalty: Penalty
    n: int

    def rows(self) -> list[Row]:
        """One row a predictor."""
        return per_term(self.predictors, {"statistic": self.statistic, "df": self.df, "p_value": self.p})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProfileIntervals(Result):
    """Profile-likelihood intervals of one term, one for each level against the first.

    Arrays have shape (J - 1,), in the order of ``levels[1:]``. `statistic` is the likelihood-ratio statistic of the
    coefficient being zero, chi-square with 1 df. A limit that could not be bracketed is infinite and in `notes`.
    """

    term: str
    levels: tuple[str, ...]
    coefficients: Vector
    low: Vector
    high: Vector
    statistic: Vector
    p: Vector
    level: float
    penalty: Penalty
    notes: tuple[str, ...] = ()

    def rows(self) -> list[Row]:
        """One row a level."""
        named = {
            "estimate": self.coefficients,
            "statistic": self.statistic,
            "p_value": self.p,
            "conf_low": self.low,
            "conf_high": self.high,
        }
        rows = per_term([self.term] * (len(self.levels) - 1), named)
        return [{"y_level": name, **row} for name, row in zip(self.levels[1:], rows, strict=True)]


def likelihood_ratio_tests(
    design: ArrayLike,
    outcome: ArrayLike,
    *,
    terms: Sequence[str],
    levels: Sequence[str],
    predictors: Mapping[str, Sequence[str]] | None = None,
    weights: ArrayLike | None = None,
    penalty: Penalty = "none",
) -> PredictorTests:
    """Test each predictor by leaving it out of every level's equation.

    Use it for "does the predictor matter at all", once a predictor, instead of J - 1 tests of its coefficients.

    Parameters
    ----------
    design, outcome, terms, levels, weights, penalty
        As in `multinomial`.
    predictors
        Which terms are one predictor, by its name (a factor's indicators, a spline's columns); by default every term
        but the constant is one.

    Raises
    ------
    StatisticsRefusedError
        What `multinomial` refuses; a predictor of no or unknown terms; a model without it that does not settle.

    Notes
    -----
    Under Firth's penalty the predictor's coefficients are held at zero and the penalty stays that of the full model
    (Heinze & Schemper 2002, Statistics in Medicine 21:2409-2419; as R's ``logistf::logistftest`` does), not that of a
    smaller model, whose penalty is on another scale. Checked against R's ``anova`` of ``nnet::multinom`` fits, and
    ``optim`` on the penalized likelihood.

    Examples
    --------
    >>> X = [[1, 0], [1, 0], [1, 0], [1, 1], [1, 1], [1, 1]]
    >>> y, named = [0, 0, 1, 0, 1, 1], {"terms": ["constant", "served"], "levels": ["same", "advanced"]}
    >>> tests = likelihood_ratio_tests(X, y, **named)
    >>> round(float(tests.statistic[0]), 4), round(float(tests.p[0]), 4)
    (0.6796, 0.4097)
    """
    problem = problem_of(design, outcome, terms, levels, weights)
    groups = _groups(problem, predictors)
    statistic = likelihood_ratios(estimate(problem, penalty).profiled(), list(groups.values()))
    lost = [name for name, value in zip(groups, statistic, strict=True) if not np.isfinite(value)]
    if lost:
        raise StatisticsRefusedError(
            f"The model without {listed(lost)} did not settle, so there is no test.",
            alternative="Drop other terms or merge levels.",
        )
    df = np.array([len(columns) for columns in groups.values()]) * (len(problem.levels) - 1)
    p = [dist.chi_square_upper(float(value), int(each)) for value, each in zip(statistic, df, strict=True)]
    return PredictorTests(
        predictors=tuple(groups),
        statistic=frozen(statistic),
        df=df,
        p=frozen(np.array(p)),
        penalty=penalty,
        n=problem.n,
    )


def profile_intervals(
    design: ArrayLike,
    outcome: ArrayLike,
    *,
    terms: Sequence[str],
    levels: Sequence[str],
    term: str,
    weights: ArrayLike | None = None,
    penalty: Penalty = "firth",
    level: float = 0.95,
) -> ProfileIntervals:
    """Profile intervals and tests of one term alone, many times faster than of all (`multinomial` gives all).

    Parameters
    ----------
    design, outcome, terms, levels, weights, penalty, level
        As in `multinomial`.
    term
        Which of the terms.

    Raises
    ------
    StatisticsRefusedError
        What `multinomial` refuses; a term the model lacks; a model without the term that does not settle.

    Examples
    --------
    >>> X = [[1, 0], [1, 0], [1, 0], [1, 1], [1, 1], [1, 1]]
    >>> y, named = [0, 0, 0, 1, 1, 1], {"terms": ["constant", "served"], "levels": ["same", "advanced"]}
    >>> interval = profile_intervals(X, y, term="served", **named)  # separated: maximum likelihood has no answer
    >>> round(float(interval.coefficients[0]), 4), round(float(interval.low[0]), 4)
    (3.8918, 0.4389)
    """
    confidence(level)
    problem = problem_of(design, outcome, terms, levels, weights)
    if term not in problem.terms:
        raise StatisticsRefusedError(
            f'The model has no term "{term}".', alternative=f"Its terms are {listed(problem.terms)}."
        )
    fitted = estimate(problem, penalty)
    column = problem.terms.index(term)
    chosen = [(j, column) for j in range(len(problem.levels) - 1)]
    sample = fitted.profiled()
    limits = profile_limits(sample, chosen, dist.normal_quantile(0.5 + level / 2.0) ** 2)
    statistic = coefficient_ratios(sample, chosen)
    if not np.isfinite(statistic).all():
        raise StatisticsRefusedError(
            f'The model without "{term}" did not settle, so there is no test.',
            alternative="Drop other terms or merge levels.",
        )
    return ProfileIntervals(
        term=term,
        levels=problem.levels,
        coefficients=frozen(fitted.coefficients[:, column].copy()),
        low=frozen(limits.low),
        high=frozen(limits.high),
        statistic=frozen(statistic),
        p=frozen(dist.normal_two_sided(np.sqrt(statistic))),
        level=level,
        penalty=penalty,
        notes=open_limits(fitted, chosen, limits.low, limits.high),
    )


def _groups(problem: Problem, predictors: Mapping[str, Sequence[str]] | None) -> dict[str, list[int]]:
    """Columns of each predictor."""
    if predictors is None:
        X: Matrix = problem.X[problem.weights > 0]
        varying = np.flatnonzero(np.ptp(X, axis=0) > 0.0)
        groups = {problem.terms[i]: [int(i)] for i in varying}
    else:
        unknown = [term for named in predictors.values() for term in named if term not in problem.terms]
        if unknown:
            raise StatisticsRefusedError(
                f"The model has no term {listed(unknown)}.", alternative=f"Its terms are {listed(problem.terms)}."
            )
        groups = {name: sorted({problem.terms.index(term) for term in named}) for name, named in predictors.items()}
    if not groups or not all(groups.values()):
        raise StatisticsRefusedError(
            "There is no predictor to be tested.", alternative="Name the terms of each predictor; a constant is none."
        )
    return groups
