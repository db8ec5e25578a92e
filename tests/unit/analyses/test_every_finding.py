"""Promise: whatever the data, every finding is a sound account: counts known, sums true, numbers finite, ids unique."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casearc.analyses import StudyData, analyze, prepare
from casearc.disclosure.structure import true_counts
from casearc.findings import Body, Curves, Dots, Finding, Forest, Interval, Number
from casearc.reading import bases, cells, displayed
from casearc.study import StudyPlan, parse_plan
from casearc.synthetic import Dirt, make_program
from casearc.tables import Tables
from people import PLAN, cast, study

COVARIATES = """
[[covariate]]
id = "race"
table = "participants"
column = "race_ethnicity"
reference = "black"
[[covariate]]
id = "trafficking"
table = "participants"
column = "trafficking_status"
reference = "presumed"
ladder = [{ presumed = ["presumed", "not_identified"] }]
"""
MODELS = """
[[model]]
id = "whole"
kind = "linear"
outcome = "support"
at = "twelve_months"
dose = "months"
adjust_for = ["level@six_months", "age", "gender", "race", "trafficking"]
[[model]]
id = "stages"
kind = "multinomial"
outcome = "stage"
at = "twelve_months"
dose = "months"
adjust_for = ["level@six_months", "race"]
cluster = "site"
[[model]]
id = "concurrent"
kind = "linear"
outcome = "support"
at = "six_months"
dose = "months"
cluster = "staff_id"
curve = true
[[dose]]
id = "enrolled_later"
table = "enrollments"
measure = "months_enrolled"
from = "six_months"
to = "twelve_months"
[[dose]]
id = "contacts_later"
table = "contacts"
measure = "count"
from = "six_months"
to = "twelve_months"
[[model]]
id = "in_order"
kind = "ordinal"
outcome = "stage"
at = "twelve_months"
dose = "months"
adjust_for = ["level@six_months"]
[[model]]
id = "course"
kind = "mixed"
outcome = "support"
dose = "months"
adjust_for = ["gender"]
[[model]]
id = "how_many"
kind = "count"
outcome = "contacts_later"
exposure = "enrolled_later"
dose = "months"
adjust_for = ["gender"]
[[model]]
id = "baseline"
kind = "linear"
outcome = "support"
at = "six_months"
adjust_for = ["age", "level@intake"]
[missing]
waves = "all-enrolled"
imputations = 5
iterations = 2
[inference]
multiplicity = "holm-bh"
bootstrap = 500
[selection]
population_sd = 1.2
population_mean = 5.0
retest = 0.7
cut = 4.5
"""


@cache
def _plan(direction: str) -> StudyPlan:
    """Every kind of finding, with groups that have no ladder and one that keeps a level's name."""
    start, end = PLAN.split("[coding]")
    text = start.replace("[[model]]", f"{COVARIATES}[[model]]", 1) + MODELS + "[coding]" + end
    text = text.replace('all_others = ["boy", "nonbinary"]', 'boy = ["boy", "nonbinary", "transgender"]')
    return parse_plan(text.replace('direction = "higher"', f'direction = "{direction}"'))


@st.composite
def _programs(draw: st.DrawFn) -> StudyData:
    share = st.floats(0, 0.4)
    program = make_program(
        participants=draw(st.integers(1, 45)),
        seed=draw(st.integers(0, 10_000)),
        dirt=Dirt(
            declined=draw(share),
            missed=draw(share),
            late=draw(share),
            doubled=draw(share),
            attempted=draw(share),
            missing_minutes=draw(st.floats(0, 0.99)),
            missing_covariate=draw(share),
        ),
    )
    plan = _plan(draw(st.sampled_from(["higher", "lower", "none"])))
    return prepare(plan, Tables.of(**program.tables), threshold=draw(st.integers(1, 15)))


def _bodies(findings: tuple[Finding, ...]) -> Iterator[Body]:
    return (body for finding in findings for body in finding.bodies)


def _numbers(body: Body) -> Iterator[float]:
    for cell in cells(body):
        if isinstance(cell, Number):
            yield cell.value
        elif isinstance(cell, Interval):
            yield from (limit for limit in (cell.low, cell.high) if limit is not None)
    for figure in body.figures:
        match figure.drawing:
            case Curves(curves=curves):
                for curve in curves:
                    yield from (*curve.x, *curve.y, *curve.low, *curve.high)
            case Forest(rows=rows):
                yield from (value for row in rows for value in (row.estimate, row.low, row.high))
            case Dots(x=x, y=y):
                yield from (*x, *y)
            case _:
                pass


def check(data: StudyData, findings: tuple[Finding, ...]) -> None:
    """Everything that holds of any analysis."""
    counts = true_counts(findings)  # sums are true, and no key means two things
    people = set(data.people["participant_id"])
    assert not any(person in key for person in people for key in counts)
    assert len({finding.id for finding in findings}) == len(findings)
    for finding in findings:
        assert bool(finding.bodies) is not bool(finding.refusal), finding.id
    for body in _bodies(findings):
        own = set(body.counts)
        assert own >= {*displayed(body), *bases(body), *body.bases, *body.supports}
        assert own >= {key for partition in body.partitions for key in (partition.whole, *partition.parts)}
        assert all(np.isfinite(value) for value in _numbers(body))
    for each in (lambda body: body.tables, lambda body: body.figures):
        named = [[item.id for item in each(finding.bodies[0])] for finding in findings if finding.bodies]
        ids = [name for names in named for name in names]
        assert len(set(ids)) == len(ids)


@settings(max_examples=6, deadline=None)
@given(_programs())
def test_random_programs(data: StudyData) -> None:
    check(data, analyze(data))


@settings(max_examples=6, deadline=None)
@given(_programs())
def test_coarser_models_rest_on_enough_people_or_keep_to_the_house(data: StudyData) -> None:
    for finding in analyze(data):
        if finding.id.startswith("dose_response.") and len(finding.bodies) > 1:
            coarse = finding.bodies[-1]
            assert all(coarse.counts[key] >= data.threshold for key in coarse.supports)
            assert coarse.told


@pytest.mark.parametrize("threshold", [1, 3, 11])
def test_the_cast(threshold: int) -> None:
    data = study(tables=cast(), threshold=threshold)
    check(data, analyze(data))


def test_names_that_look_like_a_table_s_do_not_collide() -> None:
    """An outcome "tests_support" beside "support", a model "by_months_fit" beside "by_months": ids name CSV files."""
    outcome = '[[outcome]]\nid = "tests_support"\nscore = "urica_action"\nrole = "exploratory"\ndirection = "higher"\n'
    model = (
        '[[model]]\nid = "by_months_fit"\nkind = "linear"\noutcome = "support"\nat = "twelve_months"\ndose = "months"\n'
    )
    plan = PLAN.replace('[[outcome]]\nid = "stage"', f'{outcome}[[outcome]]\nid = "stage"').replace(
        "[coding]", f"{model}[coding]"
    )
    data = study(plan)
    check(data, analyze(data))
