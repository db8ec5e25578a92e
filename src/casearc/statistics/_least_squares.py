"""The least-squares kernel: weighted QR with any number of leading batch axes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FAR = 1e-4
"""Beyond this the first-order correction of R^-1 is none."""


@dataclass(frozen=True, slots=True)
class Solution:
    """What the kernel returns; `...` are the batch axes.

    Attributes
    ----------
    coefficients
        Shape (..., k).
    residuals
        Response minus fitted, unweighted, shape (..., n).
    inverse_r
        Inverse of the triangular factor of the weighted design, shape (..., k, k); ``inverse_r @ inverse_r.T`` is the
        inverse of X'WX.
    leverage
        Hat values of one observation (not of its weight), shape (..., n).
    """

    coefficients: Array
    residuals: Array
    inverse_r: Array
    leverage: Array


def solve(design: Array, response: Array, weights: Array, *, refine: int = 0) -> Solution:
    """Least squares of `response` (..., n) on `design` (..., n, k) with weights (..., n).

    Leading axes broadcast, so resampling weights of shape (draws, n) fit all draws in one call. The design has full
    rank under each row of weights: the caller has checked, or discards draws whose coefficients are not finite.

    `refine` steps of Björck's (1967) iterative refinement carry the residuals in extended precision; three give a
    single ill-conditioned fit nearly all digits the data hold, and its inverse factor as well. Columns are first scaled
    by powers of two, which loses no digit.
    """
    root = np.sqrt(weights)
    X = root[..., None] * design
    y = root * response
    lengths = np.linalg.norm(X, axis=-2, keepdims=True)
    scale = 2.0 ** np.round(np.log2(lengths))
    X = X / scale
    Q, R = np.linalg.qr(X)
    inverse = np.linalg.inv(R)
    coefficients = _apply(inverse, _apply(_transpose(Q), y))
    weighted_residuals = y - _apply(X, coefficients)
    if refine:
        coefficients, weighted_residuals = _refined(
            X, y, factors=(Q, inverse), start=(coefficients, weighted_residuals), steps=refine
        )
        inverse = _refined_inverse(X, inverse)
    coefficients = coefficients / scale[..., 0, :]
    residuals = _residuals(design, response, coefficients, weights, weighted_residuals if refine else None)
    inverse_r = inverse / _transpose(scale)
    leverage = ((design @ inverse_r) ** 2).sum(axis=-1)
    return Solution(coefficients=coefficients, residuals=residuals, inverse_r=inverse_r, leverage=leverage)


def _refined(
    X: Array, y: Array, *, factors: tuple[Array, Array], start: tuple[Array, Array], steps: int
) -> tuple[Array, Array]:
    """Steps on the augmented system r + X b = y, X'r = 0, with b, r and right-hand sides in extended precision.

    r is kept as a double and a small rest, so that large residuals that are doubles (counts) bring no rounding.
    """
    Q, inverse = factors
    wide = X.astype(np.longdouble)
    across = np.swapaxes(wide, -1, -2)
    b, target = start[0].astype(np.longdouble), y.astype(np.longdouble)
    r, rest = start[1], target * 0.0
    for _ in range(steps):
        gap = np.asarray((target - r) - rest - (wide @ b[..., None])[..., 0], dtype=np.float64)
        slope = np.asarray(-(across @ r[..., None] + across @ rest[..., None])[..., 0], dtype=np.float64)
        h = _apply(_transpose(inverse), slope)
        projected = _apply(_transpose(Q), gap)
        b = b + _apply(inverse, projected - h)
        rest = rest + gap + _apply(Q, h - projected)
        moved = np.asarray(r + rest, dtype=np.float64)
        r, rest = moved, (r - moved) + rest
    return np.asarray(b, dtype=np.float64), r


def _refined_inverse(X: Array, inverse: Array) -> Array:
    """R^-1 to the last digits: X R^-1, formed in extended precision, shows how far it is from orthonormal."""
    wide = X.astype(np.longdouble) @ inverse.astype(np.longdouble)
    gap = np.asarray(np.swapaxes(wide, -1, -2) @ wide - np.eye(X.shape[-1]), dtype=np.float64)
    if not float(np.abs(gap).max(initial=0.0)) < FAR:
        return inverse
    return np.asarray(inverse - inverse @ (np.triu(gap, 1) + 0.5 * np.triu(np.tril(gap))), dtype=np.float64)


def _residuals(design: Array, response: Array, b: Array, weights: Array, refined: Array | None) -> Array:
    if refined is None:
        return response - _apply(design, b)
    root = np.sqrt(weights)
    plain = response - _apply(design, b)
    return np.where(root > 0, refined / np.where(root > 0, root, 1.0), plain)


def _apply(A: Array, v: Array) -> Array:
    return (A @ v[..., None])[..., 0]


def _transpose(A: Array) -> Array:
    return np.swapaxes(A, -1, -2)
