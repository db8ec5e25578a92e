"""Promise: where the plan has clusters, everybody enrolled and those who stayed are told with cluster-robust errors."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from casearc.analyses.all_enrolled import imputed_findings
from casearc.analyses.dataset import StudyData, prepare
from casearc.analyses.model_frame import finest
from casearc.findings import Number
from casearc.statistics.linear import linear
from casearc.study import parse_plan, template_plan
from casearc.synthetic import make_program
from casearc.tables import Tables


def program(cluster: str) -> StudyData:
    text = template_plan().replace('id = "support_by_months"', f'id = "support_by_months"\ncluster = "{cluster}"', 1)
    text = text.replace("imputations = 20", "imputations = 5", 1)
    tables = dict(make_program(seed=5).tables)
    caseload = pl.Series([f"worker {i % 16:02d}" for i in range(tables["enrollments"].height)])
    tables["enrollments"] = tables["enrollments"].with_columns(staff_id=caseload)
    return prepare(parse_plan(text), Tables.of(**tables), threshold=11)


def test_errors_of_those_who_stayed_are_those_of_the_clustered_model() -> None:
    data = program("staff_id")
    model = data.plan.models[0]
    finding = next(each for each in imputed_findings(data) if each.id == f"all_enrolled.{model.id}")
    frame = finest(data, model)
    by_hand = linear(
        frame.design,
        frame.outcome,
        terms=[term.name for term in frame.terms],
        covariance="CR2",
        clusters=frame.clusters,
    )
    stayed, everybody = (row.cells for row in finding.bodies[0].tables[0].rows)
    assert isinstance(stayed[5], Number)
    assert isinstance(everybody[5], Number)
    assert stayed[5].value == pytest.approx(float(by_hand.standard_errors[1]))
    plain = linear(frame.design, frame.outcome, terms=[term.name for term in frame.terms])
    assert not np.isclose(stayed[5].value, plain.standard_errors[1])
    assert "CR2" in finding.bodies[0].tables[0].notes[0].template


def test_with_too_few_clusters_it_is_refused() -> None:
    """Three sites leave less than four degrees of freedom, so there is no interval to set beside another."""
    data = program("site")
    finding = next(each for each in imputed_findings(data) if each.id == f"all_enrolled.{data.plan.models[0].id}")
    assert finding.refusal
    assert not finding.bodies
