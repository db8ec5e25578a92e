"""Average marginal effects and probabilities of many fits at once, with their derivatives by the coefficients.

Arrays: `b` (B, J - 1, k) coefficients in the terms, `X` (n, k) or (B, n, k), `shares` (B, n) weights that sum to one;
values come as (B, J) a term or design, derivatives as (B, J, p).
"""

from __future__ import annotations

import numpy as np

from casearc.statistics.categorical._batched_model import Array


def level_probabilities(b: Array, X: Array) -> Array:
    """Of every level, the first included, (B, J, n)."""
    if X.ndim == 2:
        eta = (b.reshape(-1, b.shape[-1]) @ X.T).reshape(*b.shape[:2], X.shape[0])
    else:
        eta = b @ np.swapaxes(X, -1, -2)
    full = np.concatenate([np.zeros_like(eta[:, :1]), eta], axis=1)
    full -= full.max(axis=1, keepdims=True)
    np.exp(full, out=full)
    full /= full.sum(axis=1, keepdims=True)
    return np.asarray(full, dtype=np.float64)


def average(P: Array, shares: Array) -> Array:
    """Average probabilities, (B, J)."""
    return np.asarray((P @ shares[:, :, None])[..., 0], dtype=np.float64)


def average_derivative(P: Array, X: Array, shares: Array) -> Array:
    """Derivative of average probabilities by the coefficients, (B, J, p): P_j (delta_ja - P_a) x, averaged."""
    return _times_rows(_crossed(P) * shares[:, None, None, :], X)


def slope(b: Array, P: Array, shares: Array, term: int) -> Array:
    """Average derivative of each probability by a term, (B, J): P_j (b_jt - sum_l P_l b_lt), averaged."""
    return np.asarray((P * _deviations(b, P, term) * shares[:, None]).sum(axis=2), dtype=np.float64)


def slope_derivative(b: Array, P: Array, X: Array, shares: Array, term: int) -> Array:
    """Derivative of `slope` by the coefficients, (B, J, p)."""
    D = _deviations(b, P, term)
    crossed = _crossed(P)
    by_predictor = crossed * D[:, :, None] - P[:, :, None] * (P * D)[:, None, 1:]
    out = _times_rows(by_predictor * shares[:, None, None, :], X)
    own = (crossed * shares[:, None, None, :]).sum(axis=3)
    out.reshape(*out.shape[:2], b.shape[1], b.shape[2])[..., term] += own
    return out


def switched(X: Array, term: int, others: tuple[int, ...] = ()) -> tuple[Array, Array]:
    """Everybody without and with an indicator; the factor's other indicators are off in both."""
    off = X.copy()
    off[..., [term, *others]] = 0.0
    on = off.copy()
    on[..., term] = 1.0
    return off, on


def _deviations(b: Array, P: Array, term: int) -> Array:
    """b_jt - sum_l P_l b_lt, (B, J, n)."""
    own = np.concatenate([np.zeros((b.shape[0], 1)), b[:, :, term]], axis=1)
    mean = (P * own[:, :, None]).sum(axis=1, keepdims=True)
    return np.asarray(own[:, :, None] - mean, dtype=np.float64)


def _crossed(P: Array) -> Array:
    """P_j (delta_ja - P_a) for levels a after the first, (B, J, J - 1, n)."""
    J = P.shape[1]
    return np.asarray(P[:, :, None] * (np.eye(J)[:, 1:, None] - P[:, None, 1:]), dtype=np.float64)


def _times_rows(figures: Array, X: Array) -> Array:
    """Sums over rows of figures (B, J, J - 1, n) times the row's terms, (B, J, (J - 1) k)."""
    B, J, free, n = figures.shape
    summed = figures.reshape(-1, n) @ X if X.ndim == 2 else figures.reshape(B, -1, n) @ X
    return summed.reshape(B, J, free * X.shape[-1])
