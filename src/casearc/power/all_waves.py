"""Mixed models on made-up studies: does the outcome move faster with more of the dose, from every measurement."""

from __future__ import annotations

import numpy as np

from casearc.dose import DAYS_IN_MONTH
from casearc.errors import StatisticsRefusedError
from casearc.power.draw import Array, Drawn
from casearc.power.tests_of_plan import Simulated, design_of
from casearc.statistics.mixed import mixed_many
from casearc.study import DenominatorDf, Model, StudyPlan, in_time


def mixed_test(drawn: Drawn, plan: StudyPlan, model: Model) -> Simulated:
    """The t test of the first dose by time; the effect is in SDs of the outcome by the last wave, for one SD of it.

    Adding an effect to a study moves its estimate by just that and leaves variances alone, as in a linear model, since
    restricted likelihood does not see what the fixed terms explain.
    """
    own, known = design_of(drawn, plan, model, own=model.outcome)
    months = np.array([wave.target_day for wave in in_time(plan.waves)]) / DAYS_IN_MONTH
    months = months - months[0]
    present = drawn.known[model.outcome] & known[..., None]
    outcome = np.where(present, drawn.scores[model.outcome], np.nan)
    slope = np.column_stack([np.ones(months.size), months]) if model.random.has_slope(months.size) else None
    X = _design(own, months, doses=len(model.doses))
    first = X.shape[-1] - len(model.doses)
    return Simulated(
        **_tests(X, outcome, slope, first, df=model.df),
        analyzed=np.asarray(present.any(axis=-1).sum(axis=-1), dtype=np.float64),
        scale=float(1.0 / months[-1]),
    )


def _tests(X: Array, outcome: Array, slope: Array | None, first: int, *, df: DenominatorDf) -> dict[str, Array]:
    """Estimate, error and df of the coefficient `first` in each study, nan where not fitted."""
    nothing = np.full(outcome.shape[0], np.nan)
    try:
        found = mixed_many(X, outcome, random=slope, contrasts=np.eye(X.shape[-1])[first : first + 1], df=df.value)
    except StatisticsRefusedError:  # no study of this size has enough people
        return {"estimate": nothing, "error": nothing, "df": np.ones_like(nothing)}
    if found.standard_errors is None or found.df is None:
        return {"estimate": nothing, "error": nothing, "df": np.ones_like(nothing)}
    return {
        "estimate": found.estimate[:, 0],
        "error": found.standard_errors[:, 0],
        "df": np.where(np.isfinite(found.df[:, 0]), found.df[:, 0], 1.0),
    }


def _design(own: Array, months: Array, *, doses: int) -> Array:
    """Constant, months, what each person brings, and each dose by months: (B, n, waves, k)."""
    shape = (*own.shape[:2], months.size)
    time = np.broadcast_to(months[:, None], (*shape, 1))
    fixed = np.broadcast_to(own[:, :, None, :], (*shape, own.shape[-1]))
    return np.concatenate([fixed[..., :1], time, fixed[..., 1:], fixed[..., 1 : 1 + doses] * time], axis=-1)
