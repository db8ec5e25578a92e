"""What the plan language can say and this version of Casearc does not do: refused in words, never ignored."""

from __future__ import annotations

from casearc.study.draft import Draft
from casearc.study.faults import Entry, PlanFaults
from casearc.study.plan import ModelKind

FITTED = (ModelKind.LINEAR, ModelKind.MULTINOMIAL)
"""The kinds of model this version fits."""

_INSTEAD = {
    ModelKind.ORDINAL: 'For ordered stages, kind = "multinomial" makes no use of the order and is valid.',
    ModelKind.COUNT: 'For a score that counts, kind = "linear" with its robust standard errors is an approximation.',
    ModelKind.MIXED: 'A landmark model (kind = "linear", a later wave adjusted for an earlier level) uses two waves.',
}


def check_limits(draft: Draft, faults: PlanFaults) -> None:
    """Note everything this version does not do."""
    for placed in draft.models:
        kind = placed.item.kind
        if kind not in FITTED:
            problem = f"This version of Casearc does not fit {kind} models, only {' and '.join(FITTED)} ones."
            faults.add(placed.entry, problem, _INSTEAD[kind], key="kind")
    if draft.enrollments != "first":
        problem = "This version analyzes each participant's first enrollment only."
        faults.add(Entry("study"), problem, 'Write enrollments = "first", or leave it out.', key="enrollments")
    _missing(draft, faults)
    _inference(draft, faults)
    if draft.selection is not None:
        problem = "This version does not compute the regression to the mean that selection leads to."
        faults.add(Entry("selection"), problem, "Remove the section.")


def _missing(draft: Draft, faults: PlanFaults) -> None:
    entry = Entry("missing")
    if draft.missing.imputations:
        problem = "This version does not impute missing scores."
        faults.add(
            entry,
            problem,
            "Leave the key out; the report compares those who stayed with those who left.",
            key="imputations",
        )
    if draft.missing.waves != "completers":
        problem = "Analyzing all enrolled needs imputation, which this version does not have."
        faults.add(entry, problem, 'Write waves = "completers"; the report says who was lost.', key="waves")


def _inference(draft: Draft, faults: PlanFaults) -> None:
    entry = Entry("inference")
    if draft.inference.bootstrap:
        problem = "This version does not resample; its intervals come from robust and exact formulas."
        faults.add(entry, problem, "Leave the key out.", key="bootstrap")
    if draft.inference.multiplicity != "none":
        problem = "This version does not adjust p values for many tests."
        remedy = 'Write multiplicity = "none", name one primary outcome, and call the other models exploratory.'
        faults.add(entry, problem, remedy, key="multiplicity")
