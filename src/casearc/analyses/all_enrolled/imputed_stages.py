"""Each model of levels with a dose on everybody enrolled, beside those who stayed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from casearc.analyses.all_enrolled.filled import enough_times, filled, how_filled, left
from casearc.analyses.all_enrolled.imputing import ImputedPeople
from casearc.analyses.all_enrolled.pooled_levels import LevelFit, PooledLevels, pool_levels
from casearc.analyses.all_enrolled.stage_tables import beside_table, shift_table
from casearc.analyses.dataset import StudyData
from casearc.analyses.dose_multinomial import dose_p_values, fitted_multinomial
from casearc.analyses.dose_ordinal import fitted_ordinal, slope_p
from casearc.analyses.ledger import ENROLLED, Ledger
from casearc.analyses.model_frame import ModelFrame, coarsened, finest, one_more, register
from casearc.analyses.stage_models import against, odds_interval, outcome_phrase
from casearc.analyses.wording import capital
from casearc.errors import StatisticsRefusedError
from casearc.findings import (
    Body,
    CountRef,
    Evidence,
    Number,
    Quantity,
    Role,
    Sentence,
    TestRun,
    Threat,
    Verdict,
)
from casearc.study import Model, ModelKind, Penalty
from casearc.study.wording import model_label

SHIFTS = (-1, 1)
"""Levels by which those who left are moved, of models of levels in order."""

NO_SHIFT = (
    "How far off those who left would have to be for another conclusion is not told: each level is held against one "
    "reference, so no shift of a score, earlier or later, leads from one to the other."
)
COARSER = (
    "As the plan has it, some levels are told apart without exception; there is then no likelihood to pool over the "
    "filled tables, so the coarser form of the model is told here."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One model of levels fitted to those who stayed and to everybody. `p` are those of the doses among who stayed."""

    frame: ModelFrame
    completers: LevelFit
    p: tuple[float, ...]
    everybody: PooledLevels
    shifted: tuple[tuple[int, PooledLevels], ...]


def stage_bodies(data: StudyData, model: Model, people: ImputedPeople) -> Iterator[Body]:
    """As planned and in the coarser form that may leave the house; only the latter where the former is separated."""
    whole, coarse = finest(data, model), coarsened(data, model)
    coarse = coarse if coarse is not None and coarse.told else None
    separated = coarse is not None and _separated(data, whole)
    found = None if separated else _attempt(data, whole, people)
    if found is not None:
        yield _body(data, found, people)
    later = None if coarse is None else _attempt(data, coarse, people)
    if later is not None:
        body = _body(data, later, people)
        if separated:
            yield _kept_in(body, later.frame)
        yield body


def _kept_in(body: Body, frame: ModelFrame) -> Body:
    """The coarser form with the reason for it, which stays in the house: it tells that a group is all alike."""
    key = f"{frame.key}:exceptions_to_separation"
    return replace(
        body,
        sentences=(Sentence(COARSER), *body.sentences),
        told="",
        counts={**body.counts, key: 0},
        supports=body.supports | {key},
    )


def _separated(data: StudyData, frame: ModelFrame) -> bool:
    """Whether the plan leaves the penalty open and the levels are told apart without exception."""
    if frame.n == 0 or frame.model.penalty is not Penalty.AUTO:
        return False
    try:
        return _completers(data, frame)[0].penalty != "none"
    except StatisticsRefusedError:
        return False


def _attempt(data: StudyData, frame: ModelFrame, people: ImputedPeople) -> Beside | None:
    if frame.n == 0:
        return None
    try:
        completers, p = _completers(data, frame)
        designs, outcomes = filled(data, frame, people)
        level = 1 - data.plan.inference.alpha
        everybody = pool_levels(frame, designs, outcomes, level=level, tested=True)
        gone = left(frame, people)
        shifts = SHIFTS if frame.model.kind is ModelKind.ORDINAL and gone.any() else ()
        shifted = tuple(
            (by, pool_levels(frame, designs, _moved(frame, outcomes, gone, by), level=level, tested=False))
            for by in shifts
        )
    except (StatisticsRefusedError, KeyError, ValueError):
        return None
    return Beside(frame=frame, completers=completers, p=p, everybody=everybody, shifted=shifted)


def _completers(data: StudyData, frame: ModelFrame) -> tuple[LevelFit, tuple[float, ...]]:
    if frame.model.kind is ModelKind.ORDINAL:
        ordered = fitted_ordinal(data, frame)
        return ordered.fit, tuple(slope_p(ordered, position) for position in frame.dose_positions())
    fitted = fitted_multinomial(data, frame)
    return fitted.fit, tuple(p for _, p in dose_p_values(fitted))


def _moved(
    frame: ModelFrame, outcomes: npt.NDArray[np.float64], gone: npt.NDArray[np.bool_], by: int
) -> npt.NDArray[np.float64]:
    """Those who left one level earlier or later than was filled in, as far as there are levels."""
    return np.where(gone, np.clip(outcomes + by, 0, len(frame.outcome_levels) - 1), outcomes)


def _body(data: StudyData, beside: Beside, people: ImputedPeople) -> Body:
    ledger, frame = Ledger(data), beside.frame
    register(frame, ledger)
    sentences = [sentence for place in range(len(beside.p)) for sentence in _sentences(data, beside, place)]
    why_not = () if frame.model.kind is ModelKind.ORDINAL else (Sentence(NO_SHIFT),)
    return ledger.close(
        Body(
            headline=sentences[0],
            sentences=(*sentences, *why_not, how_filled(people), enough_times(beside.everybody.pooled)),
            tables=(
                beside_table(data, frame, beside.completers, beside.everybody),
                *shift_table(data, frame, beside.everybody, beside.shifted),
            ),
            told=frame.told,
            tests=tuple(_test(beside, place) for place in range(len(beside.p))),
            evidence=(_evidence(data, beside),),
        )
    )


def _sentences(data: StudyData, beside: Beside, place: int) -> Iterator[Sentence]:
    """Odds ratios of one dose, everybody beside those who stayed; then its test over all levels."""
    frame, fit, pooled = beside.frame, beside.completers, beside.everybody
    position = frame.dose_positions()[place]
    for equation, (own, all_) in enumerate(zip(fit_slopes(fit), pooled.coefficients, strict=True)):
        low, high = pooled.low[equation, position - 1], pooled.high[equation, position - 1]
        yield Sentence(
            f"{one_more(frame.terms[position])} was associated with {{all}} times the odds of "
            f"{against(data, frame, equation)} in {outcome_phrase(data, frame)} among everybody enrolled "
            "({interval}; n = {n_all}), and with {stayed} times among those who stayed (n = {n}).",
            {
                "all": Number(float(np.exp(all_[position - 1])), Quantity.RATIO, ENROLLED),
                "interval": odds_interval(float(low), float(high), level=fit.level, key=ENROLLED),
                "n_all": CountRef(ENROLLED),
                "stayed": Number(float(np.exp(own[position - 1])), Quantity.RATIO, frame.key),
                "n": CountRef(frame.key),
            },
        )
    several = "Over all levels together, " if len(pooled.coefficients) > 1 else "As a test of "
    yield Sentence(
        f"{several}“{frame.terms[position].phrase}” among everybody enrolled: {pooled.how}, {{p}}.",
        {"p": Number(pooled.p[place], Quantity.P_VALUE, ENROLLED)},
    )


def fit_slopes(fit: LevelFit) -> npt.NDArray[np.float64]:
    """Log odds ratios, (equations, terms without the constant)."""
    return fit.coefficients[None, :] if fit.coefficients.ndim == 1 else fit.coefficients[:, 1:]


def _test(beside: Beside, place: int) -> TestRun:
    model, term = beside.frame.model, beside.frame.terms[beside.frame.dose_positions()[place]]
    return TestRun(
        id=f"all_enrolled.{model.id}.{term.name}",
        label=f"{capital(_title(beside))}, “{term.phrase}”: everybody enrolled, imputed, {beside.everybody.how}",
        p=beside.everybody.p[place],
        n_key=ENROLLED,
        role=Role.EXPLORATORY,
    )


def _title(beside: Beside) -> str:
    return model_label(beside.frame.model)


def _evidence(data: StudyData, beside: Beside) -> Evidence:
    """Whether everybody enrolled tells of the first dose what those who stayed tell."""
    alpha, position = data.plan.inference.alpha, beside.frame.dose_positions()[0]
    own, everybody = fit_slopes(beside.completers)[:, position - 1], beside.everybody.coefficients[:, position - 1]
    strongest = int(np.abs(own).argmax())
    p, p_all = beside.p[0], beside.everybody.p[0]
    agree = (p < alpha) == (p_all < alpha) and bool(own[strongest] * everybody[strongest] > 0)
    told = (
        "the same conclusion with everybody enrolled as" if agree else "another conclusion with everybody enrolled than"
    )
    return Evidence(
        threat=Threat.ATTRITION,
        verdict=Verdict.WEAKENED if agree else Verdict.FOUND,
        said=Sentence(
            f"“{_title(beside)}” comes to {told} with those who stayed ({{p_all}} and {{p}}).",
            {
                "p_all": Number(p_all, Quantity.P_VALUE, ENROLLED),
                "p": Number(p, Quantity.P_VALUE, beside.frame.key),
            },
        ),
    )
