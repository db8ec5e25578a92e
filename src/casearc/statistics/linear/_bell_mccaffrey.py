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

Parts = tuple[Vector, Matrix, Matrix]

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

    def parts(self, contrast: Vector) -> Parts:
        """The contrast in the basis Q, and for every cluster what its contributions have of their own and in common.

        Under the working model the contributions of clusters g and h to two contrasts a and b have the covariance
        [g = h] own_g - common_g(a) common_h(b)', never formed: with many clusters it would be large.
        """
        a = self.bread.T @ contrast
        return a, self.spread @ a, self.lost @ a

    def df(self, contrasts: Matrix) -> Vector:
        """Satterthwaite df of every row of `contrasts` (m, k): twice squared mean over variance."""
        found = []
        for contrast in contrasts:
            a, spread, common = self.parts(contrast)
            own = spread @ a
            trace = float(own.sum() - (common**2).sum())
            square = float((own**2).sum() - 2.0 * (own @ (common**2).sum(axis=1)) + ((common.T @ common) ** 2).sum())
            found.append(trace**2 / square)
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
        mean = np.array([[self._mean(self.parts(a), self.parts(b)) for b in contrasts] for a in contrasts])
        values, vectors = np.linalg.eigh(mean)
        if values[0] <= 1e-11 * values[-1]:
            return None
        parts = [self.parts(contrast) for contrast in (vectors / np.sqrt(values)).T @ contrasts]
        variance = sum(self._variance(first, second) for first in parts for second in parts)
        return float(q * (q + 1) / variance)

    @staticmethod
    def _mean(first: Parts, second: Parts) -> float:
        """Expectation of the estimated covariance of two contrasts."""
        (_, spread, common), (b, _, other) = first, second
        return float((spread @ b).sum() - (common * other).sum())

    @staticmethod
    def _variance(first: Parts, second: Parts) -> float:
        """Variance of the estimated covariance of two contrasts, normal errors."""
        (a, spread, common), (b, spread_b, other) = first, second
        own, own_b, shared = spread @ a, spread_b @ b, spread @ b
        squares, squares_b, products = (common**2).sum(axis=1), (other**2).sum(axis=1), (common * other).sum(axis=1)
        both = other.T @ common
        straight = own @ own_b - own @ squares_b - own_b @ squares + (both**2).sum()
        crossed = shared @ shared - 2.0 * (shared @ products) + np.trace(both @ both)
        return float(straight + crossed)


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
