"""Promise: change, transitions and measurement reproduce published answers to the digits given."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from casearc.change.reliable import reliable_change
from casearc.psychometrics import cronbach_alpha, omega_total
from casearc.statistics.contingency import bowker, stuart_maxwell
from casearc.statistics.paired import cohen_dz, hodges_lehmann, paired_t, wilcoxon_signed_rank

# Cushny & Peebles 1905 (R's `sleep`): extra hours of sleep, two drugs, ten patients
DRUG_1 = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
DRUG_2 = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])

# Hollander & Wolfe 1973, table 3.1: depression before and after tranquilizer, nine patients
FIRST_VISIT = np.array([1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30])
SECOND_VISIT = np.array([0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29])

TIES_AND_ZEROS = [1, 1, 2, 2, -1, 3, 0, 0, 4, -2]
STAGES = [[12, 9, 2], [3, 20, 11], [1, 4, 18]]


def test_paired_t_on_sleep() -> None:
    result = paired_t(DRUG_2, DRUG_1)
    assert result.t == pytest.approx(-4.062127683, abs=5e-10)
    assert result.df == 9
    assert result.p == pytest.approx(0.002832890197, abs=5e-13)
    assert cohen_dz(DRUG_1 - DRUG_2).estimate == pytest.approx(-1.284557563, abs=5e-10)


# differences, method, continuity correction, p, digits
SIGNED_RANK = [
    ("sleep, one zero", DRUG_1 - DRUG_2, "exact", True, 0.00390625, 1e-15),
    ("sleep, R's default", DRUG_1 - DRUG_2, "asymptotic", True, 0.00909, 5e-6),
    ("depression", FIRST_VISIT - SECOND_VISIT, "exact", True, 0.0390625, 1e-15),
    ("ties and zeros", TIES_AND_ZEROS, "exact", True, 0.1640625, 1e-15),
    ("ties and zeros", TIES_AND_ZEROS, "asymptotic", False, 0.1197949304, 5e-11),
]


@pytest.mark.parametrize(("name", "differences", "method", "continuity", "p", "within"), SIGNED_RANK)
def test_signed_rank(name: str, differences: object, method: str, continuity: bool, p: float, within: float) -> None:
    result = wilcoxon_signed_rank(differences, method=method, continuity=continuity)
    assert result.p == pytest.approx(p, abs=within), name
    assert result.method == method


def test_hodges_lehmann_on_depression() -> None:
    result = hodges_lehmann(FIRST_VISIT - SECOND_VISIT)
    assert wilcoxon_signed_rank(FIRST_VISIT - SECOND_VISIT).v == 40
    assert (result.estimate, result.low, result.high) == pytest.approx((0.46, 0.010, 0.786), abs=1e-12)


def test_stage_transitions() -> None:
    symmetry, margins = bowker(STAGES), stuart_maxwell(STAGES)
    assert (symmetry.statistic, symmetry.df) == (pytest.approx(6.6, abs=1e-12), 3)
    assert symmetry.p == pytest.approx(0.085801, abs=5e-7)
    assert (margins.statistic, margins.df) == (pytest.approx(5.77011, abs=5e-6), 2)
    assert margins.p == pytest.approx(0.055852, abs=5e-7)


def attitude() -> np.ndarray:
    with (Path(__file__).parent / "data" / "attitude.csv").open(newline="") as handle:
        return np.array([[float(value) for value in row] for row in list(csv.reader(handle))[1:]])


def test_consistency_of_attitude() -> None:
    assert cronbach_alpha(attitude()).alpha == pytest.approx(0.8431427696, abs=5e-11)
    # psych stops 1.2e-11 above the least sum of squares, which is 2.5e-8 of omega
    assert omega_total(attitude()).omega == pytest.approx(0.8509924651, abs=1e-7)


def test_jacobson_and_truax_worked_example() -> None:
    change = reliable_change(7.5, 0.80)
    assert change.se_measurement == pytest.approx(3.354, abs=5e-4)
    assert change.s_difference == pytest.approx(4.743, abs=5e-4)
    assert change.index(47.5 - 32.5) == pytest.approx(3.162, abs=5e-4)
