"""Where the evaluation left the plan: said in the report, never silently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from casearc.findings import Finding, Section
from casearc.study import StudyPlan


def deviations(plan: StudyPlan, findings: Iterable[Finding]) -> tuple[str, ...]:
    """Sentences on what the plan asked and this evaluation did otherwise or not at all.

    Parameters
    ----------
    plan
        The checked plan.
    findings
        What `analyze` returned.
    """
    return (*_asked_and_not_done(plan), *_refused(findings))


def _asked_and_not_done(plan: StudyPlan) -> Iterator[str]:
    if plan.missing.waves == "all-enrolled" or plan.missing.imputations:
        yield (
            "The plan asks for all enrolled participants by multiple imputation. This version analyzes those measured; "
            "the participant flow and the attrition section tell who is left out."
        )
    if plan.inference.bootstrap:
        yield "The plan asks for bootstrap intervals. This version gives analytic intervals only."
    if plan.inference.multiplicity != "none":
        yield (
            f"The plan asks for the correction {plan.inference.multiplicity} for many tests. This version prints "
            "uncorrected p values: read them beside the number of tests."
        )
    if plan.selection is not None:
        yield "The plan gives a selected population. This version does not compute the expected regression to the mean."


def _refused(findings: Iterable[Finding]) -> Iterator[str]:
    for finding in findings:
        if finding.refusal and finding.section is Section.DOSE_RESPONSE:
            yield f"Planned, not fitted: {finding.title}. {finding.refusal}"
