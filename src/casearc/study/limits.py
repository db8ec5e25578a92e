"""What the plan language can say and this version of Casearc does not do: refused in words, never ignored."""

from __future__ import annotations

from casearc.language import say
from casearc.study.draft import Draft
from casearc.study.faults import Entry, PlanFaults


def check_limits(draft: Draft, faults: PlanFaults) -> None:
    """Note everything this version does not do."""
    if draft.enrollments != "first":
        problem = say("This version analyzes each participant's first enrollment only.")
        faults.add(Entry("study"), problem, say('Write enrollments = "first", or leave it out.'), key="enrollments")
