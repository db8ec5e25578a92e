"""Promise: who was lost is told with all characteristics together, by the penalized model where few were lost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from casearc.analyses.attrition_model import NOT_FITTED, attrition_model_findings
from casearc.analyses.dataset import StudyData, prepare
from casearc.analyses.ledger import later
from casearc.findings import Number
from casearc.statistics.categorical import logistic
from casearc.study import parse_plan, template_plan
from casearc.synthetic import make_program
from casearc.tables import Tables


def demo(seed: int = 1) -> StudyData:
    return prepare(parse_plan(template_plan()), Tables.of(**make_program(seed=seed).tables), threshold=11)


def test_odds_ratios_are_those_of_the_estimator() -> None:
    data = demo()
    bodies = next(iter(attrition_model_findings(data))).bodies
    assert len(bodies) == 2
    outcome = data.plan.outcomes[0]
    start = pl.col(f"{outcome.score}@intake")
    people = data.people.with_columns(lost=(~later(data, outcome, "intake", "twelve_months")).cast(pl.Float64))
    covariates = [f"covariate:{covariate.id}" for covariate in data.plan.covariates]
    people = people.filter(start.is_not_null()).drop_nulls(covariates)
    status = people["covariate:trafficking"]
    columns = [np.ones(people.height), people[f"{outcome.score}@intake"], people["covariate:age"].cast(pl.Float64)]
    columns += [(status == level).cast(pl.Float64) for level in ("confirmed", "not_identified")]
    fit = logistic(
        np.column_stack(columns), people["lost"], terms=["1", "support", "age", "c", "n"], penalty="firth"
    )
    told = [row.cells[1] for row in bodies[1].tables[0].rows]
    assert [cell.value for cell in told if isinstance(cell, Number)] == pytest.approx(fit.odds_ratios[1:].tolist())
    assert bodies[1].counts["analyzed[attrition]:lost"] == fit.events
    assert bodies[1].counts["analyzed[attrition]"] == fit.n


def test_the_groups_of_a_model_that_may_leave_are_supports() -> None:
    coarse = next(iter(attrition_model_findings(demo()))).bodies[-1]
    assert {"analyzed[attrition]:lost", "analyzed[attrition]:measured"} <= coarse.supports
    assert all(coarse.counts[key] >= 11 for key in coarse.supports)


def test_where_nobody_is_lost_there_is_no_model() -> None:
    data = demo()
    names = [name for name in data.people.columns if name.endswith("@twelve_months")]
    there = data.people.filter(pl.all_horizontal(pl.col(name).is_not_null() for name in names))
    finding = next(iter(attrition_model_findings(replace(data, people=there))))
    assert (finding.bodies, finding.refusal) == ((), NOT_FITTED)
