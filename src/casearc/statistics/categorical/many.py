"""One term of a multinomial model tested in many data sets at once, each with its own design: for simulations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import Vector, finite, frozen
from casearc.statistics.categorical._batched_fit import Fits, fit
from casearc.statistics.categorical._batched_model import Batch, batch_of
from casearc.statistics.results import Result


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
        statistic, separated[chosen], sound = _ratios(batch, term)
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


def _ratios(batch: Batch, term: int) -> tuple[np.ndarray, NDArray[np.bool_], NDArray[np.bool_]]:
    """Twice the fall of the (penalized) log-likelihood without the term; which were separated; which settled."""
    k, free = batch.design.shape[-1], batch.free
    held = np.tile(np.arange(k) == term, free)
    start = np.zeros((free, k))
    full, reduced = fit(batch, start, penalized=False), fit(batch, start, penalized=False, fixed=held)
    statistic = 2.0 * (full.objective - reduced.objective)
    separated = full.separated | ~full.settled | ~reduced.settled
    sound = np.ones(batch.size, dtype=bool)
    again = np.flatnonzero(separated)
    if again.size:
        some = batch.take(again)
        ours: tuple[Fits, Fits] = (
            fit(some, start, penalized=True),
            fit(some, start, penalized=True, fixed=held),
        )
        statistic[again] = 2.0 * (ours[0].objective - ours[1].objective)
        sound[again] = ours[0].settled & ours[1].settled
    return statistic, separated, sound & np.isfinite(statistic)
