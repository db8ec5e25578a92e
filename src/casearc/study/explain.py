"""The plan said back in plain sentences, for somebody who runs a program and not a statistics package."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from casearc.change.definitions import Pick, Wave
from casearc.dose.definitions import ATTEMPTED, DoseDefinition, DoseMeasure, DoseTable, GoalEvent
from casearc.findings import Role
from casearc.study.explain_models import model_sentence, profiles_sentence
from casearc.study.explain_rules import not_done, rules
from casearc.study.landmarks import in_time
from casearc.study.plan import Covariate, Merge, Outcome, StudyPlan
from casearc.study.vocabulary import Design, Direction
from casearc.study.wording import capital, dose_label, listed, outcome_label, window_in_words, words

if TYPE_CHECKING:
    from casearc.instruments import Instrument, ScoreDefinition

_ROLES = {
    Role.PRIMARY: "the primary outcome, decided before anybody saw the results",
    Role.SECONDARY: "a secondary outcome",
    Role.EXPLORATORY: "an exploratory outcome: it may raise a question, not settle one",
}
_DIRECTIONS = {
    Direction.HIGHER: "A higher score is better.",
    Direction.LOWER: "A lower score is better.",
    Direction.NONE: "Neither a higher nor a lower score is simply better.",
}
_MEASURES = {
    DoseMeasure.MONTHS_ENROLLED: "months from the start of the enrollment to the exit or the end of the window",
    DoseMeasure.MONTHS_SERVED: "months from the first to the last of the {records}",
    DoseMeasure.FREQUENCY: "{records} a month",
    DoseMeasure.AMOUNT: "{quantity} of {records}, added up",
    DoseMeasure.BREADTH: "the number of different kinds of {records}",
    DoseMeasure.COUNT: "the number of {records}",
    DoseMeasure.DAYS: "the number of days with {records}",
}


def explain(plan: StudyPlan, instruments: Sequence[Instrument] = ()) -> tuple[str, ...]:
    """Say a plan back, one or two sentences an item: what will be done, on what, and what will not be.

    Parameters
    ----------
    plan
        A checked plan.
    instruments
        Where given, scores are called by their labels and units.

    Examples
    --------
    >>> from casearc.study import parse_plan, template_plan
    >>> explain(parse_plan(template_plan()))[5]
    'Perceived social support (mspss_total) is the primary outcome, decided before anybody saw the results. A higher \
score is better.'
    """
    scores = {score.id: score for instrument in instruments for score in instrument.scores}
    return (
        f'"{plan.title}" is a study of the program {plan.program}.',
        _design(plan),
        *(_wave(wave) for wave in plan.waves),
        *(_outcome(outcome, scores.get(outcome.score)) for outcome in plan.outcomes),
        *(_dose(dose) for dose in plan.doses),
        *_covariates(plan.covariates),
        *(model_sentence(plan, model, scores) for model in plan.models),
        *(profiles_sentence(asked, scores) for asked in plan.profiles),
        *rules(plan, scores),
        *not_done(plan),
    )


def _design(plan: StudyPlan) -> str:
    names = [words(wave.name) for wave in in_time(plan.waves)]
    if plan.design is Design.DOUBLE_PRETEST:
        return (
            f"Design: one group with a double pretest. Between {names[0]} and {names[1]} nobody is served yet; the "
            f"change in that time is what happens without services, and later change is read against it. The data "
            f"must show that services began after {names[1]} (column {plan.service_starts})."
        )
    return (
        f"Design: one group, measured {len(names)} times ({', '.join(names)}). There is no group without services, "
        "so change over time is not by itself an effect of the program."
    )


_PICKED = {Pick.NEAREST: "the nearest to the target", Pick.FIRST: "the first", Pick.LAST: "the last"}


def _wave(wave: Wave) -> str:
    return (
        f"The wave {words(wave.name)} is meant for day {wave.target_day} after the start of the enrollment and takes "
        f"administrations from day {wave.first_day} to day {wave.last_day}; of several {_PICKED[wave.pick]}."
    )


def _outcome(outcome: Outcome, score: ScoreDefinition | None) -> str:
    name = outcome_label(outcome, score)
    unit = f", {score.unit}" if score is not None and score.unit else ""
    sentences = [f"{capital(name)} ({outcome.score}{unit}) is {_ROLES[outcome.role]}.", _DIRECTIONS[outcome.direction]]
    if outcome.merge:
        sentences.append(f"Levels are taken together: {_groups(outcome.merge)}.")
    if outcome.ladder:
        rungs = "; or else ".join(_groups(rung) for rung in outcome.ladder)
        sentences.append(f"Where groups are too small to be shown, levels are taken together: {rungs}.")
    return " ".join(sentences)


def _dose(dose: DoseDefinition) -> str:
    what = _MEASURES[dose.measure].format(records=_records(dose), quantity=_quantity(dose))
    sentence = f"Dose, {dose_label(dose)}: {what}, {window_in_words(dose)}."
    if dose.measure is DoseMeasure.AMOUNT:
        sentence += " Where how much was not recorded, it is not taken as nothing: the report counts such records."
    return sentence


def _records(dose: DoseDefinition) -> str:
    kinds = f" ({', '.join(words(kind) for kind in dose.kinds)})" if dose.kinds else ""
    if dose.table is DoseTable.CONTACTS:
        return f"{'attempts at contacts' if ATTEMPTED in dose.types else 'completed contacts'}{kinds}"
    if dose.table is DoseTable.GOALS:
        return "goals met" if GoalEvent.MET in dose.types else "goals set"
    return f"services delivered{kinds}"


def _quantity(dose: DoseDefinition) -> str:
    if dose.table is DoseTable.CONTACTS:
        return "minutes"
    return dose.unit or "quantity"


def _covariates(covariates: Sequence[Covariate]) -> list[str]:
    if not covariates:
        return []
    named = "; ".join(_covariate(covariate) for covariate in covariates)
    return [f"Described, and adjusted for where a model says so: {named}."]


def _covariate(covariate: Covariate) -> str:
    name = covariate.label or words(covariate.id)
    compared = f", compared with {words(covariate.reference)}" if covariate.reference else ""
    return f"{name}{compared}"


def _groups(merge: Merge) -> str:
    return ", ".join(
        f"{words(name)} for {listed([words(member) for member in members])}" for name, members in merge.items()
    )
