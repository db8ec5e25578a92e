"""Checks of the models: what they name exists, dose comes before outcome, levels come before both."""

from __future__ import annotations

from collections.abc import Sequence

from casearc.change import Wave
from casearc.dose import DoseDefinition
from casearc.findings import Role
from casearc.language import say, to_say
from casearc.study.check_kinds import check_kind
from casearc.study.draft import Draft, Placed
from casearc.study.faults import PlanFaults
from casearc.study.plan import LevelAt, Model
from casearc.study.vocabulary import Family, ModelKind
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
        check_kind(draft, placed, faults)


def _check_references(draft: Draft, placed: Placed[Model], faults: PlanFaults) -> None:
    model, declared = placed.item, draft.declared
    levels = [item for item in model.adjust_for if isinstance(item, LevelAt)]
    named: list[tuple[str, str, Sequence[str]]] = [
        ("at", "wave", [model.at] if model.kind is not ModelKind.COUNT else []),
        ("dose", "dose", model.doses),
        ("exposure", "dose", [model.exposure] if model.exposure is not None else []),
        ("adjust_for", "wave", [item.wave for item in levels]),
        ("adjust_for", "outcome", [item.outcome for item in levels if item.outcome]),
    ]
    _check_outcome(draft, placed, faults)
    for key, what, names in named:
        for name in names:
            _check_reference(placed, faults, key=key, what=what, name=name, known=declared.get(what, ()))
    for name in (item for item in model.adjust_for if isinstance(item, str)):
        _check_covariate(draft, placed, name, faults)


def _check_outcome(draft: Draft, placed: Placed[Model], faults: PlanFaults) -> None:
    """An outcome of the plan; in a count model a dose."""
    model, counts = placed.item, placed.item.kind is ModelKind.COUNT
    wanted, other = ("dose", "outcome") if counts else ("outcome", "dose")
    known = draft.declared.get(wanted, ())
    if model.outcome in draft.declared.get(other, ()) and model.outcome not in known:
        _swapped(placed, faults)
        return
    _check_reference(placed, faults, key="outcome", what=wanted, name=model.outcome, known=known)


def _swapped(placed: Placed[Model], faults: PlanFaults) -> None:
    """Note an outcome where a count model counts, or a dose where another model has its outcome."""
    model = placed.item
    if model.kind is ModelKind.COUNT:
        problem = say('"{outcome}" is an outcome, and a count model is about a dose.', outcome=model.outcome)
        remedy = say(
            "A count model is about contacts, services or goals in a window: name the [[dose]] that counts them."
        )
    else:
        problem = say(
            '"{outcome}" is a dose, and a {kind} model is about an outcome.', outcome=model.outcome, kind=model.kind
        )
        remedy = say('Name an outcome; a dose that is to be explained takes kind = "count".')
    faults.add(placed.entry, problem, remedy, key="outcome")


def _check_covariate(draft: Draft, placed: Placed[Model], name: str, faults: PlanFaults) -> None:
    if name in draft.declared.get("dose", ()):
        faults.add(placed.entry, say('"{name}" is a dose.', name=name), say("Name it under dose."), key="adjust_for")
    elif name in draft.declared.get("outcome", ()):
        remedy = say(
            'The level of an outcome is written "{name}@WAVE"; that of the model\'s own outcome "level@WAVE".',
            name=name,
        )
        faults.add(placed.entry, say('"{name}" is an outcome.', name=name), remedy, key="adjust_for")
    else:
        known = draft.declared.get("covariate", ())
        _check_reference(placed, faults, key="adjust_for", what="covariate", name=name, known=known)


def _check_reference(
    placed: Placed[Model], faults: PlanFaults, *, key: str, what: str, name: str, known: Sequence[str]
) -> None:
    if name in known:
        return
    listed = (
        say("The plan defines: {known}.", known=", ".join(known))
        if known
        else say("The plan defines none: add a [[{what}]].", what=what)
    )
    remedy = suggestion(name, known) or listed
    faults.add(placed.entry, say(_NOT_OF_PLAN[what], name=name), remedy, key=key)


_NOT_OF_PLAN = {
    "wave": to_say('"{name}" is not a wave of this plan.'),
    "outcome": to_say('"{name}" is not an outcome of this plan.'),
    "dose": to_say('"{name}" is not a dose of this plan.'),
    "covariate": to_say('"{name}" is not a covariate of this plan.'),
}


def _check_doses(draft: Draft, placed: Placed[Model], at: Wave, faults: PlanFaults) -> None:
    for name in placed.item.doses:
        dose = draft.dose(name)
        if dose is not None and _reaches_past(draft, dose, at):
            problem = say(
                'The window of dose "{name}" reaches past the wave "{wave}", at which the outcome is measured.',
                name=name,
                wave=at.name,
            )
            remedy = say(
                'What comes after cannot explain what came before. End it at "{wave}" or an earlier wave, or at a '
                "fixed day no later than {day}.",
                wave=at.name,
                day=at.first_day,
            )
            faults.add(placed.entry, problem, remedy, key="dose")


def _reaches_past(draft: Draft, dose: DoseDefinition, at: Wave) -> bool:
    if isinstance(dose.end, int):
        return dose.end > at.first_day
    end = draft.wave(dose.end)
    return end is not None and end.target_day > at.target_day


def _check_levels(draft: Draft, placed: Placed[Model], at: Wave, faults: PlanFaults) -> None:
    """Levels are earlier than the outcome; in a model without doses, another outcome's may be of the same wave."""
    model = placed.item
    for item in (each for each in model.adjust_for if isinstance(each, LevelAt)):
        wave = draft.wave(item.wave)
        if wave is None or wave.target_day < at.target_day:
            continue
        if not item.outcome:
            problem = say(
                'It adjusts the outcome at "{at}" for its level at "{wave}", which is not earlier.',
                at=at.name,
                wave=wave.name,
            )
        elif wave.target_day > at.target_day:
            problem = say(
                'It adjusts the outcome at "{at}" for "{outcome}" at "{wave}", which is later.',
                at=at.name,
                outcome=item.outcome,
                wave=wave.name,
            )
        elif model.doses:
            problem = say(
                'It adjusts for "{outcome}" at "{wave}", when the outcome is measured: what the dose may have '
                "changed already must not be held alike.",
                outcome=item.outcome,
                wave=wave.name,
            )
        else:
            continue
        faults.add(placed.entry, problem, say("Adjust for the level at an earlier wave."), key="adjust_for")


def _check_claims(draft: Draft, placed: Placed[Model], faults: PlanFaults) -> None:
    model, outcome = placed.item, draft.outcome(placed.item.outcome)
    if model.kind is ModelKind.COUNT:
        return
    if model.family is Family.CONFIRMATORY and outcome is not None and outcome.role is Role.EXPLORATORY:
        problem = say('The model is confirmatory, and its outcome "{name}" is exploratory.', name=outcome.id)
        faults.add(placed.entry, problem, say("Make both the same."), key="family")
