"""One factor by minimum residuals, for any number of correlation matrices at once.

Loadings l minimize half the sum of squared off-diagonal residuals r_ij - l_i l_j; no loading passes 1, since no
communality does. Newton steps end the work; where one would not descend, or would pass a bound, a sweep that sets one
loading after the other to its regression on the rest (Harman & Jones 1966) is done instead, and never ascends.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FIRST_SWEEPS = 3
SMALL_STEP = 1e-12
BOUND = 1.0 - 1e-9
"""A loading above this stands at its bound: a Heywood case."""


def minres(R: Array, *, start: Array | None = None, steps: int = 20_000) -> Array:
    """Loadings of `R` (m, k, k), shape (m, k), their sum not negative; nan where they do not settle in `steps`.

    `start` (k,) begins all of them near a known solution; by default each begins at its first principal axis.
    """
    off = R.copy()
    k = R.shape[-1]
    off[:, range(k), range(k)] = 0.0
    loadings = _principal(R) if start is None else np.broadcast_to(start, (R.shape[0], k)).copy()
    for _ in range(FIRST_SWEEPS):
        _sweep(off, loadings)
    busy = np.arange(R.shape[0])
    for _ in range(steps):
        if not busy.size:
            break
        before = loadings[busy]
        after = _improved(off[busy], before)
        loadings[busy] = after
        busy = busy[np.abs(after - before).max(axis=1) >= SMALL_STEP]
    loadings[busy] = np.nan
    return loadings * np.where(loadings.sum(axis=1, keepdims=True) < 0.0, -1.0, 1.0)


def _principal(R: Array) -> Array:
    values, vectors = np.linalg.eigh(R)
    return np.asarray(vectors[..., -1] * np.sqrt(values[..., -1:]) * 0.9, dtype=np.float64)


def _improved(off: Array, loadings: Array) -> Array:
    """A Newton step where it descends within the bounds, else a sweep."""
    squares = loadings**2
    others = squares.sum(axis=1, keepdims=True) - squares
    gradient = others * loadings - (off @ loadings[..., None])[..., 0]
    hessian = 2.0 * loadings[..., :, None] * loadings[..., None, :] - off
    k = loadings.shape[1]
    hessian[:, range(k), range(k)] = others + 1e-14
    moved = loadings - _solved(hessian, gradient)
    descends = (np.abs(moved).max(axis=1) < BOUND) & (_misfit(off, moved) <= _misfit(off, loadings) + 1e-14)
    if not descends.all():
        swept = loadings[~descends]
        _sweep(off[~descends], swept)
        moved[~descends] = swept
    return moved


def _solved(hessian: Array, gradient: Array) -> Array:
    try:
        return np.asarray(np.linalg.solve(hessian, gradient[..., None])[..., 0], dtype=np.float64)
    except np.linalg.LinAlgError:  # one of them is singular: sweeps for all, this once
        return np.full_like(gradient, np.inf)


def _misfit(off: Array, loadings: Array) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):
        residual = off - loadings[..., :, None] * loadings[..., None, :]
        misfit = 0.5 * ((residual**2).sum(axis=(1, 2)) - (loadings**4).sum(axis=1))
    return np.asarray(misfit, dtype=np.float64)


def _sweep(off: Array, loadings: Array) -> None:
    """Set each loading in turn to its regression on the others, in place."""
    total = (loadings**2).sum(axis=1)
    for i in range(loadings.shape[1]):
        others = total - loadings[:, i] ** 2
        product = (off[:, i] * loadings).sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            loadings[:, i] = np.where(others > 0.0, np.clip(product / others, -1.0, 1.0), 0.0)
        total = others + loadings[:, i] ** 2
