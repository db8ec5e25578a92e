"""The plan said back in plain sentences, for somebody who runs a program and not a statistics package."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from casearc.change.definitions import Pick, Wave
from casearc.dose.definitions import ATTEMPTED, DoseDefinition, DoseMeasure, DoseTable, GoalEvent
from casearc.findings import Role
from casearc.study.landmarks import in_time, is_concurrent
from casearc.study.plan import Covariate, LevelAt, Merge, Model, Outcome, StudyPlan
from casearc.study.words import Design, Direction, Family, ModelKind

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
        *(_model(plan, model, scores) for model in plan.models),
        *_rules(plan),
        *_not_done(plan),
    )


def _design(plan: StudyPlan) -> str:
    names = [_words(wave.name) for wave in in_time(plan.waves)]
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
        f"The wave {_words(wave.name)} is meant for day {wave.target_day} after the start of the enrollment and takes "
        f"administrations from day {wave.first_day} to day {wave.last_day}; of several {_PICKED[wave.pick]}."
    )


def _outcome(outcome: Outcome, score: ScoreDefinition | None) -> str:
    name = outcome_label(outcome, score)
    unit = f", {score.unit}" if score is not None and score.unit else ""
    sentences = [f"{_capital(name)} ({outcome.score}{unit}) is {_ROLES[outcome.role]}.", _DIRECTIONS[outcome.direction]]
    if outcome.merge:
        sentences.append(f"Levels are taken together: {_groups(outcome.merge)}.")
    if outcome.ladder:
        rungs = "; or else ".join(_groups(rung) for rung in outcome.ladder)
        sentences.append(f"Where groups are too small to be shown, levels are taken together: {rungs}.")
    return " ".join(sentences)


def outcome_label(outcome: Outcome, score: ScoreDefinition | None) -> str:
    """How sentences call an outcome: the plan's label, the score's, or the id in words."""
    return outcome.label or (score.label if score is not None else _words(outcome.id))


def _dose(dose: DoseDefinition) -> str:
    what = _MEASURES[dose.measure].format(records=_records(dose), quantity=_quantity(dose))
    sentence = f"Dose, {dose_label(dose)}: {what}, {window_in_words(dose)}."
    if dose.measure is DoseMeasure.AMOUNT:
        sentence += " Where how much was not recorded, it is not taken as nothing: the report counts such records."
    return sentence


def dose_label(dose: DoseDefinition) -> str:
    """How sentences call a dose."""
    return dose.label or _words(dose.id)


def window_in_words(dose: DoseDefinition) -> str:
    """From which day to which, in words."""
    start = f"day {dose.start}" if isinstance(dose.start, int) else f"the day of {_words(dose.start)}"
    if isinstance(dose.end, int):
        return f"from {start} up to, not including, day {dose.end} after the start of the enrollment"
    return f"from {start} up to, not including, that of {_words(dose.end)}"


def _records(dose: DoseDefinition) -> str:
    kinds = f" ({', '.join(_words(kind) for kind in dose.kinds)})" if dose.kinds else ""
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
    name = covariate.label or _words(covariate.id)
    compared = f", compared with {_words(covariate.reference)}" if covariate.reference else ""
    tags = [tag for tag in (covariate.iep, covariate.ecological) if tag]
    return f"{name}{compared}" + (f" ({', '.join(tags)})" if tags else "")


def _model(plan: StudyPlan, model: Model, scores: dict[str, ScoreDefinition]) -> str:
    outcome = plan.outcome(model.outcome)
    name = outcome_label(outcome, scores.get(outcome.score))
    doses = _and([dose_label(plan.dose(dose)) for dose in model.doses])
    verb = "Does" if len(model.doses) == 1 else "Do"
    what = f"{name} at {_words(model.at)}"
    question = f"{verb} {doses} go with {what}{_alike(plan, model)}?"
    return f"Model {model.label or _words(model.id)}: {question} {_kind(model)} {_reading(plan, model)}"


def _alike(plan: StudyPlan, model: Model) -> str:
    """The people compared: those alike in what the model adjusts for."""
    alike = [
        f"their level at {_words(item.wave)}"
        if isinstance(item, LevelAt)
        else plan.covariate(item).label or _words(item)
        for item in model.adjust_for
    ]
    others = ["the other doses"] if len(model.doses) > 1 else []
    return f", among people alike in {_and([*alike, *others])}" if alike or others else ", with nothing adjusted for"


def _kind(model: Model) -> str:
    fitted = {
        ModelKind.LINEAR: "A linear regression",
        ModelKind.MULTINOMIAL: "A multinomial logistic regression, one comparison for each stage",
    }.get(model.kind, f"A model of the kind {model.kind}")
    cluster = (
        f", with standard errors that allow for people of one {_words(model.cluster)} being alike"
        if model.cluster
        else ""
    )
    weight = "planned as a test" if model.family is Family.CONFIRMATORY else "exploratory"
    return f"{fitted}{cluster}; {weight}."


def _reading(plan: StudyPlan, model: Model) -> str:
    if is_concurrent(plan, model):
        return "Concurrent, descriptive: the dose runs up to the outcome itself, so nothing says which came first" + (
            ", and it cannot confirm anything." if model.family is Family.CONFIRMATORY else "."
        )
    return "The dose was over before the outcome was measured; still, an association and not an effect."


def _rules(plan: StudyPlan) -> list[str]:
    items = {
        "house": "each instrument's own rule for skipped items applies",
        "strict": "a score needs every item answered",
    }[plan.missing.items]
    threshold = plan.disclosure.threshold
    small = f"{threshold} people" if threshold is not None else "the agency's own limit"
    edition = (
        f"Outside edition: counts of people below {small} do not leave, and groups are merged first."
        if plan.disclosure.edition == "outside"
        else "In-house edition: nothing is hidden, and the report must stay in the house."
    )
    coded = [f"The responses of {name} are declared to be coded {coding}." for name, coding in plan.coding.items()]
    return [
        f"Scores: {items}. Each participant's first enrollment is analyzed.",
        *coded,
        f"Intervals hold at {100 * (1 - plan.inference.alpha):g} %; p values are not adjusted for the number of tests.",
        edition,
    ]


def _not_done(plan: StudyPlan) -> list[str]:
    lost = "People without a wave are left out of what needs it; the report says who they are as a group."
    return [
        "Not done: no claim that services caused a change, since nobody was assigned to get more or less of them. "
        f"No scores are made up for waves that are missing. {lost}",
        *([] if plan.models else ["Not done: no model relates dose to outcome, since the plan names none."]),
        *(
            []
            if _has_primary(plan)
            else ["The plan names no primary outcome: no single result was decided in advance."]
        ),
    ]


def _has_primary(plan: StudyPlan) -> bool:
    return any(outcome.role is Role.PRIMARY for outcome in plan.outcomes)


def _groups(merge: Merge) -> str:
    return ", ".join(
        f"{_words(name)} for {_and([_words(member) for member in members])}" for name, members in merge.items()
    )


def _and(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
