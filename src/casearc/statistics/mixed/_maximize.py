"""Newton's method on the factor of the random effects' covariance, for many data sets at once.

The factor is free: its sign does not matter, and a variance of zero is an ordinary stationary point of the deviance in
it. The Hessian comes from central differences of the analytic gradient, all of them in one call.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casearc.statistics.mixed._likelihood import Look, look
from casearc.statistics.mixed._structure import Structure
from casearc.statistics.mixed._sufficient import Array, Sufficient

MOST_STEPS = 100
STEP = 1e-5
"""Half width of a central difference, relative to 1 + |parameter|."""

FLAT = 1e-13
"""A predicted decrease of the deviance below this ends the iteration."""

LONGEST = 2.0
"""No step of one parameter is longer, so that one bad Hessian cannot carry the factor away."""

NEGATIVE = 1e-6
"""A curvature below minus this share of the largest one is no rounding."""

ENOUGH = 0.05
"""The share of the promised decrease that a step must bring; a mirrored factor brings none."""

LARGEST = 1e4
"""A standard deviation so many times the residual one means that there is no residual variance left to estimate."""


@dataclass(frozen=True, slots=True)
class Found:
    """Parameters (B, m), where the iteration settled, and at most how many steps it took."""

    parameters: Array
    settled: NDArray[np.bool_]
    steps: int


def maximize(data: Sufficient, structure: Structure, *, reml: bool) -> Found:
    """Minimize the deviance of each data set (one leading axis) over the parameters of `structure`."""
    batch = data.c.shape[0]
    parameters = np.tile(_start(structure), (batch, 1))
    settled = np.zeros(batch, dtype=bool)
    active = np.arange(batch)
    here: Look | None = None
    steps = 0
    while active.size and steps < MOST_STEPS:
        steps += 1
        some = data if active.size == batch else data.take(active)
        at = parameters[active]
        here = here or look(some, structure.factor(at), reml=reml)
        step, gain = _step(some, structure, at, structure.gathered(here.gradient), reml=reml)
        moved, better, reached = _search(some, structure, at, here, step, reml=reml)
        parameters[active] = moved
        lost = np.abs(moved).max(axis=1) > LARGEST
        done = (gain < FLAT) | ~better | lost
        settled[active[done]] = (gain[done] < 1e-6) & ~lost[done]
        active = active[~done]
        here = None if done.any() else reached
    return Found(parameters, settled, steps)


def _start(structure: Structure) -> Array:
    """As much spread between participants as within, no correlation."""
    own = (structure.free[:, 0] == structure.free[:, 1]).astype(np.float64)
    return np.concatenate([[0.5], own]) if structure.outer else own


def _step(data: Sufficient, structure: Structure, at: Array, gradient: Array, *, reml: bool) -> tuple[Array, Array]:
    """Newton's step where the Hessian is positive definite, else one made so; and the decrease it promises.

    Where the deviance is flat and curves down (a variance of zero that should not be), a step along that curve.
    """
    width = STEP * (1.0 + np.abs(at))
    sides = np.array([1.0, -1.0])[:, None, None, None] * np.eye(structure.count)[:, None, :] * width
    slopes = structure.gathered(look(data, structure.factor(at + sides), reml=reml).gradient)
    hessian = np.moveaxis(slopes[0] - slopes[1], 0, 2) / (2.0 * width[:, None, :])
    curvature, vectors = np.linalg.eigh(0.5 * (hessian + np.swapaxes(hessian, 1, 2)))
    floor = 1e-8 * np.maximum(np.abs(curvature).max(axis=1, keepdims=True), 1e-8)
    values = np.maximum(np.abs(curvature), floor)
    inside = (np.swapaxes(vectors, 1, 2) @ gradient[..., None])[..., 0]
    step = -(vectors @ (inside / values)[..., None])[..., 0]
    with np.errstate(over="ignore"):  # where a variance runs off
        gain = 0.5 * (inside**2 / values).sum(axis=1)
    lowest = vectors[:, :, 0]
    saddle = (gain < FLAT) & (curvature[:, 0] < -NEGATIVE * values.max(axis=1))
    step = np.where(saddle[:, None], 0.3 * lowest, step)
    gain = np.where(saddle, np.inf, gain)
    longest = np.abs(step).max(axis=1, keepdims=True)
    return step * np.minimum(1.0, LONGEST / np.maximum(longest, 1e-300)), gain


def _search(
    data: Sufficient, structure: Structure, at: Array, here: Look, step: Array, *, reml: bool
) -> tuple[Array, NDArray[np.bool_], Look | None]:
    """Halve the step until the deviance falls by a share of what its slope promises (Armijo), rounding aside.

    Also the model there, if every data set took its whole step.
    """
    moved = at.copy()
    better = np.zeros(at.shape[0], dtype=bool)
    slack = 1e-12 * (np.abs(here.deviance) + 1.0)
    promised = (structure.gathered(here.gradient) * step).sum(axis=1)
    scale = 1.0
    for _ in range(20):
        left = np.flatnonzero(~better)
        if not left.size:
            break
        trial = at[left] + scale * step[left]
        some = data if left.size == at.shape[0] else data.take(left)
        least = here.deviance[left] + slack[left] + ENOUGH * scale * np.minimum(promised[left], 0.0)
        there = look(some, structure.factor(trial), reml=reml)
        good = there.deviance <= least
        if scale == 1.0 and good.all():
            return trial, good, there
        moved[left[good]] = trial[good]
        better[left[good]] = True
        scale *= 0.5
    return moved, better, None
