"""Promise: E-values, robustness values, benchmarks and regression to the mean are the papers', as R works them out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from stored import DataSet, gap, load

from casearc.statistics.linear import linear
from casearc.statistics.sensitivity import benchmark, e_value, expected_regression, robustness_value

SETS = load("sensitivity")
CLOSED = 1e-8


@pytest.mark.parametrize("data", SETS, ids=str)
def test_robustness_and_benchmark(data: DataSet) -> None:
    r = data.reference
    found = robustness_value(r["t"], int(r["df"]))
    assert gap([found.rv, found.rv_alpha, found.partial_r2], [r["rv"], r["rv_alpha"], r["r2"]]) < CLOSED
    bound = benchmark(
        covariate="age",
        estimate=r["est"],
        se=r["error"],
        df=int(r["df"]),
        r2_dose=r["r2_dose"],
        r2_outcome=r["r2_outcome"],
        strength=0.5,
    )
    assert gap([bound.estimate, bound.se], [r["bound.estimate"], r["bound.se"]]) < CLOSED


@pytest.mark.parametrize("data", SETS, ids=str)
def test_e_values(data: DataSet) -> None:
    r = data.reference
    found = e_value(r["b"], r["low"], r["high"], measure="standardized", sd=r["sd"])
    assert gap([found.e_estimate, found.e_limit], [r["e"], r["e_limit"]]) < CLOSED
    common = e_value(r["or"], r["or_low"], r["or"] * 1.4, measure="odds ratio, common")
    assert gap([common.e_estimate, common.e_limit], [r["e_common"], r["e_common_limit"]]) < CLOSED


@pytest.mark.parametrize("data", SETS, ids=str)
def test_regression_to_the_mean(data: DataSet) -> None:
    r = data.reference
    known = {"population_sd": r["sd0"], "retest": r["retest"], "cut": r["cut"]}
    found = expected_regression(**known, population_mean=r["mu"])
    assert gap(found.expected, r["regression"]) < CLOSED
    worked_out = expected_regression(**known, enrolled_mean=r["enrolled"])
    assert gap([worked_out.population_mean, worked_out.expected], [r["mu"], r["regression"]]) < CLOSED


def test_a_confounder_of_that_strength_explains_the_estimate_away() -> None:
    """Built to explain the robustness value of what is left of dose and outcome: adjusted for it, nothing is left."""
    data = SETS[2].columns
    X = np.column_stack([np.ones(data["dose"].size), data["age"]])

    def left(y: np.ndarray) -> np.ndarray:
        return y - X @ np.linalg.lstsq(X, y, rcond=None)[0]

    rng = np.random.default_rng(1)
    dose, outcome = left(data["dose"]), left(data["score"])
    free = outcome - dose * (dose @ outcome) / (dose @ dose)
    fit = linear(np.column_stack([X, data["dose"]]), data["score"], terms=["1", "age", "dose"], covariance="classical")
    rv = robustness_value(float(fit.t[2]), fit.df_residual).rv
    noise = left(rng.normal(size=dose.size))
    for part in (dose, free):
        noise = noise - part * (part @ noise) / (part @ part)
    on_outcome = math.sqrt(rv)  # correlation with what dose leaves of the outcome
    on_dose = math.sqrt(rv / (1 - rv))
    unit = [part / np.linalg.norm(part) for part in (dose, free, noise)]
    within = unit[1] * on_outcome + unit[2] * math.sqrt(1 - rv)
    hidden = unit[0] * on_dose * math.copysign(1.0, fit.coefficients[2]) + within
    with_it = np.column_stack([X, data["dose"], hidden])
    adjusted = linear(with_it, data["score"], terms=["1", "age", "dose", "z"], covariance="classical")
    assert abs(adjusted.coefficients[2]) < 1e-9
