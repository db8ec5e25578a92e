"""The models of a plan said back: the question, how it is answered, and how far the answer reaches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from casearc.study.landmarks import in_time, is_concurrent, is_cross_sectional
from casearc.study.plan import Model, Profiles, StudyPlan
from casearc.study.vocabulary import (
    ClusterMethod,
    Covariance,
    DenominatorDf,
    Design,
    Family,
    ModelKind,
    Penalty,
)
from casearc.study.wording import capital, dose_label, listed, model_label, outcome_label, window_in_words, words

if TYPE_CHECKING:
    from casearc.instruments import ScoreDefinition

_PENALTIES = {
    Penalty.AUTO: "by maximum likelihood, with Firth's penalty where some group is all in one stage",
    Penalty.NONE: "by maximum likelihood",
    Penalty.FIRTH: "with Firth's penalty",
}
_CLUSTERS = {"site": "site", "staff_id": "staff member"}
_DF = {DenominatorDf.KENWARD_ROGER: "Kenward and Roger's", DenominatorDf.SATTERTHWAITE: "Satterthwaite's"}


def model_sentence(plan: StudyPlan, model: Model, scores: Mapping[str, ScoreDefinition]) -> str:
    """What a model asks, in words; `scores` by id, to call them by their labels."""
    question = _question(plan, model, scores)
    weight = "planned as a test" if model.family is Family.CONFIRMATORY else "exploratory"
    fitted = f"{capital(_FITTED[model.kind](plan, model))}; {weight}."
    return f"Model {model_label(model)}: {question} {fitted} {_reading(plan, model)}"


def profiles_sentence(asked: Profiles, scores: Mapping[str, ScoreDefinition]) -> str:
    """What profiles are looked for, in words."""
    named = listed([score.label if (score := scores.get(name)) is not None else words(name) for name in asked.scores])
    which = f"{asked.number} profiles" if asked.number else f"the number, of one to {asked.most}, that fits best"
    return (
        f"Profiles {asked.label or words(asked.id)}: are there kinds of people in {named} at {words(asked.at)}? Latent "
        f"profiles; the report has {which}. Exploratory; with fewer than a hundred people they are not looked for."
    )


def _question(plan: StudyPlan, model: Model, scores: Mapping[str, ScoreDefinition]) -> str:
    doses = listed([dose_label(plan.dose(dose)) for dose in model.doses])
    verb = "Does" if len(model.doses) == 1 else "Do"
    if model.kind is ModelKind.MIXED:
        changes = f"{_score(plan, model.outcome, scores)} changes from {_first(plan)} to {words(model.at)}"
        if not model.doses:
            return f"How {_changing(changes)}{_alike(plan, model, scores)}?"
        return f"{verb} {doses} go with how {changes}{_alike(plan, model, scores)}?"
    if model.kind is ModelKind.COUNT:
        counted = plan.dose(model.outcome)
        what = f"{dose_label(counted)}, counted {window_in_words(counted)}"
    else:
        what = f"{_score(plan, model.outcome, scores)} at {words(model.at)}"
    if not model.doses:
        return f"What goes with {what}: {listed(_adjusted(plan, model, scores))}?"
    return f"{verb} {doses} go with {what}{_alike(plan, model, scores)}?"


def _changing(changes: str) -> str:
    return "does " + changes.replace(" changes from ", " change from ", 1)


def _score(plan: StudyPlan, outcome_id: str, scores: Mapping[str, ScoreDefinition]) -> str:
    outcome = plan.outcome(outcome_id)
    return outcome_label(outcome, scores.get(outcome.score))


def _first(plan: StudyPlan) -> str:
    return words(in_time(plan.waves)[0].name)


def _adjusted(plan: StudyPlan, model: Model, scores: Mapping[str, ScoreDefinition]) -> list[str]:
    found = []
    for item in model.adjust_for:
        if isinstance(item, str):
            found.append(plan.covariate(item).label or words(item))
        elif item.outcome:
            found.append(f"{_score(plan, item.outcome, scores)} at {words(item.wave)}")
        else:
            found.append(f"their level at {words(item.wave)}")
    return found


def _alike(plan: StudyPlan, model: Model, scores: Mapping[str, ScoreDefinition]) -> str:
    """The people compared: those alike in what the model adjusts for."""
    others = ["the other doses"] if len(model.doses) > 1 else []
    alike = [*_adjusted(plan, model, scores), *others]
    return f", among people alike in {listed(alike)}" if alike else ", with nothing adjusted for"


def _linear(plan: StudyPlan, model: Model) -> str:
    del plan
    if model.cluster is not None and model.cluster_method is ClusterMethod.RANDOM_INTERCEPT:
        errors = f"with an intercept for each {_CLUSTERS[model.cluster]} and Kenward and Roger's degrees of freedom"
    elif model.cluster is not None:
        errors = f"with {_cluster_errors(model.cluster)} (CR2)"
    elif model.covariance is Covariance.CLASSICAL:
        errors = "with ordinary standard errors"
    else:
        errors = f"with standard errors that allow for unequal spread ({model.covariance})"
    curve = f"; beside the line a curve with {model.knots} knots" if model.curve else ""
    return f"a linear regression, {errors}{curve}"


def _cluster_errors(cluster: str) -> str:
    return f"standard errors that allow for people of one {_CLUSTERS[cluster]} being alike"


def _clustered(model: Model) -> str:
    return f", with {_cluster_errors(model.cluster)}" if model.cluster else ""


def _multinomial(plan: StudyPlan, model: Model) -> str:
    del plan
    reference = f" against {words(model.reference)}" if model.reference else ""
    compared = f"one comparison for each stage{reference}"
    return f"a multinomial logistic regression, {compared}, {_PENALTIES[model.penalty]}{_clustered(model)}"


def _ordinal(plan: StudyPlan, model: Model) -> str:
    del plan
    assumed = "the odds of a later stage, taken to be alike at each step, which is tested"
    return f"an ordinal logistic regression, {assumed}; {_PENALTIES[model.penalty]}{_clustered(model)}"


def _count(plan: StudyPlan, model: Model) -> str:
    exposure = dose_label(plan.dose(model.exposure)) if model.exposure else "time"
    return f"a count regression, a rate for each month of {exposure}{_clustered(model)}"


def _mixed(plan: StudyPlan, model: Model) -> str:
    pieces = ", one rate of change before services and one after" if plan.design is Design.DOUBLE_PRETEST else ""
    own = "an intercept and a slope" if model.random.has_slope(len(plan.waves)) else "an intercept"
    return (
        f"a mixed model of every wave over months from {_first(plan)}{pieces}, with {own} for each person and "
        f"{_DF[model.df]} degrees of freedom"
    )


_FITTED = {
    ModelKind.LINEAR: _linear,
    ModelKind.MULTINOMIAL: _multinomial,
    ModelKind.ORDINAL: _ordinal,
    ModelKind.COUNT: _count,
    ModelKind.MIXED: _mixed,
}


def _reading(plan: StudyPlan, model: Model) -> str:
    if is_concurrent(plan, model):
        why = (
            "measurements made while the dose was being delivered enter it"
            if model.kind is ModelKind.MIXED
            else "the dose runs up to the outcome itself"
        )
        confirms = ", and it cannot confirm anything." if model.family is Family.CONFIRMATORY else "."
        return f"Concurrent, descriptive: {why}, so nothing says which came first{confirms}"
    if is_cross_sectional(plan, model):
        return "Cross-sectional: its parts were measured at one wave, so nothing says which came first."
    if model.kind is ModelKind.MIXED:
        return "It says how much people changed, not why."
    if not model.doses:
        return "An association and not an effect."
    over = "counting began" if model.kind is ModelKind.COUNT else "the outcome was measured"
    return f"The dose was over before {over}; still, an association and not an effect."
