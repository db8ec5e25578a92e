"""From a fitted covariance to standard errors, degrees of freedom and Kenward and Roger's adjustment.

Parameters are the elements of G, the covariance of the random effects, and the residual variance: V is linear in them,
so its second derivatives vanish. Everything comes from the sums of `Sufficient`; no matrix of a participant is made.
Kenward & Roger (1997), Biometrics 53:983-997; Giesbrecht & Burns (1985); Fai & Cornelius (1996).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from casearc.statistics.mixed._likelihood import Look, contract
from casearc.statistics.mixed._sufficient import Array, Sufficient


@dataclass(frozen=True, slots=True)
class Inference:
    """Leading axes `...` are data sets.

    Attributes
    ----------
    phi
        Covariance of the fixed effects, (..., p, p).
    adjusted
        The same with Kenward and Roger's adjustment for small samples.
    slopes
        Derivatives of `phi` by each variance parameter, (..., r, p, p).
    observed, expected
        Covariance of the variance parameters from observed and expected REML information, (..., r, r).
    """

    phi: Array
    adjusted: Array
    slopes: Array
    observed: Array
    expected: Array


def basis(free: NDArray[np.bool_]) -> Array:
    """Symmetric matrices that span the free elements of G, (r - 1, q, q)."""
    q = free.shape[0]
    made = []
    for i, j in np.argwhere(free):
        e = np.zeros((q, q))
        e[i, j] = e[j, i] = 1.0
        made.append(e)
    return np.array(made).reshape(-1, q, q)


def infer(data: Sufficient, at: Look, elements: Array) -> Inference:
    """Everything that tests of fixed effects need, from the model at its optimum."""
    p, sigma2 = data.p, at.rss / at.df
    first, second, traces = _moments(data, at, elements)
    s2 = sigma2[..., None, None]
    phi = at.phi * s2
    r = elements.shape[0] + 1
    weight = _per_pair(sigma2, -2)
    P = first[..., :p, :p] * _per_pair(sigma2, -2)
    Q = second[..., :p, :p] * _per_pair(sigma2, -3)[..., None, :, :]
    bent = phi[..., None, :, :] @ P
    trace = traces * s2**-2 - 2.0 * np.einsum("...ij,...klji->...kl", phi, Q)
    trace = trace + np.einsum("...kij,...lji->...kl", bent, bent)
    expected = 2.0 * _inverse(0.5 * (trace + np.swapaxes(trace, -1, -2)))
    v = at.v
    a = np.einsum("...kij,...j->...ki", first[..., :p, :] * weight, v)
    curved = np.einsum("...i,...klij,...j->...kl", v, second * _per_pair(sigma2, -3)[..., None, :, :], v)
    curved = curved - np.einsum("...ki,...ij,...lj->...kl", a, phi, a)
    information = -0.5 * trace + curved
    observed = _inverse(0.5 * (information + np.swapaxes(information, -1, -2)))
    middle = np.einsum("...kl,...klij->...ij", expected, Q)
    middle = middle - np.einsum("...kl,...kim,...lmj->...ij", expected, P, bent)
    adjusted = phi + 2.0 * phi @ (0.5 * (middle + np.swapaxes(middle, -1, -2))) @ phi
    slopes = bent @ phi[..., None, :, :]
    return Inference(phi, adjusted, slopes.reshape(*phi.shape[:-2], r, p, p), observed, expected)


def satterthwaite(found: Inference, contrast: Array) -> Array:
    """Degrees of freedom of each row of `contrast` (m, p): (..., m)."""
    variance = np.einsum("mi,...ij,mj->...m", contrast, found.phi, contrast)
    slope = np.einsum("mi,...kij,mj->...mk", contrast, found.slopes, contrast)
    spread = np.einsum("...mk,...kl,...ml->...m", slope, found.observed, slope)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(2.0 * variance**2 / spread)


def with_expected(found: Inference) -> Inference:
    """The same with the expected information in the place of the observed one, which at a boundary need not invert."""
    return replace(found, observed=found.expected)


def kenward_roger(found: Inference, contrast: Array) -> tuple[Array, Array]:
    """Denominator degrees of freedom and scaling of F for a joint contrast (m, p): two arrays (...)."""
    m = contrast.shape[0]
    inside = contrast @ found.phi @ contrast.T
    theta = contrast.T @ np.linalg.inv(inside) @ contrast
    pulled = theta[..., None, :, :] @ found.slopes
    one = np.einsum("...kii->...k", pulled)
    two = np.einsum("...kij,...lji->...kl", pulled, pulled)
    a1 = np.einsum("...kl,...k,...l->...", found.expected, one, one)
    a2 = np.einsum("...kl,...kl->...", found.expected, two)
    b = (a1 + 6.0 * a2) / (2.0 * m)
    g = ((m + 1.0) * a1 - (m + 4.0) * a2) / ((m + 2.0) * a2)
    bottom = 3.0 * m + 2.0 * (1.0 - g)
    c1, c2, c3 = g / bottom, (m - g) / bottom, (m + 2.0 - g) / bottom
    mean = 1.0 / (1.0 - a2 / m)
    v0, v1, v2 = 1.0 + c1 * b, 1.0 - c2 * b, 1.0 - c3 * b
    v1 = np.where(np.abs(v1) < 1e-10, 0.0, v1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (1.0 - a2 / m) ** 2 / v1**2 * v0 / v2
        rho = ratio / m
        df = 4.0 + (m + 2.0) / (m * rho - 1.0)
        scaling = np.where(np.abs(df - 2.0) < 1e-2, 1.0, df / (mean * (df - 2.0)))
    return np.asarray(df), np.asarray(scaling)


def _moments(data: Sufficient, at: Look, elements: Array) -> tuple[Array, Array, Array]:
    """X'H V_k H X, X'H V_k H V_l H X over [X y], and tr(H V_k H V_l): (.., r, P, P), (.., r, r, P, P), (.., r, r).

    In units of the residual variance, whose powers the caller puts in.
    """
    k, ell, a, s, c = at.k, at.ell, data.a, data.s, data.c
    lt = np.swapaxes(ell, -1, -2)
    w = ell @ a
    count = elements.shape[0]
    ka = k @ a
    kak = ka @ k
    first = [contract(s, lt @ e @ ell) for e in elements]
    first.append(c - 2.0 * contract(s, k) + contract(s, kak))
    rows = []
    for i in range(count + 1):
        row = []
        for j in range(count + 1):
            row.append(_second(i, j, count, elements, data=data, parts=(k, ell, lt, w, ka, kak)))
        rows.append(row)
    second = np.stack([np.stack([pair[0] for pair in row], axis=-3) for row in rows], axis=-4)
    traces = np.stack([np.stack([pair[1] for pair in row], axis=-1) for row in rows], axis=-2)
    return np.stack(first, axis=-3), second, traces


def _second(
    i: int, j: int, count: int, elements: Array, *, data: Sufficient, parts: tuple[Array, ...]
) -> tuple[Array, Array]:
    """One pair of parameters; `count` stands for the residual variance."""
    k, ell, lt, w, ka, kak = parts
    s, sizes = data.s, data.sizes

    def total(m: Array) -> Array:
        return np.asarray((sizes * np.einsum("...ii->...", m)).sum(axis=-1))

    if i < count and j < count:
        return contract(s, lt @ elements[i] @ w @ elements[j] @ ell), total(elements[i] @ w @ elements[j] @ w)
    if i < count:
        return contract(s, lt @ elements[i] @ ell @ ell), total(elements[i] @ ell @ data.a @ lt)
    if j < count:
        return contract(s, lt @ lt @ elements[j] @ ell), total(elements[j] @ ell @ data.a @ lt)
    cubed = data.c - 3.0 * contract(s, k) + 3.0 * contract(s, kak) - contract(s, kak @ data.a @ k)
    return cubed, np.asarray(data.rows - 2.0 * total(ka) + total(ka @ ka))


def _per_pair(sigma2: Array, power: int) -> Array:
    return np.asarray(sigma2[..., None, None, None] ** power)


def _inverse(m: Array) -> Array:
    """Inverse where there is one; nan elsewhere, for the caller to tell."""
    try:
        return np.asarray(np.linalg.inv(m))
    except np.linalg.LinAlgError:
        if m.ndim == 2:
            return np.full_like(m, np.nan)
        return np.stack([_inverse(each) for each in m])
