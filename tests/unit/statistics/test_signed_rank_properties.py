"""Promise: the exact signed-rank test counts all sign patterns, whatever the ties and zeros."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casearc.statistics.paired import hodges_lehmann, wilcoxon_signed_rank


def by_counting(differences: list[int], zeros: str) -> float:
    """All 2^m ways the signs could have fallen, one by one."""
    values = np.array(differences, dtype=float)
    kept = values if zeros == "pratt" else values[values != 0]
    size = np.abs(kept)
    ranks = np.array([(np.sum(size < x) + 1 + np.sum(size <= x)) / 2 for x in size])
    ranks, signs = ranks[kept != 0], np.sign(kept[kept != 0])
    middle = ranks.sum() / 2
    observed = abs(ranks[signs > 0].sum() - middle)
    sums = [
        abs(ranks[np.array(pattern) > 0].sum() - middle) for pattern in product((0, 1), repeat=ranks.size)
    ]
    return float(np.mean(np.array(sums) >= observed - 1e-9))


@given(
    st.lists(st.integers(-4, 4), min_size=1, max_size=9).filter(any),
    st.sampled_from(["wilcox", "pratt"]),
)
@settings(max_examples=150, deadline=None)
def test_exact_p_is_the_share_of_sign_patterns(differences: list[int], zeros: str) -> None:
    result = wilcoxon_signed_rank(differences, method="exact", zeros=zeros)
    assert result.p == pytest.approx(by_counting(differences, zeros), abs=1e-12)


@given(st.lists(st.integers(-40, 40), min_size=1, max_size=60).filter(any))
@settings(deadline=None)
def test_turning_every_change_around_changes_only_the_side(differences: list[int]) -> None:
    forward = wilcoxon_signed_rank(differences)
    backward = wilcoxon_signed_rank([-value for value in differences])
    assert forward.p == pytest.approx(backward.p, rel=1e-12)
    assert forward.rank_biserial == pytest.approx(-backward.rank_biserial)
    assert 0.0 < forward.p <= 1.0


def test_means_of_items_tie_as_their_sums_do() -> None:
    """Means over 12 items carry rounding; their ties and zeros must be those of the whole sums."""
    rng = np.random.default_rng(11)
    before, after = rng.integers(30, 60, 80), rng.integers(30, 60, 80)
    sums = wilcoxon_signed_rank(after - before)
    means = wilcoxon_signed_rank(after / 12 - before / 12)
    assert (means.n_zero, means.has_ties, means.v) == (sums.n_zero, sums.has_ties, sums.v)
    assert means.p == pytest.approx(sums.p, rel=1e-12)


def test_exact_is_computed_for_several_hundred_and_meets_the_normal() -> None:
    rng = np.random.default_rng(12)
    differences = np.round(rng.normal(0.1, 1.0, 450), 1)
    exact = wilcoxon_signed_rank(differences)
    assert exact.method == "exact"
    assert exact.p == pytest.approx(wilcoxon_signed_rank(differences, method="asymptotic").p, rel=0.02)


def test_a_tail_too_thin_to_print_keeps_its_digits() -> None:
    assert wilcoxon_signed_rank(np.arange(1.0, 101.0)).p == pytest.approx(2.0 * 0.5**100, rel=1e-12)


@given(st.lists(st.integers(-9, 9), min_size=6, max_size=40))
def test_hodges_lehmann_interval_holds_its_estimate_and_moves_with_the_data(differences: list[int]) -> None:
    here = hodges_lehmann(differences)
    there = hodges_lehmann([value + 5 for value in differences])
    assert here.low <= here.estimate <= here.high
    assert (there.low, there.estimate, there.high) == (here.low + 5, here.estimate + 5, here.high + 5)


def test_closed_interval_covers_at_least_its_level_with_ties() -> None:
    rng = np.random.default_rng(13)
    draws = [hodges_lehmann(rng.integers(-3, 4, 20)) for _ in range(400)]
    assert np.mean([draw.low <= 0.0 <= draw.high for draw in draws]) >= 0.94
