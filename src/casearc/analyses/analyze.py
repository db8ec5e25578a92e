"""All questions of a study, in the order of the report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from casearc.analyses.all_enrolled import course_findings, imputed_findings
from casearc.analyses.attrition import attrition_findings
from casearc.analyses.attrition_model import attrition_model_findings
from casearc.analyses.change import all_waves_findings, change_findings
from casearc.analyses.data_quality import data_findings
from casearc.analyses.dataset import StudyData
from casearc.analyses.design import pretest_findings, selection_findings, time_zero_findings
from casearc.analyses.dose_delivered import dose_findings
from casearc.analyses.dose_response import dose_response_findings
from casearc.analyses.flow import flow_findings
from casearc.analyses.instrument_quality import instrument_findings
from casearc.analyses.participants import participants_findings
from casearc.analyses.robustness import (
    cluster_findings,
    otherwise_findings,
    precision_findings,
    unmeasured_findings,
)
from casearc.analyses.score_profiles import profile_findings
from casearc.analyses.stage_agreement import agreement_findings
from casearc.analyses.stages import stage_findings
from casearc.analyses.synthesis import (
    all_tests_findings,
    checklist_findings,
    first_page_findings,
    map_findings,
    threat_findings,
)
from casearc.findings import Finding

QUESTIONS: tuple[Callable[[StudyData], Iterator[Finding]], ...] = (
    flow_findings,
    participants_findings,
    instrument_findings,
    profile_findings,
    change_findings,
    all_waves_findings,
    stage_findings,
    agreement_findings,
    dose_findings,
    dose_response_findings,
    pretest_findings,
    selection_findings,
    time_zero_findings,
    course_findings,
    imputed_findings,
    otherwise_findings,
    unmeasured_findings,
    cluster_findings,
    precision_findings,
    attrition_findings,
    attrition_model_findings,
    data_findings,
)

ABOUT_FINDINGS: tuple[Callable[[StudyData, Sequence[Finding]], Iterator[Finding]], ...] = (
    all_tests_findings,
    threat_findings,
    map_findings,
    first_page_findings,
    checklist_findings,
)
"""What is said about the findings above; each sees all that was found before it."""


def analyze(data: StudyData) -> tuple[Finding, ...]:
    """Answer every question of the plan.

    Parameters
    ----------
    data
        What `prepare` joined.

    Returns
    -------
    Findings in the order of the report, each with its bodies from the finest to the coarsest. Nothing in them has
    passed the disclosure gate yet.
    """
    findings = list(chain.from_iterable(question(data) for question in QUESTIONS))
    for question in ABOUT_FINDINGS:
        findings += question(data, tuple(findings))
    return tuple(findings)
