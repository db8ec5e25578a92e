"""Promises of the tests on counts: exact means exact, simulation says so, and sides do not matter."""

from __future__ import annotations

from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from casearc.errors import StatisticsRefusedError
from casearc.statistics.contingency import _network as network
from casearc.statistics.contingency import bowker, bowker_exact, chi_square, fisher_exact, kappa, stuart_maxwell
from casearc.statistics.contingency import square as square_tables

SQUARES = arrays(np.int64, (3, 3), elements=st.integers(0, 5))


def symmetry_by_counting(table: np.ndarray) -> float:
    pairs = [
        (int(table[i, j]), int(table[j, i])) for i, j in ((0, 1), (0, 2), (1, 2)) if table[i, j] + table[j, i]
    ]
    observed = sum((up - down) ** 2 / (up + down) for up, down in pairs)
    total = 0.0
    for ups in product(*(range(up + down + 1) for up, down in pairs)):
        sizes = [up + down for up, down in pairs]
        value = sum((2 * up - size) ** 2 / size for up, size in zip(ups, sizes, strict=True))
        if value >= observed - 1e-9:
            total += float(np.prod([comb(size, up) / 2**size for up, size in zip(ups, sizes, strict=True)]))
    return min(1.0, total)


@given(SQUARES)
@settings(deadline=None)
def test_exact_symmetry_counts_every_way_the_moves_could_have_gone(table: np.ndarray) -> None:
    try:
        result = bowker_exact(table)
    except StatisticsRefusedError:
        assert np.count_nonzero(table - np.diag(np.diag(table))) == 0
        return
    assert result.p == pytest.approx(symmetry_by_counting(table), abs=1e-10)


@given(SQUARES)
@settings(deadline=None)
def test_time_reversed_is_the_same_test(table: np.ndarray) -> None:
    for test in (bowker, stuart_maxwell):
        try:
            forward, backward = test(table), test(table.T)
        except StatisticsRefusedError:
            continue
        assert forward.statistic == pytest.approx(backward.statistic, abs=1e-9)
        assert np.isfinite([forward.statistic, forward.p]).all()
        assert forward.df >= 1


def test_levels_without_moves_carry_no_degree_of_freedom() -> None:
    with_idle = [[5, 3, 0], [1, 6, 0], [0, 0, 9]]
    without = [[5, 3], [1, 6]]
    assert stuart_maxwell(with_idle).df == stuart_maxwell(without).df == 1
    assert stuart_maxwell(with_idle).p == pytest.approx(stuart_maxwell(without).p)
    assert bowker(with_idle).df == bowker_exact(with_idle).df == 1
    assert bowker(with_idle).p == pytest.approx(bowker(without).p)


def test_simulated_symmetry_says_so_repeats_and_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    table = [[12, 9, 2], [3, 20, 11], [1, 4, 18]]
    exact = bowker_exact(table).p
    monkeypatch.setattr(square_tables, "ENUMERATED", 1)
    simulated = bowker_exact(table, seed=5)
    assert "simulated (100000 tables, seed 5)" in simulated.method
    assert simulated.p == bowker_exact(table, seed=5).p
    assert simulated.p == pytest.approx(exact, abs=0.005)


def test_simulated_fisher_says_so_repeats_and_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    table = [[4, 3, 2, 1], [2, 5, 1, 6], [3, 2, 4, 4]]
    exact = fisher_exact(table)
    monkeypatch.setattr(network, "PATHS", 1)
    simulated = fisher_exact(table, seed=5)
    assert (exact.draws, simulated.draws, simulated.seed) == (None, 100_000, 5)
    assert "simulated" in simulated.method
    assert simulated.p == fisher_exact(table, seed=5).p
    assert simulated.p == pytest.approx(exact.p, abs=0.005)


@given(arrays(np.int64, (2, 3), elements=st.integers(0, 6)))
@settings(deadline=None)
def test_turning_a_cross_table_changes_nothing(table: np.ndarray) -> None:
    if (table.sum(axis=0) == 0).any() or (table.sum(axis=1) == 0).any():
        with pytest.raises(StatisticsRefusedError):
            fisher_exact(table)
        return
    assert fisher_exact(table).p == pytest.approx(fisher_exact(table.T[::-1]).p, abs=1e-12)
    assert chi_square(table).statistic == pytest.approx(chi_square(table.T).statistic, abs=1e-12)
    assert 0.0 < fisher_exact(table).p <= 1.0


@pytest.mark.parametrize("weights", [None, "linear", "quadratic"])
def test_standard_error_of_kappa_is_the_delta_method(weights: str | None) -> None:
    table = np.array([[12, 9, 2], [3, 20, 11], [1, 4, 18]], dtype=float)
    n = table.sum()
    apart = np.abs(np.subtract.outer(np.arange(3), np.arange(3))) / 2
    w = {None: np.eye(3), "linear": 1 - apart, "quadratic": 1 - apart**2}[weights]

    def value(p: np.ndarray) -> float:
        p = p / p.sum()
        chance = p.sum(axis=1) @ w @ p.sum(axis=0)
        return float(((w * p).sum() - chance) / (1 - chance))

    p = table / n
    gradient = np.zeros((3, 3))
    for cell in product(range(3), repeat=2):
        step = np.zeros((3, 3))
        step[cell] = 1e-6
        gradient[cell] = (value(p + step) - value(p - step)) / 2e-6
    expected = np.sqrt(((p * gradient**2).sum() - (p * gradient).sum() ** 2) / n)
    assert kappa(table, weights).se == pytest.approx(expected, rel=1e-6)


def test_the_likeliest_of_all_tables_has_p_of_one() -> None:
    """All tables with these margins are counted before the last columns are reached; by hand 4/9 is the largest."""
    assert fisher_exact([[0, 0, 1, 0], [2, 1, 3, 2]]).p == pytest.approx(1.0, abs=1e-12)
    assert fisher_exact([[1, 0, 0, 0], [1, 1, 4, 2]]).p == pytest.approx(5 / 9, abs=1e-12)
