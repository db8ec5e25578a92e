"""Many multinomial logits at once: probabilities, information and Firth's adjustment by a few matrix products.

B problems share one design, as bootstrap draws do, or have one each, as simulated data sets and profiles do. Arrays:
`g` (B, J - 1, k) coefficients of levels 1 to J - 1 against level 0; probabilities and other figures of a participant
(B, J - 1, n), participants last. Symmetric matrices of a participant's terms, or of the levels, are kept as the
products i <= j only: the information of all problems is one product of weighted probabilities (B pairs of levels, n)
with the products of terms (n, k (k + 1) / 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from casearc.statistics._arrays import Whole

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


SAFE = 300.0
"""Linear predictors below this have exponentials far from overflow."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the compact products stand in the full matrices.

    `level_pair` (J - 1, J - 1) and `first`, `second` number the pairs of levels; `row`, `column` those of terms.
    `full` gathers a (p, p) matrix from its compact form; `upper` and `lower` gather the two halves of a full one.
    """

    level_pair: Whole
    first: Whole
    second: Whole
    row: Whole
    column: Whole
    full: Whole
    upper: Whole
    lower: Whole
    off_diagonal: Array


@lru_cache(maxsize=64)
def layout(free: int, k: int) -> Layout:
    """The layout of J - 1 = `free` levels and k terms."""
    row, column = np.triu_indices(k)
    first, second = np.triu_indices(free)
    term_pair, level_pair = _numbered(k), _numbered(free)
    p = free * k
    full = level_pair[:, None, :, None] * row.size + term_pair[None, :, None, :]
    here, there = first[:, None] * k, second[:, None] * k
    return Layout(
        level_pair=level_pair,
        first=first,
        second=second,
        row=row,
        column=column,
        full=full.reshape(p, p),
        upper=((here + row) * p + there + column).ravel(),
        lower=((here + column) * p + there + row).ravel(),
        off_diagonal=np.tile((row != column).astype(np.float64), first.size),
    )


def _numbered(size: int) -> Whole:
    """Symmetric table of the number of each pair."""
    first, second = np.triu_indices(size)
    table = np.empty((size, size), dtype=np.int64)
    table[first, second] = table[second, first] = np.arange(first.size)
    return table


@dataclass(frozen=True, slots=True)
class Batch:
    """The problems.

    `design` (n, k), or (B, n, k) where each problem has its own; `observed` (J - 1, n) or (B, J - 1, n), indicators of
    the levels after the first; `weights` (B, n), how often a row counts; `products` of the terms of a row, (n, m) or
    (B, n, m); `totals` (B, p), the terms summed over the rows at each level, all that is needed of the outcome.
    """

    design: Array
    observed: Array
    weights: Array
    products: Array
    totals: Array

    @property
    def size(self) -> int:
        return int(self.weights.shape[0])

    @property
    def free(self) -> int:
        return int(self.observed.shape[-2])

    @property
    def layout(self) -> Layout:
        return layout(self.free, self.design.shape[-1])

    def take(self, chosen: Whole | Flags) -> Batch:
        """Some of the problems."""
        return Batch(
            design=self.design if self.design.ndim == 2 else self.design[chosen],
            observed=self.observed if self.observed.ndim == 2 else self.observed[chosen],
            weights=self.weights[chosen],
            products=self.products if self.products.ndim == 2 else self.products[chosen],
            totals=self.totals[chosen],
        )


def batch_of(design: Array, codes: Whole, weights: Array, *, levels: int) -> Batch:
    """Problems from designs (n, k) or (B, n, k), level numbers (n,) or (B, n), and weights (B, n)."""
    layout_of = layout(levels - 1, design.shape[-1])
    observed = (codes[..., None, :] == np.arange(1, levels)[:, None]).astype(np.float64)
    w = np.ascontiguousarray(weights, dtype=np.float64)
    return Batch(
        design=np.ascontiguousarray(design),
        observed=observed,
        weights=w,
        totals=_times(observed * w[:, None], design).reshape(w.shape[0], -1),
        products=np.ascontiguousarray(design[..., layout_of.row] * design[..., layout_of.column]),
    )


def probabilities(batch: Batch, g: Array) -> tuple[Array, Array]:
    """Of levels 1 to J - 1 at each row, (B, J - 1, n), and each problem's log-likelihood, (B,)."""
    eta = _times(g, np.swapaxes(batch.design, -1, -2))
    chosen = (g.reshape(g.shape[0], -1) * batch.totals).sum(axis=1)
    if eta.max(initial=0.0) < SAFE:
        np.exp(eta, out=eta)
        total = eta.sum(axis=1) + 1.0
        log_total = np.log(total)
    else:
        top = np.maximum(eta.max(axis=1), 0.0)
        eta -= top[:, None]
        np.exp(eta, out=eta)
        total = eta.sum(axis=1) + np.exp(-top)
        log_total = top + np.log(total)
    eta /= total[:, None]
    return eta, np.asarray(chosen - (batch.weights * log_total).sum(axis=1), dtype=np.float64)


def information(batch: Batch, counted: Array, P: Array) -> Array:
    """Expected information of each problem, (B, p, p) with p = (J - 1) k, level by level; `counted` is P by weight."""
    places = batch.layout
    spread = np.empty((P.shape[0], places.first.size, P.shape[2]))
    for pair, (a, b) in enumerate(zip(places.first, places.second, strict=True)):
        np.multiply(counted[:, a], P[:, b], out=spread[:, pair])
        if a == b:
            np.subtract(counted[:, a], spread[:, pair], out=spread[:, pair])
    compact = _times(spread, batch.products)
    compact[:, places.first != places.second] *= -1.0
    return np.take(compact.reshape(P.shape[0], -1), places.full, axis=1)


def score(batch: Batch, counted: Array, P: Array, covariance: Array | None = None) -> Array:
    """Derivative of the log-likelihood, (B, p); with `covariance`, of Firth's penalized one."""
    expected = counted if covariance is None else counted - _adjustment(batch, P, covariance) * batch.weights[:, None]
    return batch.totals - _times(expected, batch.design).reshape(P.shape[0], -1)


def row_variances(batch: Batch, covariance: Array) -> Array:
    """Covariances of each row's linear predictors, one a pair of levels: (B, pairs, n)."""
    places = batch.layout
    flat = covariance.reshape(covariance.shape[0], -1)
    compact = np.take(flat, places.upper, axis=1)
    compact += np.take(flat, places.lower, axis=1) * places.off_diagonal
    return _times(compact.reshape(flat.shape[0], places.first.size, -1), np.swapaxes(batch.products, -1, -2))


def _adjustment(batch: Batch, P: Array, covariance: Array) -> Array:
    """Half of sum_bc kappa_abc V_bc for each level a and row; kappa are the multinomial's third cumulants."""
    V = row_variances(batch, covariance)
    pair = batch.layout.level_pair
    mixed = np.empty_like(P)
    for a in range(P.shape[1]):
        np.multiply(V[:, pair[a, 0]], P[:, 0], out=mixed[:, a])
        for b in range(1, P.shape[1]):
            mixed[:, a] += V[:, pair[a, b]] * P[:, b]
    adjusted = V[:, np.diag(pair)] - 2.0 * mixed
    shift = (P * adjusted).sum(axis=1, keepdims=True)  # sum over c of p_c V_cc - 2 p_c (V p)_c
    return np.asarray(0.5 * P * (adjusted - shift), dtype=np.float64)


def _times(left: Array, right: Array) -> Array:
    """left (B, a, b) @ right (b, c) or (B, b, c); one product where `right` is shared."""
    if right.ndim == 3:
        return np.asarray(left @ right, dtype=np.float64)
    flat = np.ascontiguousarray(left).reshape(-1, left.shape[-1]) @ right
    return flat.reshape(*left.shape[:-1], right.shape[-1])
