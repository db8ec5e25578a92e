"""Promises of inference in logistic and multinomial models: limits and tests agree, batches are single fits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casearc.errors import StatisticsRefusedError
from casearc.statistics.categorical import (
    average_contrast,
    average_marginal_effects,
    average_probability,
    bootstrap_multinomial,
    calibration,
    classification_table,
    events_per_variable,
    likelihood_ratio_tests,
    logistic,
    multinomial,
    multinomial_draws,
    profile_intervals,
    separation,
)
from casearc.statistics.model_tests import likelihood_ratio
from casearc.statistics.resampling import case_weights

TERMS = ["constant", "months", "housed"]
LEVELS = ["same", "back", "on"]


def made_up(seed: int, n: int = 60, levels: int = 3) -> dict[str, object]:
    rng = np.random.default_rng(seed)
    X = np.column_stack([np.ones(n), rng.exponential(1.0, n), rng.integers(0, 2, n)])
    eta = np.column_stack([np.zeros(n), *(X @ [-0.4 * j, 0.4, 0.3 * j] for j in range(1, levels))])
    P = np.exp(eta) / np.exp(eta).sum(axis=1, keepdims=True)
    y = (P.cumsum(axis=1) < rng.random((n, 1))).sum(axis=1)
    return {"design": X, "outcome": y, "terms": TERMS, "levels": [*LEVELS, "out"][:levels]}


@pytest.mark.parametrize("penalty", ["none", "firth"])
def test_a_profile_limit_is_a_value_the_likelihood_ratio_test_just_keeps(penalty: str) -> None:
    """Moving the outcome's offset into the design: the test of the limit has p = .05 exactly."""
    data = made_up(1)
    fit = multinomial(**data, penalty=penalty, interval="profile")
    for confidence in (0.8, 0.99):
        other = multinomial(**data, penalty=penalty, interval="profile", level=confidence)
        inside = confidence < fit.level
        assert ((other.low > fit.low) == inside).all()
        assert ((other.high < fit.high) == inside).all()
    zero_inside = (fit.low < 0) & (fit.high > 0)
    assert (zero_inside == (fit.p > 0.05)).all()
    assert np.sign(fit.z) == pytest.approx(np.sign(fit.coefficients))


@pytest.mark.parametrize("penalty", ["none", "firth"])
def test_a_level_whose_p_is_that_of_the_test_has_zero_as_its_limit(penalty: str) -> None:
    data = made_up(2)
    p = float(multinomial(**data, penalty=penalty, interval="profile").p[0, 1])
    fit = multinomial(**data, penalty=penalty, interval="profile", level=1.0 - p)
    nearest = min(abs(float(fit.low[0, 1])), abs(float(fit.high[0, 1])))
    assert nearest == pytest.approx(0.0, abs=1e-6)


def test_one_term_alone_has_the_intervals_it_has_among_all() -> None:
    data = made_up(3, levels=4)
    every = multinomial(**data, penalty="firth")
    alone = profile_intervals(**data, term="months")
    assert alone.low == pytest.approx(every.low[:, 1], abs=1e-7)
    assert alone.p == pytest.approx(every.p[:, 1], abs=1e-7)


def test_tests_of_predictors_are_those_of_two_fits() -> None:
    data = made_up(4)
    X = np.asarray(data["design"])
    smaller = multinomial(X[:, :2], data["outcome"], terms=TERMS[:2], levels=LEVELS)
    two_fits = likelihood_ratio(multinomial(**data), smaller)
    tests = likelihood_ratio_tests(**data)
    assert tests.predictors == ("months", "housed")
    assert tests.statistic[1] == pytest.approx(two_fits.statistic, abs=1e-8)
    assert tests.p[1] == pytest.approx(two_fits.p, abs=1e-8)


def test_all_predictors_together_are_the_test_of_the_model() -> None:
    for penalty in ("none", "firth"):
        data = made_up(5)
        together = likelihood_ratio_tests(**data, predictors={"all": ["months", "housed"]}, penalty=penalty)
        fit = multinomial(**data, penalty=penalty)
        assert (fit.lr_statistic, fit.lr_p) == pytest.approx((together.statistic[0], together.p[0]), abs=1e-8)


def test_firth_on_separated_data_has_finite_limits_and_maximum_likelihood_names_the_way_out() -> None:
    data = made_up(6, n=90)
    X = np.array(data["design"])
    X[np.asarray(data["outcome"]) == 2, 2] = 0.0
    data["design"] = X
    fit = multinomial(**data, penalty="firth")
    assert np.isfinite([fit.low, fit.high]).all()
    with pytest.raises(StatisticsRefusedError, match='penalty="firth"'):
        multinomial(**data)


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_units_of_a_term_do_not_move_profiles(seed: int) -> None:
    data = made_up(seed, n=45)
    fit = multinomial(**data, penalty="firth")
    data["design"] = np.asarray(data["design"]) * np.array([1.0, 1e-5, 1e4])
    scaled = multinomial(**data, penalty="firth")
    assert scaled.z == pytest.approx(fit.z, rel=1e-5, abs=1e-6)
    assert scaled.low * [1.0, 1e-5, 1e4] == pytest.approx(fit.low, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("penalty", ["none", "firth"])
def test_a_batch_of_draws_is_as_many_single_fits(penalty: str) -> None:
    data = made_up(7, n=50)
    draws = case_weights(50, draws=60, rng_or_seed=1)
    refits = multinomial_draws(**data, draws=draws, penalty=penalty)
    X = np.asarray(data["design"])
    for place, draw in enumerate(refits.fitted):
        w, way = draws[draw], "firth" if refits.separated[place] else penalty
        if len(np.unique(np.asarray(data["outcome"])[w > 0])) < 3:
            continue
        if way == "none":
            assert not separation(X[w > 0], np.asarray(data["outcome"])[w > 0], levels=LEVELS).found
        single = multinomial(**data, weights=w, penalty=way, interval="wald")
        # two paths uphill: apart by less than a millionth of a standard error
        assert np.abs((refits.coefficients[place] - single.coefficients) / single.standard_errors).max() < 1e-5


def test_separated_draws_are_found_as_the_linear_programs_find_them() -> None:
    data = made_up(23, n=28)
    draws = case_weights(28, draws=150, rng_or_seed=2)
    refits = multinomial_draws(**data, draws=draws)
    X, y = np.asarray(data["design"]), np.asarray(data["outcome"])
    seen = 0
    for place, draw in enumerate(refits.fitted):
        used = draws[draw] > 0
        if len(np.unique(y[used])) == 3:
            found = separation(X[used], y[used], levels=LEVELS).found
            assert found == refits.separated[place]
            seen += found
    assert seen > 5


def test_marginal_effects_sum_to_zero_and_a_change_is_the_contrast_of_two_designs() -> None:
    data = made_up(9)
    fit = multinomial(**data, penalty="firth")
    X = np.asarray(data["design"])
    effects = average_marginal_effects(fit, X)
    assert effects.kinds == ("slope", "change")
    assert effects.estimate.sum(axis=0) == pytest.approx(0.0, abs=1e-14)
    off, on = X.copy(), X.copy()
    off[:, 2], on[:, 2] = 0.0, 1.0
    contrast = average_contrast(fit, off, on)
    assert contrast.difference == pytest.approx(effects.estimate[:, 1], abs=1e-14)
    assert contrast.difference_se == pytest.approx(effects.se[:, 1], abs=1e-12)
    both = average_probability(fit, np.stack([off, on]))
    assert contrast.ratio == pytest.approx(both.estimate[1] / both.estimate[0], rel=1e-12)
    assert (contrast.ratio_low < contrast.ratio).all()
    assert (contrast.ratio < contrast.ratio_high).all()


def test_a_factor_is_switched_with_its_other_indicators_off() -> None:
    data = made_up(10, n=90)
    site = np.arange(90) % 3
    X = np.column_stack([np.ones(90), site == 1, site == 2]).astype(float)
    fit = multinomial(X, data["outcome"], terms=["constant", "north", "south"], levels=LEVELS)
    effects = average_marginal_effects(fit, X, factors=[["north", "south"]])
    y = np.asarray(data["outcome"])
    shares = [np.bincount(y[site == s], minlength=3) / 30 for s in range(3)]
    assert effects.estimate[:, 0] == pytest.approx(shares[1] - shares[0], abs=1e-10)
    assert effects.estimate[:, 1] == pytest.approx(shares[2] - shares[0], abs=1e-10)


def test_logistic_is_the_second_level_of_the_multinomial_model() -> None:
    data = made_up(11, levels=2)
    fit = multinomial(**data, penalty="firth")
    del data["levels"]
    front = logistic(**data, penalty="firth")
    assert front.coefficients == pytest.approx(fit.coefficients[0], abs=1e-12)
    assert front.odds_low == pytest.approx(np.exp(fit.low[0]), rel=1e-12)
    assert front.events == fit.counts[1]
    assert [row["term"] for row in front.rows()] == TERMS


def test_a_bootstrap_says_how_many_draws_were_separated() -> None:
    data = made_up(12, n=30)
    result = bootstrap_multinomial(**data, rng_or_seed=3, draws=400)
    assert result.separated > 0
    assert any("separated and fitted with Firth" in note for note in result.notes)
    firth = bootstrap_multinomial(**data, rng_or_seed=3, draws=400, penalty="firth")
    assert firth.separated == 0
    sums = [
        sum(firth.estimate[i] for i, q in enumerate(firth.quantities) if q == "marginal effect" and firth.terms[i] == t)
        for t in ("months", "housed")
    ]
    assert sums == pytest.approx([0.0, 0.0], abs=1e-12)


def test_the_same_seed_gives_the_same_intervals() -> None:
    data = made_up(13)
    X = np.asarray(data["design"])
    moved = {str(dose): np.column_stack([X[:, 0], np.full(60, dose), X[:, 2]]) for dose in (0.5, 2.0)}
    first, second = (bootstrap_multinomial(**data, rng_or_seed=5, draws=300, designs=moved) for _ in range(2))
    assert (first.bca_low == second.bca_low).all()
    ratio = [i for i, quantity in enumerate(first.quantities) if quantity == "risk ratio"]
    shares = [i for i, quantity in enumerate(first.quantities) if quantity == "average probability"]
    assert first.estimate[ratio] == pytest.approx(first.estimate[shares[3:]] / first.estimate[shares[:3]])


def test_maximum_likelihood_is_calibrated_on_its_own_data_whatever_it_is_worth() -> None:
    data = made_up(14, n=95)
    own = calibration(**data, draws=60, rng_or_seed=1)
    assert own.slopes == pytest.approx([1.0, 1.0], abs=1e-6)
    assert own.in_the_large == pytest.approx([0.0, 0.0], abs=1e-6)
    assert (own.corrected_slopes < 1.0).all()
    assert own.expected.sum(axis=0) == pytest.approx(own.observed.sum(axis=0), abs=1e-6)


def test_leaving_one_out_is_refitting_without_each() -> None:
    data = made_up(15, n=40)
    table = classification_table(**data, penalty="firth")
    X, y = np.asarray(data["design"]), np.asarray(data["outcome"])
    hits = 0
    for i in range(40):
        rest = np.arange(40) != i
        fit = multinomial(X[rest], y[rest], terms=TERMS, levels=LEVELS, penalty="firth", interval="wald")
        scores = np.concatenate([[0.0], fit.coefficients @ X[i]])
        hits += int(scores.argmax() == y[i])
    assert table.accuracy == pytest.approx(hits / 40)
    assert table.apparent_accuracy >= table.accuracy


def test_events_per_variable_judges_the_weakest_equation() -> None:
    result = events_per_variable([0] * 40 + [1] * 30 + [2] * 8, levels=LEVELS, slopes=2)
    assert result.per_equation.tolist() == [15.0, 4.0]
    assert (result.overall, result.verdict) == (2.0, "too few")
    assert '"on" has 4.0' in result.explanation


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda data: profile_intervals(**data, term="age"), 'no term "age"'),
        (lambda data: likelihood_ratio_tests(**data, predictors={"age": ["age"]}), "no term"),
        (lambda data: multinomial(**data, interval="profile", clusters=np.arange(60) % 6), "no profile"),
        (lambda data: multinomial_draws(**data, draws=np.full((2, 60), 0.5)), "whole numbers"),
        (lambda data: classification_table(**data, correction="bootstrap"), "seed"),
        (lambda data: calibration(**data, groups=2), "three groups"),
    ],
)
def test_what_cannot_be_had_is_refused(call: object, words: str) -> None:
    with pytest.raises(StatisticsRefusedError, match=words):
        call(made_up(16))
