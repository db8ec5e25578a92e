"""Calibration: do predicted probabilities agree with what was observed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Matrix, Vector, Whole, frozen
from casearc.statistics.categorical import _batched_fit as batched
from casearc.statistics.categorical import _marginal as marginal
from casearc.statistics.categorical._batched_model import Array, batch_of
from casearc.statistics.categorical._estimation import Estimate, Penalty, estimate
from casearc.statistics.categorical._problem import Problem, problem_of
from casearc.statistics.categorical.draws import refit_all
from casearc.statistics.resampling import case_weights
from casearc.statistics.results import Result, Row

MOST_GROUPS = 10
PER_GROUP = 10
"""By default groups hold at least this many participants."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calibration(Result):
    """Calibration of a logistic or multinomial model.

    Attributes
    ----------
    in_the_large
        Intercept of each equation, shape (J - 1,), with the model's linear predictors as offsets: 0 is ideal; None
        where the recalibrated model has no maximum-likelihood fit.
    slopes
        Slope of each equation on its own linear predictor, shape (J - 1,): 1 is ideal, below 1 predictions are too
        extreme; None as above. On its own data maximum likelihood gives 0 and 1 whatever the model is worth.
    corrected_slopes
        `slopes` less the optimism of bootstrap refits; None without a bootstrap.
    observed, expected
        Participants of each level in groups of increasing predicted probability of leaving the first level, (g, J).
    statistic, df, p
        The generalized Hosmer-Lemeshow test over these groups (Fagerland, Hosmer & Bofin 2008); None with fewer than
        three groups.
    """

    levels: tuple[str, ...]
    in_the_large: Vector | None
    slopes: Vector | None
    corrected_slopes: Vector | None
    observed: Whole
    expected: Matrix
    statistic: float | None
    df: int | None
    p: float | None
    n: int
    notes: tuple[str, ...] = ()

    def rows(self) -> list[Row]:
        """One row a group and level."""
        return [
            {
                "group": g + 1,
                "y_level": name,
                "observed": int(self.observed[g, j]),
                "expected": float(self.expected[g, j]),
            }
            for g in range(self.observed.shape[0])
            for j, name in enumerate(self.levels)
        ]


def calibration(
    design: ArrayLike,
    outcome: ArrayLike,
    *,
    terms: Sequence[str],
    levels: Sequence[str],
    penalty: Penalty = "none",
    groups: int | None = None,
    draws: int = 0,
    rng_or_seed: np.random.Generator | int | None = None,
) -> Calibration:
    """Compare a model's probabilities with what was observed, in the large, by slopes and in groups.

    Parameters
    ----------
    design, outcome, terms, levels, penalty
        As in `multinomial`.
    groups
        Groups of the Hosmer-Lemeshow test; by default 10, or fewer so that each holds 10 participants.
    draws, rng_or_seed
        Bootstrap draws for `corrected_slopes` (200 suffice) and a seed; none by default.

    Raises
    ------
    StatisticsRefusedError
        What `multinomial` refuses; fewer than three groups asked for; a bootstrap without a seed.

    Notes
    -----
    Slopes: multinomial recalibration with each equation on its own linear predictor, van Hoorde et al. (2014),
    Statistics in Medicine 33:2585-2596. Optimism: Harrell (2015), Regression Modeling Strategies, section 5.3. Groups:
    Fagerland, Hosmer & Bofin (2008), Statistics in Medicine 27:4238-4253, sorted by one minus the probability of the
    first level, df (g - 2) (J - 1); with two levels it is the Hosmer-Lemeshow test. It has little power in small
    samples. Checked against the formulas written out in R.

    Examples
    --------
    >>> X = [[1, dose] for dose in range(12)]
    >>> y = [0, 0, 1, 0, 0, 1, 0, 1, 1, 1, 0, 1]
    >>> result = calibration(X, y, terms=["constant", "dose"], levels=["same", "advanced"], penalty="firth", groups=3)
    >>> round(float(result.slopes[0]), 4), result.df
    (1.2713, 1)
    """
    problem = problem_of(design, outcome, terms, levels, None)
    if groups is not None and groups < 3:
        raise StatisticsRefusedError("The test needs three groups or more.", alternative="Ten are usual.")
    if draws and rng_or_seed is None:
        raise StatisticsRefusedError("A bootstrap needs a seed, so that it can be repeated.", alternative="Give one.")
    fitted = estimate(problem, penalty)
    b = fitted.coefficients[None]
    ones = np.ones((1, problem.n))
    large, slopes = (_recalibrated(problem, b, ones, slopes_free=free)[0] for free in (False, True))
    corrected: Vector | None = None
    notes: tuple[str, ...] = ()
    if draws and rng_or_seed is not None and np.isfinite(slopes).all():
        weights = case_weights(problem.n, draws=draws, rng_or_seed=rng_or_seed).astype(np.float64)
        corrected, notes = _corrected(fitted, slopes, weights)
    observed, expected = _grouped(problem, marginal.level_probabilities(b, problem.X)[0].T, groups)
    statistic, df = _hosmer_lemeshow(observed, expected)
    return Calibration(
        levels=problem.levels,
        in_the_large=frozen(large) if np.isfinite(large).all() else None,
        slopes=frozen(slopes) if np.isfinite(slopes).all() else None,
        corrected_slopes=corrected,
        observed=observed,
        expected=frozen(expected),
        statistic=statistic,
        df=df,
        p=None if statistic is None or df is None else dist.chi_square_upper(statistic, df),
        n=problem.n,
        notes=(*notes, *_said(large, slopes, expected, statistic)),
    )


def _said(large: Vector, slopes: Vector, expected: Matrix, statistic: float | None) -> tuple[str, ...]:
    notes = []
    if not (np.isfinite(large).all() and np.isfinite(slopes).all()):
        notes.append("The predictions separate the levels, so there is no finite calibration intercept or slope.")
    if statistic is None:
        notes.append("Predictions form fewer than three groups, so there is no test over groups.")
    elif np.mean(expected < 5.0) > 0.2 or expected.min() < 1.0:
        notes.append("Expected counts are small, so the test over groups is rough.")
    return tuple(notes)


def _recalibrated(problem: Problem, b: Array, weights: Matrix, *, slopes_free: bool) -> Matrix:
    """Intercepts, or slopes, of each equation on its own linear predictor; (B, J - 1), nan where there is no fit.

    A multinomial model whose terms are a constant and all linear predictors, with all coefficients held but those.
    """
    free = b.shape[1]
    predictors = (b.reshape(-1, b.shape[-1]) @ problem.X.T).reshape(b.shape[0], free, problem.n)
    rows = np.concatenate([np.ones((b.shape[0], 1, problem.n)), predictors], axis=1)
    start = np.broadcast_to(np.eye(free, free + 1, 1), (b.shape[0], free, free + 1))
    held = np.ones((free, free + 1), dtype=bool)
    held[:, 0] = False
    if slopes_free:
        held[np.arange(free), np.arange(free) + 1] = False
    batch = batch_of(np.swapaxes(rows, 1, 2), problem.y, weights, levels=free + 1)
    found = batched.fit(batch, start, penalized=False, fixed=held.ravel())
    values = found.g[:, np.arange(free), np.arange(free) + 1] if slopes_free else found.g[:, :, 0]
    return np.where(found.settled[:, None], values, np.nan)


def _corrected(fitted: Estimate, slopes: Vector, weights: Matrix) -> tuple[Vector | None, tuple[str, ...]]:
    """Slopes less the optimism of refits: what a draw's fit shows in its draw and less so in the sample."""
    refits = refit_all(fitted, weights)
    sound = np.isfinite(refits.log_likelihood)
    b, kept = refits.coefficients[sound], weights[sound]
    there = _recalibrated(fitted.problem, b, kept, slopes_free=True)
    here = _recalibrated(fitted.problem, b, np.ones_like(kept), slopes_free=True)
    gaps = (there - here)[np.isfinite(there).all(axis=1) & np.isfinite(here).all(axis=1)]
    lost = weights.shape[0] - gaps.shape[0]
    if lost > weights.shape[0] / 2:
        return None, ("Most draws have no finite calibration slope, so the slopes are not corrected.",)
    notes = (f"{lost} of {weights.shape[0]} draws have no finite calibration slope and were left out.",) if lost else ()
    return frozen(slopes - gaps.mean(axis=0)), notes


def _grouped(problem: Problem, P: Matrix, groups: int | None) -> tuple[Whole, Matrix]:
    """Observed and expected counts in groups of nearly equal size; equal predictions stay together."""
    n = problem.n
    wanted = groups or max(3, min(MOST_GROUPS, n // PER_GROUP))
    score = 1.0 - P[:, 0]
    order = np.argsort(score, kind="stable")
    edges = np.floor(np.arange(1, wanted) * n / wanted).astype(np.int64)
    group = np.searchsorted(edges, np.arange(n), side="right")
    ordered = np.round(score[order], 12)
    group = group[np.searchsorted(ordered, ordered, side="left")]
    numbers = np.unique(group, return_inverse=True)[1]
    indicator = np.eye(int(numbers.max()) + 1)[:, numbers]
    return (indicator @ problem.Y[order]).astype(np.int64), np.asarray(indicator @ P[order], dtype=np.float64)


def _hosmer_lemeshow(observed: Whole, expected: Matrix) -> tuple[float | None, int | None]:
    g, J = observed.shape
    if g < 3 or expected.min() <= 0.0:
        return None, None
    return float(((observed - expected) ** 2 / expected).sum()), (g - 2) * (J - 1)
