"""Maximum likelihood for one multinomial logit, with the proof that it exists; the design is orthonormal.

Arrays: `Q` (n, k) the design with orthonormal columns, `Y` (n, J) indicators of the level, `w` (n,) frequency weights,
`g` (J - 1, k) coefficients of levels 1 to J - 1 against level 0, in that basis.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import linalg

from casearc.statistics._arrays import Matrix, Vector

MOST_STEPS = 200
SMALL_DECREMENT = 1e-9
"""Stop when the Newton decrement, the distance to the optimum in standard errors, falls below this; the last full step
then squares it."""

MOST_HALVINGS = 40

PROOF_CONDITION = 1e-9
"""Reciprocal condition of the information below which existence is not proven here but left to the linear programs."""


@dataclass(frozen=True, slots=True)
class Optimum:
    """Where the iteration ended. `exists` is True only where a finite maximum is proven to exist."""

    g: Matrix
    covariance: Matrix
    log_likelihood: float
    iterations: int
    converged: bool
    exists: bool


def probabilities(eta: Matrix) -> Matrix:
    """Softmax over level 0 (eta 0) and the others: (n, J - 1) to (n, J)."""
    full = np.concatenate([np.zeros((eta.shape[0], 1)), eta], axis=1)
    full -= full.max(axis=1, keepdims=True)
    np.exp(full, out=full)
    full /= full.sum(axis=1, keepdims=True)
    return full


def log_likelihood(eta: Matrix, Y: Matrix, w: Vector) -> float:
    """Sum over rows of w log p(observed level), without overflow."""
    full = np.concatenate([np.zeros((eta.shape[0], 1)), eta], axis=1)
    top = full.max(axis=1)
    return float((w * ((full * Y).sum(axis=1) - top - np.log(np.exp(full - top[:, None]).sum(axis=1)))).sum())


def information(Q: Matrix, P: Matrix, w: Vector) -> Matrix:
    """Expected (and, the link being canonical, observed) information, ((J - 1) k, (J - 1) k)."""
    k, free = Q.shape[1], P.shape[1] - 1
    blocks = np.empty((free, k, free, k))
    for a in range(free):
        for b in range(a, free):
            spread = w * P[:, a + 1] * ((a == b) - P[:, b + 1])
            blocks[a, :, b, :] = (Q * spread[:, None]).T @ Q
            blocks[b, :, a, :] = blocks[a, :, b, :].T
    return blocks.reshape(free * k, free * k)


def row_variances(Q: Matrix, covariance: Matrix, free: int) -> Matrix:
    """Covariance of each row's J - 1 linear predictors, (n, J - 1, J - 1)."""
    k = Q.shape[1]
    blocks = covariance.reshape(free, k, free, k)
    out = np.empty((Q.shape[0], free, free))
    for a in range(free):
        for b in range(a, free):
            out[:, a, b] = out[:, b, a] = ((Q @ blocks[a, :, b, :]) * Q).sum(axis=1)
    return out


def maximum_likelihood(Q: Matrix, Y: Matrix, w: Vector) -> Optimum:
    """Newton-Raphson with step halving from zero. The log-likelihood is concave, so halving always ends."""
    free, k = Y.shape[1] - 1, Q.shape[1]
    g = np.zeros((free, k))
    value = log_likelihood(Q @ g.T, Y, w)
    iterations, decrement, covariance = 0, np.inf, np.zeros((free * k, free * k))
    while iterations < MOST_STEPS:
        iterations += 1
        P = probabilities(Q @ g.T)
        score = ((w[:, None] * (Y - P)[:, 1:]).T @ Q).ravel()
        inverse = _inverse(information(Q, P, w))
        if inverse is None:
            break
        covariance = inverse
        step = covariance @ score
        decrement = math.sqrt(max(float(step @ score), 0.0))
        moved = _climb(lambda trial: log_likelihood(Q @ trial.T, Y, w), g, step.reshape(free, k), value)
        if moved is None:
            break
        g, value = moved
        if decrement < SMALL_DECREMENT:
            break
    converged = decrement < 1e-6
    if converged:
        final = information(Q, probabilities(Q @ g.T), w)
        inverse = _inverse(final)
        covariance, converged = (covariance, False) if inverse is None else (inverse, True)
    exists = converged and _well_conditioned(final) and _certified(Q, covariance, free, decrement)
    return Optimum(g, covariance, value, iterations, converged, exists)


def _climb(objective: Callable[[Matrix], float], g: Matrix, step: Matrix, value: float) -> tuple[Matrix, float] | None:
    """Take the step, halved until the objective does not fall (beyond rounding); None if nothing helps."""
    slack = 1e-12 * (abs(value) + 1.0)
    for halving in range(MOST_HALVINGS):
        trial = g + step * 0.5**halving
        reached = objective(trial)
        if reached >= value - slack:
            return trial, reached
    return None


def _inverse(info: Matrix) -> Matrix | None:
    """Inverse of the information, or None where it is singular to working precision."""
    scale = np.sqrt(np.diag(info))
    if not np.isfinite(scale).all() or (scale <= 0).any():
        return None
    try:
        factor = linalg.cho_factor(info / np.outer(scale, scale), lower=True)
    except linalg.LinAlgError:
        return None
    inverse = linalg.cho_solve(factor, np.eye(scale.size)) / np.outer(scale, scale)
    return np.asarray((inverse + inverse.T) / 2.0, dtype=np.float64)


def _well_conditioned(info: Matrix) -> bool:
    """Whether the information has enough digits for the proof: rounding could otherwise hide a flat direction."""
    scale = np.sqrt(np.diag(info))
    eigenvalues = np.linalg.eigvalsh(info / np.outer(scale, scale))
    return bool(eigenvalues[0] > PROOF_CONDITION * eigenvalues[-1])


def _certified(Q: Matrix, covariance: Matrix, free: int, decrement: float) -> bool:
    """Whether a finite maximum is proven to exist near here, so that no linear program is needed.

    Along any direction the third derivative of the log-likelihood is at most R times the second, R being the largest
    difference between two linear predictors of one row for a step of one standard error. For such functions a Newton
    decrement below 1 / (2 R) proves a maximum (Bach 2010, Electronic Journal of Statistics 4:384-414, proposition 2).
    On separated data R grows as fast as the decrement falls, and the product stays near one.
    """
    V = row_variances(Q, covariance, free)
    diagonal = np.einsum("naa->na", V)
    pairs = diagonal[:, :, None] + diagonal[:, None, :] - 2.0 * V
    widest = float(np.sqrt(max(diagonal.max(), pairs.max())))
    return decrement * widest <= 0.5
