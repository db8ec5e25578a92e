"""One factor by maximum likelihood: Fisher scoring on loadings and log uniquenesses of a covariance matrix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MOST_STEPS = 500
MOST_HALVINGS = 40
SMALL_DECREMENT = 1e-22
"""Squared Newton decrement at which steps no longer change a digit of the discrepancy."""

IMPROPER = 1e-6
"""A uniqueness below this share of its item's variance is on its way to zero: a Heywood case."""


@dataclass(frozen=True, slots=True)
class Optimum:
    """Where scoring ended, for the covariance matrix as scaled to correlations.

    Attributes
    ----------
    loadings, uniquenesses
        Shape (k,); uniquenesses are 1 - loadings squared at the maximum, up to rounding.
    information
        Expected information of one observation about loadings and uniquenesses, (2 k, 2 k).
    discrepancy
        log|Sigma| - log|R| + tr(R Sigma^-1) - k.
    """

    loadings: Array
    uniquenesses: Array
    information: Array
    discrepancy: float
    converged: bool
    improper: bool


def maximum_likelihood(R: Array, start: Array) -> Optimum:
    """Fit R = l l' + diag(psi), beginning at the loadings `start`."""
    k = R.shape[0]
    log_det = float(np.linalg.slogdet(R)[1])
    loadings = np.clip(start, -0.95, 0.95)
    tau = np.log(1.0 - loadings**2)
    value = _discrepancy(R, loadings, tau, log_det)
    converged = improper = False
    for _ in range(MOST_STEPS):
        gradient, information = _score(R, loadings, np.exp(tau))
        scale = np.concatenate([np.ones(k), np.exp(tau)])
        scaled = information * np.outer(scale, scale)
        try:
            step = np.linalg.solve(scaled, -gradient * scale)
        except np.linalg.LinAlgError:
            break
        decrement = -float(step @ (gradient * scale))
        moved = _descended(R, loadings, tau, step, value, log_det)
        if moved is not None:
            loadings, tau, value = moved
        improper = bool(tau.min() < np.log(IMPROPER))
        if improper:
            break
        if decrement < SMALL_DECREMENT or moved is None:
            converged = decrement < 1e-12
            break
    _, information = _score(R, loadings, np.exp(tau))
    return Optimum(
        loadings=loadings * (1.0 if loadings.sum() >= 0.0 else -1.0),
        uniquenesses=np.exp(tau),
        information=information,
        discrepancy=value,
        converged=converged,
        improper=improper,
    )


def _discrepancy(R: Array, loadings: Array, tau: Array, log_det: float) -> float:
    psi = np.exp(tau)
    weighted = loadings / psi
    signal = 1.0 + float(loadings @ weighted)
    trace = float((np.diag(R) / psi).sum()) - float(weighted @ R @ weighted) / signal
    return float(tau.sum()) + float(np.log(signal)) + trace - log_det - int(R.shape[0])


def _score(R: Array, loadings: Array, psi: Array) -> tuple[Array, Array]:
    """Half the gradient of the discrepancy and the expected information of one observation, in loadings and psi.

    Half the discrepancy is the negative mean log-likelihood, whose expected second derivative is the information.
    """
    inverse = np.diag(1.0 / psi) - np.outer(loadings / psi, loadings / psi) / (1.0 + float(loadings @ (loadings / psi)))
    gap = inverse - inverse @ R @ inverse
    by_loading = inverse @ loadings
    strength = float(loadings @ by_loading)
    k = psi.size
    information = np.empty((2 * k, 2 * k))
    information[:k, :k] = inverse * strength + np.outer(by_loading, by_loading)
    information[:k, k:] = inverse * by_loading[None, :]
    information[k:, :k] = information[:k, k:].T
    information[k:, k:] = 0.5 * inverse**2
    return np.concatenate([gap @ loadings, 0.5 * np.diag(gap)]), information


def _descended(
    R: Array, loadings: Array, tau: Array, step: Array, value: float, log_det: float
) -> tuple[Array, Array, float] | None:
    """The longest halving of the step that does not raise the discrepancy; None where there is none."""
    k = loadings.size
    for halving in range(MOST_HALVINGS):
        share = 0.5**halving
        new, new_tau = loadings + share * step[:k], tau + np.clip(share * step[k:], -5.0, 5.0)
        found = _discrepancy(R, new, new_tau, log_det)
        if np.isfinite(found) and found <= value + 1e-14:
            return new, new_tau, found
    return None
