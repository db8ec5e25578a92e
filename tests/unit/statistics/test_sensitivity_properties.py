"""Promises of sensitivity analyses: what they say a confounder would do, it does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from casearc.errors import StatisticsRefusedError
from casearc.statistics.linear import linear, term_effects
from casearc.statistics.sensitivity import (
    e_value,
    e_value_mean_difference,
    regression_to_mean,
    robustness_value,
)

NAMES = ["constant", "months", "need"]


def made_up(seed: int, n: int = 60) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    need = rng.normal(size=n)
    months = 6.0 + need + rng.normal(size=n)
    return np.column_stack([np.ones(n), months, need]), 0.6 * months - need + rng.normal(size=n)


def confounder(X: np.ndarray, y: np.ndarray, of_exposure: float, of_outcome: float) -> np.ndarray:
    """A column that explains exactly these shares of what is left of exposure and outcome, to weaken the estimate."""
    rest = np.delete(X, 1, axis=1)

    def left(v: np.ndarray, on: np.ndarray) -> np.ndarray:
        e = v - on @ np.linalg.lstsq(on, v, rcond=None)[0]
        return e / np.linalg.norm(e)

    exposure = left(X[:, 1], rest)
    outcome = left(y, X)
    sign = np.sign(float(exposure @ y))
    other = left(np.random.default_rng([7, 7]).normal(size=y.size), np.column_stack([X, y]))
    inside = np.sqrt(1.0 - of_exposure)
    return sign * np.sqrt(of_exposure) * exposure + inside * (
        np.sqrt(of_outcome) * outcome + np.sqrt(1.0 - of_outcome) * other
    )


@given(seed=st.integers(0, 300))
@settings(max_examples=25, deadline=None)
def test_a_confounder_as_strong_as_the_robustness_value_explains_all_away(seed: int) -> None:
    X, y = made_up(seed)
    found = robustness_value(X, y, terms=NAMES, term="months")
    strength = found.robustness
    wide = np.column_stack([X, confounder(X, y, strength, strength)])
    refit = linear(wide, y, terms=[*NAMES, "unmeasured"], covariance="classical")
    assert refit.coefficients[1] == pytest.approx(0.0, abs=1e-9)


@given(seed=st.integers(0, 300))
@settings(max_examples=25, deadline=None)
def test_one_as_strong_as_the_second_value_takes_the_interval_to_zero(seed: int) -> None:
    X, y = made_up(seed)
    found = robustness_value(X, y, terms=NAMES, term="months")
    strength = found.robustness_alpha
    critical = stats.t.ppf(0.975, found.df - 1)
    if strength == 0.0 or abs(found.t) / np.sqrt(found.df) > np.sqrt(found.df - 1) / critical:
        return
    wide = np.column_stack([X, confounder(X, y, strength, strength)])
    refit = linear(wide, y, terms=[*NAMES, "unmeasured"], covariance="classical")
    assert abs(refit.t[1]) == pytest.approx(critical, rel=1e-7)


def test_a_benchmark_s_bound_is_what_such_a_confounder_does() -> None:
    X, y = made_up(3)
    bound = robustness_value(X, y, terms=NAMES, term="months", benchmarks=["need"], multiples=(0.2,)).benchmarks[0]
    wide = np.column_stack([X, confounder(X, y, bound.r_squared_exposure, bound.r_squared_outcome)])
    refit = linear(wide, y, terms=[*NAMES, "unmeasured"], covariance="classical")
    assert [refit.coefficients[1], refit.standard_errors[1]] == pytest.approx([bound.estimate, bound.se], rel=1e-8)
    effects = term_effects(wide, y, terms=[*NAMES, "unmeasured"])
    assert effects.partial_r_squared[-1] == pytest.approx(bound.r_squared_outcome, rel=1e-8)


@given(log_ratio=st.floats(-3.0, 3.0))
def test_confounding_of_the_size_of_the_e_value_explains_the_ratio(log_ratio: float) -> None:
    """The bounding factor of Ding and VanderWeele at both associations equal to E."""
    found = e_value(float(np.exp(log_ratio)))
    e = found.e_value
    assert e * e / (2.0 * e - 1.0) == pytest.approx(float(np.exp(abs(log_ratio))), rel=1e-7)
    assert e_value(float(np.exp(-log_ratio))).e_value == pytest.approx(e, rel=1e-7)


def test_an_interval_that_holds_one_needs_no_confounding() -> None:
    assert e_value(1.5, low=0.9, high=2.5).e_value_limit == 1.0
    assert e_value(0.7, low=0.4, high=1.1).e_value_limit == 1.0
    assert e_value_mean_difference(0.3, sd=1.0, low=-0.1, high=0.7).e_value_limit == 1.0


def test_the_known_answer() -> None:
    found = e_value(3.9, low=1.8)
    assert (found.e_value, found.e_value_limit) == pytest.approx((7.26303434, 3.0), abs=5e-9)


@pytest.mark.parametrize(
    "options",
    [
        {"estimate": -1.0},
        {"estimate": 2.0, "low": 3.0},
        {"estimate": 2.0, "measure": "odds ratio"},
        {"estimate": float("nan")},
    ],
)
def test_what_is_no_ratio_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(StatisticsRefusedError):
        e_value(**options)


def test_expected_regression_is_what_selected_people_show() -> None:
    rng = np.random.default_rng(4)
    first = rng.normal(50.0, 10.0, 1_000_000)
    second = 50.0 + 0.7 * (first - 50.0) + np.sqrt(1 - 0.49) * rng.normal(0.0, 10.0, first.size)
    chosen = first < 42.0
    found = regression_to_mean(sd=10.0, retest=0.7, cut=42.0, observed_mean=float(first[chosen].mean()))
    assert found.expected_change == pytest.approx(float((second - first)[chosen].mean()), abs=0.05)
    assert found.population_mean == pytest.approx(50.0, abs=0.2)
    assert found.selected_share == pytest.approx(chosen.mean(), abs=0.005)


@given(mean=st.floats(-3.0, 3.0))
def test_solving_for_the_mean_goes_back_and_forth(mean: float) -> None:
    there = regression_to_mean(sd=2.0, retest=0.6, cut=1.0, population_mean=mean)
    back = regression_to_mean(sd=2.0, retest=0.6, cut=1.0, observed_mean=there.selected_mean)
    assert back.population_mean == pytest.approx(mean, abs=1e-6)
    assert there.expected_change == pytest.approx(0.4 * (mean - there.selected_mean), rel=1e-9)


def test_without_exactly_one_mean_it_is_refused() -> None:
    for means in ({}, {"population_mean": 1.0, "observed_mean": 0.0}):
        with pytest.raises(StatisticsRefusedError, match="one mean"):
            regression_to_mean(sd=1.0, retest=0.5, cut=0.0, **means)
    with pytest.raises(StatisticsRefusedError, match="side of the cut"):
        regression_to_mean(sd=1.0, retest=0.5, cut=0.0, observed_mean=0.5)
