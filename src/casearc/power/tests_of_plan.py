"""The plan's own tests on all made-up studies at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from casearc.power.draw import Array, Drawn, Flags
from casearc.statistics._least_squares import solve
from casearc.study import LevelAt, Model, Outcome, StudyPlan

FEWEST_FREE = 3
"""A model with fewer residual degrees of freedom than this is not fitted."""

ALONE = 1e-8
"""Less than this left over of a person's own score: one person alone decides a coefficient, and HC3 has no answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """An estimate in each study where nothing works, its standard error and df: (B,), nan where not fitted.

    With a linear model an effect moves the estimate by itself and leaves its error alone, so one set of studies tells
    the power at every effect.
    """

    estimate: Array
    error: Array
    df: Array
    analyzed: Array
    scale: float = 1.0

    def found(self, effect: float, alpha: float) -> NDArray[np.bool_]:
        """In which studies p falls below alpha when the effect is `effect`."""
        t = (self.estimate + effect * self.scale) / self.error
        return np.asarray(np.isfinite(t) & (np.abs(t) > self._critical(alpha)))

    def half_width(self, alpha: float) -> float:
        """Mean half width of the interval, in units of the effect."""
        return float(np.nanmean(self._critical(alpha) * self.error / self.scale))

    def _critical(self, alpha: float) -> Array:
        """The t beyond which p falls below alpha, (B,); few df are different, and each is looked up once."""
        df, which = np.unique(self.df, return_inverse=True)
        return np.asarray(special.stdtrit(df, 1.0 - alpha / 2.0)[which], dtype=np.float64)


def change_test(drawn: Drawn, outcome: Outcome) -> Simulated:
    """The paired t test of first against last wave; the effect is in SDs of the change."""
    known = drawn.known[outcome.id][..., 0] & drawn.known[outcome.id][..., -1]
    change = drawn.scores[outcome.id][..., -1] - drawn.scores[outcome.id][..., 0]
    n = known.sum(axis=1).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(known, change, 0.0).sum(axis=1) / n
        spread = np.where(known, (change - mean[:, None]) ** 2, 0.0).sum(axis=1) / (n - 1.0)
        error = np.sqrt(spread / n)
    few = n < 3.0
    sd = float(np.sqrt(np.var(change)))
    return Simulated(
        estimate=np.where(few, np.nan, mean),
        error=np.where(few, np.nan, error),
        df=np.maximum(n - 1.0, 1.0),
        analyzed=n,
        scale=sd,
    )


def linear_test(drawn: Drawn, plan: StudyPlan, model: Model, *, icc: float) -> Simulated:
    """The t test of the first dose in a linear model with HC3 errors, or cluster-robust ones on clusters less one."""
    outcome = plan.outcome(model.outcome)
    at = drawn.waves.index(model.at)
    y = drawn.scores[outcome.id][..., at]
    design, known = design_of(drawn, plan, model, own=outcome.id)
    known &= drawn.known[outcome.id][..., at]
    if model.cluster:
        y = np.sqrt(1.0 - icc) * y + np.sqrt(icc) * _cluster_effects(drawn)
    weights = known.astype(np.float64)
    n, k = weights.sum(axis=1), design.shape[-1]
    usable = n >= k + FEWEST_FREE
    weights[~usable] = 1.0
    with np.errstate(divide="ignore", invalid="ignore"):  # a group that nobody is in: not fitted
        fit = solve(design, y, weights)
    pull = _pull(design, fit.inverse_r)
    left = np.where(weights > 0, 1.0 - fit.leverage, 1.0)
    usable &= left.min(axis=1) > ALONE
    left = np.maximum(left, ALONE)
    scaled = weights * fit.residuals
    if model.cluster:
        groups = int(drawn.clusters.max()) + 1
        totals = np.stack([(pull * scaled * (drawn.clusters == g)).sum(axis=1) for g in range(groups)], axis=1)
        error = np.sqrt((totals**2).sum(axis=1) * (groups / (groups - 1)))
        df = np.full(n.size, groups - 1.0)
    else:
        error = np.sqrt(((pull * scaled / left) ** 2).sum(axis=1))
        df = np.maximum(n - k, 1.0)
    return Simulated(
        estimate=np.where(usable, fit.coefficients[:, 1], np.nan),
        error=np.where(usable, error, np.nan),
        df=df,
        analyzed=n,
    )


def _pull(design: Array, inverse_r: Array) -> Array:
    """What one unit of each person's residual moves the first dose's coefficient by, (B, n)."""
    row = (inverse_r @ inverse_r[:, 1, :, None])[..., 0]
    return np.asarray((design @ row[..., None])[..., 0], dtype=np.float64)


def design_of(drawn: Drawn, plan: StudyPlan, model: Model, *, own: str) -> tuple[Array, Flags]:
    """Constant, doses, levels adjusted for, covariates: (B, n, k), and who has them all."""
    columns: list[Array] = [np.ones(drawn.shape), *(drawn.doses[dose] for dose in model.doses)]
    known: Flags = np.ones(drawn.shape, dtype=bool)
    for item in model.adjust_for:
        if isinstance(item, LevelAt):
            source, wave = item.outcome or own, drawn.waves.index(item.wave)
            columns.append(drawn.scores[source][..., wave])
            known &= drawn.known[source][..., wave]
        else:
            columns.append(drawn.covariates[item])
    return np.stack(columns, axis=-1), known


def _cluster_effects(drawn: Drawn) -> Array:
    """One normal draw a cluster and study, spread to its people: from the studies' own numbers, so no new ones."""
    studies, _ = drawn.shape
    rng = np.random.default_rng(studies)
    return rng.standard_normal((studies, int(drawn.clusters.max()) + 1))[:, drawn.clusters]
