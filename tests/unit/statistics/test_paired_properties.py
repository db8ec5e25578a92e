"""Promises of tests of change, waves and groups that no single answer shows."""

from __future__ import annotations

from itertools import combinations, permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _sign_flips as sign_flips
from casearc.statistics.contingency import mcnemar, moved_up_or_down, ordered_homogeneity
from casearc.statistics.groups import two_sample_permutation, two_sample_t, welch_one_way
from casearc.statistics.multiplicity import benjamini_hochberg, hochberg, holm
from casearc.statistics.paired import (
    change_replicates,
    cohen_d_av,
    cohen_dz,
    friedman,
    hodges_lehmann,
    paired_contrasts,
    paired_permutation,
    paired_t,
    rank_biserial,
    rank_replicates,
    repeated_measures_anova,
    sign_test,
    wilcoxon_signed_rank,
)
from casearc.statistics.results import Result

WAVES = arrays(np.float64, (6, 3), elements=st.integers(0, 6).map(float))
CHANGES = st.lists(st.integers(-5, 5), min_size=6, max_size=14).filter(lambda d: len(set(d)) > 1 and any(d))


@pytest.mark.parametrize("up_to", [0, 7, 900, 4_000, 20_000])
def test_tilted_convolution_is_the_plain_one(up_to: int) -> None:
    numbers = np.arange(1, 301)
    plain = float(np.ldexp(sign_flips.patterns(numbers, up_to).sum(), -300))
    assert sign_flips._tilted_tail(numbers, up_to) == pytest.approx(plain, rel=1e-9)


def test_exact_signed_rank_reaches_beyond_a_thousand() -> None:
    differences = np.round(np.random.default_rng(4).normal(0.06, 1.0, 1200), 2)
    exact = wilcoxon_signed_rank(differences, method="exact")
    assert exact.method == "exact"
    assert exact.p == pytest.approx(wilcoxon_signed_rank(differences, method="asymptotic").p, rel=0.01)


@given(CHANGES, st.sampled_from(["wilcox", "pratt"]))
@settings(deadline=None, max_examples=60)
def test_conditional_interval_says_of_zero_what_the_test_says(differences: list[int], zeros: str) -> None:
    try:
        found = hodges_lehmann(differences, interval="conditional", zeros=zeros)
    except StatisticsRefusedError:
        return
    if wilcoxon_signed_rank(differences, zeros=zeros).p > 0.05:
        assert found.low <= 0.0 <= found.high
    if found.low < 0.0 < found.high:
        assert hodges_lehmann_accepts(differences, found.low + 1e-6, zeros)
        assert hodges_lehmann_accepts(differences, found.high - 1e-6, zeros)


def hodges_lehmann_accepts(differences: list[int], shift: float, zeros: str) -> bool:
    """Just inside a limit the test does not reject, unless the limit itself is the only shift that is kept."""
    here = wilcoxon_signed_rank(np.array(differences) - shift, zeros=zeros).p > 0.05
    at = wilcoxon_signed_rank(np.array(differences) - round(shift * 4) / 4, zeros=zeros)
    return here or at.p > 0.05


@given(st.lists(st.integers(-6, 6), min_size=1, max_size=10).filter(any))
@settings(deadline=None)
def test_sign_flips_are_counted_one_by_one(differences: list[int]) -> None:
    sizes = np.abs(np.array(differences, dtype=float))
    sums = [abs(np.dot(signs, sizes)) for signs in product((-1, 1), repeat=sizes.size)]
    expected = np.mean(np.array(sums) >= abs(sum(differences)) - 1e-9)
    assert paired_permutation(differences).p == pytest.approx(expected, abs=1e-12)
    odd = np.array(differences) * np.pi + 1e-5 * np.sqrt(np.arange(1, len(differences) + 1))  # on no scale
    sizes = np.abs(odd)
    sums = [abs(np.dot(signs, sizes)) for signs in product((-1, 1), repeat=sizes.size)]
    assert paired_permutation(odd).p == pytest.approx(np.mean(np.array(sums) >= abs(odd.sum()) - 1e-9), abs=1e-12)


@given(arrays(np.float64, 9, elements=st.integers(0, 5).map(float)).filter(lambda x: np.ptp(x) > 0))
@settings(deadline=None)
def test_splits_of_two_groups_are_counted_one_by_one(scores: np.ndarray) -> None:
    first, second = scores[:4], scores[4:]
    observed = abs(first.mean() - second.mean())
    found = []
    for places in combinations(range(9), 4):
        one = scores[list(places)]
        found.append(abs(one.mean() - np.delete(scores, places).mean()) >= observed - 1e-9)
    assert two_sample_permutation(first, second).p == pytest.approx(np.mean(found), abs=1e-12)


def test_simulated_p_says_so_repeats_and_agrees() -> None:
    rng = np.random.default_rng(3)
    d, x, y = rng.normal(0.3, 1.0, 30), rng.normal(0.0, 1.0, 8), rng.normal(1.0, 1.0, 8)
    for test, data in ((paired_permutation, (d,)), (two_sample_permutation, (x, y))):
        exact, one, again = test(*data), *(test(*data, method="simulated", seed=7) for _ in range(2))
        assert (exact.draws, one.draws, one.seed) == (None, 100_000, 7)
        assert one.p == again.p == pytest.approx(exact.p, abs=0.005)
        assert "simulated" in one.method


@given(WAVES)
@settings(deadline=None, max_examples=40)
def test_exact_friedman_counts_every_order(scores: np.ndarray) -> None:
    try:
        found = friedman(scores[:4], method="exact")
    except StatisticsRefusedError:
        assert (np.ptp(scores[:4], axis=1) == 0).all()
        return
    ranks = np.array([[(row < x).sum() + ((row == x).sum() + 1) / 2 for x in row] for row in scores[:4]])
    orders = [np.array(list(permutations(row))) for row in ranks]
    sums = [sum(chosen) for chosen in product(*orders)]
    squares = np.array([float((total**2).sum()) for total in sums])
    assert found.p == pytest.approx(np.mean(squares >= (ranks.sum(axis=0) ** 2).sum() - 1e-9), abs=1e-12)
    assert 0.0 <= found.kendall_w <= 1.0 + 1e-12


def test_with_two_waves_the_tests_are_one() -> None:
    rng = np.random.default_rng(8)
    before = rng.normal(4.0, 1.0, 20)
    after = before + rng.normal(0.4, 1.0, 20)
    t, f = paired_t(before, after), repeated_measures_anova(np.column_stack([before, after]))
    assert (f.f, f.p, f.p_corrected, f.multivariate_f) == pytest.approx((t.t**2, t.p, t.p, t.t**2), rel=1e-10)
    contrast = paired_contrasts(np.column_stack([before, after]), waves=["pre", "post"])
    assert (contrast.t[0], contrast.p_holm[0], contrast.low[0]) == pytest.approx((t.t, t.p, t.low), rel=1e-10)


def test_welch_with_two_groups_is_welch() -> None:
    first, second = [1.0, 2.0, 4.0, 3.5], [2.0, 6.0, 9.0]
    assert welch_one_way([first, second]).p == pytest.approx(two_sample_t(first, second).p, rel=1e-10)


@given(WAVES)
@settings(deadline=None)
def test_epsilons_keep_their_bounds(scores: np.ndarray) -> None:
    try:
        found = repeated_measures_anova(scores)
    except StatisticsRefusedError:
        return
    assert 0.5 <= found.epsilon_greenhouse_geisser <= found.epsilon_huynh_feldt <= 1.0
    assert found.generalized_eta_squared <= found.partial_eta_squared + 1e-12


@given(st.lists(st.integers(-8, 8), min_size=8, max_size=30).filter(lambda d: len(set(d)) > 2))
@settings(deadline=None, max_examples=60)
def test_weights_are_repeated_rows(differences: list[int]) -> None:
    before = np.arange(len(differences)) % 5 + 0.5
    after = before + np.array(differences)
    weights = np.random.default_rng(1).multinomial(before.size, [1 / before.size] * before.size, size=3)
    change, ranks = change_replicates(before, after, weights), rank_replicates(after - before, weights)
    for i, w in enumerate(weights):
        first, second = np.repeat(before, w), np.repeat(after, w)
        d = second - first
        if np.ptp(d) == 0 or np.ptp(first) == 0 or np.ptp(second) == 0:
            continue
        expected = [d.mean(), cohen_dz(d).estimate, cohen_d_av(first, second).estimate]
        assert change[i] == pytest.approx(expected, rel=1e-9, abs=1e-12)
        assert ranks[i] == pytest.approx([wilcoxon_signed_rank(d).rank_biserial, np.median(walsh(d))], abs=1e-9)


def walsh(d: np.ndarray) -> np.ndarray:
    i, j = np.triu_indices(d.size)
    return (d[i] + d[j]) / 2.0


def test_rank_biserial_turns_with_the_changes_and_holds_its_estimate() -> None:
    d = np.random.default_rng(2).normal(0.5, 1.0, 40)
    one, other = rank_biserial(d), rank_biserial(-d)
    assert (one.low, one.estimate, one.high) == pytest.approx((-other.high, -other.estimate, -other.low), rel=1e-9)
    assert one.low < one.estimate < one.high


@pytest.mark.parametrize("spread", [1e-2, 1e-4, 1e-7])
def test_effect_sizes_without_measure_keep_an_honest_interval(spread: float) -> None:
    """SciPy's noncentral t fails at such t; the limits must still be those of the standard deviation's chi-square."""
    found = cohen_dz(1.0 + spread * np.random.default_rng(5).normal(size=30))
    ratio = [found.low / found.estimate, found.high / found.estimate]
    assert ratio == pytest.approx([0.74387, 1.25560], abs=2e-4)  # roots of chi-square quantiles over 29


def test_sign_test_leaves_limits_open_where_ranks_cannot_be_that_sure() -> None:
    few = sign_test([1.0, 2.0, -1.0, 3.0])
    assert (few.low, few.high, few.coverage) == (None, None, None)
    assert "too few" in few.notes[0]


def test_exact_and_ordered_tests_of_moves_meet_at_two_stages() -> None:
    table = [[20, 12], [4, 30]]
    p = mcnemar(table).p
    assert (ordered_homogeneity(table).p, moved_up_or_down(table).p) == pytest.approx((p, p), rel=1e-12)
    assert mcnemar(table, method="mid-p").p < p
    score = mcnemar(table, method="chi_square")
    assert (score.low > 0.0) == (score.p < 0.05)  # the interval is the test's own


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=12))
def test_adjusted_p_keep_order_and_grow(p: list[float]) -> None:
    named = {f"test {i}": value for i, value in enumerate(p)}
    strict, middle, loose = (adjust(named).adjusted for adjust in (holm, hochberg, benjamini_hochberg))
    assert (np.array(p) <= loose + 1e-15).all()
    assert (loose <= middle + 1e-15).all()
    assert (middle <= strict + 1e-15).all()
    order = np.argsort(p)
    assert (np.diff(strict[order]) >= 0.0).all()


def test_a_test_that_could_not_be_run_still_counts() -> None:
    found = holm({"support": 0.02, "coping": 0.5}, family=3)
    assert found.of("support") == pytest.approx(0.06)
    assert found.significant(0.10) == ("support",)
    assert found.notes


RESULTS: list[Result] = [
    sign_test([1, 2, -1, 4, 3, 2, 1]),
    friedman([[1, 2, 3], [2, 3, 4], [1, 3, 2], [2, 2.5, 4]]),
    repeated_measures_anova([[1, 2, 4], [2, 3, 3], [1, 3, 4], [2, 2, 5]]),
    paired_contrasts([[1, 2, 4], [2, 3, 3], [1, 3, 4], [2, 2, 5]], waves=["pre", "mid", "post"]),
    paired_permutation([1, 2, -1, 4]),
    mcnemar([[5, 4], [1, 6]]),
    ordered_homogeneity([[5, 4, 1], [1, 6, 2], [0, 1, 4]]),
    holm({"support": 0.02, "coping": 0.5}),
]


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: type(result).__name__)
def test_results_print_serialize_and_become_frames(result: Result) -> None:
    assert len(str(result).splitlines()) > 2
    assert "NaN" not in result.to_json()
    assert result.to_frame().height == len(result.rows())
