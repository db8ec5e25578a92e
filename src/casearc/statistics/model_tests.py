"""Tests between and within fitted models: likelihood ratios and Wald tests of several terms at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _design
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Matrix, listed
from casearc.statistics.categorical.multinomial import MultinomialFit
from casearc.statistics.linear.fit import LinearFit
from casearc.statistics.results import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class LikelihoodRatio(Result):
    """Twice the difference of two log-likelihoods, chi-square with `df` under the smaller model."""

    statistic: float
    df: int
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WaldTest(Result):
    """Wald test that all coefficients of `terms` are zero.

    `statistic` is chi-square with `df`, or, where `df_denominator` is given, F with `df` and `df_denominator`.
    """

    terms: tuple[str, ...]
    statistic: float
    df: int
    df_denominator: float | None
    p: float


def likelihood_ratio(full: MultinomialFit, reduced: MultinomialFit) -> LikelihoodRatio:
    """Test the terms of `full` that `reduced` lacks.

    Raises
    ------
    StatisticsRefusedError
        The models are not nested (by names of terms), not on the same participants and levels, penalized, or clustered.

    Notes
    -----
    Checked against R's ``anova`` on ``nnet::multinom``.
    """
    if full.penalty != "none" or reduced.penalty != "none":
        raise StatisticsRefusedError(
            "Two penalized fits have penalties on different scales, so their likelihoods cannot be compared.",
            alternative="Use likelihood_ratio_tests, which keeps the larger model's penalty.",
        )
    if full.clusters is not None or reduced.clusters is not None:
        raise StatisticsRefusedError(
            "With clusters the likelihood is not that of the data.",
            alternative="Use wald_test on the larger model.",
        )
    if full.levels != reduced.levels or full.counts != reduced.counts:
        raise StatisticsRefusedError(
            "The two models do not rest on the same participants and levels.",
            alternative="Fit both on those who have every term of the larger one.",
        )
    extra = set(full.terms) - set(reduced.terms)
    if not extra or set(reduced.terms) - set(full.terms):
        raise StatisticsRefusedError(
            "The smaller model is not part of the larger one.",
            alternative="The larger model must have every term of the smaller and at least one more.",
        )
    df = len(extra) * (len(full.levels) - 1)
    statistic = max(2.0 * (full.log_likelihood - reduced.log_likelihood), 0.0)
    return LikelihoodRatio(statistic=statistic, df=df, p=dist.chi_square_upper(statistic, df))


def wald_test(fit: LinearFit | MultinomialFit, terms: Sequence[str]) -> WaldTest:
    """Test that the coefficients of `terms` are all zero, with the fit's covariance; multinomial: in every level.

    Raises
    ------
    StatisticsRefusedError
        A term the model lacks, or more coefficients than the number of clusters can bear.

    Notes
    -----
    With CR2 the F is Hotelling's T2 scaled as Pustejovsky & Tipton (2018) do. Checked against R's ``lmtest::waldtest``
    and ``clubSandwich::Wald_test(test = "HTZ")``.
    """
    unknown = [term for term in terms if term not in fit.terms]
    if unknown or not terms:
        raise StatisticsRefusedError(
            f"The model has no term {listed(unknown)}." if unknown else "No term is named to be tested.",
            alternative=f"Its terms are {listed(fit.terms)}.",
        )
    chosen = [fit.terms.index(term) for term in dict.fromkeys(terms)]
    blocks = 1 if isinstance(fit, LinearFit) else len(fit.levels) - 1
    contrasts = np.eye(fit.covariance.shape[0])[[block * len(fit.terms) + i for block in range(blocks) for i in chosen]]
    found = fit.f_test(contrasts) if isinstance(fit, LinearFit) else _multinomial(fit, contrasts)
    if found is None:
        count = contrasts.shape[0]
        what = "The coefficient cannot be tested" if count == 1 else f"{count} coefficients cannot be tested at once"
        raise StatisticsRefusedError(
            f"{what} with so few clusters or participants.",
            alternative="Test fewer terms, or leave out the clusters.",
        )
    statistic, df = found
    q = contrasts.shape[0]
    return WaldTest(
        terms=tuple(fit.terms[i] for i in chosen),
        statistic=statistic,
        df=q,
        df_denominator=df,
        p=dist.chi_square_upper(statistic, q) if df is None else dist.f_upper(statistic, q, df),
    )


def _multinomial(fit: MultinomialFit, contrasts: Matrix) -> tuple[float, float | None] | None:
    """Chi-square, or F where clusters give a denominator; None where they cannot bear so many contrasts."""
    statistic = _design.wald_statistic(fit.coefficients.ravel(), fit.covariance, contrasts)
    q, df = contrasts.shape[0], fit.df_inference
    if statistic is None or (df is not None and q > df):
        return None
    return (statistic, None) if df is None else (statistic / q, float(df))
