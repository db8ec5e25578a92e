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


ALIKE = 3
"""Participants a pattern from which on summing them first saves work in resamples."""


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
    shared
        Many data sets of the same participants, each a pattern of their own: `s` (U, q, q, P, P) is one participant's,
        and a data set counts it `sizes` times.
    """

    a: Array
    sizes: Array
    s: Array
    c: Array
    rows: Array
    shared: bool = False

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
        s = self.s if self.shared else self.s[which]
        return Sufficient(self.a, self.sizes[which], s, self.c[which], self.rows[which], self.shared)

    def lifted(self) -> Sufficient:
        """One data set as a batch of one."""
        return Sufficient(self.a, self.sizes[None], self.s[None], self.c[None], self.rows[None])

    def turned(self, by: Array) -> Sufficient:
        """The same data with random terms Z @ by."""
        s = np.einsum("ca,db,...cdij->...abij", by, by, self.s)
        return Sufficient(by.T @ self.a @ by, self.sizes, s, self.c, self.rows)

    def scaled(self) -> Sufficient:
        """One data set with random terms of unit size."""
        size = (self.sizes[:, None] * np.einsum("uii->ui", self.a)).sum(axis=0) / self.rows
        return self.turned(np.diag(1.0 / np.sqrt(size)))

    def without(self, term: int) -> Sufficient:
        """The same data for a model that lacks one random term."""
        kept = np.delete(np.arange(self.q), term)
        s = self.s[..., kept, :, :, :][..., kept, :, :]
        return Sufficient(self.a[:, kept][:, :, kept], self.sizes, s, self.c, self.rows)


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
    whole = groups.dtype.kind in "iu"
    codes = groups.astype(np.int64) if whole else np.unique(groups, return_inverse=True)[1]
    order = None if (codes[1:] >= codes[:-1]).all() else np.argsort(codes, kind="stable").astype(np.int64)
    ordered = codes if order is None else codes[order]
    begins = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])).astype(np.int64)
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
            if flat and j == i:
                a[:, i, i] = counts
            else:
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
    """Different A, and which each participant has; sums that differ by the order of rows only are the same."""
    q = a.shape[-1]
    if (a == a[0]).all():
        return a[:1].copy(), np.zeros(a.shape[0], dtype=np.int64)
    if q == 1:
        values, inverse = np.unique(a[:, 0, 0], return_inverse=True)
        return values[:, None, None], inverse.astype(np.int64)
    rounded = np.round(a.reshape(-1, q * q), 12) + 0.0
    _, first, inverse = np.unique(rounded, axis=0, return_index=True, return_inverse=True)
    return a[first], inverse.ravel().astype(np.int64)


def summed(parts: Blocks, table: Array) -> Sufficient:
    """The sums of one data set."""
    U, q, width = parts.patterns.shape[0], parts.a.shape[-1], table.shape[1]
    sizes = np.bincount(parts.pattern, minlength=U)
    flat = parts.b.reshape(parts.b.shape[0], q * width)
    order = np.argsort(parts.pattern, kind="stable") if U > 1 else None
    flat = flat if order is None else flat[order]
    s = np.empty((U, q, q, width, width))
    ends = np.cumsum(sizes)
    for u in range(U):
        own = flat[ends[u] - sizes[u] : ends[u]]
        s[u] = (own.T @ own).reshape(q, width, q, width).transpose(0, 2, 1, 3)
    return Sufficient(parts.patterns, sizes.astype(np.float64), s, table.T @ table, np.asarray(float(table.shape[0])))


def resummed(parts: Blocks, weights: Array) -> Sufficient:
    """The sums of many data sets, in which each participant counts `weights` (B, n) times."""
    U, q, width = parts.patterns.shape[0], parts.a.shape[-1], parts.b.shape[-1]
    draws = weights.shape[0]
    c = (weights @ parts.c.reshape(parts.c.shape[0], -1)).reshape(draws, width, width)
    if weights.shape[1] < ALIKE * U:
        own_sums = parts.b[:, :, None, :, None] * parts.b[:, None, :, None, :]
        return Sufficient(parts.a, weights.astype(np.float64), own_sums, c, weights @ parts.rows, shared=True)
    s = np.empty((draws, U, q, q, width, width))
    sizes = np.empty((draws, U))
    for u in range(U):
        own = parts.pattern == u
        b = parts.b[own]
        outer = (b[:, :, None, :, None] * b[:, None, :, None, :]).reshape(b.shape[0], -1)
        s[:, u] = (weights[:, own] @ outer).reshape(draws, q, q, width, width)
        sizes[:, u] = weights[:, own].sum(axis=1)
    return Sufficient(parts.patterns, sizes, s, c, weights @ parts.rows)


def many(tables: Array, random: Array, present: NDArray[np.bool_]) -> Sufficient:
    """The sums of many data sets on one grid of participants and waves.

    `tables` (B, n, T, P), zero where a measurement is missing; `random` (n, T, q) or (1, T, q);
    `present` (B, n, T) says which measurements there are.
    """
    draws, n, waves = present.shape
    q, width = random.shape[-1], tables.shape[-1]
    codes = (present * 2 ** np.arange(waves)).sum(axis=-1)
    seen = np.unique(codes)
    masks = (seen[:, None] >> np.arange(waves)) & 1
    products = random[..., :, None] * random[..., None, :]
    own = np.einsum("mt,ntij->mnij", masks.astype(np.float64), products)
    a, pattern = np.unique(own.reshape(-1, q * q), axis=0, return_inverse=True)
    which = np.broadcast_to(pattern.reshape(seen.size, -1), (seen.size, n))
    pattern = which[np.searchsorted(seen, codes), np.arange(n)]
    b = np.swapaxes(random, -1, -2) @ tables
    flat = b.reshape(draws, n, q * width)
    s = np.empty((draws, a.shape[0], q, q, width, width))
    sizes = np.empty((draws, a.shape[0]))
    for u in range(a.shape[0]):
        there = pattern == u
        some = np.flatnonzero(there.any(axis=0))
        part = np.where(there[:, some, None], flat[:, some], 0.0)
        outer = np.swapaxes(part, -1, -2) @ part
        s[:, u] = outer.reshape(draws, q, width, q, width).transpose(0, 1, 3, 2, 4)
        sizes[:, u] = there.sum(axis=1)
    rows = tables.reshape(draws, n * waves, width)
    counted = present.sum(axis=(1, 2)).astype(np.float64)
    return Sufficient(a.reshape(-1, q, q), sizes, s, np.swapaxes(rows, -1, -2) @ rows, counted)
