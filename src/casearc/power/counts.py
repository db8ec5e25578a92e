"""Count models on made-up studies: events of people who stay for different times, more spread than Poisson's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from casearc.power.draw import Array, Drawn
from casearc.power.tests_of_plan import design_of
from casearc.statistics.count_models import poisson_many
from casearc.study import Model, StudyPlan

LEAST_TIME = 0.05
"""Nobody counts with less than this share of the average time at risk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedCounts:
    """P of the first dose in each study and half the width of its interval, nan where not fitted, and n: (B,)."""

    p: Array
    half_width: Array
    failed: NDArray[np.bool_]
    analyzed: Array


def count_test(drawn: Drawn, plan: StudyPlan, model: Model, effect: float, rng: np.random.Generator) -> SimulatedCounts:
    """The t test of the first dose in a Poisson model with HC3 errors, `effect` in log rate for one SD of it.

    Events are negative binomial: Poisson about rates that differ between people by the plan's `overdispersion`.
    """
    X, known = design_of(drawn, plan, model, own=model.outcome)
    time = np.ones(drawn.shape)
    if model.exposure is not None:
        time = np.maximum(1.0 + drawn.doses[model.exposure] / np.sqrt(2.0), LEAST_TIME)
    mean = plan.power.mean_count * time * np.exp(effect * drawn.doses[model.doses[0]])
    spread = plan.power.overdispersion
    rates = mean * rng.gamma(1.0 / spread, spread, drawn.shape) if spread > 0 else mean
    found = poisson_many(X, rng.poisson(rates), known.astype(np.float64), exposure=time, term=1)
    t = found.estimate / found.standard_error
    width = special.stdtrit(found.df, 1.0 - plan.inference.alpha / 2.0) * found.standard_error
    return SimulatedCounts(
        p=np.where(found.failed, 1.0, 2.0 * special.stdtr(found.df, -np.abs(t))),
        half_width=np.asarray(width, dtype=np.float64),
        failed=found.failed,
        analyzed=known.sum(axis=1).astype(np.float64),
    )
