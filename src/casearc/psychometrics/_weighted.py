"""Alpha and correlations of items under case weights, every resample of participants from one matrix product.

A draw is a row of whole-number weights (draws, n): how often each participant is in it. Alpha needs weighted sums of
items, of their squares and of the total; omega the weighted correlations.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Weights = NDArray[np.int64] | Array

CANCELED = 1e-12
"""A total whose variance is below this share of its items' variances has none: rounding is all that is left."""


def alphas(X: Array, weights: Weights) -> Array:
    """Alpha under each row of weights, shape (draws,); nan where the total has no spread."""
    k = X.shape[1]
    centered = X - X.mean(axis=0)
    total = centered.sum(axis=1)
    features = np.column_stack([centered, total, (centered**2).sum(axis=1), total**2])
    sums = weights @ features
    n = weights.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = sums[..., k + 1] - (sums[..., :k] ** 2).sum(axis=-1) / n
        whole = sums[..., k + 2] - sums[..., k] ** 2 / n
        defined = (whole > CANCELED * parts) & (parts > CANCELED * float(features[:, k + 1].sum()))
        values = np.minimum(k / (k - 1) * (1.0 - parts / whole), 1.0)
    return np.where(defined, values, np.nan)


def correlation_matrix(X: Array) -> Array:
    """Of all participants once, shape (k, k)."""
    return np.asarray(np.corrcoef(X, rowvar=False), dtype=np.float64)


def correlations(X: Array, weights: Weights) -> Array:
    """Correlations under each row of weights, shape (draws, k, k); nan where an item has no spread."""
    k = X.shape[1]
    spread = X.std(axis=0)
    scaled = (X - X.mean(axis=0)) / np.where(spread > 0.0, spread, 1.0)
    upper = np.triu_indices(k)
    sums = weights @ np.concatenate([scaled, scaled[:, upper[0]] * scaled[:, upper[1]]], axis=1)
    n = weights.sum(axis=-1)[..., None]
    means, products = sums[..., :k] / n, sums[..., k:] / n
    covariances = np.empty((*weights.shape[:-1], k, k))
    covariances[..., upper[0], upper[1]] = products - means[..., upper[0]] * means[..., upper[1]]
    covariances[..., upper[1], upper[0]] = covariances[..., upper[0], upper[1]]
    variances = np.diagonal(covariances, axis1=-2, axis2=-1)
    sd = np.sqrt(np.where(variances > CANCELED, variances, np.nan))
    R: Array = covariances / (sd[..., :, None] * sd[..., None, :])
    R[..., range(k), range(k)] = np.where(np.isnan(sd), np.nan, 1.0)
    return R
