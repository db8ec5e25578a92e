"""Promises of resampling: participants stay whole, strata keep their size, failed draws are counted, tests hold."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casearc.errors import StatisticsRefusedError
from casearc.statistics.resampling import (
    bca_interval,
    bootstrap,
    case_weights,
    jackknife_weights,
    percentile_interval,
    permutation_test,
)

LABELS = st.lists(st.integers(0, 5), min_size=2, max_size=30).filter(lambda labels: len(set(labels)) > 1)


@given(labels=LABELS, seed=st.integers(0, 99))
@settings(max_examples=50)
def test_rows_of_a_participant_are_drawn_together(labels: list[int], seed: int) -> None:
    weights = case_weights(len(labels), draws=20, rng_or_seed=seed, clusters=labels)
    for label in set(labels):
        rows = weights[:, np.array(labels) == label]
        assert (rows == rows[:, :1]).all()
    first = [labels.index(label) for label in set(labels)]
    assert (weights[:, first].sum(axis=1) == len(first)).all()


@given(sizes=st.lists(st.integers(1, 9), min_size=2, max_size=4).filter(lambda s: max(s) > 1), seed=st.integers(0, 99))
@settings(max_examples=50)
def test_every_stratum_keeps_its_size(sizes: list[int], seed: int) -> None:
    strata = np.repeat(np.arange(len(sizes)), sizes)
    weights = case_weights(strata.size, draws=20, rng_or_seed=seed, strata=strata)
    for stratum, size in enumerate(sizes):
        assert (weights[:, strata == stratum].sum(axis=1) == size).all()


def test_a_seed_gives_the_same_draws_and_a_generator_goes_on() -> None:
    assert (case_weights(9, draws=5, rng_or_seed=3) == case_weights(9, draws=5, rng_or_seed=3)).all()
    rng = np.random.default_rng(3)
    first, second = (case_weights(9, draws=5, rng_or_seed=rng) for _ in range(2))
    assert (first == case_weights(9, draws=5, rng_or_seed=3)).all()
    assert (first != second).any()


def test_draws_are_uniform() -> None:
    """Each count is binomial: mean 1 and variance 1 - 1/n."""
    weights = case_weights(10, draws=40_000, rng_or_seed=1)
    assert weights.mean(axis=0) == pytest.approx(np.ones(10), abs=0.03)
    assert weights.var(axis=0) == pytest.approx(np.full(10, 0.9), abs=0.03)


def test_the_jackknife_leaves_whole_participants_out() -> None:
    assert jackknife_weights(5, ["a", "a", "b", "c", "c"]).tolist() == [
        [0, 0, 1, 1, 1],
        [1, 1, 0, 1, 1],
        [1, 1, 1, 0, 0],
    ]


def test_failed_draws_are_left_out_and_told() -> None:
    values = np.arange(1.0, 2001.0)
    values[::10] = np.nan
    found = percentile_interval(values)
    assert int(found.failed[0]) == 200
    assert any("200 of 2,000 draws (10.0%)" in note for note in found.notes)
    kept = values[np.isfinite(values)]
    assert found.low[0] == percentile_interval(kept).low[0]


def test_one_parameter_without_draws_does_not_spoil_the_others() -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(size=(2000, 3))
    values[:1500, 1] = np.nan
    values[:, 2] = 4.0
    found = percentile_interval(values, terms=["a", "b", "c"])
    assert math.isfinite(found.low[0])
    assert np.isinf(found.high[1:]).all()
    assert any('value for an interval: "b"' in note for note in found.notes)
    assert any('no interval: "c"' in note for note in found.notes)
    assert found.to_dict()["low"][1] is None


@pytest.mark.parametrize("values", [np.full(2000, np.nan), np.ones(2000), np.arange(20.0)])
def test_useless_draws_are_refused(values: np.ndarray) -> None:
    with pytest.raises(StatisticsRefusedError):
        percentile_interval(values)


def test_bca_is_the_percentile_interval_without_bias_and_skewness() -> None:
    values = np.linspace(-1.0, 1.0, 2001)
    bca = bca_interval(0.0, values, jackknife_values=[-1.0, 0.0, 1.0])
    plain = percentile_interval(values)
    assert [bca.low[0], bca.high[0]] == pytest.approx([plain.low[0], plain.high[0]], abs=1e-9)


def test_bca_is_open_where_all_draws_lie_on_one_side() -> None:
    found = bca_interval(0.0, np.linspace(1.0, 2.0, 2000), jackknife_values=[-1.0, 0.0, 1.0])
    assert (found.low[0], found.high[0]) == (-math.inf, math.inf)
    assert any("BCa is undefined" in note for note in found.notes)


def test_an_interval_follows_the_data() -> None:
    """Shift and scale of a mean shift and scale its interval."""
    rng = np.random.default_rng(2)
    x = rng.exponential(size=40)
    first = bootstrap(lambda w: w @ x / w.sum(axis=1), 40, rng_or_seed=5)
    moved = bootstrap(lambda w: w @ (3.0 - 2.0 * x) / w.sum(axis=1), 40, rng_or_seed=5)
    assert [3.0 - 2.0 * moved_to for moved_to in (first.high[0], first.low[0])] == pytest.approx(
        [moved.low[0], moved.high[0]], rel=1e-9
    )


def test_the_expanded_interval_of_a_mean_is_nearly_student_s() -> None:
    x = np.random.default_rng(3).normal(size=20)
    draws = case_weights(20, draws=200_000, rng_or_seed=1)
    found = percentile_interval(draws @ x / 20, participants=20)
    half = 2.093024 * x.std(ddof=1) / math.sqrt(20)
    assert (found.high[0] - found.low[0]) / 2.0 == pytest.approx(half, rel=0.01)


def test_drawn_permutations_come_near_all_of_them() -> None:
    rng = np.random.default_rng(4)
    X = np.column_stack([np.ones(7), rng.normal(size=(7, 2))])
    y = X[:, 1] + rng.normal(size=7)
    exact = permutation_test(X, y, column=1, rng_or_seed=1)
    assert (exact.exact, exact.permutations) == (True, math.factorial(7))
    tripled = permutation_test(np.vstack([X, X]), np.concatenate([y, -y]), column=1, permutations=500, rng_or_seed=1)
    assert not tripled.exact
    assert tripled.p >= 1 / 501


def test_strata_confine_permutations() -> None:
    X = np.column_stack([np.ones(6), [1.0, 2.0, 3.0, 1.0, 2.0, 4.0]])
    found = permutation_test(X, [1.0, 2.0, 5.0, 2.0, 2.5, 4.0], column=1, rng_or_seed=1, strata=[0, 0, 0, 1, 1, 1])
    assert (found.exact, found.permutations) == (True, 36)


def test_a_permutation_test_does_not_depend_on_units_or_the_covariate_s_effect() -> None:
    rng = np.random.default_rng(6)
    X = np.column_stack([np.ones(30), rng.normal(size=(30, 2))])
    y = rng.normal(size=30)
    first = permutation_test(X, y, column=1, permutations=999, rng_or_seed=1)
    moved = permutation_test(X, 1e3 * (y + 5.0 * X[:, 2]) - 2.0, column=1, permutations=999, rng_or_seed=1)
    assert (moved.p, moved.statistic) == (first.p, pytest.approx(first.statistic, rel=1e-9))
