"""What every count model asks of its data: whole counts, time at risk above zero, terms that can be told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _design
from casearc.statistics._arrays import Matrix, Vector, frequency_weights, same_length, vector
from casearc.statistics.count_models._kernel import Poisson, poisson_model
from casearc.statistics.count_models.separation import refuse_separated


@dataclass(frozen=True, slots=True)
class CountProblem:
    """Checked data. `Z` is the design with columns scaled, and centered where the model has a constant column.

    `back` takes parameters of Z to those of X; `constant` is the coefficients that say 1 for everybody, or None.
    """

    X: Matrix
    Z: Matrix
    counts: Vector
    offset: Vector
    weights: Vector
    terms: tuple[str, ...]
    n: int
    condition: float
    back: Matrix
    constant: Vector | None

    def uncentered(self) -> CountProblem:
        """The same with columns scaled only, so that the constant is a parameter by itself."""
        Z, back = _scaled(self.X, self.weights, centered=False)
        return replace(self, Z=Z, back=back)

    def null(self) -> CountProblem:
        """The model of a constant alone."""
        ones = np.ones((self.counts.size, 1))
        return replace(self, X=ones, Z=ones, terms=("constant",), back=np.eye(1), constant=np.ones(1))

    def poisson(self, problems: int = 1, *, penalized: bool = False) -> Poisson:
        """The Poisson likelihood, as often as asked for."""
        weights = np.broadcast_to(self.weights, (problems, self.weights.size))
        return poisson_model(self.Z, self.offset, self.counts, weights, penalized=penalized)


def count_problem(
    design: ArrayLike,
    counts: ArrayLike,
    terms: Sequence[str],
    exposure: ArrayLike | None,
    weights: ArrayLike | None,
    *,
    may_be_separated: bool = False,
) -> CountProblem:
    """Check and scale; refuses data on which no maximum exists, unless a penalty will cure that."""
    X, names = _design.checked_design(design, terms)
    y = checked_counts(counts)
    same_length(X, y, names=("The design matrix", "the counts"))
    offset = np.log(checked_exposure(exposure, y.size))
    w = frequency_weights(weights, y.size)
    n = int(w.sum())
    if n <= X.shape[1]:
        raise StatisticsRefusedError(
            f"The model has {X.shape[1]} terms and only {n} participants.",
            alternative="Drop terms until there are at least ten participants for each.",
        )
    if not (w * y).any():
        raise StatisticsRefusedError(
            "Nobody had any event, so there is no rate to model.",
            alternative="Report no events with the exact upper limit of exact_rate.",
        )
    condition = _design.refuse_redundant(X, names, w)
    used = w > 0
    if not may_be_separated:
        refuse_separated(X[used], y[used], names)
    Z, back = _scaled(X, w, centered=True)
    return CountProblem(
        X=X,
        Z=Z,
        counts=y,
        offset=offset,
        weights=w,
        terms=names,
        n=n,
        condition=condition,
        back=back,
        constant=_design.constant_direction(X[used]),
    )


def checked_counts(counts: ArrayLike) -> Vector:
    """Whole numbers from 0."""
    y = vector(counts, name="The column of counts")
    if (y < 0).any() or (y != np.floor(y)).any():
        raise StatisticsRefusedError(
            "The counts are not all whole numbers from 0.",
            alternative="For amounts such as hours use a linear model of their logarithm, or count contacts instead.",
        )
    return y


def checked_exposure(exposure: ArrayLike | None, rows: int) -> Vector:
    """Time at risk above zero; ones where None."""
    if exposure is None:
        return np.ones(rows)
    t = vector(exposure, name="The exposure")
    if t.size != rows:
        raise StatisticsRefusedError(f"There are {t.size} exposures for {rows} participants.")
    if (t <= 0).any():
        raise StatisticsRefusedError(
            f"{int((t <= 0).sum())} of {rows} participants have no exposure: nobody has a rate in no time.",
            alternative="Leave out participants with no time at risk, and say how many.",
        )
    return t


def _scaled(X: Matrix, w: Vector, *, centered: bool) -> tuple[Matrix, Matrix]:
    """Columns of mean square 1, centered where a constant column can take up the shift; and the way back."""
    used = X[w > 0]
    flat = np.flatnonzero(np.ptp(used, axis=0) == 0.0)
    center = np.average(X, axis=0, weights=w) if flat.size and centered else np.zeros(X.shape[1])
    center[flat] = 0.0
    scale = np.sqrt(((used - center) ** 2).mean(axis=0))
    scale[flat] = used[0, flat]
    back = np.diag(1.0 / scale)
    if flat.size:
        back[flat[0]] -= center / scale / used[0, flat[0]]
    return (X - center) / scale, back
