"""What a mixed model needs of the data: cross products within participants, summed over participants alike in Z'Z.

The likelihood sees a participant i only through A_i = Z_i'Z_i and B_i = Z_i'[X_i y_i]. Participants with the same A_i
(the same waves) are summed once; after that an evaluation costs the same for a hundred people and a hundred thousand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sufficient:
    """Sums for one data set, or for many with leading axes `...`; P = p + 1, the response standing last.

    Attributes
    ----------
    a
        Z'Z of each pattern, shape (U, q, q).
    sizes
        Participants of each pattern, shape (..., U).
    s
        Sum over a pattern's participants of B[a, j] B[b, k], shape (..., U, q, q, P, P).
    c
        [X y]'[X y], shape (..., P, P).
    rows
        Measurements, shape (...).
    """

    a: Array
    sizes: Array
    s: Array
    c: Array
    rows: Array

    @property
    def q(self) -> int:
        """Random effects a participant."""
        return int(self.a.shape[-1])

    @property
    def p(self) -> int:
        """Fixed terms."""
        return int(self.c.shape[-1]) - 1

    def take(self, which: NDArray[np.bool_] | Whole) -> Sufficient:
        """Some of many data sets."""
        return Sufficient(self.a, self.sizes[which], self.s[which], self.c[which], self.rows[which])


@dataclass(frozen=True, slots=True)
class Blocks:
    """Each participant's own sums, in the order of their labels: A (n, q, q), B (n, q, P), C (n, P, P), rows (n,)."""

    a: Array
    b: Array
    c: Array
    rows: Array
    pattern: Whole
    patterns: Array


def starts_of(groups: NDArray[np.generic]) -> tuple[Whole | None, Whole, NDArray[np.generic]]:
    """How to sort rows by participant (None where they are), where each begins, and the labels in that order."""
    _, codes = (None, groups) if groups.dtype.kind in "iu" else np.unique(groups, return_inverse=True)
    steps = np.diff(codes)
    order = None if (steps >= 0).all() else np.argsort(codes, kind="stable").astype(np.int64)
    ordered = codes if order is None else codes[order]
    begins = np.flatnonzero(np.concatenate([[True], np.diff(ordered) != 0])).astype(np.int64)
    labels = groups if order is None else groups[order]
    return order, begins, labels[begins]


def blocks(table: Array, random: Array, begins: Whole, *, own_c: bool) -> Blocks:
    """Sums within participants. `table` (N, P) and `random` (N, q) are sorted by participant.

    `own_c` is needed for resampling only; without it `c` is empty.
    """
    q, n = random.shape[1], begins.size
    width = table.shape[1]
    counts = np.diff(begins, append=table.shape[0])
    a, b = np.empty((n, q, q)), np.empty((n, q, width))
    for i in range(q):
        flat = bool((random[:, i] == 1.0).all())
        b[:, i] = _within(table if flat else table * random[:, i, None], begins, counts)
        for j in range(i, q):
            a[:, i, j] = a[:, j, i] = _within((random[:, i] * random[:, j])[:, None], begins, counts)[:, 0]
    c = np.empty((0, width, width))
    if own_c:
        c = _within((table[:, :, None] * table[:, None, :]).reshape(-1, width * width), begins, counts)
        c = c.reshape(n, width, width)
    patterns, pattern = _patterns(a)
    return Blocks(a, b, c, counts.astype(np.float64), pattern, patterns)


def _within(values: Array, begins: Whole, counts: Whole) -> Array:
    """Sums of rows within participants; where all have as many rows, by folding, which is faster."""
    if counts[0] * counts.size == values.shape[0] and (counts == counts[0]).all():
        folded = values.reshape(counts.size, counts[0], values.shape[1])
        total = folded[:, 0].copy()
        for row in range(1, int(counts[0])):
            total += folded[:, row]
        return total
    return np.asarray(np.add.reduceat(values, begins, axis=0))


def _patterns(a: Array) -> tuple[Array, Whole]:
    q = a.shape[-1]
    if (a == a[0]).all():
        return a[:1].copy(), np.zeros(a.shape[0], dtype=np.int64)
    if q == 1:
        values, inverse = np.unique(a[:, 0, 0], return_inverse=True)
        return values[:, None, None], inverse.astype(np.int64)
    unique, inverse = np.unique(a.reshape(-1, q * q), axis=0, return_inverse=True)
    return unique.reshape(-1, q, q), inverse.ravel().astype(np.int64)


def summed(parts: Blocks, table: Array) -> Sufficient:
    """The sums of one data set."""
    U, q, width = parts.patterns.shape[0], parts.a.shape[-1], table.shape[1]
    s = np.empty((U, q, q, width, width))
    for u in range(U):
        own = parts.b if U == 1 else parts.b[parts.pattern == u]
        flat = own.reshape(own.shape[0], q * width)
        s[u] = (flat.T @ flat).reshape(q, width, q, width).transpose(0, 2, 1, 3)
    sizes = np.bincount(parts.pattern, minlength=U).astype(np.float64)
    return Sufficient(parts.patterns, sizes, s, table.T @ table, np.asarray(float(table.shape[0])))


def resummed(parts: Blocks, weights: Array) -> Sufficient:
    """The sums of many data sets, in which each participant counts `weights` (B, n) times."""
    U, q, width = parts.patterns.shape[0], parts.a.shape[-1], parts.b.shape[-1]
    draws = weights.shape[0]
    s = np.empty((draws, U, q, q, width, width))
    sizes = np.empty((draws, U))
    for u in range(U):
        own = parts.pattern == u
        b = parts.b[own]
        outer = (b[:, :, None, :, None] * b[:, None, :, None, :]).reshape(b.shape[0], -1)
        s[:, u] = (weights[:, own] @ outer).reshape(draws, q, q, width, width)
        sizes[:, u] = weights[:, own].sum(axis=1)
    c = (weights @ parts.c.reshape(parts.c.shape[0], -1)).reshape(draws, width, width)
    return Sufficient(parts.patterns, sizes, s, c, weights @ parts.rows)
