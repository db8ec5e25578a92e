"""Where in theory each thing a plan names belongs: the Intentions to Exit model, and the ecological levels."""

from __future__ import annotations

from dataclasses import dataclass

from casearc.study.plan import StudyPlan
from casearc.study.vocabulary import EcologicalLevel, IepDimension


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """An outcome, dose or covariate and its place; None where the plan gives none. `section` is that of the plan."""

    section: str
    id: str
    label: str
    iep: IepDimension | None
    ecological: EcologicalLevel | None


def theory_map(plan: StudyPlan) -> tuple[Mapped, ...]:
    """Every outcome, dose and covariate with its place, in the order of the plan; those without one included.

    Examples
    --------
    >>> from casearc.study import parse_plan, template_plan
    >>> entry = theory_map(parse_plan(template_plan()))[0]
    >>> entry.section, entry.id
    ('outcome', 'support')
    """
    outcomes = (
        Mapped(section="outcome", id=each.id, label=each.label, iep=each.iep, ecological=each.ecological)
        for each in plan.outcomes
    )
    covariates = (
        Mapped(section="covariate", id=each.id, label=each.label, iep=each.iep, ecological=each.ecological)
        for each in plan.covariates
    )
    return (*outcomes, *_doses(plan), *covariates)


def _doses(plan: StudyPlan) -> list[Mapped]:
    found = []
    for dose in plan.doses:
        place = plan.dose_placements.get(dose.id)
        found.append(
            Mapped(
                section="dose",
                id=dose.id,
                label=dose.label,
                iep=place.iep if place else None,
                ecological=place.ecological if place else None,
            )
        )
    return found
