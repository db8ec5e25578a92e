"""Promise: E-values, robustness values and expected regression are those of their published formulas, written in R."""

from __future__ import annotations

import numpy as np
import pytest
from stored import DataSet, gap, load

from casearc.statistics.sensitivity import (
    RobustnessValue,
    e_value,
    e_value_mean_difference,
    regression_to_mean,
    robustness_value,
)

SETS = load("sensitivity")
TERMS = ["constant", "months", "need", "age"]
CLOSED = 1e-8


def robust(data: DataSet, **options: object) -> RobustnessValue:
    X = np.column_stack([np.ones(data.columns["need"].size), *(data.columns[name] for name in TERMS[1:])])
    return robustness_value(X, data.columns["outcome"], terms=TERMS, term="months", **options)


@pytest.mark.parametrize("data", SETS, ids=str)
def test_robustness_values(data: DataSet) -> None:
    found, half, theirs = robust(data), robust(data, q=0.5), data.reference
    ours = [found.t, found.robustness, found.robustness_alpha, found.partial_r_squared, half.robustness]
    assert gap(ours, [theirs[name] for name in ("t", "rv", "rv_alpha", "partial", "rv_half")]) < CLOSED


@pytest.mark.parametrize("data", SETS, ids=str)
def test_benchmarks(data: DataSet) -> None:
    found = robust(data, benchmarks=["need"], multiples=(1.0, 2.0)).benchmarks
    for bound, k in zip(found, (1, 2), strict=True):
        if not data.reference[f"possible{k}"]:
            assert bound.estimate is None
            assert "cannot exist" in bound.notes[0]
            continue
        ours = [bound.r_squared_exposure, bound.r_squared_outcome, bound.estimate, bound.se]
        assert gap(ours, [data.reference[f"{name}{k}"] for name in ("dz", "yz", "estimate", "error")]) < CLOSED


@pytest.mark.parametrize("data", SETS, ids=str)
def test_e_values(data: DataSet) -> None:
    theirs = data.reference
    rr, low, high = theirs["rr"], theirs["low"], theirs["high"]
    for name, options in (
        ("e", {}),
        ("e_or", {"measure": "odds ratio", "common": True}),
        ("e_hr", {"measure": "hazard ratio", "common": True}),
    ):
        found = e_value(rr, low=low, high=high, **options)
        assert gap([found.e_value, found.e_value_limit], [theirs[name], theirs[f"{name}_limit"]]) < CLOSED
    rare = e_value(rr, low=low, high=high, measure="odds ratio", common=False)
    assert rare.e_value == pytest.approx(theirs["e"], rel=1e-12)
    d, half, sd = theirs["d"], 1.96 * theirs["d_se"], theirs["sd"]
    difference = e_value_mean_difference(d * sd, sd=sd, low=(d - half) * sd, high=(d + half) * sd)
    assert gap([difference.e_value, difference.e_value_limit], [theirs["e_d"], theirs["e_d_limit"]]) < CLOSED
    low, high = ((-d - half) * sd / 10, (-d + half) * sd / 10)
    ten = e_value_mean_difference(-d * sd / 10, sd=sd, low=low, high=high, contrast=-10)
    assert gap([ten.e_value, ten.e_value_limit], [theirs["e_d"], theirs["e_d_limit"]]) < CLOSED


@pytest.mark.parametrize("data", SETS, ids=str)
def test_expected_regression(data: DataSet) -> None:
    """R integrates the normal density; the mean of those selected leads back to the population's."""
    theirs = {name: data.reference[f"rtm_{name}"] for name in ("s", "r", "mu", "cut", "first", "change", "share")}
    given = {"sd": theirs["s"], "retest": theirs["r"], "cut": theirs["cut"]}
    found = regression_to_mean(**given, population_mean=theirs["mu"])
    ours = [found.expected_change, found.selected_mean, found.selected_share]
    assert gap(ours, [theirs[name] for name in ("change", "first", "share")]) < CLOSED
    solved = regression_to_mean(**given, observed_mean=theirs["first"])
    assert gap([solved.expected_change, solved.population_mean], [theirs["change"], theirs["mu"]]) < 1e-6
    mirrored = regression_to_mean(
        sd=theirs["s"], retest=theirs["r"], cut=-theirs["cut"], population_mean=-theirs["mu"], selected="above"
    )
    assert mirrored.expected_change == -found.expected_change
