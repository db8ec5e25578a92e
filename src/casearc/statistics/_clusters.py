"""Clusters: participants who share a site or a worker are not independent."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import Matrix, Vector, Whole, listed

FEW_CLUSTERS = 40
"""Below this many clusters CR1 intervals are known to be too short (Cameron & Miller 2015, section VI)."""


@dataclass(frozen=True, slots=True)
class Clusters:
    """Cluster codes 0 to count - 1, one a row."""

    codes: Whole
    count: int

    def sums(self, rows: Matrix) -> Matrix:
        """Sum the rows of each cluster, shape (count, k)."""
        totals = np.zeros((self.count, rows.shape[1]))
        np.add.at(totals, self.codes, rows)
        return totals

    def notes(self) -> tuple[str, ...]:
        """What a reader must know about so many clusters."""
        if self.count >= FEW_CLUSTERS:
            return ()
        return (f"Only {self.count} clusters: cluster-robust intervals are likely too short, and p values too small.",)


def labels_of(labels: ArrayLike, rows: int, *, what: str) -> np.ndarray:
    """Labels of any kind, one a row, as an array that can be sorted; refuses missing ones."""
    array = np.asarray(labels)
    if array.ndim != 1 or array.shape[0] != rows:
        raise StatisticsRefusedError(f"{what.capitalize()} labels are one for each of the {rows} rows.")
    missing = sum(value is None or (isinstance(value, float) and math.isnan(value)) for value in array.tolist())
    if missing:
        raise StatisticsRefusedError(
            f"{missing} {'row has' if missing == 1 else 'rows have'} no {what}.",
            alternative=f"Leave those participants out, or give them a {what} of their own.",
        )
    return array.astype(str) if array.dtype == object else array


def clusters_of(labels: ArrayLike, weights: Vector) -> Clusters:
    """Code cluster labels of any kind; refuses missing labels and fewer than two clusters."""
    array = labels_of(labels, weights.size, what="cluster")
    names, codes = np.unique(array[weights > 0], return_inverse=True)
    if names.size < 2:
        raise StatisticsRefusedError(
            "All participants are in one cluster, so nothing can be learned about differences between clusters.",
            alternative="Use the HC3 covariance and say that there is one cluster.",
        )
    full = np.zeros(array.shape[0], dtype=np.int64)
    full[weights > 0] = codes
    return Clusters(codes=full, count=int(names.size))


def cr1_factor(clusters: int, n: float, parameters: int) -> float:
    """G / (G - 1) times (n - 1) / (n - k), as `sandwich::vcovCL(type = "HC1")`."""
    return clusters / (clusters - 1) * (n - 1) / (n - parameters)


def refuse_lone_clusters(X: Matrix, terms: Sequence[str], weights: Vector, clusters: Clusters) -> None:
    """Refuse a term that marks one whole cluster: its cluster-robust standard error would be zero."""
    carried = []
    for term, column in zip(terms, X.T, strict=True):
        codes = np.unique(clusters.codes[(weights > 0) & (column != 0.0)])
        if codes.size == 1 and np.ptp(column[(clusters.codes == codes[0]) & (weights > 0)]) == 0.0:
            carried.append(term)
    if carried:
        raise StatisticsRefusedError(
            f"The term {listed(carried)} marks one single cluster, so its cluster-robust standard error is undefined.",
            alternative="Leave out the term, or leave out the clusters.",
        )
