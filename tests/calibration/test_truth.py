"""Promise: a known effect is covered by its interval and found; where nothing works, the error rate is the one said.

Sixty made-up programs of each kind: enough to notice a wrong estimator or a wrong standard error. `make calibration`
runs a thousand; its results lie beside this file.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from trials import Verdict, judge, plan

from casearc.synthetic import make_program, null_program

SEEDS = range(60)
SURE = 0.999  # a sound analysis is outside these bounds once in a thousand


def _by_quantity(verdicts: list[Verdict]) -> dict[str, list[Verdict]]:
    found: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        found.setdefault(verdict.quantity, []).append(verdict)
    return found


@pytest.fixture(scope="module")
def with_effect() -> dict[str, list[Verdict]]:
    study = plan("support")
    return _by_quantity([verdict for seed in SEEDS for verdict in judge(make_program(seed=seed), study)])


@pytest.fixture(scope="module")
def without() -> dict[str, list[Verdict]]:
    study = plan("support")
    return _by_quantity([verdict for seed in SEEDS for verdict in judge(null_program(seed=seed), study)])


def test_every_planned_model_was_fitted(with_effect: dict[str, list[Verdict]]) -> None:
    assert len(with_effect["support_by_months"]) == len(SEEDS)


def test_the_interval_of_the_dose_covers_the_truth(with_effect: dict[str, list[Verdict]]) -> None:
    covered = sum(bool(verdict.covers) for verdict in with_effect["support_by_months"])
    assert covered >= stats.binom.ppf(1 - SURE, len(SEEDS), 0.95)


def test_the_effect_is_found_mostly(with_effect: dict[str, list[Verdict]]) -> None:
    assert np.mean([verdict.p < 0.05 for verdict in with_effect["support_by_months"]]) > 0.7


@pytest.mark.parametrize(
    "quantity",
    [
        "support_by_months",
        "support, six months to twelve months: t",
        "support, six months to twelve months: signed rank",
    ],
)
def test_where_nothing_works_errors_are_no_more_than_the_rate(without: dict[str, list[Verdict]], quantity: str) -> None:
    wrong = sum(verdict.p < 0.05 for verdict in without[quantity])
    assert wrong <= stats.binom.ppf(SURE, len(SEEDS), 0.05)


def test_p_values_where_nothing_works_are_even(without: dict[str, list[Verdict]]) -> None:
    """Not only below .05: a wrong standard error bends the whole distribution."""
    p = [verdict.p for verdict in without["support_by_months"]]
    assert stats.kstest(p, "uniform").pvalue > 0.001
