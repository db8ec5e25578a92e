"""Promise: a double pretest that the data contradict is evaluated as what it is, and the report says why."""

from __future__ import annotations

import casearc
from casearc.study import Design, parse_plan
from people import PLAN, cast


def test_the_evaluation_goes_on_without_the_label() -> None:
    plan = parse_plan(PLAN.replace('"pretest-posttest"', '"double-pretest"'))
    evaluation = casearc.evaluate(plan, cast(), edition="in-house")
    (withdrawn,) = [told for told in evaluation.details.deviations if "label is withdrawn" in told]
    assert "For most participants services began before the second pretest" in withdrawn
    assert evaluation.plan.design is Design.DOUBLE_PRETEST  # as written, and as its fingerprint has it
    assert evaluation.details.plan_digest == plan.digest
    assert not [finding for finding in evaluation.release.findings if finding.id.startswith("design.pretests")]
