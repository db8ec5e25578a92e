"""Tests whose power has to be simulated at the very effect assumed: it changes who is where, or how often."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from casearc.power.counts import count_test
from casearc.power.draw import CHUNK, Array, draw
from casearc.power.result import PlannedTest
from casearc.power.stages import levels_of, stage_test
from casearc.study import Model, ModelKind, StudyPlan

if TYPE_CHECKING:
    from casearc.instruments import Instrument


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


def _stages(
    plan: StudyPlan, instruments: Sequence[Instrument], model: Model, size: tuple[int, int, int]
) -> Iterator[PlannedTest]:
    n, studies, place = size
    outcome = plan.outcome(model.outcome)
    score = next((s for each in instruments for s in each.scores if s.id == outcome.score), None)
    if score is None:
        return
    levels, effect = levels_of(outcome, score), plan.power.effects.get(model.id, plan.power.effect)
    rng = np.random.default_rng([plan.seed, n, place])
    parts = [stage_test(draw(plan, instruments, n, some, rng), plan, model, levels, effect) for some in _sizes(studies)]
    yield _told(
        plan,
        model,
        n,
        p=np.concatenate([part.p for part in parts]),
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
    effect = plan.power.effects.get(model.id, plan.power.effect)
    rng = np.random.default_rng([plan.seed, n, place])
    parts = [count_test(draw(plan, instruments, n, some, rng), plan, model, effect, rng) for some in _sizes(studies)]
    widths = np.concatenate([part.half_width for part in parts])
    return _told(
        plan,
        model,
        n,
        p=np.concatenate([part.p for part in parts]),
        kind="HC3 t of the rate",
        unit="log rate for one SD of the dose",
        n_analyzed=_mean([part.analyzed for part in parts]),
        half_width=float(np.nanmean(widths)) if np.isfinite(widths).any() else None,
        not_fitted=_mean([part.failed for part in parts]),
    )


def _mean(parts: Sequence[np.ndarray]) -> float:
    return float(np.concatenate(parts).mean())


def _told(
    plan: StudyPlan,
    model: Model,
    n: int,
    *,
    p: Array,
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
        label=model.label or model.id.replace("_", " "),
        kind=kind,
        n_enrolled=n,
        n_analyzed=n_analyzed,
        effect=plan.power.effects.get(model.id, plan.power.effect),
        unit=unit,
        power=share,
        power_error=float(np.sqrt(share * (1.0 - share) / p.size)),
        smallest=None,
        half_width=half_width,
        sparse=sparse,
        not_fitted=not_fitted,
    )
