"""One term of a multinomial model tested in many data sets at once, each with its own design: for simulations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import Vector, finite, frozen
from casearc.statistics.categorical._batched_fit import TOLERANCE, fit
from casearc.statistics.categorical._batched_model import Batch, batch_of
from casearc.statistics.results import Result

FIRTH_TOLERANCE = 1e-6
"""Standard errors that a Firth fit may be off: its objective is then right to 1e-12."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ManyTests(Result):
    """Likelihood-ratio tests of one term over all levels, one a data set, shape (B,).

    Attributes
    ----------
    p
        1 where `failed`: no finding.
    separated
        Where maximum likelihood has no answer; the test is then that of Firth's penalized likelihood.
    failed
        Where neither settled, or the terms cannot be told apart.
    """

    p: Vector
    separated: NDArray[np.bool_]
    failed: NDArray[np.bool_]


def multinomial_many(
    designs: ArrayLike, outcomes: ArrayLike, weights: ArrayLike, *, levels: int, term: int
) -> ManyTests:
    """Test one term in every data set.

    Parameters
    ----------
    designs
        Shape (B, n, k), the constant included.
    outcomes
        Level numbers from 0, shape (B, n).
    weights
        Shape (B, n), 0 for people who are not in a data set.
    levels
        How many levels there are; a data set in which one is empty fails.
    term
        Which column is tested.

    Raises
    ------
    StatisticsRefusedError
        Shapes that do not fit.

    Notes
    -----
    The same tests as `likelihood_ratio_tests` of each data set by itself, which the tests of this package check.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> X = np.stack([np.ones((4, 60)), rng.normal(size=(4, 60))], axis=-1)
    >>> multinomial_many(X, rng.integers(0, 3, (4, 60)), np.ones((4, 60)), levels=3, term=1).p.shape
    (4,)
    """
    X, w = finite(designs, name="The designs"), finite(weights, name="The weights")
    y = np.asarray(outcomes, dtype=np.int64)
    if X.ndim != 3 or y.shape != X.shape[:2] or w.shape != y.shape or not 0 <= term < X.shape[2]:
        raise StatisticsRefusedError("Designs are (B, n, k), outcomes and weights (B, n), and the term a column.")
    usable = _usable(X, y, w, levels)
    p = np.ones(w.shape[0])
    separated = np.zeros(w.shape[0], dtype=bool)
    failed = ~usable
    chosen = np.flatnonzero(usable)
    if chosen.size:
        batch = batch_of(X[chosen], y[chosen], w[chosen], levels=levels)
        statistic, separated[chosen], sound = _ratios(batch, term, _empty_cell(X[chosen], y[chosen], w[chosen], levels))
        failed[chosen[~sound]] = True
        p[chosen[sound]] = special.chdtrc(levels - 1, np.maximum(statistic[sound], 0.0))
    return ManyTests(p=frozen(p), separated=separated, failed=failed)


def _usable(X: np.ndarray, y: np.ndarray, w: np.ndarray, levels: int) -> NDArray[np.bool_]:
    """Data sets in which every level occurs and the terms can be told apart."""
    there = np.stack([(w * (y == level)).sum(axis=1) > 0 for level in range(levels)]).all(axis=0)
    cross = np.swapaxes(X * w[..., None], 1, 2) @ X
    scale = np.sqrt(np.maximum(np.einsum("bii->bi", cross), 1e-300))
    smallest = np.linalg.eigvalsh(cross / (scale[:, :, None] * scale[:, None, :]))[:, 0]
    return np.asarray(there & (smallest > 1e-8) & (w.sum(axis=1) > levels * X.shape[2]))


def _empty_cell(X: np.ndarray, y: np.ndarray, w: np.ndarray, levels: int) -> NDArray[np.bool_]:
    """Data sets in which nobody with (or without) some 0-1 term is at some level: maximum likelihood has no answer."""
    at = w[:, None, :] * (y[:, None, :] == np.arange(levels)[:, None])
    inside = at @ X
    outside = at.sum(axis=2, keepdims=True) - inside
    indicator = ((X == 0.0) | (X == 1.0)).all(axis=1)
    splits = indicator & (inside.sum(axis=1) > 0.0) & (outside.sum(axis=1) > 0.0)
    return np.asarray((splits & (np.minimum(inside, outside).min(axis=1) == 0.0)).any(axis=1))


def _ratios(
    batch: Batch, term: int, separated: NDArray[np.bool_]
) -> tuple[np.ndarray, NDArray[np.bool_], NDArray[np.bool_]]:
    """Twice the fall of the (penalized) log-likelihood without the term; which were separated; which settled.

    Those known to be `separated` are not tried by maximum likelihood.
    """
    held = np.tile(np.arange(batch.design.shape[-1]) == term, batch.free)
    statistic, sound, separated = np.zeros(batch.size), np.ones(batch.size, dtype=bool), separated.copy()
    tried = np.flatnonzero(~separated)
    if tried.size:
        statistic[tried], settled = _fall(batch.take(tried), held, penalized=False)
        separated[tried] = ~settled
    again = np.flatnonzero(separated)
    if again.size:
        statistic[again], sound[again] = _fall(batch.take(again), held, penalized=True)
    return statistic, separated, sound & np.isfinite(statistic)


def _fall(batch: Batch, held: NDArray[np.bool_], *, penalized: bool) -> tuple[Vector, NDArray[np.bool_]]:
    """Twice what the objective loses where the `held` coordinates are zero, and whether both fits settled."""
    tolerance = FIRTH_TOLERANCE if penalized else TOLERANCE
    full = fit(batch, np.zeros((batch.free, batch.design.shape[-1])), penalized=penalized, tolerance=tolerance)
    start = np.where(held.reshape(full.g.shape[1:]), 0.0, full.g)
    there = np.flatnonzero(full.settled)
    lost, settled = np.zeros(batch.size), full.settled.copy()
    if there.size:
        reduced = fit(batch.take(there), start[there], penalized=penalized, fixed=held, tolerance=tolerance)
        lost[there], settled[there] = 2.0 * (full.objective[there] - reduced.objective), reduced.settled
    return lost, settled
