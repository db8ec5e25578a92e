"""Checks of the sections that come once: numbers within reason, keys that go together."""

from __future__ import annotations

from casearc.language import say, to_say
from casearc.study.draft import Draft
from casearc.study.faults import Entry, PlanFaults
from casearc.study.plan import Missing, Power
from casearc.study.vocabulary import ModelKind, Waves
from casearc.tables import suggestion

IMPUTATIONS = range(5, 201)
ITERATIONS = range(1, 101)
BOOTSTRAP = range(500, 20_001)
LARGEST_SHIFT = 5.0
"""In standard deviations: no scale reaches further."""


def check_settings(draft: Draft, faults: PlanFaults, *, floor: int) -> None:
    """Note every fault of [missing], [inference], [disclosure], [selection] and [power] that shows without data."""
    _check_missing(draft.missing, faults)
    _check_inference(draft, faults)
    threshold = draft.disclosure.threshold
    if threshold is not None and threshold < floor:
        problem = say(
            "The threshold is below the agency's floor of {floor}, and a plan can only raise it.", floor=floor
        )
        faults.add(
            Entry("disclosure"), problem, say("Write {floor} or more, or leave it out.", floor=floor), key="threshold"
        )
    _check_selection(draft, faults)
    _check_power(draft, faults)
    _check_effects(draft, faults)


def _check_missing(missing: Missing, faults: PlanFaults) -> None:
    entry, usual = Entry("missing"), Missing()
    if missing.imputations and missing.imputations not in IMPUTATIONS:
        problem = say("Imputations are 0 or from 5 to 200: with fewer than 5 nothing can be said of their differences.")
        faults.add(entry, problem, say("20 are a good start; the report says whether they suffice."), key="imputations")
    if missing.imputations and missing.waves is not Waves.ALL_ENROLLED:
        problem = say("Completers have every wave, so nothing is there to impute.")
        faults.add(entry, problem, say('Write waves = "all-enrolled", or imputations = 0.'), key="imputations")
    if missing.iterations not in ITERATIONS:
        faults.add(entry, say("Iterations are from 1 to 100."), say("10 are usual."), key="iterations")
    if any(abs(shift) > LARGEST_SHIFT for shift in missing.tipping):
        problem = say("Shifts are in standard deviations of the score, and one of these is beyond 5.")
        faults.add(entry, problem, say("Write, for example, tipping = [-0.25, -0.5, -1]."), key="tipping")
    for key in ("iterations", "tipping"):
        if not missing.imputations and getattr(missing, key) != getattr(usual, key):
            problem = say("The key says how scores are imputed, and the plan imputes none.")
            faults.add(entry, problem, say("Add imputations, or remove it."), key=key)


def _check_inference(draft: Draft, faults: PlanFaults) -> None:
    entry = Entry("inference")
    if not 0 < draft.inference.alpha < 0.5:
        problem = say("alpha is the error rate of a test and lies between 0 and 0.5.")
        faults.add(entry, problem, say("Usual is 0.05."), key="alpha")
    if draft.inference.bootstrap and draft.inference.bootstrap not in BOOTSTRAP:
        problem = say("Bootstrap draws are 0 or from 500 to 20000: with fewer, the ends of an interval are guesses.")
        faults.add(entry, problem, say("2000 are usual."), key="bootstrap")


def _check_selection(draft: Draft, faults: PlanFaults) -> None:
    chosen, entry = draft.selection, Entry("selection")
    if chosen is None:
        return
    outcomes = draft.declared.get("outcome", ())
    if chosen.outcome not in outcomes:
        remedy = suggestion(chosen.outcome, outcomes) or say("The plan defines: {known}.", known=", ".join(outcomes))
        faults.add(entry, say('"{name}" is not an outcome of this plan.', name=chosen.outcome), remedy, key="outcome")
    for key, wrong, problem in (
        ("population_sd", chosen.population_sd <= 0, say("The number must be above 0.")),
        ("retest", not 0 < chosen.retest < 1, say("The number must be between 0 and 1.")),
    ):
        if wrong:
            faults.add(entry, problem, say("Take it from a study of an unselected population."), key=key)


def _check_power(draft: Draft, faults: PlanFaults) -> None:
    power = draft.power
    shares = list(power.stages.values())
    for key, sound, wanted in (
        ("n", all(10 <= n <= 100_000 for n in power.n), say("Each n is from 10 to 100000.")),
        ("target", 0 < power.target < 1, say("The target lies between 0 and 1; usual is 0.8.")),
        ("simulations", 100 <= power.simulations <= 100_000, say("Simulations are from 100 to 100000.")),
        ("effect", abs(power.effect) <= 5, say(_EFFECT)),
        ("effects", all(abs(effect) <= 5 for effect in power.effects.values()), say(_EFFECT)),
        ("retest", 0 <= power.retest < 1, say("The correlation is from 0 to less than 1.")),
        ("attrition", 0 <= power.attrition < 1, say("The share is from 0 to less than 1.")),
        ("missing_items", 0 <= power.missing_items < 1, say("The share is from 0 to less than 1.")),
        ("stages", all(share > 0 for share in shares), say("Each share must be above 0.")),
        ("stages", not shares or abs(sum(shares) - 1) < 0.005, say("The shares must add up to 1.")),
        ("icc", 0 <= power.icc < 1, say("The share is from 0 to less than 1.")),
        ("clusters", power.clusters >= 2, say("There must be at least two.")),
        ("mean_count", 0 < power.mean_count <= 1e4, say("The mean count is above 0 and at most 10000.")),
        ("overdispersion", 0 <= power.overdispersion <= 10, say("The spread beyond Poisson's is from 0 to 10.")),
    ):
        if not sound:
            faults.add(Entry("power"), wanted, say("The default is {usual}.", usual=_default(key)), key=key)


_EFFECT = to_say("Effects are in standard deviations or logarithms, and none is beyond 5 either way.")


def _default(key: str) -> str:
    usual = getattr(Power(), key)
    if isinstance(usual, tuple):
        return str(list(usual))
    return say("all equal") if key == "stages" else say("effect for all") if key == "effects" else f"{usual:g}"


def _check_effects(draft: Draft, faults: PlanFaults) -> None:
    """Effects are named by outcomes and models, and mean something there."""
    outcomes, models = draft.declared.get("outcome", ()), draft.declared.get("model", ())
    read = {placed.item.id: placed.item for placed in draft.models}
    for name in draft.power.effects:
        model = read.get(name)
        if name in outcomes and name in models:
            problem, remedy = say('"{name}" is an outcome and a model.', name=name), say("Give one of them another id.")
        elif name not in outcomes and name not in models:
            problem = say('"{name}" is neither an outcome nor a model of this plan.', name=name)
            remedy = suggestion(name, (*outcomes, *models)) or say(
                "Known: {known}.", known=", ".join((*outcomes, *models))
            )
        elif model is not None and not model.doses:
            problem, remedy = say('The model "{name}" has no dose to have an effect.', name=name), say("Remove it.")
            if model.kind is ModelKind.MIXED:
                remedy = say(
                    'Its change is that of the outcome: write {outcome} in place of "{name}".',
                    outcome=model.outcome,
                    name=name,
                )
        else:
            continue
        faults.add(Entry("power"), problem, remedy, key="effects")
