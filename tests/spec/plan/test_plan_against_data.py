"""Promise: a plan is held against the instruments and the data before it runs on them, and tells no one's value."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from casearc.instruments import load
from casearc.study import (
    Design,
    check_plan,
    design_deviations,
    ensure_plan,
    parse_plan,
    plan_in_effect,
    served_before_second_pretest,
)
from casearc.tables import Tables

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
[[dose]]
id = "nights"
table = "services"
measure = "amount"
types = ["shelter"]
unit = "nights"
from = "first"
to = "second"
[[covariate]]
id = "gender"
table = "participants"
column = "gender"
reference = "girl"
ladder = [{ not_girl = ["boy", "other"] }]
[[covariate]]
id = "race"
table = "participants"
column = "race_ethnicity"
ladder = [{ others = ["white", "more_than_one"] }]
[[covariate]]
id = "age"
table = "participants"
column = "age_at_enrollment"
[[model]]
id = "m"
kind = "linear"
outcome = "support"
at = "third"
dose = "nights"
adjust_for = ["level@second", "gender", "race", "age"]
cluster = "site"
"""
MSPSS, URICA = load("mspss"), load("urica")


@pytest.fixture
def tables(table):
    return Tables.of(
        participants=table("""
            participant_id | age_at_enrollment | gender | race_ethnicity
            ---------------+-------------------+--------+---------------
            p1             | 15                | girl   | black
            p2             | 16                | boy    | white;black
            p3             |                   | other  | white
        """),
        enrollments=table("""
            enrollment_id | participant_id | site | first_service_day
            --------------+----------------+------+------------------
            e1            | p1             | east | 190
            e2            | p2             | west | 200
            e3            | p3             | east | 170
        """),
        services=table("""
            enrollment_id | day | service_code | quantity | unit
            --------------+-----+--------------+----------+-------
            e1            | 3   | shelter      | 2        | nights
        """),
        administrations=table("""
            administration_id | enrollment_id | instrument | day
            ------------------+---------------+------------+----
            a1                | e1            | mspss      | 0
            a2                | e1            | mspss      | 180
            a3                | e2            | mspss      | 180
            a4                | e3            | mspss      | 180
        """),
    )


def faults_of(text, tables=None, instruments=(MSPSS, URICA)):
    return [str(fault) for fault in check_plan(parse_plan(text), instruments, tables)]


def test_a_plan_that_fits_has_no_fault(tables):
    assert faults_of(PLAN, tables) == []
    ensure_plan(parse_plan(PLAN), (MSPSS,), tables)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('score = "mspss_total"', 'score = "mspss_totl"', "Did you mean mspss_total?"),
        ('score = "mspss_total"', 'score = "urica_stage_habits"', "a linear model needs an outcome in numbers"),
        ('kind = "linear"', 'kind = "multinomial"', "a multinomial model needs an outcome in stages"),
        ('kind = "linear"', 'kind = "ordinal"', "an ordinal model needs an outcome in stages"),
        ("[[dose]]", "[selection]\npopulation_sd = 1\nretest = 0.8\ncut = 40\n[[dose]]", "mspss_total, 1 to 7"),
        ("[[dose]]", "[power]\nstages = { early = 0.5, late = 0.5 }\n[[dose]]", "not those of the levels"),
        ('direction = "higher"', 'direction = "higher"\nlevels = ["a", "b"]', "is a number and has no levels"),
    ],
)
def test_outcomes_are_held_against_the_instruments(old, new, problem):
    assert any(problem.lower() in fault.lower() for fault in faults_of(PLAN.replace(old, new, 1)))


STAGES = PLAN.replace('score = "mspss_total"', 'score = "urica_stage_habits"\nladder = [{ later = LADDER }]').replace(
    'kind = "linear"', 'kind = "multinomial"\nreference = "REFERENCE"'
)


@pytest.mark.parametrize(
    ("ladder", "reference", "problem"),
    [
        ('["contemplation", "preparation_action"]', "precontemplation", ""),
        ('["contemplation", "preparation_action"]', "later", ""),
        ('["contemplation", "action"]', "precontemplation", 'no level "action"'),
        ('["contemplation", "preparation_action"]', "precontemplated", "Did you mean precontemplation?"),
    ],
)
def test_stages_are_held_against_the_scores_levels(ladder, reference, problem):
    faults = faults_of(STAGES.replace("LADDER", ladder).replace("REFERENCE", reference))
    assert any(problem in fault for fault in faults) if problem else faults == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('column = "gender"', 'column = "gendr"', "Did you mean gender?"),
        ('column = "gender"', 'column = "language"', "is empty throughout"),
        ('reference = "girl"', 'reference = "Girl"', "No participant has the reference level"),
        ('["boy", "other"]', '["boy", "others"]', 'Neither the data nor the code list has a level "others"'),
        ('["boy", "other"]', '["boy", "other", "girl"]', "merges everything into one group"),
        ('["white", "more_than_one"]', '["white", "white;black"]', 'has a level "white;black"'),
        (
            'column = "age_at_enrollment"',
            'column = "age_at_enrollment"\nreference = "15"',
            "numbers have no reference",
        ),
        ('types = ["shelter"]', 'types = ["shelters"]', 'has the code "shelters"'),
        ('unit = "nights"', 'unit = "days"', 'counted in "days"'),
        ('table = "services"\nmeasure = "amount"\ntypes = ["shelter"]\nunit = "nights"',
         'table = "goals"\nmeasure = "count"\ntypes = ["met"]', "The data have no goals"),
        ('cluster = "site"', 'cluster = "staff_id"', "staff_id of the enrollments is empty"),
        ('score = "mspss_total"', 'score = "urica_action"', "no administration of urica"),
        ("[[outcome]]", '[coding]\nmspps = "1-7"\n[[outcome]]', "Did you mean mspss?"),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_data(old, new, problem, tables):
    faults = faults_of(PLAN.replace(old, new, 1), tables)
    assert any(problem in fault for fault in faults), faults


def test_a_ladder_may_name_a_level_that_nobody_has(tables):
    """A plan is written before the data are there, and a small program has not everybody in it."""
    assert faults_of(PLAN.replace('["boy", "other"]', '["boy", "other", "transgender"]', 1), tables) == []


def test_no_value_of_the_data_is_told(tables):
    text = PLAN.replace('reference = "girl"', 'reference = "unheard_of"').replace('["boy", "other"]', '["unseen"]')
    told = "\n".join(faults_of(text, tables))
    assert told.count("\n") == 1
    assert not any(value in told for value in ("girl", "boy", "other", "black"))


def served(tables, *days):
    starts = pl.Series("first_service_day", days, dtype=pl.Int64)
    return replace(tables, enrollments=tables.enrollments.with_columns(starts))


DOUBLE = PLAN.replace('"pretest-posttest"', '"double-pretest"')


@pytest.mark.parametrize(
    ("first_service_days", "withdrawn", "told"),
    [
        ((180, 200, 300), False, ""),  # on the day of the second pretest, or later
        ((10, 200, 300), False, "For some participants services began before"),
        ((10, 20, 300), True, "For most participants services began before"),
        ((10, None, 300), False, "For some participants services began before"),  # half of those who can be judged
        ((None, None, None), True, "nothing shows that the first interval was untreated"),
    ],
)
def test_the_label_of_a_double_pretest_is_withdrawn_where_services_came_first(
    first_service_days, withdrawn, told, tables
):
    plan, data = parse_plan(DOUBLE), served(tables, *first_service_days)
    ensure_plan(plan, (MSPSS,), data)
    in_effect = plan_in_effect(plan, data)
    assert in_effect.design is (Design.PRETEST_POSTTEST if withdrawn else Design.DOUBLE_PRETEST)
    assert in_effect.digest == plan.digest
    deviations = design_deviations(plan, data)
    assert len(deviations) == bool(told)
    assert all(told in sentence and ("label is withdrawn" in sentence) == withdrawn for sentence in deviations)


def test_who_was_served_before_the_second_pretest_can_be_left_out(tables):
    data = served(tables, 10, 200, None)
    assert served_before_second_pretest(parse_plan(DOUBLE), data) == {"e1"}


def test_a_deviation_tells_no_number(tables):
    (sentence,) = design_deviations(parse_plan(DOUBLE), served(tables, 10, 200, 300))
    assert not any(character.isdigit() for character in sentence)


def test_a_single_pretest_does_not_depend_on_the_start_of_services(tables):
    assert design_deviations(parse_plan(PLAN), served(tables, 0, 0, 0)) == ()
    assert faults_of(PLAN, served(tables, 0, 0, 0)) == []


def test_the_column_with_the_start_of_services_must_hold_days(tables):
    text = DOUBLE.replace("[[outcome]]", '[service]\nstarts = "exit_reason"\n[[outcome]]', 1)
    assert any("no column exit_reason that holds days" in fault for fault in faults_of(text, tables))
