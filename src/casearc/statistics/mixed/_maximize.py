"""Newton's method on the factor of the random effects' covariance, for many data sets at once.

The factor is free: its sign does not matter, and a variance of zero is an ordinary stationary point of the deviance in
it. The Hessian comes from central differences of the analytic gradient.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casearc.statistics.mixed._likelihood import Look, look
from casearc.statistics.mixed._sufficient import Array, Sufficient

MOST_STEPS = 100
STEP = 1e-5
"""Half width of a central difference, relative to 1 + |factor|."""

FLAT = 1e-13
"""A predicted decrease of the deviance below this ends the iteration."""

LONGEST = 2.0
"""No step of one element is longer, so that one bad Hessian cannot carry the factor away."""


@dataclass(frozen=True, slots=True)
class Found:
    """Factors (B, q, q), and where the iteration settled."""

    factor: Array
    settled: NDArray[np.bool_]
    steps: int


def maximize(data: Sufficient, *, reml: bool, free: NDArray[np.bool_], start: Array | None = None) -> Found:
    """Minimize the deviance of each data set over the elements of the factor that are `free` (q, q).

    `data` has one leading axis.
    """
    batch, q = data.c.shape[0], data.q
    factor = np.tile(np.eye(q), (batch, 1, 1)) if start is None else np.broadcast_to(start, (batch, q, q)).copy()
    settled = np.zeros(batch, dtype=bool)
    place = np.argwhere(free)
    steps = 0
    active = np.arange(batch)
    here = look(data, factor, reml=reml)
    while active.size and steps < MOST_STEPS:
        steps += 1
        some = data if active.size == batch else data.take(active)
        at = factor[active]
        here = look(some, at, reml=reml)
        gradient = here.gradient[:, place[:, 0], place[:, 1]]
        step, gain = _step(some, at, gradient, place, reml=reml)
        moved, better = _search(some, here, step, place, reml=reml)
        factor[active] = moved
        done = (gain < FLAT) | ~better
        settled[active[done]] = gain[done] < 1e-4
        active = active[~done]
    return Found(_positive(factor), settled, steps)


def _step(
    data: Sufficient, factor: Array, gradient: Array, place: NDArray[np.intp], *, reml: bool
) -> tuple[Array, Array]:
    """Newton's step where the Hessian is positive definite, else one made so; and the decrease it promises."""
    size = place.shape[0]
    hessian = np.empty((factor.shape[0], size, size))
    for column, (i, j) in enumerate(place):
        width = STEP * (1.0 + np.abs(factor[:, i, j]))
        sides = []
        for sign in (1.0, -1.0):
            moved = factor.copy()
            moved[:, i, j] += sign * width
            sides.append(look(data, moved, reml=reml).gradient[:, place[:, 0], place[:, 1]])
        hessian[:, :, column] = (sides[0] - sides[1]) / (2.0 * width[:, None])
    values, vectors = np.linalg.eigh(0.5 * (hessian + np.swapaxes(hessian, 1, 2)))
    floor = 1e-8 * np.maximum(np.abs(values).max(axis=1, keepdims=True), 1e-8)
    values = np.maximum(np.abs(values), floor)
    inside = (np.swapaxes(vectors, 1, 2) @ gradient[..., None])[..., 0]
    step = -(vectors @ (inside / values)[..., None])[..., 0]
    gain = 0.5 * (inside**2 / values).sum(axis=1)
    longest = np.abs(step).max(axis=1, keepdims=True)
    return step * np.minimum(1.0, LONGEST / np.maximum(longest, 1e-300)), gain


def _search(
    data: Sufficient, here: Look, step: Array, place: NDArray[np.intp], *, reml: bool
) -> tuple[Array, NDArray[np.bool_]]:
    """Halve the step until the deviance does not rise beyond rounding."""
    factor = here.factor.copy()
    better = np.zeros(factor.shape[0], dtype=bool)
    slack = 1e-12 * (np.abs(here.deviance) + 1.0)
    scale = 1.0
    for _ in range(12):
        left = np.flatnonzero(~better)
        if not left.size:
            break
        trial = here.factor[left].copy()
        trial[:, place[:, 0], place[:, 1]] += scale * step[left]
        some = data if left.size == factor.shape[0] else data.take(left)
        reached = look(some, trial, reml=reml).deviance
        good = reached <= here.deviance[left] + slack[left]
        factor[left[good]] = trial[good]
        better[left[good]] = True
        scale *= 0.5
    return factor, better


def _positive(factor: Array) -> Array:
    """The same covariance with a factor whose diagonal is not negative."""
    sign = np.where(np.einsum("...ii->...i", factor) < 0.0, -1.0, 1.0)
    return np.asarray(factor * sign[..., None, :])
