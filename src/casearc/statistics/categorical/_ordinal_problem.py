"""What every ordinal method asks of its data: levels that occur, terms that can be told apart, columns scaled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _design
from casearc.statistics._arrays import Matrix, Vector, Whole, frequency_weights, listed, same_length
from casearc.statistics._ascent import Model
from casearc.statistics.categorical._ordinal_kernel import CumulativeLogit, Splits, jeffreys, splits_of
from casearc.statistics.categorical.separation import level_codes


@dataclass(frozen=True, slots=True)
class OrdinalProblem:
    """Checked data. `Z` is the design with columns centered and scaled; `back` takes its parameters to those of X."""

    X: Matrix
    Z: Matrix
    codes: Whole
    weights: Vector
    terms: tuple[str, ...]
    levels: tuple[str, ...]
    counts: Vector
    n: int
    condition: float
    back: Matrix
    splits: Splits

    @property
    def thresholds(self) -> int:
        return len(self.levels) - 1

    @property
    def slopes(self) -> Whole:
        """Where the slopes stand among the parameters."""
        return np.arange(self.thresholds, self.thresholds + len(self.terms))

    def plain(self, problems: int = 1) -> CumulativeLogit:
        """The likelihood, as often as asked for."""
        return CumulativeLogit(self.splits, np.broadcast_to(self.weights, (problems, self.weights.size)))

    def model(self, penalty: str, problems: int = 1) -> Model:
        """The objective, penalized or not."""
        plain = self.plain(problems)
        return plain if penalty == "none" else jeffreys(plain, self.Z, len(self.levels))


def ordinal_problem(
    design: ArrayLike,
    outcome: ArrayLike,
    terms: Sequence[str],
    levels: Sequence[str],
    weights: ArrayLike | None,
) -> OrdinalProblem:
    """Check and scale."""
    X, names = _design.checked_design(design, terms)
    codes = level_codes(outcome, levels)
    same_length(X, codes.astype(np.float64), names=("The design matrix", "the outcome"))
    w = frequency_weights(weights, codes.size)
    labels = tuple(str(name) for name in levels)
    counts = np.bincount(codes, weights=w, minlength=len(labels)).astype(np.float64)
    _refuse_empty_levels(labels, counts)
    n = int(w.sum())
    parameters = len(labels) - 1 + X.shape[1]
    if n <= parameters:
        raise StatisticsRefusedError(
            f"The model has {parameters} coefficients and only {n} participants.",
            alternative="Drop terms or merge levels until there are at least ten participants for each coefficient.",
        )
    used = X[w > 0]
    if _design.constant_direction(used) is not None:
        raise StatisticsRefusedError(
            "A term, or a combination of terms, is the same for everybody, which is what the thresholds already are.",
            alternative="Leave out the column of ones, and any term without spread.",
        )
    condition = _design.refuse_redundant(np.column_stack([np.ones(used.shape[0]), used]), ("the thresholds", *names))
    center, scale = np.average(X, axis=0, weights=w), used.std(axis=0)
    Z = (X - center) / scale
    J = len(labels)
    back = np.eye(parameters)
    back[: J - 1, J - 1 :] = center / scale
    back[J - 1 :, J - 1 :] = np.diag(1.0 / scale)
    return OrdinalProblem(
        X=X,
        Z=Z,
        codes=codes,
        weights=w,
        terms=names,
        levels=labels,
        counts=counts,
        n=n,
        condition=condition,
        back=back,
        splits=splits_of(codes, Z, J),
    )


def _refuse_empty_levels(labels: tuple[str, ...], counts: Vector) -> None:
    empty = np.flatnonzero(counts == 0)
    if not empty.size:
        return
    first = int(empty[0])
    neighbor = labels[first - 1] if first else labels[1]
    raise StatisticsRefusedError(
        f"No participant is at the {'level' if empty.size == 1 else 'levels'} {listed([labels[j] for j in empty])}, "
        "so the thresholds next to it cannot be told apart.",
        alternative=f'Merge "{labels[first]}" with its neighbor "{neighbor}", or leave it out of the levels.',
    )
