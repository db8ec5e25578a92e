"""Sensitivity analyses on degenerate data: the numbers that reach them there, and what they make of them."""

from __future__ import annotations

import numpy as np
from cases import Case

from casearc.statistics.linear import linear
from casearc.statistics.sensitivity import (
    e_value,
    e_value_mean_difference,
    regression_to_mean,
    robustness_value,
)

NAMES = ["constant", "dose", "other"]


def _robustness(case: Case) -> object:
    return robustness_value(case.design("dose", "other"), case.outcome, terms=NAMES, term="dose", benchmarks=["other"])


def _robustness_to_a_flag(case: Case) -> object:
    design, names = case.design("flag", "dose"), ["constant", "flag", "dose"]
    return robustness_value(design, case.outcome, terms=names, term="flag", benchmarks=["dose"])


def _e_value_of_a_coefficient(case: Case) -> object:
    fit = linear(case.design("dose", "other"), case.outcome, terms=NAMES)
    sd = float(case.outcome.std())
    return e_value_mean_difference(float(fit.coefficients[1]), sd=sd, low=float(fit.low[1]), high=float(fit.high[1]))


def _e_value_of_a_risk_ratio(case: Case) -> object:
    flagged, rest = case.yes[case.flag > 0], case.yes[case.flag == 0]
    return e_value(float(flagged.sum() / max(flagged.size, 1)) / max(float(rest.sum()) / max(rest.size, 1), 1e-9))


def _regression(case: Case) -> object:
    mean = float(case.before.mean()) if case.before.size else float(np.nan)
    return regression_to_mean(sd=1.0, retest=0.7, cut=4.5, observed_mean=mean)


METHODS = {
    "robustness value": _robustness,
    "robustness value of an indicator": _robustness_to_a_flag,
    "E-value of a coefficient": _e_value_of_a_coefficient,
    "E-value of a risk ratio": _e_value_of_a_risk_ratio,
    "expected regression to the mean": _regression,
}
