"""Promise: the truth that comes with a made-up program is the one a right analysis finds, and a wrong one misses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest

from casearc.dose import DoseDefinition, DoseMeasure, DoseTable, deliver
from casearc.synthetic import CLEAN, DEMO, Attrition, Dirt, Program, make_program, null_program
from casearc.tables import Tables

_SEEDS = range(200)
_T = 1.99  # two-sided 5 % point of t with about 80 degrees of freedom


def _first(program: Program) -> pl.DataFrame:
    return program.truth.levels.filter(pl.col("number") == 1)


def _landmark(program: Program, trait: str) -> tuple[float, float]:
    """Slope and SE of true level at twelve months on months served, adjusted for true level at six, of those there."""
    there = _first(program).filter(pl.col("left_before").is_null())
    outcome = there[f"{trait}_twelve_months"].to_numpy()
    design = np.column_stack(
        [np.ones(there.height), there["months_served"].to_numpy(), there[f"{trait}_six_months"].to_numpy()]
    )
    inverse = np.linalg.inv(design.T @ design)
    coefficients = inverse @ design.T @ outcome
    residual = outcome - design @ coefficients
    variance = residual @ residual / (len(outcome) - design.shape[1])
    return float(coefficients[1]), float(np.sqrt(variance * inverse[1, 1]))


def _rejections(estimates: Sequence[tuple[float, float]]) -> float:
    return float(np.mean([abs(slope) > _T * error for slope, error in estimates]))


def _change(program: Program, earlier: str, later: str) -> tuple[float, float]:
    there = _first(program).filter(pl.col("left_before").is_null())
    change = (there[f"support_{later}"] - there[f"support_{earlier}"]).to_numpy()
    return float(change.mean()), float(change.std(ddof=1) / np.sqrt(len(change)))


@pytest.fixture(scope="module")
def demos() -> list[Program]:
    return [make_program(seed=seed) for seed in _SEEDS]


@pytest.fixture(scope="module")
def nulls() -> list[Program]:
    return [null_program(seed=seed) for seed in _SEEDS]


@pytest.mark.parametrize("trait", ["support", "coping", "readiness"])
def test_regression_on_true_levels_recovers_the_effect_of_a_month(demos: list[Program], trait: str) -> None:
    errors = np.asarray(
        [(slope - DEMO.of(trait).per_month) / error for slope, error in (_landmark(each, trait) for each in demos)]
    )
    assert abs(errors.mean()) < 3 / np.sqrt(len(errors))
    assert 0.90 <= np.mean(np.abs(errors) < _T) <= 0.99


def test_the_effect_on_support_is_large_enough_to_be_found_at_95(demos: list[Program]) -> None:
    assert _rejections([_landmark(each, "support") for each in demos]) > 0.9
    per_sd = [each.truth.effects["mspss_total"].per_sd for each in demos]
    assert 0.35 <= float(np.mean(per_sd)) <= 0.45


@pytest.mark.parametrize("trait", ["support", "coping", "readiness"])
def test_where_nothing_works_about_one_in_twenty_looks_as_if_it_did(nulls: list[Program], trait: str) -> None:
    assert 0.01 <= _rejections([_landmark(each, trait) for each in nulls]) <= 0.095
    assert all(effect.per_month == 0 for effect in nulls[0].truth.effects.values())


def test_where_nothing_works_nothing_changes(nulls: list[Program]) -> None:
    assert _rejections([_change(each, "intake", "twelve_months") for each in nulls]) <= 0.095


def test_change_by_twelve_months_is_the_one_asked_for() -> None:
    large = make_program(participants=4000, seed=8, attrition=Attrition(by_six=0, by_twelve=0))
    mean, error = _change(large, "intake", "twelve_months")
    at_mean_dose = DEMO.support.by_twelve + DEMO.support.per_month * (
        float(_first(large)["months_served"].to_numpy().mean()) - 3.0
    )
    assert mean == pytest.approx(at_mean_dose, abs=4 * error)


def test_engagement_makes_an_effect_appear_that_is_not_there() -> None:
    confounded = [null_program(seed=seed, engagement=0.8) for seed in range(40)]
    assert _rejections([_landmark(each, "support") for each in confounded]) > 0.8


def test_selection_on_low_support_raises_the_next_wave_and_no_further_one() -> None:
    selected = [null_program(seed=seed, selection=0.0) for seed in range(40)]
    assert _rejections([_change(each, "intake", "six_months") for each in selected]) > 0.6
    assert _rejections([_change(each, "six_months", "twelve_months") for each in selected]) < 0.2
    assert all(_first(each)["support_intake"].to_numpy().max() <= 0 for each in selected)


def test_when_those_who_worsen_leave_the_completers_seem_to_improve() -> None:
    attrition = Attrition(by_six=0.15, by_twelve=0.30, on_worsening=2.0)
    programs = [null_program(seed=seed, attrition=attrition) for seed in range(60)]
    changes = [_change(each, "intake", "twelve_months")[0] for each in programs]
    assert np.mean(changes) > 0.1


def test_months_served_in_the_truth_are_those_the_dose_part_counts_from_the_contacts() -> None:
    program = make_program(seed=6, dirt=Dirt(missed=CLEAN.missed))
    months = DoseDefinition(
        id="months",
        table=DoseTable.CONTACTS,
        measure=DoseMeasure.MONTHS_SERVED,
        start="intake",
        end="six_months",
    )
    rounds = program.tables["administrations"].filter(pl.col("instrument") == "mspss")
    wave = (pl.col("day") / 180).round().cast(pl.Int64)
    nearest = rounds.with_columns(wave=wave, far=(pl.col("day") - 180 * wave).abs()).sort("far")
    days = (
        nearest.group_by("enrollment_id")
        .agg(
            intake=pl.col("day").filter(pl.col("wave") == 0).first(),
            six_months=pl.col("day").filter(pl.col("wave") == 1).first(),
        )
        .drop_nulls()
        .sort("enrollment_id")
    )
    delivered = deliver(Tables.of(contacts=program.tables["contacts"]), [months], days).frame
    both = delivered.join(_first(program), on="enrollment_id")
    assert both.height > 80
    assert both["months"].to_numpy() == pytest.approx(both["months_served"].to_numpy())


def test_effects_in_points_are_those_in_sd_times_the_slope_of_the_score() -> None:
    effects = make_program(seed=1).truth.effects
    assert effects["mspss_total"].per_month_points == pytest.approx(0.27 * 1.03, abs=0.05)
    assert effects["cop_se_total"].per_month_points == pytest.approx(0.22 * 40, abs=1.5)
