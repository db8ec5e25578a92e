"""Promise: ordinal fits keep the symmetries of their model, refuse what has no fit, and name a way out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casearc.errors import StatisticsRefusedError
from casearc.statistics.categorical import (
    bootstrap_ordinal,
    logistic,
    ordinal,
    ordinal_draws,
    ordinal_marginal_effects,
    ordinal_odds_ratios,
    ordinal_separation,
    proportional_odds,
)

LEVELS = ["low", "middle", "high"]
TERMS = ["months", "housed"]
SEEDS = st.integers(0, 10_000)


def made_up(seed: int, n: int = 60) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = np.column_stack([rng.gamma(2.0, 3.0, n), np.arange(n) % 2])
    latent = 0.1 * X[:, 0] - 0.4 * X[:, 1] + rng.logistic(size=n)
    return X, np.searchsorted(np.quantile(latent, [1 / 3, 2 / 3]), latent)


@settings(max_examples=15, deadline=None)
@given(SEEDS, st.sampled_from(["none", "jeffreys"]))
def test_turning_the_order_around_turns_signs_and_limits(seed: int, penalty: str) -> None:
    X, y = made_up(seed)
    up = ordinal(X, y, terms=TERMS, levels=LEVELS, penalty=penalty)
    down = ordinal(X, 2 - y, terms=TERMS, levels=LEVELS[::-1], penalty=penalty)
    np.testing.assert_allclose(down.coefficients, -up.coefficients, atol=1e-7)
    np.testing.assert_allclose(down.low, -up.high, atol=1e-6)
    np.testing.assert_allclose(down.thresholds, -up.thresholds[::-1], atol=1e-7)


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_units_and_shifts_do_not_matter(seed: int) -> None:
    X, y = made_up(seed)
    plain = ordinal(X, y, terms=TERMS, levels=LEVELS)
    moved = ordinal(X * [12.0, 1.0] + [2000.0, 0.0], y, terms=TERMS, levels=LEVELS)
    np.testing.assert_allclose(moved.coefficients * [12.0, 1.0], plain.coefficients, atol=1e-7)
    np.testing.assert_allclose(moved.low * [12.0, 1.0], plain.low, atol=1e-6)
    assert moved.lr_statistic == pytest.approx(plain.lr_statistic, abs=1e-7)


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_weights_count_rows(seed: int) -> None:
    X, y = made_up(seed)
    w = np.random.default_rng(seed).integers(0, 3, y.size)
    w[:6] = 1
    weighted = ordinal(X, y, terms=TERMS, levels=LEVELS, weights=w)
    repeated = ordinal(np.repeat(X, w, axis=0), np.repeat(y, w), terms=TERMS, levels=LEVELS)
    np.testing.assert_allclose(weighted.coefficients, repeated.coefficients, atol=1e-7)
    np.testing.assert_allclose(weighted.high, repeated.high, atol=1e-6)
    draw = ordinal_draws(X, y, w[None], terms=TERMS, levels=LEVELS)
    np.testing.assert_allclose(draw.coefficients[0], repeated.coefficients, atol=1e-6)


def test_two_levels_are_logistic_regression() -> None:
    X, y = made_up(3)
    yes = (y > 0).astype(int)
    ours = ordinal(X, yes, terms=TERMS, levels=["no", "yes"])
    theirs = logistic(np.column_stack([np.ones(y.size), X]), yes, terms=["constant", *TERMS])
    np.testing.assert_allclose(ours.coefficients, theirs.coefficients[1:], atol=1e-7)
    np.testing.assert_allclose(ours.standard_errors, theirs.standard_errors[1:], atol=1e-7)


def test_the_likelihood_at_a_limit_has_fallen_by_half_the_chi_square() -> None:
    X, y = made_up(5)
    fit = ordinal(X, y, terms=TERMS, levels=LEVELS)
    held = ordinal(X[:, 1:], y, terms=TERMS[1:], levels=LEVELS)
    fall = 2.0 * (fit.log_likelihood - held.log_likelihood)
    assert fit.term_lr is not None
    assert fit.term_lr[0] == pytest.approx(fall, abs=1e-9)
    assert (fall > 3.841458820694124) == (fit.low[0] > 0 or fit.high[0] < 0)


def test_marginal_effects_sum_to_zero_and_ratios_are_exponentials() -> None:
    X, y = made_up(5)
    fit = ordinal(X, y, terms=TERMS, levels=LEVELS)
    effects = ordinal_marginal_effects(fit, X)
    np.testing.assert_allclose(effects.estimate.sum(axis=0), 0.0, atol=1e-12)
    np.testing.assert_allclose(np.log(ordinal_odds_ratios(fit).low), fit.low)
    assert effects.kinds == ("slope", "change")


def test_separation_is_named_and_the_penalty_stays_finite() -> None:
    X, y = made_up(8)
    X[:, 1] = y == 2
    report = ordinal_separation(X, y, terms=TERMS, levels=LEVELS)
    assert (report.kind, report.terms, report.splits) == ("quasi-complete", ("housed",), (("middle", "high"),))
    with pytest.raises(StatisticsRefusedError, match='"housed" separates') as refused:
        ordinal(X, y, terms=TERMS, levels=LEVELS)
    assert "jeffreys" in refused.value.alternative
    fit = ordinal(X, y, terms=TERMS, levels=LEVELS, penalty="jeffreys")
    assert np.isfinite(fit.coefficients).all()
    assert fit.low[1] > 0


def test_an_empty_middle_level_names_its_neighbor() -> None:
    X, y = made_up(8)
    with pytest.raises(StatisticsRefusedError) as refused:
        ordinal(X, 2 * (y > 0), terms=TERMS, levels=LEVELS)
    assert 'Merge "middle" with its neighbor "low"' in refused.value.alternative


def test_a_constant_is_what_the_thresholds_are() -> None:
    X, y = made_up(8)
    with pytest.raises(StatisticsRefusedError, match="thresholds already are"):
        ordinal(np.column_stack([np.ones(y.size), X]), y, terms=["constant", *TERMS], levels=LEVELS)


def test_slopes_that_turn_between_splits_are_found() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=400)
    y = np.where(rng.random(400) < 1 / (1 + np.exp(-2 * x)), np.where(rng.random(400) < 0.5, 1, 2), 0)
    found = proportional_odds(x[:, None], y, terms=["months"], levels=LEVELS)
    assert all(test.p is not None and test.p < 1e-4 for test in found.tests)
    with pytest.raises(StatisticsRefusedError, match="one split"):
        proportional_odds(x[:, None], y > 0, terms=["months"], levels=LEVELS[:2])


def test_the_bootstrap_says_how_many_draws_were_separated() -> None:
    X, y = made_up(8, n=40)
    X[:, 1] = 0
    X[:3, 1] = 1
    y[:3] = [2, 2, 0]
    result = bootstrap_ordinal(X, y, terms=TERMS, levels=LEVELS, rng_or_seed=4, draws=400)
    assert result.separated > 20
    assert any("were separated" in note for note in result.notes)
    assert np.isfinite(result.se).all()
