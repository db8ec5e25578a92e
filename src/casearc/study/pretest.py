"""Whether a double pretest is one: services must not have begun before the second pretest.

A double pretest shows what happens without services, between its first two waves. Where services began before the
second wave, the first interval is not untreated. Where that is so for most participants, or where the data cannot show
that it is not, the label is withdrawn: the evaluation goes on as a pretest and posttest, and the report gives the
reason as a deviation from the plan. Where it is so for a few, the report says so without a number, since it could be
small.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import polars as pl

from casearc.change import assign_waves, first_enrollments, wave_days
from casearc.errors import PlanRefusedError
from casearc.language import say
from casearc.study.faults import Entry, PlanFaults
from casearc.study.landmarks import in_time
from casearc.study.plan import StudyPlan
from casearc.study.vocabulary import Design
from casearc.tables import Tables

WITHDRAWN = (
    "The plan names a double pretest. {reason} The label is withdrawn: the study is evaluated as a pretest and "
    "posttest, and no change is called that of people without services."
)
FEW = (
    "For some participants services began before the second pretest: for them the interval between the two pretests is "
    "not free of services."
)


class _Standing(StrEnum):
    """What the data say of a double pretest; the sentence that gives the reason."""

    HOLDS = ""
    FEW = FEW
    MOST = "For most participants services began before the second pretest, so the first interval is not untreated."
    UNKNOWN = (
        "No participant has both a day of first service and a second pretest, so nothing shows that the first interval "
        "was untreated."
    )


@dataclass(frozen=True, slots=True)
class _Pretests:
    """Enrollments with a start of services and a second pretest; `early` those where services came first."""

    known: pl.DataFrame
    early: pl.DataFrame


def pretest_fault(plan: StudyPlan, tables: Tables, faults: PlanFaults) -> None:
    """Note that the column by which a double pretest is judged is none."""
    if not _has_start(plan, tables):
        problem = say("The enrollments have no column {column} that holds days.", column=plan.service_starts)
        faults.add(Entry("service"), problem, say("Name the column with the day of the first service."), key="starts")


def plan_in_effect(plan: StudyPlan, tables: Tables) -> StudyPlan:
    """The plan under the design that the data bear out: a double pretest that is none becomes a pretest and posttest.

    Nothing else changes, and the digest stays that of the plan as written.

    Examples
    --------
    >>> from casearc.study import parse_plan, template_plan
    >>> from casearc.tables import Tables
    >>> plan = parse_plan(template_plan())
    >>> plan_in_effect(plan, Tables.of()) == plan
    True
    """
    if _standing(plan, tables) in (_Standing.HOLDS, _Standing.FEW):
        return plan
    return replace(plan, design=Design.PRETEST_POSTTEST)


def design_deviations(plan: StudyPlan, tables: Tables) -> tuple[str, ...]:
    """Sentences for the report on how the data depart from the design that the plan names."""
    standing = _standing(plan, tables)
    if standing is _Standing.HOLDS:
        return ()
    return (FEW,) if standing is _Standing.FEW else (WITHDRAWN.format(reason=standing),)


def served_before_second_pretest(plan: StudyPlan, tables: Tables) -> frozenset[str]:
    """Ids of first enrollments whose services began before the second pretest, whatever the design."""
    found = _pretests(plan, tables) if _has_start(plan, tables) else None
    return frozenset() if found is None else frozenset(found.early["enrollment_id"])


def _standing(plan: StudyPlan, tables: Tables) -> _Standing:
    if plan.design is not Design.DOUBLE_PRETEST:
        return _Standing.HOLDS
    found = _pretests(plan, tables) if _has_start(plan, tables) else None
    if found is None or not found.known.height:
        return _Standing.UNKNOWN
    if found.early.height * 2 > found.known.height:
        return _Standing.MOST
    return _Standing.FEW if found.early.height else _Standing.HOLDS


def _has_start(plan: StudyPlan, tables: Tables) -> bool:
    dtype = tables.enrollments.schema.get(plan.service_starts)
    return dtype is not None and dtype.is_numeric()


def _pretests(plan: StudyPlan, tables: Tables) -> _Pretests | None:
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
    return _Pretests(known=known, early=known.filter(start < second))
