"""Promises of the regression kernels: weights are repetitions, units do not matter, batches equal single fits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casearc.errors import StatisticsRefusedError
from casearc.statistics._least_squares import solve
from casearc.statistics.categorical import (
    average_probability,
    multinomial,
    predict_probabilities,
    predicted_probability,
    separation,
)
from casearc.statistics.linear import linear, predicted_mean
from casearc.statistics.model_tests import likelihood_ratio, wald_test
from casearc.statistics.paired import cohen_d_av

TERMS = ["constant", "months", "housed"]


def made_up(seed: int, n: int = 60) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = np.column_stack([np.ones(n), rng.exponential(6.0, n), rng.integers(0, 2, n)])
    y = 2.0 + 0.1 * X[:, 1] + rng.normal(size=n)
    stage = (rng.random(n) < 0.3).astype(int) + (rng.random(n) < 0.5)
    return X, y, stage


@pytest.mark.parametrize("covariance", ["classical", "HC0", "HC1", "HC2", "HC3"])
def test_a_weight_of_two_is_two_participants(covariance: str) -> None:
    X, y, _ = made_up(1)
    weights = np.random.default_rng(2).integers(0, 4, y.size)
    weighted = linear(X, y, terms=TERMS, weights=weights, covariance=covariance)
    repeated = linear(
        np.repeat(X, weights, axis=0), np.repeat(y, weights), terms=TERMS, covariance=covariance
    )
    assert weighted.n == repeated.n
    for field in ("coefficients", "standard_errors", "p", "low", "high"):
        assert getattr(weighted, field) == pytest.approx(getattr(repeated, field), rel=1e-10), field
    for field in ("r_squared", "adjusted_r_squared", "f", "classical_f", "residual_sd"):
        assert getattr(weighted, field) == pytest.approx(getattr(repeated, field), rel=1e-10), field


@pytest.mark.parametrize("penalty", ["none", "firth"])
def test_a_weight_of_two_is_two_participants_in_stages(penalty: str) -> None:
    X, _, stage = made_up(3)
    weights = np.random.default_rng(4).integers(1, 4, stage.size)
    weighted = multinomial(X, stage, terms=TERMS, levels="abc", weights=weights, penalty=penalty)
    repeated = multinomial(
        np.repeat(X, weights, axis=0), np.repeat(stage, weights), terms=TERMS, levels="abc", penalty=penalty
    )
    assert (weighted.n, weighted.counts) == (repeated.n, repeated.counts)
    for field in ("coefficients", "standard_errors", "log_likelihood", "nagelkerke"):
        assert getattr(weighted, field) == pytest.approx(getattr(repeated, field), rel=1e-7), field


def test_a_batch_of_weights_is_as_many_single_fits() -> None:
    X, y, _ = made_up(5)
    weights = np.random.default_rng(6).multinomial(y.size, np.full(y.size, 1 / y.size), size=7).astype(float)
    batch = solve(X, y, weights)
    for draw in range(7):
        single = solve(X, y, weights[draw])
        assert batch.coefficients[draw] == pytest.approx(single.coefficients, rel=1e-10)
        assert batch.inverse_r[draw] == pytest.approx(single.inverse_r, rel=1e-9, abs=1e-12)


def test_units_do_not_matter() -> None:
    X, y, stage = made_up(7)
    scale = np.array([1.0, 1e-6, 1e5])
    plain, scaled = linear(X, y, terms=TERMS), linear(X * scale, y, terms=TERMS)
    assert scaled.coefficients * scale == pytest.approx(plain.coefficients, rel=1e-10)
    assert scaled.t == pytest.approx(plain.t, rel=1e-10)
    for penalty in ("none", "firth"):
        plain_stage = multinomial(X, stage, terms=TERMS, levels="abc", penalty=penalty)
        scaled_stage = multinomial(X * scale, stage, terms=TERMS, levels="abc", penalty=penalty)
        assert scaled_stage.z == pytest.approx(plain_stage.z, rel=1e-6)


def test_changing_the_base_level_changes_no_probability() -> None:
    X, _, stage = made_up(8)
    for penalty in ("none", "firth"):
        first = multinomial(X, stage, terms=TERMS, levels="abc", penalty=penalty)
        turned = multinomial(X, (stage + 1) % 3, terms=TERMS, levels="cab", penalty=penalty)
        probabilities = predict_probabilities(first, X)
        assert predict_probabilities(turned, X)[:, [1, 2, 0]] == pytest.approx(probabilities, abs=1e-7)
        assert first.deviance == pytest.approx(turned.deviance, rel=1e-10)


def test_fitted_probabilities_of_a_saturated_model_are_the_shares() -> None:
    group, stage = np.repeat([0, 1], [20, 30]), np.repeat([0, 1, 2, 0, 1, 2], [10, 6, 4, 5, 10, 15])
    fit = multinomial(np.column_stack([np.ones(50), group]), stage, terms=["constant", "g"], levels="abc")
    shares = predicted_probability(fit, [[1.0, 0.0], [1.0, 1.0]])
    assert shares.estimate[0] == pytest.approx([0.5, 0.3, 0.2], abs=1e-12)
    assert shares.se[1] == pytest.approx(
        np.sqrt(np.array([5, 10, 15]) * np.array([25, 20, 15]) / 30**3), abs=1e-9
    )
    p, se = shares.estimate, shares.se
    half_width = 1.959963984540054 * se / (p * (1 - p))
    assert np.log(shares.low / (1 - shares.low)) == pytest.approx(np.log(p / (1 - p)) - half_width, abs=1e-9)
    assert np.log(shares.high / (1 - shares.high)) == pytest.approx(
        np.log(p / (1 - p)) + half_width, abs=1e-9
    )


def test_the_delta_method_agrees_with_numerical_derivatives() -> None:
    X, _, stage = made_up(9)
    fit = multinomial(X, stage, terms=TERMS, levels="abc")
    designs = np.stack(
        [np.column_stack([X[:, 0], np.full(X.shape[0], dose), X[:, 2]]) for dose in (0.0, 10.0)]
    )

    def averages(flat: np.ndarray) -> np.ndarray:
        eta = np.einsum("mnk,jk->mnj", designs, flat.reshape(2, 3))
        odds = np.concatenate([np.ones((*eta.shape[:2], 1)), np.exp(eta)], axis=2)
        return (odds / odds.sum(axis=2, keepdims=True)).mean(axis=1)

    flat = np.array(fit.coefficients).ravel()
    steps = 1e-6 * np.eye(6)
    gradient = np.stack([(averages(flat + step) - averages(flat - step)) / 2e-6 for step in steps], axis=-1)
    expected = np.sqrt(np.einsum("mjp,pq,mjq->mj", gradient, fit.covariance, gradient))
    result = average_probability(fit, designs)
    assert result.estimate == pytest.approx(averages(flat), abs=1e-12)
    assert result.se == pytest.approx(expected, rel=1e-6)


def test_two_levels_are_logistic_regression_with_the_closed_form_of_a_two_by_two_table() -> None:
    X = np.column_stack([np.ones(40), np.repeat([0, 1], 20)])
    fit = multinomial(X, np.repeat([0, 1, 0, 1], [12, 8, 5, 15]), terms=["constant", "served"], levels="ab")
    assert fit.coefficients[0, 1] == pytest.approx(np.log(12 * 15 / (8 * 5)), abs=1e-12)
    assert fit.standard_errors[0, 1] == pytest.approx(np.sqrt(1 / 12 + 1 / 8 + 1 / 5 + 1 / 15), abs=1e-12)


def test_firth_on_a_two_by_two_table_adds_half_a_participant_to_each_cell() -> None:
    X = np.column_stack([np.ones(20), np.repeat([0, 1], 10)])
    fit = multinomial(
        X, np.repeat([0, 1, 1], [6, 4, 10]), terms=["constant", "served"], levels="ab", penalty="firth"
    )
    assert fit.coefficients[0, 1] == pytest.approx(np.log(6.5 * 10.5 / (4.5 * 0.5)), abs=1e-8)


def test_the_test_of_all_slopes_is_the_likelihood_ratio_against_the_constant() -> None:
    X, _, stage = made_up(14)
    full = multinomial(X, stage, terms=TERMS, levels="abc")
    constant = multinomial(X[:, :1], stage, terms=TERMS[:1], levels="abc")
    test = likelihood_ratio(full, constant)
    assert (full.lr_df, test.df, constant.lr_df) == (4, 4, None)
    assert full.lr_statistic == pytest.approx(test.statistic, rel=1e-9)
    assert full.lr_p == pytest.approx(test.p, rel=1e-9)
    assert constant.log_likelihood == pytest.approx(full.log_likelihood_null, rel=1e-12)


def test_models_on_different_participants_are_not_compared() -> None:
    X, _, stage = made_up(8)
    full = multinomial(X, stage, terms=TERMS, levels="abc")
    fewer = multinomial(X[5:, :2], stage[5:], terms=TERMS[:2], levels="abc")
    with pytest.raises(StatisticsRefusedError, match="same participants"):
        likelihood_ratio(full, fewer)
    with pytest.raises(StatisticsRefusedError, match="not part of"):
        likelihood_ratio(full, full)
    firth = multinomial(X, stage, terms=TERMS, levels="abc", penalty="firth")
    with pytest.raises(StatisticsRefusedError, match="likelihood_ratio_tests"):
        likelihood_ratio(firth, firth)


def test_wald_of_one_term_is_t_squared_and_of_all_slopes_the_models_f() -> None:
    X, y, _ = made_up(10)
    fit = linear(X, y, terms=TERMS)
    assert wald_test(fit, ["months"]).statistic == pytest.approx(fit.t[1] ** 2, rel=1e-10)
    assert wald_test(fit, ["months"]).p == pytest.approx(fit.p[1], rel=1e-8)
    assert wald_test(fit, ["months", "housed"]).statistic == pytest.approx(fit.f, rel=1e-8)


def test_dummies_for_all_levels_hold_a_constant() -> None:
    X, y, _ = made_up(11)
    cells = np.column_stack([X[:, 2] == 0, X[:, 2] == 1, X[:, 1]]).astype(float)
    plain = linear(X, y, terms=TERMS)
    other = linear(cells, y, terms=["not housed", "housed", "months"])
    for field in ("r_squared", "adjusted_r_squared", "f", "classical_f", "df_model"):
        assert getattr(other, field) == pytest.approx(getattr(plain, field), rel=1e-8), field


def test_prediction_at_the_mean_of_the_terms_is_the_mean_outcome() -> None:
    X, y, _ = made_up(12)
    fit = linear(X, y, terms=TERMS, covariance="classical")
    at = predicted_mean(fit, X.mean(axis=0, keepdims=True))
    assert at.mean[0] == pytest.approx(y.mean(), rel=1e-12)
    assert at.se[0] == pytest.approx(fit.residual_sd / np.sqrt(y.size), rel=1e-10)


@given(st.integers(0, 10_000))
@settings(max_examples=120, deadline=None)
def test_the_fit_is_refused_exactly_where_the_linear_programs_see_separation(seed: int) -> None:
    rng = np.random.default_rng(seed)
    J, n, k = int(rng.integers(2, 5)), int(rng.integers(14, 50)), int(rng.integers(1, 4))
    X = np.column_stack([np.ones(n), rng.integers(0, 3, (n, k))]).astype(float)
    y = rng.permutation(np.concatenate([np.arange(J), rng.integers(0, J, n - J)]))
    terms, levels = [f"x{j}" for j in range(k + 1)], [f"stage {j}" for j in range(J)]
    if np.linalg.matrix_rank(X) < k + 1 or n <= (J - 1) * (k + 1):
        return
    if separation(X, y, terms=terms, levels=levels).found:
        with pytest.raises(StatisticsRefusedError, match="separation"):
            multinomial(X, y, terms=terms, levels=levels)
        return
    fit = multinomial(X, y, terms=terms, levels=levels)
    assert np.isfinite(fit.standard_errors).all()


# levels of the outcome along one number: which are separated, and whether an estimate exists
ALONG_A_LINE = [
    ("overlapping", {"a": [0, 1, 2, 3], "b": [2, 3, 4, 5]}, "none", ()),
    ("complete", {"a": [0, 1, 2], "b": [3, 4, 5]}, "complete", (("a", "b"),)),
    ("touching", {"a": [0, 1, 2], "b": [2, 3, 4]}, "quasi-complete", (("a", "b"),)),
    ("ends apart, middle ties them", {"a": [0, 1, 3], "b": [1, 4, 2], "c": [3, 5, 6]}, "none", ()),
    (
        "one level apart",
        {"a": [0, 1, 3], "b": [1, 2, 4], "c": [7, 8, 9]},
        "quasi-complete",
        (("a", "c"), ("b", "c")),
    ),
]


@pytest.mark.parametrize(("case", "places", "kind", "pairs"), ALONG_A_LINE)
def test_separation_along_a_line(case: str, places: dict, kind: str, pairs: tuple) -> None:
    x = np.concatenate(list(places.values())).astype(float)
    y = np.repeat(np.arange(len(places)), [len(values) for values in places.values()])
    design = np.column_stack([np.ones(x.size), x])
    report = separation(design, y, terms=["constant", "months"], levels=list(places))
    assert (report.kind, report.pairs, report.found) == (kind, pairs, kind != "none"), case
    assert report.terms == (("months",) if report.found else ())


def test_d_av_of_equal_spreads_is_the_change_in_standard_deviations() -> None:
    before = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    result = cohen_d_av(before, before[::-1] + 1.0)
    assert result.estimate == pytest.approx(1.0 / before.std(ddof=1))
    assert result.low < result.estimate < result.high


def test_interval_of_d_av_is_as_wide_as_its_estimates_scatter() -> None:
    rng = np.random.default_rng(21)
    root = np.linalg.cholesky([[1.0, 0.9], [0.9, 1.0]])
    results = [
        cohen_d_av(x[:, 0], x[:, 1] + 3.0) for x in (rng.normal(size=(150, 2)) @ root.T for _ in range(1500))
    ]
    scatter = np.std([result.estimate for result in results])
    widths = np.mean([result.high - result.low for result in results]) / (2 * 1.959963984540054)
    assert widths == pytest.approx(scatter, rel=0.06)
