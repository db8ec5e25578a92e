"""Promise: every kind of model has a plan that is sound, and is refused where its parts do not fit together in time."""

from __future__ import annotations

import pytest

from casearc.errors import PlanRefusedError
from casearc.study import (
    DenominatorDf,
    LevelAt,
    ModelKind,
    Multiplicity,
    Penalty,
    Selection,
    Waves,
    explain,
    is_concurrent,
    is_cross_sectional,
    parse_plan,
)

PLAN = """
[study]
title = "A study"
program = "A program"
design = "pretest-posttest"
[[wave]]
name = "first"
target_day = 0
window = [-30, 45]
[[wave]]
name = "second"
target_day = 180
window = [-30, 45]
[[wave]]
name = "third"
target_day = 360
window = [-30, 45]
[[outcome]]
id = "support"
score = "mspss_total"
role = "primary"
direction = "higher"
[[outcome]]
id = "stage"
score = "urica_stage_habits"
role = "exploratory"
direction = "none"
[[dose]]
id = "months"
table = "contacts"
measure = "months_served"
from = "first"
to = "second"
[[dose]]
id = "later_contacts"
table = "contacts"
measure = "count"
from = "second"
to = "third"
[[dose]]
id = "later_months"
table = "enrollments"
measure = "months_enrolled"
from = "second"
to = "third"
[[covariate]]
id = "age"
table = "participants"
column = "age_at_enrollment"
[[model]]
id = "m"
"""
MIXED = """kind = "mixed"
outcome = "support"
random = "slope"
df = "satterthwaite"
"""
COUNT = """kind = "count"
outcome = "later_contacts"
exposure = "later_months"
dose = "months"
adjust_for = ["support@second", "age"]
"""
BASELINE = """kind = "ordinal"
outcome = "stage"
at = "first"
adjust_for = ["support@first", "age"]
penalty = "firth"
"""


def plan_with(model, rest=""):
    return parse_plan(PLAN + model + rest)


def test_a_mixed_model_takes_every_wave_and_needs_no_dose():
    plan = plan_with(MIXED)
    (model,) = plan.models
    assert (model.at, model.doses, model.df) == ("third", (), DenominatorDf.SATTERTHWAITE)
    assert not is_concurrent(plan, model)
    assert is_concurrent(plan_with(MIXED + 'dose = "months"\n'), plan_with(MIXED + 'dose = "months"\n').models[0])
    assert plan_with(MIXED + 'at = "third"\n').digest == plan.digest


def test_a_count_model_counts_after_the_dose():
    plan = plan_with(COUNT)
    (model,) = plan.models
    assert (model.kind, model.at, model.exposure) == (ModelKind.COUNT, "", "later_months")
    assert model.adjust_for == (LevelAt("second", "support"), "age")
    assert not is_concurrent(plan, model)


def test_a_model_on_baseline_data_alone_is_cross_sectional():
    plan = plan_with(BASELINE)
    (model,) = plan.models
    assert model.penalty is Penalty.FIRTH
    assert is_cross_sectional(plan, model)
    assert any("Cross-sectional" in sentence for sentence in explain(plan))


@pytest.mark.parametrize("own", ["support@first", "level@first", "baseline"])
def test_an_outcomes_own_level_can_be_written_three_ways(own):
    model = f'kind = "linear"\noutcome = "support"\nat = "third"\ndose = "months"\nadjust_for = ["{own}"]\n'
    assert plan_with(model).models[0].adjust_for == (LevelAt("first"),)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('exposure = "later_months"\n', "", "needs the months in which it could happen"),
        ('exposure = "later_months"', 'exposure = "months"', "is no time at risk"),
        ('outcome = "later_contacts"', 'outcome = "months"', "which is no count"),
        ('outcome = "later_contacts"', 'outcome = "support"', "A count model is about contacts"),
        ('dose = "months"', 'dose = "later_contacts"', "cannot explain itself"),
        ('dose = "months"', 'dose = "later_months"', "is not over when counting begins"),
        ('"support@second"', '"support@third"', "not measured before counting begins"),
        ('"support@second"', '"level@second"', "no level at a wave"),
        ('dose = "months"', 'dose = "months"\nat = "third"', "not taken at a wave"),
    ],
)
def test_a_count_out_of_order_is_refused(old, new, problem):
    assert old in COUNT
    with pytest.raises(PlanRefusedError) as refused:
        plan_with(COUNT.replace(old, new))
    assert any(problem in str(fault) or problem in fault.remedy for fault in refused.value.faults)


@pytest.mark.parametrize(
    ("model", "problem"),
    [
        (MIXED + 'at = "first"\n', "is the first"),
        (MIXED + 'adjust_for = ["stage@second"]\n', "also those before it"),
        (MIXED.replace('"support"', '"later_months"'), "a mixed model is about an outcome"),
        (BASELINE.replace("@first", "@second"), "which is later"),
    ],
)
def test_levels_out_of_order_are_refused(model, problem):
    with pytest.raises(PlanRefusedError) as refused:
        plan_with(model)
    assert any(problem in str(fault) for fault in refused.value.faults)


def test_the_whole_of_the_settings_is_read():
    plan = plan_with(
        MIXED,
        """
[missing]
waves = "all-enrolled"
imputations = 20
tipping = [-0.5, -1]
[inference]
multiplicity = "holm-bh"
bootstrap = 2000
[selection]
population_sd = 0.9
retest = 0.85
cut = 4
[power]
n = [95, 150]
effects = { support = 0.4 }
""",
    )
    assert plan.missing.waves is Waves.ALL_ENROLLED
    assert plan.missing.tipping == (-0.5, -1.0)
    assert plan.inference.multiplicity is Multiplicity.HOLM_BH
    assert plan.selection == Selection(outcome="support", population_sd=0.9, retest=0.85, cut=4.0)
    assert plan.power.effects == {"support": 0.4}
    told = "\n".join(explain(plan))
    for words in (
        "filled in 20 times",
        "-0.5 and -1 standard",
        "Holm's method",
        "2,000 times",
        "below 4",
        "95 and 150",
    ):
        assert words in told
