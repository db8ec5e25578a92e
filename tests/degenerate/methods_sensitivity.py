"""Sensitivity of results on degenerate data: the numbers that reach it there, and what it makes of them."""

from __future__ import annotations

from cases import Case

from casearc.statistics.linear import linear
from casearc.statistics.sensitivity import benchmark, e_value, expected_regression, robustness_value


def _fit(case: Case) -> object:
    return linear(case.design("dose", "other"), case.outcome, terms=["1", "dose", "other"], covariance="classical")


def _robustness(case: Case) -> object:
    fit = _fit(case)
    return robustness_value(float(fit.t[1]), fit.df_residual)


def _e_value(case: Case) -> object:
    fit = _fit(case)
    values = (float(part[1]) for part in (fit.coefficients, fit.low, fit.high))
    return e_value(*values, measure="standardized", sd=case.outcome.std())


def _benchmark(case: Case) -> object:
    fit = _fit(case)
    return benchmark(
        covariate="other",
        estimate=float(fit.coefficients[1]),
        se=float(fit.standard_errors[1]),
        df=fit.df_residual,
        r2_dose=0.1,
        r2_outcome=0.1,
    )


def _regression(case: Case) -> object:
    before = case.before[case.before == case.before]
    mean = float(before.mean()) if before.size else float("nan")
    return expected_regression(population_sd=1.0, retest=0.7, cut=5.0, enrolled_mean=mean)


METHODS = {
    "robustness value": _robustness,
    "E-value": _e_value,
    "benchmark": _benchmark,
    "regression to the mean": _regression,
}
