"""Whether a double pretest is one: services must not have begun before the second pretest.

A double pretest shows what happens without services, between its first two waves. Where services began before
the second wave, the first interval is not untreated, and the design must not be claimed. Where that is so for
most participants the plan is refused; where it is so for a few the report says so as a deviation, without a
number, since the number could be small.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from casearc.change import assign_waves, first_enrollments, wave_days
from casearc.errors import PlanRefusedError
from casearc.study.faults import Entry, PlanFaults
from casearc.study.landmarks import in_time
from casearc.study.plan import StudyPlan
from casearc.study.words import Design
from casearc.tables import Tables

_DESIGN = Entry("study")
_REMEDY = 'Write design = "pretest-posttest".'


@dataclass(frozen=True, slots=True)
class _Overlap:
    """Of those with a start of services and a second pretest: how many there are, and where services came first."""

    known: int
    early: int


def pretest_fault(plan: StudyPlan, tables: Tables, faults: PlanFaults) -> None:
    """Note a double pretest that the data contradict for most participants, or cannot show for any."""
    if not _has_start(plan, tables):
        problem = f"The enrollments have no column {plan.service_starts} that holds days."
        faults.add(Entry("service"), problem, "Name the column with the day of the first service.", key="starts")
        return
    found = _overlap(plan, tables)
    if found is None or not found.known:
        problem = (
            "No participant has both a day of first service and a second pretest, so nothing shows a double pretest."
        )
        faults.add(_DESIGN, problem, f"Fill {plan.service_starts}, or: {_REMEDY}", key="design")
    elif found.early * 2 > found.known:
        problem = (
            "For most participants services began before the second pretest, so the first interval is not untreated."
        )
        faults.add(_DESIGN, problem, _REMEDY, key="design")


def design_deviations(plan: StudyPlan, tables: Tables) -> tuple[str, ...]:
    """Sentences for the report on how the data depart from the design that the plan names."""
    if plan.design is not Design.DOUBLE_PRETEST or not _has_start(plan, tables):
        return ()
    found = _overlap(plan, tables)
    if found is None or not found.early:
        return ()
    return (
        "For some participants services began before the second pretest: for them the interval between the two "
        "pretests is not free of services.",
    )


def _has_start(plan: StudyPlan, tables: Tables) -> bool:
    dtype = tables.enrollments.schema.get(plan.service_starts)
    return dtype is not None and dtype.is_numeric()


def _overlap(plan: StudyPlan, tables: Tables) -> _Overlap | None:
    waves = in_time(plan.waves)
    try:
        days = wave_days(assign_waves(tables.administrations, plan.waves))
    except PlanRefusedError:  # overlapping waves are a fault of their own
        return None
    if len(waves) < 2:
        return None
    enrollments = first_enrollments(tables.enrollments).frame
    joined = enrollments.join(days, on="enrollment_id", how="inner")
    start, second = pl.col(plan.service_starts), pl.col(waves[1].name)
    known = joined.filter(start.is_not_null() & second.is_not_null())
    return _Overlap(known=known.height, early=known.filter(start < second).height)
