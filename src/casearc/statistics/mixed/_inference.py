"""From a fitted covariance to standard errors, degrees of freedom and Kenward and Roger's adjustment.

Kenward and Roger's parameters are the elements of G, the covariance of the random effects, and the residual variance:
V is linear in them, so its second derivatives vanish, and they use the expected information. Satterthwaite's method
uses the observed information of the parameters that can move at the optimum, those of the factor of G: at a variance of
zero a direction drops out. Everything comes from the sums of `Sufficient`; no matrix of a participant is made.
Kenward & Roger (1997), Biometrics 53:983-997; Giesbrecht & Burns (1985); Fai & Cornelius (1996).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from casearc.statistics.mixed._likelihood import Look, contract
from casearc.statistics.mixed._structure import Structure
from casearc.statistics.mixed._sufficient import Array, Sufficient


@dataclass(frozen=True, slots=True)
class Inference:
    """Leading axes `...` are data sets.

    Attributes
    ----------
    phi
        Covariance of the fixed effects, (..., p, p).
    adjusted
        The same with Kenward and Roger's adjustment for small samples, or `phi` again with Satterthwaite's method.
    slopes
        Derivatives of `phi` by each variance parameter, (..., r, p, p), the residual variance standing last.
    spread
        Covariance of the variance parameters, (..., r, r).
    """

    phi: Array
    adjusted: Array
    slopes: Array
    spread: Array

    def turned(self, basis: Array, scale: float) -> Inference:
        """The same for coefficients ``scale * basis @ b`` of an outcome `scale` times as large."""
        back = np.swapaxes(basis, -1, -2)
        two, four = scale**2, scale**4
        phi, adjusted = (basis @ each @ back * two for each in (self.phi, self.adjusted))
        return Inference(phi, adjusted, basis @ self.slopes @ back, self.spread * four)


@dataclass(frozen=True, slots=True)
class _Moments:
    """X'H V_k H X = `p`, X'H V_k H V_l H X = `q`, the same with the residuals, and tr(H V_k H V_l), all absolute."""

    phi: Array
    first: Array
    second: Array
    traces: Array
    v: Array

    @property
    def p(self) -> Array:
        return self.first[..., :-1, :-1]

    @property
    def q(self) -> Array:
        return self.second[..., :-1, :-1]

    @property
    def bent(self) -> Array:
        return np.asarray(self.phi[..., None, :, :] @ self.p)


def kenward_roger_inference(data: Sufficient, at: Look, structure: Structure) -> Inference:
    """With the adjustment and the expected information; at a variance of zero its formulas are used as they stand."""
    m = _moments(data, at, structure.covariances)
    bent = m.bent
    spread = 2.0 * _inverse(_projected_traces(m, bent))
    middle = np.einsum("...kl,...klij->...ij", spread, m.q)
    middle = middle - np.einsum("...kl,...kim,...lmj->...ij", spread, m.p, bent)
    adjusted = m.phi + 2.0 * m.phi @ _symmetric(middle) @ m.phi
    return Inference(m.phi, adjusted, bent @ m.phi[..., None, :, :], spread)


def satterthwaite_inference(data: Sufficient, at: Look, structure: Structure, *, reml: bool) -> Inference:
    """With the observed information of the parameters that can move."""
    sigma2 = at.residual_variance
    elements = structure.tangents(at.factor) * np.sqrt(sigma2)[..., None, None, None]
    m = _moments(data, at, elements)
    bent = m.bent
    traces = _projected_traces(m, bent) if reml else m.traces
    pulled = np.einsum("...kij,...j->...ki", m.first[..., :-1, :], m.v)
    curved = np.einsum("...i,...klij,...j->...kl", m.v, m.second, m.v)
    curved = curved - np.einsum("...ki,...ij,...lj->...kl", pulled, m.phi, pulled)
    information = -0.5 * traces + curved
    information[..., :-1, :-1] += 0.5 * structure.bends(at.slope / sigma2[..., None, None])
    slopes = bent @ m.phi[..., None, :, :]
    return Inference(m.phi, m.phi, slopes, _moving_inverse(_symmetric(information), elements))


def satterthwaite(found: Inference, contrast: Array) -> Array:
    """Degrees of freedom of each row of `contrast` (m, p): (..., m)."""
    variance = np.einsum("mi,...ij,mj->...m", contrast, found.phi, contrast)
    slope = np.einsum("mi,...kij,mj->...mk", contrast, found.slopes, contrast)
    spread = np.einsum("...mk,...kl,...ml->...m", slope, found.spread, slope)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(2.0 * variance**2 / spread)


def kenward_roger(found: Inference, contrast: Array) -> tuple[Array, Array]:
    """Denominator degrees of freedom and scaling of F for a joint contrast (m, p): two arrays (...)."""
    m = contrast.shape[0]
    inside = contrast @ found.phi @ contrast.T
    theta = contrast.T @ np.linalg.inv(inside) @ contrast
    pulled = theta[..., None, :, :] @ found.slopes
    one = np.einsum("...kii->...k", pulled)
    two = np.einsum("...kij,...lji->...kl", pulled, pulled)
    a1 = np.einsum("...kl,...k,...l->...", found.spread, one, one)
    a2 = np.einsum("...kl,...kl->...", found.spread, two)
    b = (a1 + 6.0 * a2) / (2.0 * m)
    g = ((m + 1.0) * a1 - (m + 4.0) * a2) / ((m + 2.0) * a2)
    bottom = 3.0 * m + 2.0 * (1.0 - g)
    c1, c2, c3 = g / bottom, (m - g) / bottom, (m + 2.0 - g) / bottom
    mean = 1.0 / (1.0 - a2 / m)
    v0, v1, v2 = 1.0 + c1 * b, 1.0 - c2 * b, 1.0 - c3 * b
    v1 = np.where(np.abs(v1) < 1e-10, 0.0, v1)
    with np.errstate(divide="ignore", invalid="ignore"):
        rho = (1.0 - a2 / m) ** 2 / v1**2 * v0 / v2 / m
        df = 4.0 + (m + 2.0) / (m * rho - 1.0)
        scaling = np.where(np.abs(df - 2.0) < 1e-2, 1.0, df / (mean * (df - 2.0)))
    return np.asarray(df), np.asarray(scaling)


def _projected_traces(m: _Moments, bent: Array) -> Array:
    """tr(P V_k P V_l), P being H less its projection on the fixed terms."""
    trace = m.traces - 2.0 * np.einsum("...ij,...klji->...kl", m.phi, m.q)
    return _symmetric(trace + np.einsum("...kij,...lji->...kl", bent, bent))


def _moments(data: Sufficient, at: Look, elements: Array) -> _Moments:
    """`elements` (..., m, q, q) are the derivatives of G; the residual variance comes after them."""
    k, a, s = at.k, data.a, data.s
    ell = at.ell
    lt = np.swapaxes(ell, -1, -2)
    count = elements.shape[-3]
    inner = [elements[..., i, None, :, :] for i in range(count)]
    first = [contract(s, lt @ e @ ell) for e in inner]
    ka = k @ a
    kak = ka @ k
    first.append(data.c - 2.0 * contract(s, k) + contract(s, kak))
    second, traces = _pairs(data, inner, (k, ell, lt, ka, kak))
    sigma2 = at.residual_variance[..., None, None, None]
    return _Moments(
        phi=at.phi * sigma2[..., 0],
        first=np.stack(first, axis=-3) / sigma2**2,
        second=second / sigma2[..., None] ** 3,
        traces=traces / sigma2[..., 0] ** 2,
        v=at.v,
    )


def _pairs(data: Sufficient, inner: list[Array], parts: tuple[Array, ...]) -> tuple[Array, Array]:
    count = len(inner)
    rows = [[_second(i, j, inner, data=data, parts=parts) for j in range(count + 1)] for i in range(count + 1)]
    second = np.stack([np.stack([pair[0] for pair in row], axis=-3) for row in rows], axis=-4)
    traces = np.stack([np.stack([pair[1] for pair in row], axis=-1) for row in rows], axis=-2)
    return second, traces


def _second(i: int, j: int, inner: list[Array], *, data: Sufficient, parts: tuple[Array, ...]) -> tuple[Array, Array]:
    """One pair of parameters; the residual variance follows the last of `inner`."""
    k, ell, lt, ka, kak = parts
    s, count = data.s, len(inner)
    w = ell @ data.a

    def total(m: Array) -> Array:
        return np.asarray((data.sizes * np.einsum("...ii->...", m)).sum(axis=-1))

    if i < count and j < count:
        return contract(s, lt @ inner[i] @ w @ inner[j] @ ell), total(inner[i] @ w @ inner[j] @ w)
    if i < count:
        return contract(s, lt @ inner[i] @ ell @ ell), total(inner[i] @ ell @ data.a @ lt)
    if j < count:
        return contract(s, lt @ lt @ inner[j] @ ell), total(inner[j] @ ell @ data.a @ lt)
    cubed = data.c - 3.0 * contract(s, k) + 3.0 * contract(s, kak) - contract(s, kak @ data.a @ k)
    return cubed, np.asarray(data.rows - 2.0 * total(ka) + total(ka @ ka))


def _symmetric(m: Array) -> Array:
    return np.asarray(0.5 * (m + np.swapaxes(m, -1, -2)))


def _moving_inverse(information: Array, elements: Array) -> Array:
    """Inverse over the parameters whose derivatives of G are not zero; zeros for the others."""
    size = np.abs(elements).max(axis=(-1, -2))
    moving = np.concatenate([size > 0.0, np.ones((*size.shape[:-1], 1), dtype=bool)], axis=-1)
    both = moving[..., :, None] & moving[..., None, :]
    eye = np.eye(moving.shape[-1])
    return np.asarray(np.where(both, _inverse(np.where(both, information, eye)), 0.0))


def _inverse(m: Array) -> Array:
    """Inverse where there is one; nan elsewhere, for the caller to tell. Parameters differ in scale: scaled first."""
    scale = 1.0 / np.sqrt(np.maximum(np.abs(np.einsum("...ii->...i", m)), 1e-300))
    both = scale[..., :, None] * scale[..., None, :]
    return np.asarray(_plain_inverse(m * both) * both)


def _plain_inverse(m: Array) -> Array:
    try:
        return np.asarray(np.linalg.inv(m))
    except np.linalg.LinAlgError:
        if m.ndim == 2:
            return np.full_like(m, np.nan)
        return np.stack([_plain_inverse(each) for each in m])
