"""Promises of linear models beyond the fit: batches are refits; curves, effects and influence keep their identities."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casearc.errors import StatisticsRefusedError
from casearc.statistics.linear import (
    assumption_checks,
    bootstrap_linear,
    influence,
    leave_one_out,
    linear,
    linear_replicate_errors,
    linear_replicates,
    linear_spline,
    predicted_mean,
    spline_basis,
    spline_curve,
    spline_knots,
    term_effects,
)
from casearc.statistics.model_tests import wald_test
from casearc.statistics.resampling import case_weights

NAMES = ["constant", "months", "housed"]


def made_up(seed: int, n: int = 40) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = np.column_stack([np.ones(n), rng.exponential(6.0, n), rng.permutation(n) % 2])
    return X, 2.0 + 0.1 * X[:, 1] + rng.normal(size=n)


@given(seed=st.integers(0, 200))
@settings(max_examples=30)
def test_replicates_are_weighted_fits(seed: int) -> None:
    X, y = made_up(seed)
    X[:, 1] = 1e6 + 1e3 * X[:, 1]
    weights = case_weights(40, draws=5, rng_or_seed=seed)
    b, se = linear_replicate_errors(X, y, weights)
    assert (linear_replicates(X, y, weights) == b).all()
    for draw in range(5):
        fit = linear(X, y, terms=NAMES, weights=weights[draw])
        assert b[draw] == pytest.approx(fit.coefficients, rel=1e-8)
        assert se[draw] == pytest.approx(fit.standard_errors, rel=1e-7)


def test_a_draw_that_lacks_a_level_has_failed() -> None:
    X, y = made_up(1)
    X[:, 2] = 0.0
    X[:2, 2] = 1.0
    weights = np.ones((2, 40), dtype=int)
    weights[1, :2] = 0
    b = linear_replicates(X, y, weights)
    assert np.isfinite(b[0]).all()
    assert np.isnan(b[1]).all()
    found = bootstrap_linear(X, y, terms=NAMES, rng_or_seed=1)
    expected = (1 - 2 / 40) ** 40
    assert found.failed / 2000 == pytest.approx(np.full(3, expected), abs=0.03)


def test_cr2_of_single_participants_has_hc2_errors() -> None:
    X, y = made_up(2)
    each = linear(X, y, terms=NAMES, covariance="CR2", clusters=np.arange(40))
    hc2 = linear(X, y, terms=NAMES, covariance="HC2")
    assert each.standard_errors == pytest.approx(hc2.standard_errors, rel=1e-10)
    assert (each.df < 37).all()


def test_cr2_counts_weights_as_participants() -> None:
    X, y = made_up(3)
    weights, sites = np.arange(40) % 3, np.arange(40) % 9
    weighted = linear(X, y, terms=NAMES, weights=weights, covariance="CR2", clusters=sites)
    repeated = linear(
        np.repeat(X, weights, axis=0),
        np.repeat(y, weights),
        terms=NAMES,
        covariance="CR2",
        clusters=np.repeat(sites, weights),
    )
    for field in ("standard_errors", "df"):
        assert getattr(weighted, field) == pytest.approx(getattr(repeated, field), rel=1e-9), field


def test_a_joint_test_of_one_term_is_its_t_test() -> None:
    X, y = made_up(4)
    fit = linear(X, y, terms=NAMES, covariance="CR2", clusters=np.arange(40) % 12)
    test = wald_test(fit, ["housed"])
    assert test.statistic == pytest.approx(fit.t[2] ** 2, rel=1e-9)
    assert (test.df_denominator, test.p) == pytest.approx((fit.df[2], fit.p[2]), rel=1e-9)


def test_a_prediction_of_one_coefficient_has_its_interval() -> None:
    X, y = made_up(5)
    fit = linear(X, y, terms=NAMES, covariance="CR2", clusters=np.arange(40) % 12)
    at = predicted_mean(fit, [[0.0, 1.0, 0.0]])
    assert [at.low[0], at.high[0]] == pytest.approx([fit.low[1], fit.high[1]], rel=1e-12)


def test_cr2_without_clusters_or_with_one_is_refused() -> None:
    X, y = made_up(6)
    with pytest.raises(StatisticsRefusedError, match="needs clusters"):
        linear(X, y, terms=NAMES, covariance="CR2")
    with pytest.raises(StatisticsRefusedError, match="one cluster"):
        linear(X, y, terms=NAMES, covariance="CR2", clusters=np.zeros(40))


@given(seed=st.integers(0, 200))
@settings(max_examples=20)
def test_effects_have_their_identities(seed: int) -> None:
    X, y = made_up(seed)
    found = term_effects(X, y, terms=NAMES)
    fit = linear(X, y, terms=NAMES, covariance="classical")
    assert found.partial_r_squared == pytest.approx(fit.t[1:] ** 2 / (fit.t[1:] ** 2 + 37), rel=1e-9)
    partial = np.asarray(found.partial_r_squared)
    assert found.cohen_f_squared == pytest.approx(partial / (1 - partial), rel=1e-9)
    assert found.semipartial_r_squared == pytest.approx(partial * (1 - found.r_squared) / (1 - partial), rel=1e-9)
    assert found.beta_outcome == pytest.approx(fit.coefficients[1:] / y.std(ddof=1), rel=1e-9)
    whole = term_effects(X, y, terms=NAMES, groups={"all": NAMES[1:]})
    assert whole.semipartial_r_squared[0] == pytest.approx(fit.r_squared, rel=1e-9)


def test_leaving_out_is_refitting() -> None:
    X, y = made_up(7)
    found = influence(X, y, terms=NAMES)
    refits = np.array([linear(np.delete(X, i, axis=0), np.delete(y, i), terms=NAMES).coefficients for i in range(40)])
    assert found.without == pytest.approx(refits, rel=1e-9)
    assert found.hat.sum() == pytest.approx(3.0)
    one = leave_one_out(X, y, terms=NAMES, term="months")
    assert (one.lowest, one.highest) == pytest.approx((refits[:, 1].min(), refits[:, 1].max()), rel=1e-9)


def test_a_basis_is_smooth_and_straight_outside_its_knots() -> None:
    knots = np.array([2.0, 5.0, 7.0, 11.0])
    x = np.linspace(-5.0, 20.0, 2501)
    basis = spline_basis(x, knots)
    bend = np.diff(basis, 2, axis=0)
    outside = (x[1:-1] < knots[0]) | (x[1:-1] > knots[-1])
    assert np.abs(bend[outside]).max() < 1e-9
    assert np.abs(np.diff(bend, axis=0)).max() < 1e-5
    assert (basis[:, 0] == x).all()


def test_a_line_is_not_told_from_its_curve_and_a_parabola_is() -> None:
    x = np.linspace(0.0, 10.0, 200)
    noise = np.random.default_rng(8).normal(size=200)
    X = np.column_stack([np.ones(200), x])
    line = linear_spline(X, x + noise, terms=["constant", "months"], column=1, knots=4)
    bent = linear_spline(X, 0.2 * (x - 5.0) ** 2 + noise, terms=["constant", "months"], column=1, knots=4)
    assert line.nonlinearity_p > 0.01 > bent.nonlinearity_p
    curve = spline_curve(bent, [1.0, 5.0, 9.0], rows=X, reference=5.0)
    assert curve.mean[0] > 1.0
    assert (curve.mean[1], curve.low[1], curve.high[1]) == (0.0, 0.0, 0.0)


def test_a_curve_does_not_depend_on_the_unit_of_its_term() -> None:
    X, y = made_up(9)
    in_months = linear_spline(X, y, terms=NAMES, column=1)
    days = X * np.array([1.0, 30.0, 1.0])
    in_days = linear_spline(days, y, terms=NAMES, column=1)
    assert in_days.nonlinearity_p == pytest.approx(in_months.nonlinearity_p, rel=1e-8)
    one, other = (
        spline_curve(fit, points, rows=rows)
        for fit, points, rows in ((in_months, [1.0, 9.0], X), (in_days, [30.0, 270.0], days))
    )
    assert one.mean == pytest.approx(other.mean, rel=1e-9)
    assert one.se == pytest.approx(other.se, rel=1e-8)


def test_knots_that_coincide_are_refused() -> None:
    with pytest.raises(StatisticsRefusedError, match="share one value"):
        spline_knots([0.0] * 60 + list(range(20)), 4)


def test_checks_find_what_is_wrong() -> None:
    rng = np.random.default_rng(10)
    x = rng.uniform(0.0, 10.0, 300)
    X = np.column_stack([np.ones(300), x, x + 0.01 * rng.normal(size=300)])
    y = 0.5 * x**2 + (0.2 + x) * rng.standard_t(3, size=300)
    y[0] += 300.0
    found = {check.name: check for check in assumption_checks(X, y, terms=["constant", "a", "b"]).checks}
    for name in ("Koenker", "White", "Shapiro-Wilk", "Jarque-Bera", "variance inflation", "largest residual"):
        assert found[name].concern, name
    assert '"a" and "b"' in found["variance inflation"].sentence
    assert all(check.sentence.endswith(".") for check in found.values())
