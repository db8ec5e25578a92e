"""Promise: tests on tables of counts give the numbers of base R, coin and psych."""

from __future__ import annotations

import numpy as np
import pytest
from stored import DataSet, gap, load

from casearc.statistics.contingency import (
    bowker,
    bowker_exact,
    chi_square,
    cramers_v,
    fisher_exact,
    kappa,
    mcnemar,
    moved_up_or_down,
    ordered_homogeneity,
    stuart_maxwell,
)

SETS = load("tables")
SQUARE = [data for data in SETS if "bowker" in data.reference]
TWO = [data for data in SETS if "mcnemar" in data.reference]
EXACT = [data for data in SQUARE if "exact" in data.reference]
CROSS = [data for data in SETS if "fisher" in data.reference]
CLOSED = 1e-8


def theirs(data: DataSet, *names: str) -> list[float]:
    return [data.reference[name] for name in names]


def test_there_are_two_hundred_sets() -> None:
    assert len(SETS) >= 200
    assert min(len(TWO), len(EXACT), len(CROSS)) >= 30


def test_transitions() -> None:
    for data in SQUARE:
        symmetry, margins = bowker(data.matrix()), stuart_maxwell(data.matrix())
        assert gap([symmetry.statistic, symmetry.p], theirs(data, "bowker", "bowker_p")) < CLOSED, data
        ours = [margins.statistic, margins.p]
        assert gap(ours, theirs(data, "stuart_maxwell", "stuart_maxwell_p")) < CLOSED, data


def test_ordered_transitions() -> None:
    for data in SQUARE:
        table = data.matrix()
        scores = [1.0, 2.0, 4.0, 7.0][: table.shape[0]] if data.number % 2 == 0 else None
        chi = ordered_homogeneity(table, scores=scores, method="chi_square")
        assert gap([chi.statistic, chi.p], theirs(data, "ordered", "ordered_p")) < CLOSED, data
        exact = ordered_homogeneity(table, scores=scores)
        assert gap(exact.p, data.reference["ordered_exact"]) < CLOSED, data
        sides = moved_up_or_down(table)
        ours = [sides.p, sides.low, sides.high]
        assert gap(ours, theirs(data, "up_down", "share_low", "share_high")) < CLOSED, data
        assert gap(moved_up_or_down(table, method="mid-p").p, data.reference["mid_p"]) < CLOSED, data


def test_mcnemar() -> None:
    for data in TWO:
        plain, corrected = (mcnemar(data.matrix(), method=method) for method in ("chi_square", "corrected"))
        assert gap([plain.statistic, plain.p], theirs(data, "mcnemar", "mcnemar_p")) < CLOSED, data
        assert gap([corrected.statistic, corrected.p], theirs(data, "corrected", "corrected_p")) < CLOSED, data
        exact = mcnemar(data.matrix())
        ours = [exact.p, exact.low, exact.high, exact.odds_ratio_low]
        assert gap(ours, theirs(data, "up_down", "shift_low", "shift_high", "odds_low")) < CLOSED, data
        assert (exact.odds_ratio_high is None) == ("odds_high" not in data.reference)
        if exact.odds_ratio_high is not None:
            assert gap(exact.odds_ratio_high, data.reference["odds_high"]) < CLOSED, data


def test_exact_symmetry() -> None:
    for data in EXACT:
        table = data.matrix()
        assert gap(bowker_exact(table).p, data.reference["exact"]) < CLOSED, data
        if table.shape[0] == 2:
            assert gap(mcnemar(table).p, data.reference["exact"]) < CLOSED, data


def test_agreement() -> None:
    for data in SQUARE:
        plain = kappa(data.matrix())
        assert gap([plain.estimate, plain.se], theirs(data, "kappa", "kappa_se")) < CLOSED, data
        assert gap(kappa(data.matrix(), "quadratic").estimate, data.reference["quadratic_kappa"]) < CLOSED, data


@pytest.mark.parametrize("part", range(3))
def test_cross_tables(part: int) -> None:
    for data in CROSS[part::3]:
        result = chi_square(data.matrix())
        ours = [result.statistic, result.p, result.smallest_expected]
        assert gap(ours, theirs(data, "chi_square", "chi_square_p", "smallest")) < CLOSED, data
        exact = fisher_exact(data.matrix())
        assert exact.draws is None
        assert gap(exact.p, data.reference["fisher"]) < CLOSED, data
        strength = cramers_v(data.matrix())
        assert gap([strength.estimate, strength.corrected], theirs(data, "v", "v_corrected")) < CLOSED, data
        assert gap([strength.low, strength.high], theirs(data, "v_low", "v_high")) < CLOSED, data
        assert np.isfinite(strength.high)
