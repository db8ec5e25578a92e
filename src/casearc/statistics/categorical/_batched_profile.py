"""Profile likelihoods of single coefficients and of whole terms, all constrained fits at once.

A term is given a basis of its own: the design is decomposed with the term's columns last, so that its coefficients are
the last coordinates up to a triangular factor, and to hold them is to hold those coordinates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import linalg

from casearc.statistics._arrays import Matrix, Vector, Whole
from casearc.statistics.categorical import _batched_fit as fits
from casearc.statistics.categorical._batched_model import Array, Batch, Flags, batch_of

MOST_MOVES = 60
CLOSE = 1e-5
"""The signed root of the likelihood ratio is this close to its target when Newton's last correction ends the search."""

GROWTH = 3.0
FARTHEST = 1e3
"""A limit farther from the estimate than this many standard errors is reported open."""

INNER_TOLERANCE = 1e-6
"""Decrement of the constrained fits; the likelihood ratio is off by its square."""


@dataclass(frozen=True, slots=True)
class Profiled:
    """A sample and its unconstrained optimum, from which profiles set out.

    `X` (n, k) design, `codes` (n,) level numbers, `weights` (n,), `coefficients` (J - 1, k), `objective` the maximum
    that likelihood ratios are taken from, its penalty in an orthonormal basis (orthonormal bases all give the same).
    """

    X: Matrix
    codes: Whole
    weights: Vector
    levels: int
    coefficients: Matrix
    objective: float
    penalized: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """Low and high limits (q,), infinite where open."""

    low: Vector
    high: Vector


def likelihood_ratios(sample: Profiled, terms: Sequence[Sequence[int]]) -> Vector:
    """Twice the fall of the objective when all coefficients of a group of columns are zero in every level, by group.

    nan where the constrained fit does not settle.
    """
    out = np.empty(len(terms))
    k = sample.X.shape[1]
    for number, columns in enumerate(terms):
        order = [i for i in range(k) if i not in columns] + list(columns)
        Q, R = _basis(sample.X[:, order])
        g = sample.coefficients[:, order] @ R.T
        held = np.zeros(g.shape, dtype=bool)
        held[:, k - len(columns) :] = True
        batch = batch_of(Q, sample.codes, sample.weights[None], levels=sample.levels)
        out[number] = _ratio(sample, batch, np.where(held, 0.0, g)[None], held.reshape(1, -1))[0]
    return out


def coefficient_ratios(sample: Profiled, chosen: Sequence[tuple[int, int]]) -> Vector:
    """Likelihood-ratio statistic of each (level - 1, column) of `chosen` being zero; nan where a fit is unsettled."""
    batch, start, _ = _own_bases(sample, chosen)
    held = _held(start.shape, chosen)
    start = start.copy()
    start[:, :, -1][_one_hot(chosen, start.shape[1])] = 0.0
    return _ratio(sample, batch, start, held)


def profile_limits(sample: Profiled, chosen: Sequence[tuple[int, int]], drop: float) -> Limits:
    """Where twice the fall of the profile objective reaches `drop`, for each (level - 1, column) of `chosen`.

    On the signed root of the likelihood ratio, which is nearly straight, by Newton steps within a bracket: the slope is
    the derivative of the objective at the constrained optimum by the coordinate held (envelope theorem).
    """
    both = [*chosen, *chosen]
    batch, start, scale = _own_bases(sample, both)
    direction = np.repeat([-1.0, 1.0], len(chosen)) * np.sign(scale)
    covariance = fits.covariances(batch, start)
    search = _Search(batch, start, covariance, _held(start.shape, both), direction, drop)
    found = search.run(sample.objective, penalized=sample.penalized) / scale
    low, high = found[: len(chosen)], found[len(chosen) :]
    return Limits(low=np.where(np.isnan(low), -np.inf, low), high=np.where(np.isnan(high), np.inf, high))


class _Search:
    """Limits of many problems; `at` is the flat number of the coordinate held in each."""

    def __init__(
        self, batch: Batch, best: Array, covariance: Array, held: Flags, direction: Vector, drop: float
    ) -> None:
        count = np.arange(batch.size)
        self.batch, self.held, self.direction, self.target = batch, held, direction, float(np.sqrt(drop))
        self.at = held.argmax(axis=1)
        self.g = best.reshape(batch.size, -1).copy()
        self.center = self.g[count, self.at]
        self.se = np.sqrt(covariance[count, self.at, self.at])
        self.ridge = covariance[count, self.at] / (self.se**2)[:, None]
        self.found = np.full(batch.size, np.nan)

    def run(self, objective: float, *, penalized: bool) -> Vector:
        """Distances are measured from the center outward, in the coordinate held."""
        near, far = np.zeros(self.at.size), np.full(self.at.size, np.inf)
        value = self.target * self.se
        active = np.flatnonzero(np.isfinite(self.se))
        for _ in range(MOST_MOVES):
            if active.size == 0:
                break
            root, slope = self._look(active, value[active], objective, penalized=penalized)
            gap = self.target - root
            with np.errstate(divide="ignore", invalid="ignore"):
                proposed = value[active] + gap / slope
            done = (np.abs(gap) < CLOSE) & (slope > 0)
            self.found[active[done]] = (self.center + self.direction * _scatter(active, proposed, value))[active[done]]
            inside = gap > 0
            near[active] = np.where(inside, value[active], near[active])
            far[active] = np.where(inside, far[active], value[active])
            value[active] = _within(proposed, near[active], far[active], self.se[active])
            lost = (value[active] > FARTHEST * self.se[active]) | (far[active] - near[active] < 1e-10 * self.se[active])
            active = active[~(done | lost)]
        return self.found

    def _look(self, active: Whole, value: Vector, objective: float, *, penalized: bool) -> tuple[Vector, Vector]:
        """Root of the likelihood ratio at `value` and its slope; infinite where the constrained fit fails."""
        count = np.arange(active.size)
        at = self.at[active]
        start = self.g[active]
        shift = self.center[active] + self.direction[active] * value - start[count, at]
        start = start + shift[:, None] * self.ridge[active]
        batch = self.batch.take(active)
        found = fits.fit(
            batch,
            start.reshape(active.size, batch.free, -1),
            penalized=penalized,
            fixed=self.held[active],
            tolerance=INNER_TOLERANCE if penalized else fits.TOLERANCE,
        )
        settled = found.settled
        self.g[active[settled]] = found.g[settled].reshape(-1, start.shape[1])
        root = np.sqrt(np.maximum(2.0 * (objective - found.objective), 0.0))
        outward = -found.score[count, at] * self.direction[active]
        slope = np.where(root > 0, outward / np.where(root > 0, root, 1.0), 0.0)
        return np.where(settled, root, np.inf), np.where(settled, slope, 0.0)


def _scatter(active: Whole, values: Vector, into: Vector) -> Vector:
    out = into.copy()
    out[active] = values
    return out


def _within(proposed: Vector, near: Vector, far: Vector, se: Vector) -> Vector:
    """The proposal if it lies in the bracket, else its middle; without a far end at most some times farther out."""
    open_end = ~np.isfinite(far)
    reach = GROWTH * np.maximum(near, 0.1 * se)
    middle = np.where(open_end, reach, 0.5 * (near + np.where(open_end, near, far)))
    sound = np.isfinite(proposed) & (proposed > near) & (proposed < np.where(open_end, reach, far))
    return np.where(sound, proposed, middle)


def _ratio(sample: Profiled, batch: Batch, start: Array, held: Flags) -> Vector:
    found = fits.fit(batch, start, penalized=sample.penalized, fixed=held)
    ratio = np.maximum(2.0 * (sample.objective - found.objective), 0.0)
    return np.where(found.settled, ratio, np.nan)


def _own_bases(sample: Profiled, chosen: Sequence[tuple[int, int]]) -> tuple[Batch, Array, Vector]:
    """A problem for each (level - 1, column), that column last in its basis; the optimum there; the column's scale."""
    k = sample.X.shape[1]
    bases = {}
    for column in {column for _, column in chosen}:
        order = [*(i for i in range(k) if i != column), column]
        Q, R = _basis(sample.X[:, order])
        bases[column] = (Q, sample.coefficients[:, order] @ R.T, R[-1, -1])
    design, start, scale = (np.stack([bases[column][part] for _, column in chosen]) for part in range(3))
    weights = np.broadcast_to(sample.weights, (len(chosen), sample.weights.size))
    return batch_of(design, sample.codes, weights, levels=sample.levels), start, scale


def _basis(X: Matrix) -> tuple[Matrix, Matrix]:
    Q, R = linalg.qr(X, mode="economic")
    return np.asarray(Q, dtype=np.float64), np.asarray(R, dtype=np.float64)


def _held(shape: tuple[int, ...], chosen: Sequence[tuple[int, int]]) -> Flags:
    held = np.zeros(shape, dtype=bool)
    held[:, :, -1] = _one_hot(chosen, shape[1])
    return held.reshape(shape[0], -1)


def _one_hot(chosen: Sequence[tuple[int, int]], free: int) -> Flags:
    return np.asarray(np.array([level for level, _ in chosen])[:, None] == np.arange(free))
