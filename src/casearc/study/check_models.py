"""Checks of the models: what they name exists, dose comes before outcome, levels come before both."""

from __future__ import annotations

from collections.abc import Sequence

from casearc.change import Wave
from casearc.dose import DoseDefinition
from casearc.findings import Role
from casearc.study.draft import Draft, Placed
from casearc.study.faults import PlanFaults
from casearc.study.plan import LevelAt, Model
from casearc.study.words import Family, ModelKind
from casearc.tables import suggestion


def check_models(draft: Draft, faults: PlanFaults) -> None:
    """Note every fault of the models that shows without data."""
    for placed in draft.models:
        _check_references(draft, placed, faults)
        at = draft.wave(placed.item.at)
        if at is not None:
            _check_doses(draft, placed, at, faults)
            _check_levels(draft, placed, at, faults)
        _check_claims(draft, placed, faults)


def _check_references(draft: Draft, placed: Placed[Model], faults: PlanFaults) -> None:
    model, declared = placed.item, draft.declared
    levels = [item.wave for item in model.adjust_for if isinstance(item, LevelAt)]
    covariates = [item for item in model.adjust_for if isinstance(item, str)]
    for key, what, names in (
        ("outcome", "outcome", [model.outcome]),
        ("at", "wave", [model.at]),
        ("dose", "dose", model.doses),
        ("adjust_for", "wave", levels),
    ):
        for name in names:
            _check_reference(placed, faults, key=key, what=what, name=name, known=declared.get(what, ()))
    for name in covariates:
        if name in declared.get("dose", ()):
            faults.add(placed.entry, f'"{name}" is a dose.', "Name it under dose.", key="adjust_for")
        elif name in declared.get("outcome", ()):
            remedy = 'A level is written "level@WAVE", and is that of the model\'s own outcome.'
            faults.add(placed.entry, f'"{name}" is an outcome.', remedy, key="adjust_for")
        else:
            known = declared.get("covariate", ())
            _check_reference(placed, faults, key="adjust_for", what="covariate", name=name, known=known)


def _check_reference(
    placed: Placed[Model], faults: PlanFaults, *, key: str, what: str, name: str, known: Sequence[str]
) -> None:
    if name in known:
        return
    listed = f"The plan defines: {', '.join(known)}." if known else f"The plan defines none: add a [[{what}]]."
    article = "an" if what == "outcome" else "a"
    remedy = suggestion(name, known) or listed
    faults.add(placed.entry, f'"{name}" is not {article} {what} of this plan.', remedy, key=key)


def _check_doses(draft: Draft, placed: Placed[Model], at: Wave, faults: PlanFaults) -> None:
    for name in placed.item.doses:
        dose = draft.dose(name)
        if dose is not None and _reaches_past(draft, dose, at):
            problem = (
                f'The window of dose "{name}" reaches past the wave "{at.name}", at which the outcome is measured.'
            )
            remedy = f'End it at "{at.name}" or an earlier wave, or at a fixed day no later than {at.first_day}.'
            faults.add(placed.entry, problem, f"What comes after cannot explain what came before. {remedy}", key="dose")


def _reaches_past(draft: Draft, dose: DoseDefinition, at: Wave) -> bool:
    if isinstance(dose.end, int):
        return dose.end > at.first_day
    end = draft.wave(dose.end)
    return end is not None and end.target_day > at.target_day


def _check_levels(draft: Draft, placed: Placed[Model], at: Wave, faults: PlanFaults) -> None:
    for item in placed.item.adjust_for:
        wave = draft.wave(item.wave) if isinstance(item, LevelAt) else None
        if wave is not None and wave.target_day >= at.target_day:
            problem = f'It adjusts the outcome at "{at.name}" for its level at "{wave.name}", which is not earlier.'
            faults.add(placed.entry, problem, "Adjust for the level at an earlier wave.", key="adjust_for")


def _check_claims(draft: Draft, placed: Placed[Model], faults: PlanFaults) -> None:
    model, outcome = placed.item, draft.outcome(placed.item.outcome)
    if model.family is Family.CONFIRMATORY and outcome is not None and outcome.role is Role.EXPLORATORY:
        problem = f'The model is confirmatory, and its outcome "{outcome.id}" is exploratory.'
        faults.add(placed.entry, problem, "Make both the same.", key="family")
    if model.reference is not None and model.kind is ModelKind.LINEAR:
        problem = "A linear model has no reference level of the outcome."
        faults.add(placed.entry, problem, "Remove the key; references of covariates stand with them.", key="reference")
