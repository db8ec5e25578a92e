"""Probabilities of ordered levels and their derivatives, for many fits at once.

Arrays: parameters (B, p), thresholds (J - 1) first; `X` (n, k); `shares` (B, n) weights that sum to one. Averages come
as (B, J), their derivatives by the parameters as (B, J, p).
"""

from __future__ import annotations

import numpy as np
from scipy import special

from casearc.statistics._ascent import Array


def split_probabilities(parameters: Array, X: Array) -> Array:
    """P(level j or below) at every split, (B, J - 1, n)."""
    free = parameters.shape[1] - X.shape[1]
    return np.asarray(special.expit(_predictors(parameters, X, free)), dtype=np.float64)


def level_probabilities(parameters: Array, X: Array) -> Array:
    """Probability of every level, (B, J, n), without cancellation."""
    free = parameters.shape[1] - X.shape[1]
    e = _predictors(parameters, X, free)
    F, rest = special.expit(e), special.expit(-e)
    between = F[:, 1:] * rest[:, :-1] * -np.expm1(e[:, :-1] - e[:, 1:])
    return np.concatenate([F[:, :1], between, rest[:, -1:]], axis=1)


def average(parameters: Array, X: Array, shares: Array) -> Array:
    """Average probabilities, (B, J)."""
    return np.asarray((level_probabilities(parameters, X) @ shares[:, :, None])[..., 0], dtype=np.float64)


def average_derivative(parameters: Array, X: Array, shares: Array) -> Array:
    """Derivative of `average`."""
    F = split_probabilities(parameters, X)
    return _by_parameters(F * (1.0 - F) * shares[:, None, :], X)


def slope(parameters: Array, X: Array, shares: Array, term: int) -> Array:
    """Average derivative of each probability by a term, (B, J)."""
    F = split_probabilities(parameters, X)
    mean = ((F * (1.0 - F)) @ shares[:, :, None])[..., 0]
    free = F.shape[1]
    return np.asarray(-_steps(mean) * parameters[:, free + term, None], dtype=np.float64)


def slope_derivative(parameters: Array, X: Array, shares: Array, term: int) -> Array:
    """Derivative of `slope`."""
    F = split_probabilities(parameters, X)
    free = F.shape[1]
    f = F * (1.0 - F)
    bend = f * (1.0 - 2.0 * F) * shares[:, None, :]
    out = -parameters[:, free + term, None, None] * _by_parameters(bend, X)
    out[:, :, free + term] -= _steps((f @ shares[:, :, None])[..., 0])
    return out


def _predictors(parameters: Array, X: Array, free: int) -> Array:
    return parameters[:, :free, None] - (parameters[:, free:] @ X.T)[:, None, :]


def _steps(by_split: Array) -> Array:
    """From figures of splits to those of levels: own split less the one below, (B, J - 1) to (B, J)."""
    edge = np.zeros((by_split.shape[0], 1, *by_split.shape[2:]))
    padded = np.concatenate([edge, by_split, edge], axis=1)
    return np.asarray(np.diff(padded, axis=1), dtype=np.float64)


def _by_parameters(figures: Array, X: Array) -> Array:
    """Sums over rows of figures of splits times the row's derivative, as steps from level to level, (B, J, p)."""
    free = figures.shape[1]
    thresholds = np.eye(free) * figures.sum(axis=2)[:, :, None]
    return _steps(np.concatenate([thresholds, -(figures @ X)], axis=2))
