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

    `k` is K of each pattern (..., U, q, q), `ell` is I - A K, `phi` the inverse of X'HX (..., p, p), `v` = (-b, 1).
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
    gradient: Array


def contract(s: Array, m: Array) -> Array:
    """Sum over patterns and pairs of random effects of m[a, b] S[a, b]: sum of B'm B, (..., P, P)."""
    U, q, width = s.shape[-5], s.shape[-4], s.shape[-1]
    flat = s.reshape(*s.shape[:-5], U * q * q, width * width)
    weights = np.broadcast_to(m, (*s.shape[:-5], U, q, q)).reshape(*s.shape[:-5], 1, U * q * q)
    return np.asarray((weights @ flat)[..., 0, :].reshape(*s.shape[:-5], width, width))


def spread(s: Array, m: Array) -> Array:
    """Sum of B m B' of each pattern, (..., U, q, q), with m (..., P, P)."""
    U, q, width = s.shape[-5], s.shape[-4], s.shape[-1]
    flat = s.reshape(*s.shape[:-5], U * q * q, width * width)
    column = np.broadcast_to(m, (*s.shape[:-5], width, width)).reshape(*s.shape[:-5], width * width, 1)
    return np.asarray((flat @ column).reshape(*s.shape[:-5], U, q, q))


def look(data: Sufficient, factor: Array, *, reml: bool) -> Look:
    """Deviance and gradient at `factor`, lower triangular (..., q, q). The gradient has its shape, zeros above."""
    L = factor[..., None, :, :]
    inner = np.eye(data.q) + _t(L) @ data.a @ L
    k = L @ _inverse(inner) @ _t(L)
    ell = np.eye(data.q) - data.a @ k
    log_det = np.log(_determinant(inner))
    full = data.c - contract(data.s, k)
    p = data.p
    xx, xy = full[..., :p, :p], full[..., :p, p]
    root = np.linalg.cholesky(xx)
    half = np.linalg.inv(root)
    phi = _t(half) @ half
    b = (phi @ xy[..., None])[..., 0]
    rss = np.maximum(full[..., p, p] - (xy * b).sum(axis=-1), 1e-300)
    df = data.rows - p if reml else data.rows
    deviance = (data.sizes * log_det).sum(axis=-1) + df * (np.log(2.0 * math.pi * rss / df) + 1.0)
    if reml:
        deviance = deviance + 2.0 * np.log(np.einsum("...ii->...i", root)).sum(axis=-1)
    v = np.concatenate([-b, np.ones((*b.shape[:-1], 1))], axis=-1)
    inside = (df / rss)[..., None, None] * v[..., :, None] * v[..., None, :]
    if reml:
        inside[..., :p, :p] += phi
    pull = ell @ spread(data.s, inside) @ _t(ell)
    slope = (data.sizes[..., None, None] * (ell @ data.a) - pull).sum(axis=-3)
    gradient = np.tril(2.0 * slope @ factor)
    return Look(factor, k, ell, phi, b, v, rss, df, deviance, gradient)


def _t(m: Array) -> Array:
    return np.swapaxes(m, -1, -2)


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
