"""Promise: simulated power is the formula's where there is one, alpha where nothing works, less where people leave."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from casearc.instruments import load
from casearc.power import PlannedTest, power
from casearc.power.draw import draw
from casearc.power.tests_of_plan import linear_test
from casearc.statistics.categorical import likelihood_ratio_tests, multinomial_many
from casearc.statistics.linear import linear
from casearc.study import StudyPlan, parse_plan, template_plan

INSTRUMENTS = [load(name) for name in ("mspss", "cop_se", "urica")]
NOBODY_LEAVES = "attrition = 0.0\nmissing_items = 0.0\n"


def plan(section: str) -> StudyPlan:
    return parse_plan(template_plan().split("[power]")[0] + f"\n[power]\n{section}")


def found(section: str, item: str, *, simulations: int = 1000) -> PlannedTest:
    tests = power(plan(section), INSTRUMENTS, simulations=simulations).tests
    return next(test for test in tests if test.plan_item == item)


def test_paired_power_is_that_of_the_noncentral_t() -> None:
    """R: power.t.test(95, delta = .290414690, type = "paired") is .80; and .8 is reached at that d_z."""
    test = found(f"n = [95]\neffect = 0.290414690\n{NOBODY_LEAVES}", "outcome.support", simulations=4000)
    assert test.n_analyzed == 95
    assert abs(test.power - 0.8) < 4 * test.power_error
    assert test.smallest == pytest.approx(0.2904, abs=0.012)


@pytest.mark.parametrize("item", ["outcome.support", "model.support_by_months", "model.stage_by_months"])
def test_where_nothing_works_power_is_alpha(item: str) -> None:
    test = found("n = [150]\neffect = 0.0", item, simulations=2000)
    assert abs(test.power - 0.05) < 0.02


def test_who_leaves_costs_power_and_width() -> None:
    all_stay = found(f"n = [95]\n{NOBODY_LEAVES}", "model.support_by_months")
    some_leave = found("n = [95]\nattrition = 0.5\nmissing_items = 0.0", "model.support_by_months")
    assert some_leave.n_analyzed < all_stay.n_analyzed
    assert some_leave.power < all_stay.power
    assert (some_leave.half_width or 0) > (all_stay.half_width or 1)


def test_the_same_seed_gives_the_same_answer() -> None:
    first, second = (power(plan("n = [60]"), INSTRUMENTS, simulations=200) for _ in range(2))
    assert first == second


def test_each_study_s_linear_test_is_that_of_the_estimator() -> None:
    study = plan("n = [60]")
    drawn = draw(study, INSTRUMENTS, 60, 5, np.random.default_rng(1))
    model = study.models[0]
    many = linear_test(drawn, study, model, icc=0.0)
    known = drawn.known["support"][3, :, 2] & drawn.known["support"][3, :, 1]
    columns = [np.ones(60), drawn.doses["months_served"][3], drawn.scores["support"][3, :, 1]]
    columns += [drawn.covariates[name][3] for name in ("age", "gender", "race_ethnicity", "trafficking")]
    X = np.column_stack(columns)[known]
    fit = linear(X, drawn.scores["support"][3, :, 2][known], terms=[str(i) for i in range(7)])
    assert many.estimate[3] == pytest.approx(float(fit.coefficients[1]))
    assert many.error[3] == pytest.approx(float(fit.standard_errors[1]))
    assert many.df[3] == fit.df_residual


def test_many_stage_tests_are_those_of_the_estimator_one_by_one() -> None:
    rng = np.random.default_rng(3)
    X = np.stack([np.ones((6, 40)), rng.normal(size=(6, 40)), rng.integers(0, 2, (6, 40))], axis=-1)
    y = rng.integers(0, 3, (6, 40))
    w = (rng.random((6, 40)) < 0.9).astype(float)
    many = multinomial_many(X, y, w, levels=3, term=1)
    for i in np.flatnonzero(~many.failed):
        kept = w[i] > 0
        one = likelihood_ratio_tests(
            X[i][kept],
            y[i][kept],
            terms=["1", "x", "z"],
            levels=["a", "b", "c"],
            predictors={"x": ["x"]},
            penalty="firth" if many.separated[i] else "none",
        )
        assert many.p[i] == pytest.approx(float(one.p[0]), abs=1e-6)


def test_the_command_tells_and_gives_json(tmp_path: Path) -> None:
    file = tmp_path / "study.toml"
    file.write_text(template_plan(), encoding="utf-8")
    start = [sys.executable, "-c", "from casearc_cli.main import main; main()"]
    command = [*start, "power", str(file), "--simulations", "100"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Smallest effect" in told
    data = json.loads(subprocess.run([*command, "--json"], capture_output=True, text=True, check=True).stdout)
    assert {"power", "n_enrolled", "smallest"} <= set(data["tests"][0])
