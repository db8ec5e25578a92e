"""Promise: mixed models give the published answers on the sleep deprivation study (Belenky et al. 2003)."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from casearc.statistics.mixed import icc_interval, mixed, mixed_contrast, random_effects

with (Path(__file__).parent / "data" / "sleepstudy.csv").open(newline="") as _file:
    ROWS = list(csv.DictReader(_file))
PARTICIPANT = np.array([row["participant"] for row in ROWS])
DAYS = np.array([float(row["days"]) for row in ROWS])
REACTION = np.array([float(row["reaction"]) for row in ROWS])
X = np.column_stack([np.ones(DAYS.size), DAYS])
TERMS = ["constant", "days"]


def test_random_slope_with_kenward_roger() -> None:
    fit = mixed(X, REACTION, groups=PARTICIPANT, terms=TERMS, random=X, random_terms=TERMS)
    assert fit.coefficients == pytest.approx([251.405105, 10.467286], abs=1e-6)
    assert fit.standard_errors == pytest.approx([6.824597, 1.545790], rel=1e-5)  # where lme4 stops by default
    assert fit.standard_errors == pytest.approx([6.8245563, 1.5457889], rel=1e-7)  # where it stops if told to go on
    assert fit.df == pytest.approx([17.0, 17.0], abs=1e-6)
    assert fit.criterion == pytest.approx(1743.628272, abs=1e-6)
    assert (fit.participants, fit.n, fit.singular) == (18, 180, False)
    assert fit.random_sds == pytest.approx([24.7405, 5.9221], abs=1e-4)
    assert fit.random_correlation is not None
    assert fit.random_correlation[0, 1] == pytest.approx(0.0656, abs=1e-4)
    assert fit.residual_sd == pytest.approx(25.5918, abs=1e-4)


def test_random_intercept() -> None:
    fit = mixed(X, REACTION, groups=PARTICIPANT, terms=TERMS, df="satterthwaite")
    assert fit.standard_errors == pytest.approx([9.7467163, 0.8042214], abs=1e-7)
    assert fit.random_sds == pytest.approx([37.123827], abs=1e-6)
    assert fit.residual_sd == pytest.approx(30.991234, abs=1e-6)
    assert fit.criterion == pytest.approx(1786.465085, abs=1e-6)
    assert fit.df[1] == pytest.approx(161.0, abs=1e-6)
    assert icc_interval(fit).estimate == pytest.approx(0.5893, abs=1e-4)


def test_random_effects_of_the_first_participant() -> None:
    fit = mixed(X, REACTION, groups=PARTICIPANT, terms=TERMS, random=X)
    found = random_effects(fit, X, REACTION, groups=PARTICIPANT, random=X)
    assert found.labels[0] == "308"
    assert found.values[0] == pytest.approx([2.2586, 9.1990], abs=1e-3)


def test_a_single_contrast_is_tested_by_its_t() -> None:
    fit = mixed(X, REACTION, groups=PARTICIPANT, terms=TERMS, random=X)
    single = mixed_contrast(fit, [[0.0, 1.0]])
    assert single.f is None
    assert single.t[0] ** 2 == pytest.approx((10.467286 / 1.5457889) ** 2, rel=1e-6)
