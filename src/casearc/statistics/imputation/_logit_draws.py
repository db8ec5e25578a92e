"""Posterior draws of a logit or multinomial logit, for a whole batch at once.

`X` is (B, n, k), the constant first and columns standardized; `shares` (B, n, J - 1) the share of each row that falls
into levels 1 to J - 1; `weights` (B, n). Coefficients are (B, J - 1, k).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MOST_STEPS = 60
SMALL = 0.05
"""Newton's method ends where the next step would be shorter than this, in posterior standard errors."""

NEAR = 0.2
"""Steps longer than this, in posterior standard errors, are never the last. The information is that before the last
step, which makes drawn variances about 1 % too small."""

WIDEST = 4.0
"""The largest change of a log odds in one step; longer steps are shortened."""


@dataclass(frozen=True, slots=True)
class LogitDraw:
    """The posterior mode, a draw from the normal about it, and how many of the batch had not converged."""

    mode: Array
    draw: Array
    unconverged: int


def probabilities(eta: Array) -> Array:
    """Softmax over level 0 (eta 0) and the others: (..., J - 1) to (..., J - 1), level 0 left out."""
    if eta.shape[-1] == 1:
        return np.asarray(0.5 + 0.5 * np.tanh(0.5 * eta), dtype=np.float64)
    top = np.maximum(eta.max(axis=-1, keepdims=True), 0.0)
    raised = np.exp(eta - top)
    return np.asarray(raised / (raised.sum(axis=-1, keepdims=True) + np.exp(-top)), dtype=np.float64)


def logit_draw(X: Array, shares: Array, weights: Array, *, precision: Array, rng: np.random.Generator) -> LogitDraw:
    """Newton's method to the posterior mode, then a draw from the normal about it with the inverse information.

    `precision` (B,) is that of a normal prior on every coefficient, small enough only to keep the information regular.
    Members of the batch that have converged leave it, so that the slowest do not hold up the others. The draw is solved
    for together with each step: I^-1 (L z) has covariance I^-1 where I = L L'. Steps shrink quadratically, d' = c d^2,
    so that two of them foretell the next, d^3 / last^2.
    """
    batch, _, k = X.shape
    free = shares.shape[-1]
    size = free * k
    mode, noise = _first_step(X, shares, weights, precision), np.empty((batch, size))
    z = rng.standard_normal((batch, size, 1))
    active, last = np.arange(batch), np.zeros(batch)
    for _ in range(MOST_STEPS):
        b = mode[active]
        P = probabilities(X @ np.swapaxes(b, -1, -2))
        score = np.swapaxes(weights[..., None] * (shares - P), -1, -2) @ X - precision[:, None, None] * b
        information = _information(X, P, weights, precision)
        sides = np.concatenate([score.reshape(-1, size, 1), np.linalg.cholesky(information) @ z[active]], axis=-1)
        solved = np.linalg.solve(information, sides)
        noise[active] = solved[..., 1]
        decrement = np.sqrt(np.maximum((solved[..., 0] * sides[..., 0]).sum(axis=-1), 0.0))
        mode[active] = b + _shortened(solved[..., 0].reshape(b.shape), X, decrement)
        slow = (decrement >= NEAR) | (decrement >= SMALL) & (decrement**3 >= SMALL * last**2)
        active = active[slow]
        if not active.size:
            break
        last = decrement[slow]
        if not slow.all():
            X, shares, weights, precision = (each[slow] for each in (X, shares, weights, precision))
    return LogitDraw(mode=mode, draw=mode + noise.reshape(mode.shape), unconverged=int(active.size))


def _first_step(X: Array, shares: Array, weights: Array, precision: Array) -> Array:
    """Newton's step from zero, where all levels are alike and the information is a Kronecker product."""
    k, free = X.shape[-1], shares.shape[-1]
    weighted = weights[..., None]
    cross = np.swapaxes(X, -1, -2) @ (weighted * X)
    diagonal = np.arange(k)
    cross[:, diagonal, diagonal] += (free + 1) * precision[:, None]
    score = np.swapaxes(X, -1, -2) @ (weighted * (shares - 1.0 / (free + 1)))
    solved = np.swapaxes(np.linalg.solve(cross, score), -1, -2)
    return np.asarray((free + 1) * (solved + solved.sum(axis=1, keepdims=True)), dtype=np.float64)


def _shortened(step: Array, X: Array, decrement: Array) -> Array:
    """Steps of which long ones change no row's log odds by more than `WIDEST`."""
    if decrement.max() < 1.0:
        return step
    widest = np.abs(X @ np.swapaxes(step, -1, -2)).max(axis=(1, 2))
    return np.asarray(step * np.minimum(1.0, WIDEST / np.maximum(widest, 1e-300))[:, None, None])


def _information(X: Array, P: Array, weights: Array, precision: Array) -> Array:
    """Expected information and the prior's precision, (B, (J - 1) k, (J - 1) k)."""
    batch, _, k = X.shape
    free = P.shape[-1]
    turned = np.swapaxes(X, -1, -2)
    blocks = np.empty((batch, free, k, free, k))
    for a in range(free):
        for b in range(a, free):
            spread = weights * P[..., a] * ((a == b) - P[..., b])
            blocks[:, a, :, b, :] = turned @ (X * spread[..., None])
            if a != b:
                blocks[:, b, :, a, :] = np.swapaxes(blocks[:, a, :, b, :], -1, -2)
    information = blocks.reshape(batch, free * k, free * k)
    diagonal = np.arange(free * k)
    information[:, diagonal, diagonal] += precision[:, None]
    return information
