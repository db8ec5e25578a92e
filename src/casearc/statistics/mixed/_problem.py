"""What callers pass, checked, sorted by participant and brought to scales in which the sums lose no digits.

The fixed terms become columns of (nearly) unit length at right angles, the outcome what is left of it beyond them, and
random terms likewise: estimates, tests and the likelihood are carried back at the end, so nobody sees it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import linalg

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _design
from casearc.statistics._arrays import has_no_spread, matrix, same_length, vector
from casearc.statistics._clusters import labels_of
from casearc.statistics.mixed._structure import Structure
from casearc.statistics.mixed._sufficient import Array, Blocks, Sufficient, Whole, blocks, starts_of, summed

WELL_CONDITIONED = 1e-4
"""Smallest over largest singular value of the scaled design from which its cross products serve for a basis."""

LARGEST_SUMS = 50_000_000
"""So many numbers, at eight bytes, may the sums of participants within clusters take."""


@dataclass(frozen=True, slots=True)
class Units:
    """How to carry results back: coefficients are ``center + scale * basis @ b``, random terms ``own @ theirs``."""

    basis: Array
    center: Array
    scale: float
    log_det: float
    own: Array

    def fixed(self, b: Array) -> Array:
        """Coefficients of the caller's terms, (..., k)."""
        return np.asarray(self.center + self.scale * (b @ self.basis.T))

    def covariance(self, own: Array) -> Array:
        """Covariance of the caller's random terms, over the residual variance, (..., q, q)."""
        return np.asarray(self.own @ own @ self.own.T)


@dataclass(frozen=True, slots=True)
class Problem:
    """Rows sorted by participant, or by cluster where there are any: `table` is [Q e] (N, P)."""

    table: Array
    terms: tuple[str, ...]
    random_terms: tuple[str, ...]
    structure: Structure
    units: Units
    labels: NDArray[np.generic]
    participants: int
    clusters: int | None
    intercept: bool
    parts: Blocks
    data: Sufficient


def problem_of(
    design: ArrayLike,
    response: ArrayLike,
    groups: ArrayLike,
    random: ArrayLike | None = None,
    *,
    terms: Sequence[str],
    random_terms: Sequence[str] | None = None,
    clusters: ArrayLike | None = None,
    correlated: bool = True,
    own_c: bool = False,
) -> Problem:
    """Check, sort, scale and sum."""
    X, names = _design.checked_design(design, terms)
    y = vector(response, name="The outcome")
    same_length(X, y, names=("The design matrix", "the outcome"))
    Z = np.ones((y.size, 1)) if random is None else matrix(random, name="The random terms")
    same_length(Z, y, names=("The random terms", "the outcome"))
    order, begins, labels = starts_of(_labels(groups, y.size, what="participant"))
    outer = None if clusters is None else _labels(clusters, y.size, what="cluster")
    if order is not None:
        X, y, Z = X[order], y[order], Z[order]
        outer = outer if outer is None else outer[order]
    _refuse_poor(X, y, Z, begins)
    own = own_units(Z, correlated=correlated)
    table, units = _orthogonal(X, y, names, own)
    intercept = Z.shape[1] == 1 and bool((Z == 1.0).all())
    scaled = Z if intercept else columns(Z, own)
    structure, participants, held = Structure(Z.shape[1], correlated), int(begins.size), None
    if outer is not None:
        table, scaled, begins, structure = _nested(table, scaled, begins, outer, correlated=correlated)
        held = int(begins.size)
    parts = blocks(table, scaled, begins, own_c=own_c)
    return Problem(
        table=table,
        terms=names,
        random_terms=_random_names(random_terms, Z.shape[1]),
        structure=structure,
        units=units,
        labels=labels,
        participants=participants,
        clusters=held,
        intercept=intercept,
        parts=parts,
        data=summed(parts, table),
    )


def _labels(labels: ArrayLike, rows: int, *, what: str) -> NDArray[np.generic]:
    """As `labels_of`, which looks at every label; whole numbers cannot be missing."""
    array = np.asarray(labels)
    if array.dtype.kind in "iu" and array.shape == (rows,):
        return array
    return labels_of(labels, rows, what=what)


def _orthogonal(X: Array, y: Array, terms: Sequence[str], own: Array) -> tuple[Array, Units]:
    """The table [Q e / scale] and how to come back from it."""
    inverse = orthogonal_basis(X, terms)
    table = np.empty((y.size, X.shape[1] + 1))
    np.matmul(X, inverse, out=table[:, :-1])
    table[:, -1] = y
    Q = table[:, :-1]
    center = np.zeros(X.shape[1])
    for _ in range(2):
        step = Q.T @ table[:, -1]
        table[:, -1] -= Q @ step
        center += step
    if float(np.abs(table[:, -1]).max()) <= 1e-9 * float(np.abs(y - y.mean()).max()):
        raise StatisticsRefusedError(
            "The terms reproduce the outcome exactly, so there is no error to judge them by.",
            alternative="Check whether the outcome, or a part of it, is among the terms.",
        )
    scale = float(np.sqrt(np.mean(table[:, -1] ** 2)))
    table[:, -1] /= scale
    log_det = -2.0 * float(np.log(np.abs(np.diag(inverse))).sum())
    return table, Units(basis=inverse, center=inverse @ center, scale=scale, log_det=log_det, own=own)


def orthogonal_basis(X: Array, terms: Sequence[str]) -> Array:
    """Upper triangular T with X T orthonormal, from cross products if they keep enough digits; refuses redundancy."""
    lengths = np.sqrt(np.einsum("ij,ij->j", X, X))
    if (lengths > 0.0).all():
        gram = (X.T @ X) / np.outer(lengths, lengths)
        values = np.linalg.eigvalsh(gram)
        if values[0] > WELL_CONDITIONED**2 * values[-1]:
            return np.asarray(_inverse_upper(np.linalg.cholesky(gram).T) / lengths[:, None])
    _design.refuse_redundant(X, terms)
    root = np.asarray(np.linalg.qr(X / lengths, mode="r"))
    return np.asarray(_inverse_upper(root) / lengths[:, None])


def _inverse_upper(R: NDArray[Any]) -> Array:
    return np.asarray(linalg.solve_triangular(R, np.eye(R.shape[0])))


def own_units(Z: Array, *, correlated: bool) -> Array:
    """Triangular M with Z M of unit size and at right angles; only scaled where correlations are left out."""
    size = np.sqrt(np.einsum("ij,ij->j", Z, Z) / Z.shape[0])
    if Z.shape[1] == 1:
        return np.ones((1, 1)) if (Z == 1.0).all() else np.diag(1.0 / size)
    if not correlated:
        return np.diag(1.0 / size)
    root = np.asarray(np.linalg.qr(Z / size, mode="r")) / math.sqrt(Z.shape[0])
    return np.asarray(_inverse_upper(root) / size[:, None])


def columns(Z: Array, own: Array) -> Array:
    """Z @ own, element by element: equal rows must stay equal, which a matrix product does not promise."""
    out = np.zeros_like(Z)
    for j in range(Z.shape[1]):
        for i in range(Z.shape[1]):
            if own[i, j] != 0.0:
                out[:, j] += Z[:, i] * own[i, j]
    return out


def _nested(
    table: Array, random: Array, begins: Whole, clusters: NDArray[np.generic], *, correlated: bool
) -> tuple[Array, Array, Whole, Structure]:
    """Rows sorted by cluster, an intercept of each and one copy of the random terms for each participant in it."""
    rows, q = random.shape
    person = np.repeat(np.arange(begins.size), np.diff(begins, append=rows))
    codes = np.unique(clusters, return_inverse=True)[1]
    if (codes != codes[begins][person]).any():
        raise StatisticsRefusedError(
            "A participant has rows in two clusters, so participants do not lie within clusters.",
            alternative="Give each participant one cluster, for example the first case manager.",
        )
    count = int(codes.max()) + 1
    if count < 3:
        raise StatisticsRefusedError(
            f"There {'is' if count == 1 else 'are'} {count} {'cluster' if count == 1 else 'clusters'}, too few to tell "
            "how they differ.",
            alternative="Leave the clusters out, and say so.",
        )
    members = codes[begins]
    place = np.empty(begins.size, dtype=np.int64)
    for cluster in range(count):
        own = np.flatnonzero(members == cluster)
        place[own] = np.arange(own.size)
    copies = int(place.max()) + 1
    width = 1 + q * copies
    if count * width**2 * table.shape[1] ** 2 > LARGEST_SUMS:
        raise StatisticsRefusedError(
            "There are too many participants in one cluster for this model.",
            alternative="Leave the clusters out of the mixed model and use CR2 errors for them.",
        )
    wide = np.zeros((rows, width))
    wide[:, 0] = 1.0
    for j in range(q):
        wide[np.arange(rows), 1 + place[person] * q + j] = random[:, j]
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(count)).astype(np.int64)
    return table[order], wide[order], starts, Structure(q, correlated, copies=copies, outer=True)


def _refuse_poor(X: Array, y: Array, Z: Array, begins: Whole) -> None:
    if has_no_spread(y):
        raise StatisticsRefusedError(
            "The outcome is the same in every row, so there is nothing to explain.",
            alternative="Report that everybody had the same score.",
        )
    if begins.size < max(3, Z.shape[1] + 2):
        raise StatisticsRefusedError(
            f"There are {begins.size} participants, too few to tell how they differ.",
            alternative="Describe each of them, or fit a linear model without random terms.",
        )
    counts = np.diff(begins, append=y.size)
    if int((counts > Z.shape[1]).sum()) < 2:
        raise StatisticsRefusedError(
            "Hardly anybody was measured more often than there are random terms, so differences between participants "
            "cannot be told from chance.",
            alternative="Fit a linear model to one wave, or use fewer random terms.",
        )
    if y.size <= X.shape[1] + Z.shape[1]:
        raise StatisticsRefusedError(
            f"The model has {X.shape[1]} fixed terms and only {y.size} measurements.",
            alternative="Drop terms until there are several measurements for each.",
        )
    if not (Z == 1.0).all() and np.linalg.matrix_rank(Z) < Z.shape[1]:
        raise StatisticsRefusedError(
            "Some random terms repeat others or are zero in every row.", alternative="Leave those out."
        )


def _random_names(names: Sequence[str] | None, q: int) -> tuple[str, ...]:
    if names is None:
        return ("participant",) if q == 1 else tuple(f"random {i}" for i in range(q))
    if len(names) != q:
        raise StatisticsRefusedError(f"There are {q} random terms and {len(names)} names for them.")
    return tuple(str(name) for name in names)


def criterion_shift(units: Units, rows: int, k: int, *, reml: bool) -> float:
    """What the criterion gains by going back to the caller's units."""
    shift = 2.0 * (rows - k if reml else rows) * math.log(units.scale)
    return shift + (units.log_det if reml else 0.0)
