"""The rules of a plan said back: missing data, error rates, disclosure, places in theory, and what is not done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from casearc.findings import Role
from casearc.study.plan import Power, StudyPlan
from casearc.study.theory import Mapped, theory_map
from casearc.study.vocabulary import EcologicalLevel, IepDimension, Multiplicity, Side, Waves
from casearc.study.wording import listed, outcome_label, words

if TYPE_CHECKING:
    from casearc.instruments import ScoreDefinition

_ITEMS = {
    "house": "each instrument's own rule for skipped items applies",
    "strict": "a score needs every item answered",
}


def rules(plan: StudyPlan, scores: Mapping[str, ScoreDefinition]) -> Iterator[str]:
    """Sentences on everything that holds for the whole study."""
    yield f"Scores: {_ITEMS[plan.missing.items]}. Each participant's first enrollment is analyzed."
    for name, coding in plan.coding.items():
        yield f"The responses of {name} are declared to be coded {coding}."
    yield from _missing(plan)
    yield from _inference(plan)
    yield from _selection(plan, scores)
    yield from _theory(plan)
    yield _edition(plan)
    yield from _power(plan)


def _missing(plan: StudyPlan) -> Iterator[str]:
    missing = plan.missing
    if missing.waves is not Waves.ALL_ENROLLED:
        return
    if not missing.imputations:
        yield (
            "Missing waves: beside those who completed, all enrolled are analyzed, by mixed models, which take whoever "
            "was measured at least once. No scores are made up."
        )
        return
    yield (
        "Missing waves: beside those who completed, all enrolled are analyzed, by mixed models and with missing scores "
        f"filled in {missing.imputations} times from what is known of each person ({missing.iterations} rounds of "
        "chained equations); the differences between the fillings go into the intervals."
    )
    shifts = (
        f"{listed([f'{shift:g}' for shift in missing.tipping])} standard deviations"
        if missing.tipping
        else "more and more"
    )
    yield f"Those who left may have fared unlike those who stayed: the filled-in scores are also shifted, by {shifts}."


def _inference(plan: StudyPlan) -> Iterator[str]:
    adjusted = (
        "p values are adjusted for the number of tests, by Holm's method over the tests planned as such and by "
        "Benjamini and Hochberg's over the exploratory ones"
        if plan.inference.multiplicity is Multiplicity.HOLM_BH
        else "p values are not adjusted for the number of tests"
    )
    yield f"Intervals hold at {100 * (1 - plan.inference.alpha):g} %; {adjusted}."
    if plan.inference.bootstrap:
        yield (
            f"Bootstrap intervals stand beside: participants are drawn anew {plan.inference.bootstrap:,} times, each "
            f"with all that is known of her or him (seed {plan.seed})."
        )


def _selection(plan: StudyPlan, scores: Mapping[str, ScoreDefinition]) -> Iterator[str]:
    chosen = plan.selection
    if chosen is None:
        return
    outcome = plan.outcome(chosen.outcome)
    name = outcome_label(outcome, scores.get(outcome.score))
    side = "below" if chosen.enrolled is Side.BELOW else "above"
    mean = (
        f"mean {chosen.population_mean:g}, "
        if chosen.population_mean is not None
        else "its mean as the first wave implies, "
    )
    yield (
        f"People were enrolled for {name} {side} {chosen.cut:g}; from an unselected population ({mean}SD "
        f"{chosen.population_sd:g}, retest correlation {chosen.retest:g}) the report computes how far such people "
        "return toward the mean without any service."
    )


def _theory(plan: StudyPlan) -> Iterator[str]:
    mapped = theory_map(plan)
    if any(each.iep for each in mapped):
        places = [(place, [each for each in mapped if each.iep is place]) for place in IepDimension]
        yield _places("In the model of intentions to exit", places)
    if any(each.ecological for each in mapped):
        levels = [(place, [each for each in mapped if each.ecological is place]) for place in EcologicalLevel]
        yield _places("By ecological level", levels)


def _places(which: str, places: Sequence[tuple[StrEnum, Sequence[Mapped]]]) -> str:
    told = [f"{place}: {listed([each.label or words(each.id) for each in own])}" for place, own in places if own]
    empty = [str(place) for place, own in places if not own]
    nothing = f" Nothing of the plan stands for {listed(empty)}." if empty else ""
    return f"{which}: {'; '.join(told)}.{nothing}"


def _edition(plan: StudyPlan) -> str:
    threshold = plan.disclosure.threshold
    small = f"{threshold} people" if threshold is not None else "the agency's own limit"
    if plan.disclosure.edition == "outside":
        return f"Outside edition: counts of people below {small} do not leave, and groups are merged first."
    return "In-house edition: nothing is hidden, and the report must stay in the house."


def _power(plan: StudyPlan) -> Iterator[str]:
    power = plan.power
    if power == Power():
        return
    named = [f"{effect:g} for {words(name)}" for name, effect in power.effects.items()]
    effects = listed([*named, f"{power.effect:g} for all else" if named else f"{power.effect:g}"])
    yield (
        f"Casearc power makes up {power.simulations:,} studies each of {listed([f'{n:,}' for n in power.n])} people, "
        f"{power.attrition:.0%} lost by the last wave and {power.missing_items:.0%} of items skipped, with an effect "
        f"of {effects}, in standard units."
    )


def not_done(plan: StudyPlan) -> Iterator[str]:
    """Sentences on what a reader might expect and will not find."""
    causes = "Not done: no claim that services caused a change, since nobody was assigned to get more or less of them."
    lost = "People without a wave are left out of what needs it; the report says who they are as a group."
    imputed = bool(plan.missing.imputations)
    yield causes if imputed else f"{causes} No scores are made up for waves that are missing. {lost}"
    if not plan.models:
        yield "Not done: no model relates dose to outcome, since the plan names none."
    if not any(outcome.role is Role.PRIMARY for outcome in plan.outcomes):
        yield "The plan names no primary outcome: no single result was decided in advance."
    if plan.selection is None:
        yield (
            "Not done: the regression to the mean to be expected is not computed, since the plan does not give the "
            "unselected population (section selection)."
        )
