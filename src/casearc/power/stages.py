"""Stage models on made-up studies: which stage each person is at, and the test of the dose over all stages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from casearc.change.levels import new_levels
from casearc.instruments import ScoreDefinition
from casearc.power.draw import Array, Drawn, Flags
from casearc.statistics.categorical import multinomial_many
from casearc.study import LevelAt, Model, Outcome, StudyPlan

PROBIT = 1.702
"""Log odds for one SD of a latent normal score: the constant by which logistic and normal curves lie closest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedStages:
    """P of the dose in each study, in which stages were separated, in which no test could be made, and n: (B,)."""

    p: Array
    separated: Flags
    failed: Flags
    analyzed: Array


def levels_of(outcome: Outcome, score: ScoreDefinition) -> tuple[str, ...]:
    """The levels a model would hold apart: the plan's, merged as it says."""
    named = outcome.levels or score.levels
    return tuple(dict.fromkeys(new_levels(named, outcome.merge).values()))


def stage_test(drawn: Drawn, plan: StudyPlan, model: Model, levels: tuple[str, ...], effect: float) -> SimulatedStages:
    """The likelihood-ratio test of the first dose in a multinomial model, `effect` log odds an SD of it.

    Stages are a latent score cut by the shares assumed; the dose moves that score.
    """
    outcome = plan.outcome(model.outcome)
    at = drawn.waves.index(model.at)
    cuts = _cuts(plan, levels)
    latent = drawn.scores[outcome.id][..., at] + effect / PROBIT * drawn.doses[model.doses[0]]
    stage = np.searchsorted(cuts, latent.ravel()).reshape(latent.shape)
    columns = [np.ones(drawn.shape), *(drawn.doses[dose] for dose in model.doses)]
    known: Flags = drawn.known[outcome.id][..., at].copy()
    for item in model.adjust_for:
        if not isinstance(item, LevelAt):
            columns.append(drawn.covariates[item])
            continue
        wave, source = drawn.waves.index(item.wave), item.outcome or outcome.id
        before = drawn.scores[source][..., wave]
        known &= drawn.known[source][..., wave]
        if source == outcome.id:
            own = np.searchsorted(cuts, before.ravel()).reshape(before.shape)
            columns += [(own == j).astype(np.float64) for j in range(1, len(levels))]
        else:
            columns.append(before)
    tests = multinomial_many(np.stack(columns, axis=-1), stage, known.astype(np.float64), levels=len(levels), term=1)
    return SimulatedStages(
        p=tests.p, separated=tests.separated, failed=tests.failed, analyzed=known.sum(axis=1).astype(np.float64)
    )


def _cuts(plan: StudyPlan, levels: tuple[str, ...]) -> Array:
    shares = np.array([plan.power.stages.get(level, 1.0 / len(levels)) for level in levels])
    return np.asarray(special.ndtri(np.cumsum(shares / shares.sum())[:-1]), dtype=np.float64)
