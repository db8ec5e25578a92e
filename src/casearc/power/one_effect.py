"""Tests whose power has to be simulated at the very effect assumed: it changes who is where, or how often."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from casearc.power.counts import SimulatedCounts, count_test
from casearc.power.draw import CHUNK, LARGEST, Array, draw
from casearc.power.result import PlannedTest
from casearc.power.stages import SimulatedStages, levels_of, stage_test
from casearc.study import Model, ModelKind, StudyPlan
from casearc.study.wording import model_label

if TYPE_CHECKING:
    from casearc.instruments import Instrument

FEW = 250
"""Studies made up to look at one other effect."""

TRIAL = 0.5
"""Where the search for the smallest effect begins if none is assumed."""

BELIEVED = (0.08, 0.995)
"""Shares of studies nearer alpha, or nearer one, tell too little of the effect behind them."""


def tests_at_the_effect(
    plan: StudyPlan, instruments: Sequence[Instrument], n: int, studies: int
) -> Iterator[PlannedTest]:
    """Models of stages and of counts that have a dose."""
    for place, model in enumerate(plan.models):
        if not model.doses:
            continue
        if model.kind is ModelKind.COUNT:
            yield _counts(plan, instruments, model, (n, studies, place))
        elif model.kind in (ModelKind.MULTINOMIAL, ModelKind.ORDINAL):
            yield from _stages(plan, instruments, model, (n, studies, place))


def _sizes(studies: int) -> Iterator[int]:
    return (min(CHUNK, studies - start) for start in range(0, studies, CHUNK))


def _smallest(plan: StudyPlan, effect: float, power: float, df: int, at: Callable[[float], float]) -> float | None:
    """The effect found in as many studies as wanted: power follows a noncentral chi-square whose center grows with the
    squared effect; looked for from one power known, and from that of the effect so found, simulated by `at`."""
    critical = special.chdtri(df, plan.inference.alpha)
    wanted = special.chndtrinc(critical, df, 1.0 - plan.power.target)
    found, share = abs(effect), power
    if found == 0.0:
        found = TRIAL
        share = at(found)
    for _ in range(2):
        center = special.chndtrinc(critical, df, 1.0 - float(np.clip(share, *BELIEVED)))
        found = float(min(found * np.sqrt(wanted / center), LARGEST))
        if found >= LARGEST and at(LARGEST) < plan.power.target:
            return None
        share = at(found)
    center = special.chndtrinc(critical, df, 1.0 - float(np.clip(share, *BELIEVED)))
    return float(min(found * np.sqrt(wanted / center), LARGEST))


def _stages(
    plan: StudyPlan, instruments: Sequence[Instrument], model: Model, size: tuple[int, int, int]
) -> Iterator[PlannedTest]:
    n, studies, place = size
    outcome = plan.outcome(model.outcome)
    score = next((s for each in instruments for s in each.scores if s.id == outcome.score), None)
    if score is None:
        return
    levels = levels_of(outcome, score)

    def simulated(effect: float, count: int) -> list[SimulatedStages]:
        rng = np.random.default_rng([plan.seed, n, place])
        drawn = (draw(plan, instruments, n, some, rng, only=model) for some in _sizes(count))
        return [stage_test(each, plan, model, levels, effect) for each in drawn]

    parts = simulated(_effect(plan, model), studies)
    yield _told(
        plan,
        model,
        n,
        p=np.concatenate([part.p for part in parts]),
        df=len(levels) - 1,
        at=lambda effect: _share(plan, simulated(effect, FEW)),
        kind="likelihood ratio over all stages",
        unit="log odds for one SD of the dose",
        n_analyzed=_mean([part.analyzed for part in parts]),
        sparse=_mean([part.separated for part in parts]),
        not_fitted=_mean([part.failed for part in parts]),
    )


def _counts(
    plan: StudyPlan, instruments: Sequence[Instrument], model: Model, size: tuple[int, int, int]
) -> PlannedTest:
    n, studies, place = size

    def simulated(effect: float, count: int) -> list[SimulatedCounts]:
        rng = np.random.default_rng([plan.seed, n, place])
        drawn = (draw(plan, instruments, n, some, rng, only=model) for some in _sizes(count))
        return [count_test(each, plan, model, effect, rng) for each in drawn]

    parts = simulated(_effect(plan, model), studies)
    widths = np.concatenate([part.half_width for part in parts])
    return _told(
        plan,
        model,
        n,
        p=np.concatenate([part.p for part in parts]),
        df=1,
        at=lambda effect: _share(plan, simulated(effect, FEW)),
        kind="HC3 t of the rate",
        unit="log rate for one SD of the dose",
        n_analyzed=_mean([part.analyzed for part in parts]),
        half_width=float(np.nanmean(widths)) if np.isfinite(widths).any() else None,
        not_fitted=_mean([part.failed for part in parts]),
    )


def _effect(plan: StudyPlan, model: Model) -> float:
    return plan.power.effects.get(model.id, plan.power.effect)


def _share(plan: StudyPlan, parts: Sequence[SimulatedStages | SimulatedCounts]) -> float:
    return _mean([part.p < plan.inference.alpha for part in parts])


def _mean(parts: Sequence[np.ndarray]) -> float:
    return float(np.concatenate(parts).mean())


def _told(
    plan: StudyPlan,
    model: Model,
    n: int,
    *,
    p: Array,
    df: int,
    at: Callable[[float], float],
    kind: str,
    unit: str,
    n_analyzed: float,
    not_fitted: float,
    half_width: float | None = None,
    sparse: float | None = None,
) -> PlannedTest:
    share = float((p < plan.inference.alpha).mean())
    return PlannedTest(
        plan_item=f"model.{model.id}",
        label=model_label(model),
        kind=kind,
        n_enrolled=n,
        n_analyzed=n_analyzed,
        effect=_effect(plan, model),
        unit=unit,
        power=share,
        power_error=float(np.sqrt(share * (1.0 - share) / p.size)),
        smallest=_smallest(plan, _effect(plan, model), share, df, at),
        half_width=half_width,
        sparse=sparse,
        not_fitted=not_fitted,
    )
