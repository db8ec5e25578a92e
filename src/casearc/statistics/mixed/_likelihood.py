"""The profiled deviance of a linear mixed model and its gradient, for one data set or many at once.

With D = L L' the covariance of the random effects over the residual variance, a participant's inverse covariance is
I - Z K Z' (over the residual variance), K = L (I + L'A L)^-1 L'. Fixed effects and residual variance are profiled out.
Bates et al. (2015), Journal of Statistical Software 67(1).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from casearc.statistics.mixed._sufficient import Array, Sufficient


@dataclass(frozen=True, slots=True)
class Look:
    """The model at some `factor` L (..., q, q).

    `k` is K of each pattern (..., U, q, q), `ell` is I - A K, `phi` the inverse of X'HX (..., p, p), `v` = (-b, 1);
    `slope` is the derivative of the deviance by D, symmetric.
    """

    factor: Array
    k: Array
    ell: Array
    phi: Array
    b: Array
    v: Array
    rss: Array
    df: Array
    deviance: Array
    slope: Array

    @property
    def gradient(self) -> Array:
        """Derivative of the deviance by the factor, (..., q, q)."""
        return np.asarray(2.0 * self.slope @ self.factor)

    @property
    def residual_variance(self) -> Array:
        """The profiled residual variance."""
        return np.asarray(self.rss / self.df)


SHARED = 5
"""Axes of `Sufficient.s` where all data sets share it: one product of matrices then serves them all."""


MANY = 2000
"""Numbers from which on products of two by two matrices are worked out by hand."""


def contract(s: Array, m: Array) -> Array:
    """Sum over patterns and pairs of random effects of m[a, b] S[a, b]: sum of B'm B, (..., P, P)."""
    if s.ndim == SHARED:
        size, width = s.shape[0] * s.shape[1] ** 2, s.shape[-1]
        found = m.reshape(-1, size) @ s.reshape(size, width * width)
        return np.asarray(found.reshape(*m.shape[:-3], width, width))
    size, width = s.shape[-5] * s.shape[-4] ** 2, s.shape[-1]
    flat = s.reshape(*s.shape[:-5], size, width * width)
    found = m.reshape(*m.shape[:-3], 1, size) @ flat
    return np.asarray(found.reshape(*found.shape[:-2], width, width))


def spread(s: Array, m: Array) -> Array:
    """Sum of B m B' of each pattern, (..., U, q, q), with m (..., P, P)."""
    patterns, q, width = s.shape[-5], s.shape[-4], s.shape[-1]
    if s.ndim == SHARED:
        shared = m.reshape(-1, width * width) @ s.reshape(-1, width * width).T
        return np.asarray(shared.reshape(*m.shape[:-2], patterns, q, q))
    flat = s.reshape(*s.shape[:-5], patterns * q * q, width * width)
    found = flat @ m.reshape(*m.shape[:-2], width * width, 1)
    return np.asarray(found.reshape(*found.shape[:-2], patterns, q, q))


def look(data: Sufficient, factor: Array, *, reml: bool) -> Look:
    """Deviance and its slope at `factor` (..., q, q), whose leading axes broadcast with those of `data`."""
    L = factor[..., None, :, :]
    inner = np.eye(data.q) + _times(_t(L), _times(data.a, L))
    k = _times(_times(L, _inverse(inner)), _t(L))
    ell = np.eye(data.q) - _times(data.a, k)
    often = data.sizes[..., None, None] if data.shared else 1.0
    full = data.c - contract(data.s, k * often)
    p = data.p
    xx, xy = full[..., :p, :p], full[..., :p, p]
    root = np.linalg.cholesky(xx)
    inverse = np.linalg.inv(root)
    phi = _t(inverse) @ inverse
    b = (phi @ xy[..., None])[..., 0]
    rss = np.maximum(full[..., p, p] - (xy * b).sum(axis=-1), 1e-300)
    df = data.rows - p if reml else data.rows
    deviance = (data.sizes * np.log(_determinant(inner))).sum(axis=-1) + df * (np.log(2.0 * math.pi * rss / df) + 1.0)
    v = np.concatenate([-b, np.ones((*b.shape[:-1], 1))], axis=-1)
    inside = (df / rss)[..., None, None] * v[..., :, None] * v[..., None, :]
    if reml:
        deviance = deviance + 2.0 * np.log(np.einsum("...ii->...i", root)).sum(axis=-1)
        inside[..., :p, :p] += phi
    pull = _times(_times(ell, often * spread(data.s, inside)), _t(ell))
    slope = (data.sizes[..., None, None] * _times(ell, data.a) - pull).sum(axis=-3)
    return Look(factor, k, ell, phi, b, v, rss, df, deviance, slope)


def _t(m: Array) -> Array:
    return np.swapaxes(m, -1, -2)


def _times(left: Array, right: Array) -> Array:
    """Products of small square matrices: many of two by two by hand, for a call of BLAS a matrix costs more."""
    if left.shape[-1] != 2 or max(left.size, right.size) < MANY:
        return np.asarray(left @ right)
    out = np.empty(np.broadcast_shapes(left.shape, right.shape))
    for i in range(2):
        for j in range(2):
            out[..., i, j] = left[..., i, 0] * right[..., 0, j] + left[..., i, 1] * right[..., 1, j]
    return out


def _inverse(m: Array) -> Array:
    """Inverse of small symmetric matrices; LAPACK's call a matrix costs more than the arithmetic."""
    if m.shape[-1] == 1:
        return np.asarray(1.0 / m)
    if m.shape[-1] > 2:
        return np.asarray(np.linalg.inv(m))
    determinant = _determinant(m)[..., None, None]
    out = np.empty_like(m)
    out[..., 0, 0], out[..., 1, 1] = m[..., 1, 1], m[..., 0, 0]
    out[..., 0, 1], out[..., 1, 0] = -m[..., 0, 1], -m[..., 1, 0]
    return np.asarray(out / determinant)


def _determinant(m: Array) -> Array:
    if m.shape[-1] == 1:
        return np.asarray(m[..., 0, 0])
    if m.shape[-1] > 2:
        return np.asarray(np.linalg.det(m))
    return np.asarray(m[..., 0, 0] * m[..., 1, 1] - m[..., 0, 1] * m[..., 1, 0])
