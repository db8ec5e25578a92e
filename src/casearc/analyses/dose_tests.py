"""What a dose-response model adds to the table of all tests."""

from __future__ import annotations

from casearc.analyses.dataset import StudyData
from casearc.analyses.model_frame import ModelFrame
from casearc.findings import Role, TestRun
from casearc.study import Family, is_concurrent
from casearc.study.wording import model_label


def dose_test(data: StudyData, frame: ModelFrame, position: int, *, how: str, p: float) -> TestRun:
    """The test of one dose of a model. A concurrent model confirms nothing, whatever the plan calls it."""
    model, term = frame.model, frame.terms[position]
    confirmatory = model.family is Family.CONFIRMATORY and not is_concurrent(data.plan, model)
    title = model_label(model)
    return TestRun(
        id=f"dose_response.{model.id}.{term.name}",
        label=f"{title[:1].upper()}{title[1:]}, “{term.phrase}”: {how}",
        p=p,
        n_key=frame.key,
        role=frame.outcome_of.role if confirmatory else Role.EXPLORATORY,
        confirmatory=confirmatory,
    )
