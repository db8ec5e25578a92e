"""Newton's method for many likelihoods at once: each problem climbs by itself, in a handful of NumPy calls.

A model gives values and derivatives of B problems; parameters are (B, p). A held parameter stays where it is, which is
how profiles and likelihood-ratio tests are fitted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from casearc.statistics._arrays import Whole

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

MOST_STEPS = 60
MOST_HALVINGS = 30
SMALL_DECREMENT = 1e-9
"""Stop when the Newton decrement, the distance to the optimum in standard errors, falls below this."""

SETTLED = 1e-6
"""A problem that cannot climb further, rounding being what it is, counts as arrived below this decrement."""

NEARBY = 0.1
"""A growing decrement below this, after a step back, means that scoring circles the optimum."""

FLAT = 1e-14
"""Reciprocal condition below which an information matrix, scaled to unit diagonal, counts as singular."""


class Model(Protocol):
    """A likelihood, penalized or not, of B problems."""

    def value(self, parameters: Array, problems: Whole) -> Array:
        """Objective of the problems asked for, (m,), at `parameters` (m, p); minus infinity outside the domain."""

    def derivatives(self, parameters: Array, problems: Whole) -> tuple[Array, Array]:
        """Gradient (m, p) and information (m, p, p), by which steps are taken."""


@dataclass(frozen=True, slots=True)
class Summit:
    """Where each problem arrived: parameters (B, p), value, decrement (B,), inverse information (B, p, p).

    Rows of `arrived` that are False have no usable numbers.
    """

    parameters: Array
    value: Array
    gradient: Array
    inverse: Array
    decrement: Array
    arrived: Flags
    steps: int


def ascend(model: Model, start: Array, *, held: Flags | None = None, most_steps: int = MOST_STEPS) -> Summit:
    """Climb from `start` (B, p); where `held` (B, p) is True a parameter keeps its start.

    Steps are Newton's (Fisher's where the model gives expected information), halved until the objective does not fall.
    Where scoring circles the optimum, as it may under a penalty whose curvature it ignores, steps are shortened.
    """
    here = np.array(start, dtype=np.float64)
    B, p = here.shape
    everyone = np.arange(B)
    value = model.value(here, everyone)
    gradient, inverse = np.zeros((B, p)), np.zeros((B, p, p))
    decrement, arrived, damping = np.full(B, np.inf), np.zeros(B, dtype=bool), np.ones(B)
    last = np.zeros((B, p))
    going, steps = everyone[np.isfinite(value)], 0
    while going.size and steps < most_steps:
        steps += 1
        slope, info = model.derivatives(here[going], going)
        free = None if held is None else ~held[going]
        gradient[going] = slope
        inverted, sound = inverse_information(info, free)
        inverse[going] = inverted
        inward = slope if free is None else np.where(free, slope, 0.0)
        step = _times(inverted, inward)
        now = np.sqrt(np.maximum((step * inward).sum(axis=1), 0.0))
        back = (step * last[going]).sum(axis=1) < 0.0
        damping[going] = _damped(damping[going], back & (now > decrement[going]) & (now < NEARBY))
        last[going] = step
        decrement[going] = np.where(sound, now, np.inf)
        arrived[going] = sound & (now < SMALL_DECREMENT)
        ahead = sound & ~arrived[going]
        climbing = going[ahead]
        moved, here[climbing] = _climb(model, here[climbing], damping[climbing, None] * step[ahead], climbing, value)
        stuck = climbing[~moved]
        arrived[stuck] = decrement[stuck] < SETTLED
        going = climbing[moved]
    return Summit(here, value, gradient, inverse, decrement, arrived, steps)


def inverse_information(info: Array, free: Flags | None = None) -> tuple[Array, Flags]:
    """Inverse of each matrix (B, p, p), zero in rows and columns not `free`, and which of them could be inverted."""
    p = info.shape[-1]
    if free is not None:
        both = free[:, :, None] & free[:, None, :]
        info = np.where(both, info, 0.0) + np.eye(p) * ~free[:, :, None]
    diagonal = np.diagonal(info, axis1=-2, axis2=-1)
    sound = np.asarray(np.isfinite(info).all(axis=(-2, -1)) & (diagonal > 0).all(axis=-1))
    safe = np.where(sound[:, None, None], info, np.eye(p))
    scale = 1.0 / np.sqrt(np.diagonal(safe, axis1=-2, axis2=-1))
    inverse, invertible = _inverted(safe * scale[:, :, None] * scale[:, None, :])
    sound &= invertible
    inverse = inverse * scale[:, :, None] * scale[:, None, :]
    if free is not None:
        inverse = np.where(both, inverse, 0.0)
    return np.asarray(inverse, dtype=np.float64), sound


def _inverted(correlation: Array) -> tuple[Array, Flags]:
    """Inverses of matrices of unit diagonal; the trace of an inverse bounds the reciprocal of the least eigenvalue."""
    try:
        inverse = np.linalg.inv(correlation)
    except np.linalg.LinAlgError:  # one exactly singular matrix stops all: go by eigenvalues, which never fail
        eigenvalues, vectors = np.linalg.eigh(correlation)
        safe = np.where(np.abs(eigenvalues) > FLAT, eigenvalues, FLAT)
        inverse = (vectors / safe[:, None, :]) @ np.swapaxes(vectors, -1, -2)
    diagonal = np.diagonal(inverse, axis1=-2, axis2=-1)
    sound = np.isfinite(inverse).all(axis=(-2, -1)) & (diagonal > 0).all(axis=-1)
    sound &= np.where(sound, diagonal.sum(axis=-1), np.inf) < 1e-2 / FLAT
    return np.asarray(np.where(sound[:, None, None], inverse, 0.0), dtype=np.float64), sound


def _climb(model: Model, here: Array, step: Array, problems: Whole, value: Array) -> tuple[Flags, Array]:
    """Take each step, halved until its objective does not fall beyond rounding; updates `value` in place."""
    moved, reached = np.zeros(problems.size, dtype=bool), here.copy()
    slack = 1e-12 * (np.abs(value[problems]) + 1.0)
    left = np.arange(problems.size)
    for halving in range(MOST_HALVINGS):
        if not left.size:
            break
        trial = here[left] + step[left] * 0.5**halving
        height = model.value(trial, problems[left])
        up = height >= value[problems[left]] - slack[left]
        reached[left[up]] = trial[up]
        value[problems[left[up]]] = height[up]
        moved[left[up]] = True
        left = left[~up]
    return moved, reached


def _damped(damping: Array, circling: Flags) -> Array:
    return np.where(circling, np.maximum(0.5 * damping, 1.0 / 64.0), damping)


def _times(A: Array, v: Array) -> Array:
    return np.asarray((A @ v[..., None])[..., 0], dtype=np.float64)
