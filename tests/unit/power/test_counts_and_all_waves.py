"""Promise: `casearc power` runs mixed and count models as the evaluation would, study by study."""

from __future__ import annotations

import numpy as np
import pytest

from casearc.dose import DAYS_IN_MONTH
from casearc.instruments import load
from casearc.power import PlannedTest, power
from casearc.power.all_waves import mixed_test
from casearc.power.counts import count_test
from casearc.power.draw import draw
from casearc.statistics.count_models import poisson, poisson_many
from casearc.statistics.mixed import mixed
from casearc.study import StudyPlan, in_time, parse_plan, template_plan

INSTRUMENTS = [load(name) for name in ("mspss", "cop_se", "urica")]
MODELS = """
[[model]]
id = "support_course"
kind = "mixed"
outcome = "support"
dose = "months_served"
adjust_for = ["age"]

[[model]]
id = "how_many"
kind = "count"
outcome = "contacts"
dose = "goals"
exposure = "enrolled_months"
family = "exploratory"

[[dose]]
id = "contacts"
table = "contacts"
from = "six_months"
to = "twelve_months"
measure = "count"

[[dose]]
id = "goals"
table = "goals"
types = ["met"]
from = "intake"
to = "six_months"
measure = "count"

[[dose]]
id = "enrolled_months"
table = "enrollments"
measure = "months_enrolled"
from = "six_months"
to = "twelve_months"
"""


def plan(section: str) -> StudyPlan:
    return parse_plan(template_plan().split("[power]")[0] + MODELS + f"\n[power]\n{section}")


def found(section: str, item: str, *, simulations: int) -> PlannedTest:
    tests = power(plan(section), INSTRUMENTS, simulations=simulations).tests
    return next(test for test in tests if test.plan_item == item)


def test_each_study_s_mixed_test_is_that_of_the_estimator() -> None:
    study = plan("n = [60]")
    drawn = draw(study, INSTRUMENTS, 60, 4, np.random.default_rng(1))
    model = next(each for each in study.models if each.id == "support_course")
    many = mixed_test(drawn, study, model)
    months = np.array([wave.target_day for wave in in_time(study.waves)]) / DAYS_IN_MONTH
    months = months - months[0]
    who, wave = np.nonzero(drawn.known["support"][2])
    dose, age = drawn.doses["months_served"][2][who], drawn.covariates["age"][2][who]
    fit = mixed(
        np.column_stack([np.ones(who.size), months[wave], dose, age, dose * months[wave]]),
        drawn.scores["support"][2][who, wave],
        groups=who,
        terms=["1", "months", "dose", "age", "dose by months"],
        random=np.column_stack([np.ones(who.size), months[wave]]),
    )
    assert many.estimate[2] == pytest.approx(float(fit.coefficients[4]), rel=1e-6)
    assert many.error[2] == pytest.approx(float(fit.standard_errors[4]), rel=1e-5)
    assert many.scale == pytest.approx(1.0 / months[-1])


def test_each_study_s_rate_is_that_of_the_estimator() -> None:
    rng = np.random.default_rng(2)
    X = np.stack([np.ones((5, 40)), rng.normal(size=(5, 40)), rng.integers(0, 2, (5, 40))], axis=-1)
    time, w = rng.uniform(0.5, 2.0, (5, 40)), (rng.random((5, 40)) < 0.8).astype(float)
    events = rng.poisson(3.0 * time * rng.gamma(2.0, 0.5, (5, 40)))
    many = poisson_many(X, events, w, exposure=time, term=1)
    for i in range(5):
        kept = w[i] > 0
        fit = poisson(X[i][kept], events[i][kept], terms=["1", "x", "z"], exposure=time[i][kept])
        assert many.estimate[i] == pytest.approx(float(fit.coefficients[1]), rel=1e-8)
        assert many.standard_error[i] == pytest.approx(float(fit.standard_errors[1]), rel=1e-7)
        assert many.df[i] == kept.sum() - 3


def test_a_study_without_events_has_no_rate() -> None:
    X, ones = np.ones((2, 10, 1)), np.ones((2, 10))
    many = poisson_many(X, np.stack([np.zeros(10), np.full(10, 2.0)]), ones, exposure=ones, term=0)
    assert many.failed.tolist()[0]
    assert np.isnan(many.estimate[0])


@pytest.mark.parametrize("item", ["model.support_course", "model.how_many"])
def test_where_nothing_works_power_is_alpha(item: str) -> None:
    test = found("n = [95]\neffect = 0.0", item, simulations=1000)
    assert abs(test.power - 0.05) < 0.03
    assert test.not_fitted == 0.0


def test_a_larger_effect_is_found_more_often() -> None:
    weak, strong = (
        found(f"n = [95]\neffects = {{ how_many = {size} }}", "model.how_many", simulations=300) for size in (0.1, 0.5)
    )
    assert weak.power < strong.power
    assert weak.smallest == pytest.approx(strong.smallest, rel=0.15)


@pytest.mark.parametrize("item", ["how_many", "stage_by_months"])
def test_the_smallest_effect_is_found_as_often_as_wanted(item: str) -> None:
    smallest = found("n = [200]", f"model.{item}", simulations=300).smallest
    assert smallest is not None
    again = found(f"n = [200]\neffects = {{ {item} = {smallest:.4f} }}", f"model.{item}", simulations=1000)
    assert abs(again.power - 0.8) < 0.06


def test_an_effect_beyond_belief_is_not_told() -> None:
    assert found("n = [12]\nattrition = 0.5", "model.stage_by_months", simulations=100).smallest is None


def test_more_spread_costs_power() -> None:
    narrow = found("n = [60]\neffect = 0.2\noverdispersion = 0.0", "model.how_many", simulations=300)
    wide = found("n = [60]\neffect = 0.2\noverdispersion = 2.0", "model.how_many", simulations=300)
    assert wide.power < narrow.power
    assert (wide.half_width or 0.0) > (narrow.half_width or 9.0)


def test_counts_have_the_mean_the_plan_assumes() -> None:
    study = plan("n = [200]\nmean_count = 4.0\noverdispersion = 0.0")
    model = next(each for each in study.models if each.id == "how_many")
    drawn = draw(study, INSTRUMENTS, 200, 50, np.random.default_rng(3))
    simulated = count_test(drawn, study, model, 0.0, np.random.default_rng(4))
    # a Poisson rate of 4 over an average time of 1 has an error of about 1 / sqrt(200 * 4) for an SD of the dose
    assert float(np.nanmean(simulated.half_width)) == pytest.approx(1.96 / np.sqrt(800), rel=0.2)
