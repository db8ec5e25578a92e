"""CR2: Bell and McCaffrey's cluster-robust covariance, Satterthwaite df of a contrast, Hotelling's T2 of several.

Everything is computed from the k x k matrices C_g = Q_g'W_g Q_g of the clusters, Q being the design made orthonormal:
the adjustment of a cluster, (I - H_gg)^(-1/2), acts on the columns of Q_g as V diag((1 - s)^(-1/2)) V' with
C_g = V diag(s) V'. So a cluster of any size costs no more than a small one. The working model is independent errors of
equal variance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casearc.statistics import _design
from casearc.statistics._arrays import Matrix, Vector
from casearc.statistics._clusters import Clusters

GONE = 1e-12
"""Of 1 - s, below which a cluster determines a direction alone and the pseudo-inverse leaves it out."""


@dataclass(frozen=True, slots=True)
class SmallSample:
    """What gives a contrast its df. `half`, `spread` and `lost` have shape (clusters, k, k); `bread` is R^-1."""

    half: NDArray[np.float64]
    spread: NDArray[np.float64]
    lost: NDArray[np.float64]
    bread: Matrix

    def adjusted(self, totals: Matrix) -> Matrix:
        """The clusters' score sums (clusters, k) in the basis Q, each with its adjustment."""
        return np.asarray(np.einsum("gij,gj->gi", self.half, totals), dtype=np.float64)

    def cross(self, first: Vector, second: Vector) -> Matrix:
        """Working-model covariance of the clusters' contributions to two contrasts, (clusters, clusters)."""
        a, b = self.bread.T @ first, self.bread.T @ second
        out = -(self.lost @ a) @ (self.lost @ b).T
        out[np.diag_indices_from(out)] += np.einsum("i,gij,j->g", a, self.spread, b)
        return np.asarray(out, dtype=np.float64)

    def df(self, contrasts: Matrix) -> Vector:
        """Satterthwaite df of every row of `contrasts` (m, k): twice squared mean over variance."""
        found = []
        for contrast in contrasts:
            P = self.cross(contrast, contrast)
            found.append(float(np.trace(P)) ** 2 / float((P**2).sum()))
        return np.array(found)

    def hotelling(self, coefficients: Vector, covariance: Matrix, contrasts: Matrix) -> tuple[float, float] | None:
        """F of all contrasts at once and its denominator's df; None where so few clusters cannot bear them."""
        q = contrasts.shape[0]
        wald = _design.wald_statistic(coefficients, covariance, contrasts)
        eta = self._wishart_df(contrasts)
        if wald is None or eta is None or eta - q + 1.0 <= 0.0:
            return None
        return (eta - q + 1.0) / (eta * q) * wald, eta - q + 1.0

    def _wishart_df(self, contrasts: Matrix) -> float | None:
        """Df of the Wishart whose total variance is that of the estimated covariance, its mean made the identity."""
        q = contrasts.shape[0]
        mean = np.array([[np.trace(self.cross(a, b)) for b in contrasts] for a in contrasts])
        values, vectors = np.linalg.eigh(mean)
        if values[0] <= 1e-11 * values[-1]:
            return None
        standard = (vectors / np.sqrt(values)).T @ contrasts
        P = np.array([[self.cross(a, b) for b in standard] for a in standard])
        own = np.einsum("ssij->sij", P)
        variance = np.einsum("sij,tij->", own, own) + np.einsum("stij,tsij->", P, P)
        return float(q * (q + 1) / variance)


def small_sample(half: Matrix, weights: Vector, clusters: Clusters, bread: Matrix) -> SmallSample:
    """From the orthonormal design `half` (n, k), frequency weights and clusters."""
    k = half.shape[1]
    products = (half[:, :, None] * half[:, None, :] * weights[:, None, None]).reshape(-1, k * k)
    C = clusters.sums(products).reshape(clusters.count, k, k)
    s, V = np.linalg.eigh(C)
    left = 1.0 - s
    kept = left > GONE
    root = np.where(kept, 1.0 / np.sqrt(np.where(kept, left, 1.0)), 0.0)
    back = np.swapaxes(V, -1, -2)
    return SmallSample(
        half=(V * root[:, None, :]) @ back,
        spread=(V * (s * root**2)[:, None, :]) @ back,
        lost=(V * (s * root)[:, None, :]) @ back,
        bread=bread,
    )
