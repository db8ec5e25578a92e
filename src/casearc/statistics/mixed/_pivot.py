"""The exact distribution of a random intercept's variance over the residual one.

With V = I + ratio ZZ' the generalized residual sum of squares less the one within participants is chi-square and
independent of the latter, at the true ratio: Wald (1947), Annals of Mathematical Statistics 18:586-589; with any fixed
terms Seely & El-Bassiouni (1983), Annals of Statistics 11:197-210. Exact in normal data, however unbalanced, as long as
the numbers of measurements do not depend on the outcome. Where waves are missing after low scores it loses its level as
n grows: in the simulations behind `tests/calibration/cells_mixed.py` the F test errs in 12 of 100 at n = 300.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from casearc.errors import StatisticsRefusedError
from casearc.statistics.mixed._likelihood import look
from casearc.statistics.mixed._sufficient import Array, Sufficient

LARGEST_RATIO = 1e8
"""A ratio of variances at which an upper limit is given up and reported open."""


@dataclass(frozen=True, slots=True)
class Pivot:
    """`within` (...) is the residual sum of squares within participants on `df_within`; `df_between` beside it."""

    data: Sufficient
    within: Array
    df_between: Array
    df_within: Array

    def f(self, ratio: Array) -> Array:
        """F at ratios (...): falls in the ratio."""
        rss = look(self.data, np.sqrt(ratio)[..., None, None], reml=True).rss
        return np.asarray(np.maximum(rss - self.within, 0.0) / self.df_between / (self.within / self.df_within))

    def p_zero(self) -> tuple[Array, Array]:
        """F of no differences between participants, and its p."""
        f = self.f(np.zeros(np.shape(self.within)))
        return f, np.asarray(special.fdtrc(self.df_between, self.df_within, f))

    def limits(self, level: float) -> tuple[Array, Array]:
        """Limits of the ratio; 0 where even no difference is compatible, infinite where any is."""
        tail = (1.0 - level) / 2.0
        return self._crossing(1.0 - tail), self._crossing(tail)

    def _crossing(self, probability: float) -> Array:
        """The ratio at which F is its own quantile: bisection in the logarithm."""
        target = special.fdtri(self.df_between, self.df_within, probability)
        low = np.full(np.shape(self.within), np.log(1e-8))
        high = np.full(np.shape(self.within), np.log(LARGEST_RATIO))
        none, all_ = self.f(np.exp(low)) <= target, self.f(np.exp(high)) > target
        for _ in range(60):
            middle = 0.5 * (low + high)
            above = self.f(np.exp(middle)) > target
            low, high = np.where(above, middle, low), np.where(above, high, middle)
        return np.asarray(np.where(none, 0.0, np.where(all_, np.inf, np.exp(0.5 * (low + high)))))


def pivot_of(data: Sufficient) -> Pivot:
    """From the sums of a model with a random intercept alone; refuses data in which one of the two parts is empty."""
    p = data.p
    inside = data.c - (data.s[..., 0, 0, :, :] / data.a[:, 0, 0][:, None, None]).sum(axis=-3)
    xx, xy = inside[..., :p, :p], inside[..., :p, p]
    values, vectors = np.linalg.eigh(0.5 * (xx + np.swapaxes(xx, -1, -2)))
    there = values > 1e-9 * np.maximum(np.einsum("...ii->...i", data.c[..., :p, :p]).max(axis=-1), 1e-300)[..., None]
    pulled = (np.swapaxes(vectors, -1, -2) @ xy[..., None])[..., 0]
    explained = (np.where(there, pulled, 0.0) ** 2 / np.where(there, values, 1.0)).sum(axis=-1)
    within = inside[..., p, p] - explained
    rank = data.sizes.sum(axis=-1) + there.sum(axis=-1)
    df_between, df_within = rank - p, data.rows - rank
    if (df_within < 1).any() or (df_between < 1).any() or (within <= 1e-12 * data.c[..., p, p]).any():
        raise StatisticsRefusedError(
            "The terms leave no differences between, or none within, participants or clusters to compare.",
            alternative="Leave terms out, or report that measurements of one participant do not differ.",
        )
    return Pivot(data, np.asarray(within), np.asarray(df_between), np.asarray(df_within))
