"""Promise: a model may adjust for another outcome's level, which is that outcome's and not the model's own."""

from __future__ import annotations

import numpy as np
import polars as pl

from casearc.analyses.dataset import outcome_column
from casearc.analyses.model_frame import finest
from people import PLAN, study

OTHER = PLAN.replace("level@six_months", "stage@six_months")
BASELINE = PLAN.replace('at = "twelve_months"\ndose = "months"', 'at = "intake"').replace(
    'adjust_for = ["level@six_months"]', 'adjust_for = ["stage@intake", "age"]'
)


def test_the_level_of_another_outcome_enters_by_its_own_levels() -> None:
    data = study(OTHER)
    frame = finest(data, data.plan.models[0])
    assert [term.name for term in frame.terms[2:]] == [
        "stage@six_months=contemplation",
        "stage@six_months=preparation_action",
    ]
    assert next(term.label for term in frame.terms[2:]).startswith("Stage at")


def test_a_model_on_baseline_data_alone_has_everybody_measured_then() -> None:
    data = study(BASELINE)
    frame = finest(data, data.plan.models[0])
    columns = [outcome_column(outcome, "intake") for outcome in data.plan.outcomes]
    there = data.people.filter(pl.all_horizontal(pl.col(name).is_not_null() for name in [*columns, "covariate:age"]))
    assert frame.n == there.height
    np.testing.assert_allclose(np.sort(frame.outcome), there[columns[0]].sort().to_numpy())
