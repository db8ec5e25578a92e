"""The checked data of a logistic or multinomial model, and the refusal of separated ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import linalg

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _design
from casearc.statistics._arrays import Matrix, Vector, Whole, frequency_weights, listed, same_length
from casearc.statistics.categorical.separation import level_codes, separation


@dataclass(frozen=True, slots=True)
class Problem:
    """A design, its orthonormal basis `Q` with ``X = Q R``, and the outcome as indicators `Y` and level numbers `y`."""

    X: Matrix
    Q: Matrix
    R: Matrix
    Y: Matrix
    y: Whole
    weights: Vector
    terms: tuple[str, ...]
    levels: tuple[str, ...]
    counts: Vector
    n: int
    condition: float

    @property
    def parameters(self) -> int:
        return (len(self.levels) - 1) * len(self.terms)


def problem_of(
    design: ArrayLike,
    outcome: ArrayLike,
    terms: Sequence[str],
    levels: Sequence[str],
    weights: ArrayLike | None,
) -> Problem:
    """Check a design, an outcome and weights, and refuse what no multinomial model can use."""
    X, names = _design.checked_design(design, terms)
    y = level_codes(outcome, levels)
    same_length(X, y.astype(np.float64), names=("The design matrix", "the outcome"))
    w = frequency_weights(weights, y.size)
    labels = tuple(str(name) for name in levels)
    counts = np.bincount(y, weights=w, minlength=len(labels)).astype(np.float64)
    if (counts == 0).any():
        empty = [label for label, count in zip(labels, counts, strict=True) if count == 0]
        raise StatisticsRefusedError(
            f"No participant is at the level {listed(empty)}, so nothing can be said about it.",
            alternative="Leave the level out or merge it with its neighbor.",
        )
    n = int(w.sum())
    parameters = (len(labels) - 1) * X.shape[1]
    if n <= parameters:
        raise StatisticsRefusedError(
            f"The model has {parameters} coefficients and only {n} participants.",
            alternative="Drop terms or merge levels until there are at least ten participants for each coefficient.",
        )
    used = w > 0
    condition = _design.refuse_redundant(X[used], names)
    _, R = np.linalg.qr(X[used])
    Q = linalg.solve_triangular(R, X.T, trans="T").T
    return Problem(
        X=X,
        Q=np.ascontiguousarray(Q),
        R=R,
        Y=np.eye(len(labels))[y],
        y=y,
        weights=w,
        terms=names,
        levels=labels,
        counts=counts,
        n=n,
        condition=condition,
    )


def refuse_if_separated(problem: Problem) -> None:
    """Ask the linear programs, where the iteration could not prove by itself that an estimate exists."""
    used = problem.weights > 0
    report = separation(problem.X[used], problem.y[used], terms=problem.terms, levels=problem.levels)
    if not report.found:
        return
    pairs = "; ".join(f'"{a}" from "{b}"' for a, b in report.pairs)
    every = "every participant" if report.kind == "complete" else "some participants"
    raise StatisticsRefusedError(
        f"Maximum likelihood has no answer: {listed(report.terms)} "
        f"{'separates' if len(report.terms) == 1 else 'together separate'} {pairs} perfectly for {every}, "
        "so a coefficient would be infinite (separation).",
        alternative='Use penalty="firth", which stays finite, or merge levels.',
    )
