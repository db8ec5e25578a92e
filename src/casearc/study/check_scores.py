"""Checks of the outcomes against the instruments: the score exists and is of the kind its models need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from casearc.language import say, to_say
from casearc.study.check_profiles import check_profile_scores
from casearc.study.draft import Draft, Placed
from casearc.study.faults import Entry, PlanFaults
from casearc.study.groupings import check_ladder, check_merge
from casearc.study.plan import Model, Outcome
from casearc.study.vocabulary import ModelKind
from casearc.tables import suggestion

if TYPE_CHECKING:
    from casearc.instruments import Instrument, ScoreDefinition

STAGE = "stage"
OF_STAGES = (ModelKind.MULTINOMIAL, ModelKind.ORDINAL)
OF_NUMBERS = (ModelKind.LINEAR, ModelKind.MIXED)

_NEEDS = {
    ModelKind.MULTINOMIAL: to_say('A multinomial model needs an outcome in stages, and "{name}" is a number.'),
    ModelKind.ORDINAL: to_say('An ordinal model needs an outcome in stages, and "{name}" is a number.'),
    ModelKind.LINEAR: to_say('A linear model needs an outcome in numbers, and "{name}" is a stage.'),
    ModelKind.MIXED: to_say('A mixed model needs an outcome in numbers, and "{name}" is a stage.'),
}


def check_scores(draft: Draft, instruments: Sequence[Instrument], faults: PlanFaults) -> None:
    """Note outcomes whose score no instrument gives, and models whose outcome is of the wrong kind."""
    scores = {score.id: score for instrument in instruments for score in instrument.scores}
    for placed in draft.outcomes:
        score = scores.get(placed.item.score)
        if score is None:
            remedy = suggestion(placed.item.score, scores) or say("Scores: {scores}.", scores=", ".join(sorted(scores)))
            faults.add(
                placed.entry, say('No instrument has a score "{name}".', name=placed.item.score), remedy, key="score"
            )
        else:
            _check_levels(placed, score, faults)
    for model in draft.models:
        outcome = draft.outcome(model.item.outcome) if model.item.kind is not ModelKind.COUNT else None
        score = scores.get(outcome.score) if outcome is not None else None
        if outcome is not None and score is not None:
            _check_kind(model, outcome, score, faults)
    check_profile_scores(draft, scores, faults)
    _check_selection(draft, scores, faults)
    _check_shares(draft, scores, faults)


def _check_levels(placed: Placed[Outcome], score: ScoreDefinition, faults: PlanFaults) -> None:
    entry, outcome = placed.entry, placed.item
    if score.kind != STAGE:
        for key, given in (("levels", outcome.levels), ("merge", outcome.merge), ("ladder", outcome.ladder)):
            if given:
                problem = say("The score {score} is a number and has no levels.", score=score.id)
                faults.add(entry, problem, say("Remove the key."), key=key)
        return
    if outcome.levels:
        _check_own_levels(entry, outcome.levels, score, faults)
        return  # groupings were checked against the plan's own levels
    check_merge(entry, outcome.merge, score.levels, faults)
    check_ladder(entry, outcome.ladder, score.levels, faults)


def _check_own_levels(entry: Entry, levels: Sequence[str], score: ScoreDefinition, faults: PlanFaults) -> None:
    if sorted(levels) != sorted(score.levels):
        problem = say("The levels are not those of the score.")
        remedy = say(
            "They are: {levels}. Leave the key out, or write all of them in the order you want.",
            levels=", ".join(score.levels),
        )
        faults.add(entry, problem, remedy, key="levels")


def _check_kind(placed: Placed[Model], outcome: Outcome, score: ScoreDefinition, faults: PlanFaults) -> None:
    model = placed.item
    if model.kind in OF_STAGES and score.kind != STAGE:
        problem = say(_NEEDS[model.kind], name=outcome.id)
        faults.add(placed.entry, problem, say('Write kind = "linear", or choose a stage.'), key="kind")
    if model.kind in OF_NUMBERS and score.kind == STAGE:
        problem = say(_NEEDS[model.kind], name=outcome.id)
        remedy = say('Write kind = "multinomial" or "ordinal", or choose a score that is a number.')
        faults.add(placed.entry, problem, remedy, key="kind")
    known = set(outcome.levels or score.levels)
    for rung in (outcome.merge or {}, *outcome.ladder):
        known |= set(rung)
    if model.kind is ModelKind.MULTINOMIAL and model.reference is not None and model.reference not in known:
        remedy = suggestion(model.reference, known) or say("Levels: {known}.", known=", ".join(sorted(known)))
        faults.add(
            placed.entry,
            say('The outcome has no level "{reference}".', reference=model.reference),
            remedy,
            key="reference",
        )


def _check_selection(draft: Draft, scores: Mapping[str, ScoreDefinition], faults: PlanFaults) -> None:
    """People are selected by a number, and on its scale."""
    chosen = draft.selection
    outcome = draft.outcome(chosen.outcome) if chosen is not None else None
    score = scores.get(outcome.score) if outcome is not None else None
    if chosen is None or outcome is None or score is None:
        return
    if score.kind == STAGE:
        problem = say('Regression to the mean is that of a number, and "{name}" is a stage.', name=outcome.id)
        faults.add(Entry("selection"), problem, say("Name an outcome that is a number."), key="outcome")
        return
    for key, value in (("cut", chosen.cut), ("population_mean", chosen.population_mean)):
        if value is not None and score.low is not None and score.high is not None:
            if score.low <= value <= score.high:
                continue
            problem = say(
                "The number lies outside the range of {score}, {low:g} to {high:g}.",
                score=score.id,
                low=score.low,
                high=score.high,
            )
            faults.add(Entry("selection"), problem, say("Write it in points of that score."), key=key)


def _check_shares(draft: Draft, scores: Mapping[str, ScoreDefinition], faults: PlanFaults) -> None:
    """Shares of stages name all levels of some outcome."""
    stages = [
        tuple(placed.item.levels or scores[placed.item.score].levels)
        for placed in draft.outcomes
        if placed.item.score in scores and scores[placed.item.score].kind == STAGE
    ]
    named = sorted(draft.power.stages)
    if named and named not in [sorted(levels) for levels in stages]:
        listed = say("; or ").join(", ".join(levels) for levels in stages)
        remedy = (
            say("Name each of: {listed}.", listed=listed)
            if stages
            else say("The plan has no outcome in stages: remove the key.")
        )
        faults.add(Entry("power"), say("The shares are not those of the levels of an outcome."), remedy, key="stages")
