"""Posterior draws of a linear model, and donors by predictive mean matching, for a whole batch at once.

Arrays have a leading axis of B: imputations, or simulated data sets times imputations. Columns are standardized, so
that normal equations lose no digits that matter beside a draw.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.intp]

RIDGE = 1e-5
"""Added to the diagonal of the normal equations per observed row, columns being standardized: mice's default ridge."""

TIE = 1e-10
"""Predicted means closer than this, in standard deviations, count as tied; donors among them are taken at random."""


@dataclass(frozen=True, slots=True)
class LinearDraw:
    """The estimate and a draw around it.

    Attributes
    ----------
    estimate, draw
        Coefficients, shape (B, k).
    sigma
        The drawn residual standard deviation, shape (B,).
    least_pivot
        Smallest share of a predictor that those before it leave unexplained, over predictors, shape (B,).
    """

    estimate: Array
    draw: Array
    sigma: Array
    least_pivot: Array


def linear_draw(cross: Array, count: Array, rng: np.random.Generator) -> LinearDraw:
    """Draw sigma and then the coefficients given their flat prior.

    `cross` is (B, k + 1, k + 1), the cross products of the predictors and, last, of the outcome; `count` (B,) the rows
    they are summed over. sigma2 is the residual sum of squares over a chi-square of count - k degrees of freedom, at
    least one; the coefficients are normal about the estimate with sigma2 (X'X)^-1.
    """
    k = cross.shape[-1] - 1
    diagonal = np.arange(k)
    cross = cross.copy()
    before = cross[:, diagonal, diagonal] + 1e-300
    cross[:, diagonal, diagonal] += RIDGE * count[:, None]
    cross[:, k, k] += 1e-12 * count
    factor = np.linalg.cholesky(cross)
    sides = np.empty((cross.shape[0], k, 2))
    sides[..., 0] = factor[:, k, :k]
    sides[..., 1] = rng.standard_normal((cross.shape[0], k))
    solved = np.linalg.solve(np.swapaxes(factor[:, :k, :k], -1, -2), sides)
    sigma = factor[:, k, k] / np.sqrt(rng.chisquare(np.maximum(count - k, 1.0)))
    return LinearDraw(
        estimate=solved[..., 0],
        draw=solved[..., 0] + sigma[:, None] * solved[..., 1],
        sigma=sigma,
        least_pivot=(factor[:, diagonal, diagonal] ** 2 / before).min(axis=-1),
    )


def nearest_donors(donors: Array, wanted: Array, *, count: int, rng: np.random.Generator) -> Index:
    """For each of `wanted` (B, m), one at random of the `count` nearest of `donors` (B, n); positions in `donors`.

    A donor that does not exist is infinite. Sorted donors hold the nearest ones in a row of neighbors, which begins the
    further right the more of its left candidates are farther away than the one `count` places on.
    """
    rows, size = donors.shape
    order = np.argsort(donors + TIE * rng.random(donors.shape), axis=-1)
    padded = np.empty((rows, size + 2 * count))
    padded[:, :count], padded[:, size + count :] = -np.inf, np.inf
    sorted_donors = padded[:, count : size + count]
    sorted_donors[:] = np.take_along_axis(donors, order, axis=-1)
    below = (sorted_donors[:, None, :] < wanted[:, :, None]).sum(axis=-1)
    flat = padded.ravel()
    place = below + (np.arange(rows) * padded.shape[1])[:, None]
    start = below - count
    for step in range(count):
        start += (wanted - flat[place + step]) > (flat[place + step + count] - wanted)
    chosen = start + rng.integers(0, count, start.shape)
    return np.take_along_axis(order, chosen, axis=-1)
