"""An ordinal dose-response model (proportional odds) told in sentences, tables and a figure."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from casearc.analyses.dataset import StudyData
from casearc.analyses.dose_tests import dose_test
from casearc.analyses.ledger import Ledger
from casearc.analyses.model_frame import ModelFrame, one_more, register, replaced_references
from casearc.analyses.stage_models import (
    FARTHEST,
    effect_sentences,
    effects_table,
    in_house,
    level_phrase,
    marginal_effects,
    odds_interval,
    outcome_phrase,
    redrawn_table,
)
from casearc.analyses.wording import capital, interval_heading
from casearc.errors import StatisticsRefusedError
from casearc.findings import (
    Body,
    Cell,
    Column,
    CountRef,
    Evidence,
    Figure,
    Forest,
    ForestRow,
    Interval,
    Number,
    Quantity,
    Role,
    Row,
    Sentence,
    Table,
    TestRun,
    Text,
    Threat,
    Verdict,
)
from casearc.statistics.categorical import OrdinalFit, ordinal, ordinal_separation, proportional_odds
from casearc.study import Penalty
from casearc.study.wording import model_label


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """The fit; whether levels were separated; p of the test that one odds ratio does for every split, if it has one."""

    frame: ModelFrame
    fit: OrdinalFit
    separated: bool
    proportional_p: float | None


def ordinal_body(data: StudyData, frame: ModelFrame) -> Body:
    """Fit the model of `frame` and tell it. Raises StatisticsRefusedError where it cannot be fitted."""
    fitted = fitted_ordinal(data, frame)
    ledger = Ledger(data)
    register(frame, ledger)
    if fitted.separated:  # telling of separation tells that a group is all alike, so it stays in the house
        ledger.support(f"{frame.key}:exceptions_to_separation", 0)
    sentences = tuple(_sentence(data, fitted, position) for position in frame.dose_positions())
    effects = marginal_effects(frame, fitted.fit)
    refused, redrawn = redrawn_table(data, frame, fitted.fit)
    return ledger.close(
        Body(
            headline=sentences[0] if sentences else None,
            sentences=(
                *effect_sentences(data, frame, effects),
                *sentences,
                *_separation(fitted),
                *_assumption(fitted),
                *refused,
            ),
            tables=(*effects_table(data, frame, effects), _coefficients(data, fitted), *redrawn),
            figures=(_forest(data, fitted),),
            told=frame.told,
            tests=(
                *(
                    dose_test(data, frame, position, how="likelihood ratio of the slope", p=slope_p(fitted, position))
                    for position in frame.dose_positions()
                ),
                *_assumption_tests(fitted),
            ),
            evidence=_assumption_evidence(data, fitted),
        )
    )


def fitted_ordinal(data: StudyData, frame: ModelFrame) -> Fitted:
    """The fit of `frame`, made once a study. Raises StatisticsRefusedError where it cannot be fitted."""
    if len(frame.outcome_levels) < 2:
        raise StatisticsRefusedError("All people in this model are at the same level, so nothing can be compared.")
    return data.once(("ordinal", frame.model, frame.told), lambda: _fit(data, frame))


def ordinal_in_house(data: StudyData, frame: ModelFrame, body: Body) -> Body | None:
    """What is added to `body` in the house; None where nothing is."""
    return in_house(data, frame, body, fitted_ordinal(data, frame).fit)


def _fit(data: StudyData, frame: ModelFrame) -> Fitted:
    names, X = [term.name for term in frame.terms][1:], frame.design[:, 1:]  # thresholds are the constants
    codes = frame.outcome.astype(np.intp)
    apart = ordinal_separation(X, codes, terms=names, levels=frame.outcome_levels).found
    wanted = frame.model.penalty
    if wanted is Penalty.NONE and apart:
        raise StatisticsRefusedError(
            "Maximum likelihood has no finite answer: levels are put in order without exception.",
            alternative='Write penalty = "auto" or "firth" in the plan.',
        )
    penalized = wanted is Penalty.FIRTH or apart
    fit = ordinal(
        X,
        codes,
        terms=names,
        levels=frame.outcome_levels,
        penalty="jeffreys" if penalized else "none",
        clusters=None if penalized else frame.clusters,
        interval="wald" if frame.clusters is not None and not penalized else "profile",
        level=1 - data.plan.inference.alpha,
    )
    return Fitted(frame=frame, fit=fit, separated=apart, proportional_p=_proportional(frame, X, codes, names))


def _proportional(frame: ModelFrame, X: np.ndarray, codes: np.ndarray, names: list[str]) -> float | None:
    if len(frame.outcome_levels) < 3:
        return None
    try:
        return proportional_odds(X, codes, terms=names, levels=frame.outcome_levels).of().p
    except StatisticsRefusedError:
        return None


def slope_p(fitted: Fitted, position: int) -> float:
    """P value of the slope at `position` of the design: by likelihood ratio where there is one."""
    at = position - 1
    return float(fitted.fit.p[at] if fitted.fit.term_lr_p is None else fitted.fit.term_lr_p[at])


def _sentence(data: StudyData, fitted: Fitted, position: int) -> Sentence:
    frame, key = fitted.frame, fitted.frame.key
    return Sentence(
        f"{one_more(frame.terms[position])} was associated with {{ratio}} times the odds of a later level of "
        f"{outcome_phrase(data, frame)} ({{interval}}; {{p}}; n = {{n}}).",
        {
            "ratio": Number(math.exp(float(fitted.fit.coefficients[position - 1])), Quantity.RATIO, key),
            "interval": _interval(fitted.fit, position, key),
            "p": Number(slope_p(fitted, position), Quantity.P_VALUE, key),
            "n": CountRef(key),
        },
    )


def _assumption(fitted: Fitted) -> tuple[Sentence, ...]:
    if fitted.proportional_p is None:
        return ()
    return (
        Sentence(
            "One odds ratio stands for every split of the levels; test that it may: {p}.",
            {"p": Number(fitted.proportional_p, Quantity.P_VALUE, fitted.frame.key)},
        ),
    )


def _assumption_tests(fitted: Fitted) -> tuple[TestRun, ...]:
    if fitted.proportional_p is None:
        return ()
    return (
        TestRun(
            id=f"dose_response.{fitted.frame.model.id}.proportional_odds",
            label=f"{capital(_title(fitted))}: may one odds ratio stand for every split of the levels",
            p=fitted.proportional_p,
            n_key=fitted.frame.key,
            role=Role.DESCRIPTIVE,
        ),
    )


def _assumption_evidence(data: StudyData, fitted: Fitted) -> tuple[Evidence, ...]:
    if fitted.proportional_p is None:
        return ()
    against = fitted.proportional_p < data.plan.inference.alpha
    found = "something speaks" if against else "nothing speaks"
    said = Sentence(
        f"In “{_title(fitted)}” {found} against one odds ratio for every split of the levels ({{p}}).",
        {"p": Number(fitted.proportional_p, Quantity.P_VALUE, fitted.frame.key)},
    )
    return (Evidence(threat=Threat.FORM, verdict=Verdict.OPEN if against else Verdict.CLEAR, said=said),)


def _title(fitted: Fitted) -> str:
    return model_label(fitted.frame.model)


def _separation(fitted: Fitted) -> tuple[Sentence, ...]:
    if not fitted.separated:
        return ()
    return (
        Sentence(
            "Maximum likelihood has no finite answer here: some terms put the levels in order without exception "
            "(separation). The estimates are those under Jeffreys' penalty, which stay finite, with intervals from the "
            "profile of the penalized likelihood."
        ),
    )


def _interval(fit: OrdinalFit, position: int, key: str) -> Interval:
    return odds_interval(float(fit.low[position - 1]), float(fit.high[position - 1]), level=fit.level, key=key)


def _coefficients(data: StudyData, fitted: Fitted) -> Table:
    frame, fit, key = fitted.frame, fitted.fit, fitted.frame.key

    def row(position: int) -> Row:
        at = position - 1
        cells: tuple[Cell, ...] = (
            Text(frame.terms[position].label),
            Number(math.exp(float(fit.coefficients[at])), Quantity.RATIO, key),
            _interval(fit, position, key),
            Number(float(fit.coefficients[at]), Quantity.COEFFICIENT, key),
            Number(float(fit.standard_errors[at]), Quantity.STANDARD_ERROR, key),
            Number(slope_p(fitted, position), Quantity.P_VALUE, key),
        )
        return Row(cells)

    levels = ", ".join(level_phrase(data, frame, level) for level in range(len(frame.outcome_levels)))
    method = "Jeffreys' penalized likelihood" if fit.penalty == "jeffreys" else "Maximum likelihood"
    return Table(
        id=f"model_{frame.model.id}",
        title=f"Ordinal logistic model of {outcome_phrase(data, frame)}",
        columns=(
            Column("term", "Term"),
            Column("odds_ratio", "Odds ratio"),
            Column("conf", interval_heading(fit.level)),
            Column("estimate", "B"),
            Column("std_error", "SE"),
            Column("p_value", "p"),
        ),
        rows=tuple(row(position) for position in range(1, len(frame.terms))),
        notes=(
            Sentence(f"{method}, proportional odds; levels in order: {levels}."),
            *(Sentence(note) for note in replaced_references(data, frame)),
        ),
    )


def _forest(data: StudyData, fitted: Fitted) -> Figure:
    fit = fitted.fit
    return Figure(
        id=f"forest_{fitted.frame.model.id}",
        title=f"What goes with a later level of {outcome_phrase(data, fitted.frame)}",
        drawing=Forest(
            rows=tuple(
                ForestRow(
                    label=capital(term.label),
                    estimate=math.exp(float(fit.coefficients[at])),
                    low=math.exp(max(float(fit.low[at]), -FARTHEST)),
                    high=math.exp(min(float(fit.high[at]), FARTHEST)),
                    rests_on=fitted.frame.key,
                )
                for at, term in enumerate(fitted.frame.terms[1:])
            ),
            x_label="Odds ratio, with its interval",
            reference=1.0,
            log_scale=True,
        ),
        alt=Sentence("Odds ratios with their intervals; the numbers stand in the table."),
    )
