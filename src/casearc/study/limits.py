"""What the plan language can say and this version of Casearc does not do: refused in words, never ignored."""

from __future__ import annotations

from casearc.study.draft import Draft
from casearc.study.faults import Entry, PlanFaults
from casearc.study.vocabulary import ClusterMethod


def check_limits(draft: Draft, faults: PlanFaults) -> None:
    """Note everything this version does not do."""
    for placed in draft.models:
        if placed.item.cluster_method is ClusterMethod.RANDOM_INTERCEPT:
            problem = "This version fits no intercept a cluster."
            faults.add(placed.entry, problem, 'Write cluster_method = "cr2", or leave it out.', key="cluster_method")
    if draft.enrollments != "first":
        problem = "This version analyzes each participant's first enrollment only."
        faults.add(Entry("study"), problem, 'Write enrollments = "first", or leave it out.', key="enrollments")
