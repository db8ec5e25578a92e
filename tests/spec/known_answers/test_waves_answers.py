"""Promise: tests of several waves and of ordered moves reproduce published answers to the digits given."""

from __future__ import annotations

import pytest

from casearc.statistics.contingency import mcnemar, moved_up_or_down, stuart_maxwell
from casearc.statistics.paired import friedman, sign_test

# Hollander & Wolfe 1973, table 7.1: seconds to round first base by three methods, 22 players
ROUNDING = [
    [5.40, 5.50, 5.55], [5.85, 5.70, 5.75], [5.20, 5.60, 5.50], [5.55, 5.50, 5.40], [5.90, 5.85, 5.70],
    [5.45, 5.55, 5.60], [5.40, 5.40, 5.35], [5.45, 5.50, 5.35], [5.25, 5.15, 5.00], [5.85, 5.80, 5.70],
    [5.25, 5.20, 5.10], [5.65, 5.55, 5.45], [5.60, 5.35, 5.45], [5.05, 5.00, 4.95], [5.50, 5.50, 5.40],
    [5.45, 5.55, 5.50], [5.55, 5.55, 5.35], [5.45, 5.50, 5.55], [5.50, 5.45, 5.25], [5.65, 5.60, 5.40],
    [5.70, 5.65, 5.55], [6.30, 6.30, 6.25],
]  # fmt: skip

# Agresti 1990, page 350: approval of the president at two surveys, 1600 people
APPROVAL = [[794, 150], [86, 570]]


def test_friedman_on_rounding_first_base() -> None:
    result = friedman(ROUNDING, method="chi_square")
    assert (result.statistic, result.df) == (pytest.approx(11.1429, abs=5e-5), 2)
    assert result.p == pytest.approx(0.003805, abs=5e-7)
    assert result.kendall_w == pytest.approx(result.statistic / 44, rel=1e-12)


def test_mcnemar_on_approval() -> None:
    corrected = mcnemar(APPROVAL, method="corrected")
    assert corrected.statistic == pytest.approx(16.8178, abs=5e-5)
    assert corrected.p == pytest.approx(4.115e-05, abs=5e-9)
    assert mcnemar(APPROVAL, method="chi_square").statistic == pytest.approx(17.3559, abs=5e-5)
    assert corrected.difference == pytest.approx(0.04, abs=1e-12)


def test_with_two_stages_all_tests_of_moves_are_one() -> None:
    chi = mcnemar(APPROVAL, method="chi_square")
    assert stuart_maxwell(APPROVAL).statistic == pytest.approx(chi.statistic, rel=1e-12)
    assert moved_up_or_down(APPROVAL).p == mcnemar(APPROVAL).p


def test_sign_test_on_the_moves_of_ten() -> None:
    """Conover's rule: 8 of 8 up is 2 / 2^8."""
    assert sign_test([1, 2, 1, 3, 1, 2, 4, 1, 0, 0]).p == 2 / 2**8
