"""A plan while it is being checked: the entries that could be read, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from casearc.change.definitions import Wave
from casearc.dose.definitions import DoseDefinition
from casearc.study.faults import Entry
from casearc.study.plan import (
    Covariate,
    Disclosure,
    Inference,
    Missing,
    Model,
    Outcome,
    Placement,
    Power,
    Profiles,
    Selection,
    StudyPlan,
)
from casearc.study.vocabulary import Design

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """Something the plan defines, and where."""

    entry: Entry
    item: T


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What could be read of a plan.

    declared
        Section -> every id or name it defines, also those of entries that could not be read: a reference to
        them is no fault of its own.
    """

    design: Design | None
    missing: Missing
    inference: Inference
    disclosure: Disclosure
    power: Power
    waves: tuple[Placed[Wave], ...] = ()
    outcomes: tuple[Placed[Outcome], ...] = ()
    doses: tuple[Placed[DoseDefinition], ...] = ()
    dose_placements: Mapping[str, Placement] = field(default_factory=dict)
    covariates: tuple[Placed[Covariate], ...] = ()
    models: tuple[Placed[Model], ...] = ()
    profiles: tuple[Placed[Profiles], ...] = ()
    enrollments: str = "first"
    selection: Selection | None = None
    declared: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def wave(self, name: str | int) -> Wave | None:
        """The wave of that name, if it could be read."""
        return next((placed.item for placed in self.waves if placed.item.name == name), None)

    def dose(self, dose_id: str) -> DoseDefinition | None:
        """The dose of that id, if it could be read."""
        return next((placed.item for placed in self.doses if placed.item.id == dose_id), None)

    def outcome(self, outcome_id: str) -> Outcome | None:
        """The outcome of that id, if it could be read."""
        return next((placed.item for placed in self.outcomes if placed.item.id == outcome_id), None)


def draft_of(plan: StudyPlan) -> Draft:
    """The draft of a whole plan."""
    return Draft(
        design=plan.design,
        waves=_placed("wave", ((wave.name, wave) for wave in plan.waves)),
        outcomes=_placed("outcome", ((outcome.id, outcome) for outcome in plan.outcomes)),
        doses=_placed("dose", ((dose.id, dose) for dose in plan.doses)),
        dose_placements=plan.dose_placements,
        covariates=_placed("covariate", ((covariate.id, covariate) for covariate in plan.covariates)),
        models=_placed("model", ((model.id, model) for model in plan.models)),
        profiles=_placed("profiles", ((each.id, each) for each in plan.profiles)),
        enrollments=plan.enrollments,
        missing=plan.missing,
        inference=plan.inference,
        disclosure=plan.disclosure,
        selection=plan.selection,
        power=plan.power,
        declared={
            "wave": tuple(wave.name for wave in plan.waves),
            "outcome": tuple(outcome.id for outcome in plan.outcomes),
            "dose": tuple(dose.id for dose in plan.doses),
            "covariate": tuple(covariate.id for covariate in plan.covariates),
            "model": tuple(model.id for model in plan.models),
            "profiles": tuple(each.id for each in plan.profiles),
        },
    )


def _placed(section: str, items: Iterable[tuple[str, T]]) -> tuple[Placed[T], ...]:
    return tuple(Placed(Entry(section, number, name), item) for number, (name, item) in enumerate(items, start=1))
