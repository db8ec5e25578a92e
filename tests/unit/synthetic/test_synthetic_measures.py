"""Promise: made-up answers look like answers: ranges used to their ends, usual means, SDs and reliabilities."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from casearc.instruments import load
from casearc.psychometrics import cronbach_alpha
from casearc.scoring import score
from casearc.synthetic import CLEAN, Attrition, Program, make_program, null_program
from casearc.synthetic.measures import MEASURES


@pytest.fixture(scope="module")
def large() -> Program:
    return null_program(participants=4000, seed=2, dirt=CLEAN, attrition=Attrition(by_six=0, by_twelve=0))


def _items(program: Program, instrument: str) -> NDArray[np.float64]:
    """Answers at intake, (participants, items)."""
    intake = program.tables["administrations"].filter(pl.col("day") <= 45, pl.col("instrument") == instrument)
    answers = program.tables["responses"].join(intake.select("administration_id"), on="administration_id")
    wide = answers.pivot("item", index="administration_id", values="response")
    return wide.drop("administration_id").to_numpy()


@pytest.mark.parametrize(
    ("instrument", "mean", "sd", "alpha"),
    [("mspss", 4.6, 1.3, 0.90), ("cop_se", 140 / 26, 45 / 26, 0.95)],
)
def test_totals_have_the_usual_level_spread_and_consistency(
    large: Program, instrument: str, mean: float, sd: float, alpha: float
) -> None:
    items = _items(large, instrument)
    assert items.mean() == pytest.approx(mean, abs=0.08)
    assert items.mean(axis=1).std(ddof=1) == pytest.approx(sd, abs=0.08)
    assert cronbach_alpha(items, level=0.95).alpha == pytest.approx(alpha, abs=0.02)


@pytest.mark.parametrize("subscale", ["mspss_family", "urica_precontemplation", "urica_action"])
def test_subscales_are_consistent(large: Program, subscale: str) -> None:
    instrument = subscale.split("_", maxsplit=1)[0]
    numbers = next(each.items for each in load(instrument).scores if each.id == subscale)
    items = _items(large, instrument)[:, [int(number) - 1 for number in numbers]]
    assert 0.82 < cronbach_alpha(items, level=0.95).alpha < 0.92


@pytest.mark.parametrize("instrument", list(MEASURES))
@pytest.mark.parametrize("seed", [1, 2024])
def test_both_ends_of_every_range_are_used_in_a_program_of_95(instrument: str, seed: int) -> None:
    responses = make_program(seed=seed).tables["responses"]
    answers = responses.filter(pl.col("item").str.starts_with(instrument))["response"].drop_nulls()
    definition = load(instrument)
    assert sorted(answers.unique()) == list(range(definition.low, definition.high + 1))


@pytest.mark.parametrize("instrument", list(MEASURES))
def test_every_item_of_the_definition_is_answered_and_no_other(instrument: str) -> None:
    items = make_program(participants=11).tables["responses"]["item"].unique()
    definition = load(instrument)
    assert set(items.filter(items.str.starts_with(instrument))) == {f"{instrument}_{i.id}" for i in definition.items}


@pytest.mark.parametrize("seed", [1, 2, 2024])
def test_every_stage_is_met_by_enough_people_at_intake(seed: int) -> None:
    program = make_program(seed=seed)
    intake = program.tables["administrations"].filter(pl.col("instrument") == "urica", pl.col("day") <= 45)
    scores = score(program.tables["responses"].filter(pl.col("item").str.starts_with("urica")), "urica")
    stages = scores.join(intake.select("administration_id"), on="administration_id")["urica_stage_habits"]
    counts = dict(stages.drop_nulls().value_counts().iter_rows())
    assert set(counts) == {"precontemplation", "contemplation", "preparation_action"}
    assert min(counts.values()) >= 11


def test_waves_correlate_as_a_trait_measured_half_a_year_apart_does(large: Program) -> None:
    levels = large.truth.levels
    observed = np.corrcoef(levels["support_intake"], levels["support_twelve_months"])[0, 1]
    assert observed == pytest.approx(0.62, abs=0.03)


def test_points_per_sd_is_the_slope_of_scores_on_true_levels(large: Program) -> None:
    """The formula over thresholds against plain regression of made-up scores on true levels."""
    level = large.truth.levels["support_intake"].to_numpy()
    total = _items(large, "mspss").mean(axis=1)
    slope, error = _slope(level, total)
    assert MEASURES["mspss"].points_per_sd(level) == pytest.approx(slope, abs=3 * error + 0.01)


def _slope(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float]:
    centered = x - x.mean()
    slope = float(centered @ y / (centered @ centered))
    residual = y - y.mean() - slope * centered
    return slope, float(np.sqrt(residual @ residual / (len(x) - 2) / (centered @ centered)))
