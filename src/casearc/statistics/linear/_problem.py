"""The least-squares problem as every function of this folder takes it: checked, named, weighted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _design
from casearc.statistics._arrays import SAME, Matrix, Vector, frequency_weights, same_length, vector
from casearc.statistics._least_squares import Solution, solve


@dataclass(frozen=True, slots=True)
class Problem:
    """Design, outcome and frequency weights; `constant` are coefficients that make a column of ones, if any do."""

    X: Matrix
    y: Vector
    weights: Vector
    terms: tuple[str, ...]
    n: int
    constant: Vector | None

    @property
    def k(self) -> int:
        return len(self.terms)

    def solve(self) -> Solution:
        """Least squares to the digits the data hold; refuses terms that reproduce the outcome."""
        solution = solve(self.X, self.y, self.weights, refine=3)
        used = self.weights > 0
        if float(np.abs(solution.residuals[used]).max()) <= SAME * float(np.abs(self.y[used]).max()):
            raise StatisticsRefusedError(
                "The terms reproduce the outcome exactly, so there is no error to judge them by.",
                alternative="Check whether the outcome, or a part of it, is among the terms.",
            )
        return solution

    def residual_sum(self, solution: Solution) -> float:
        """Sum of squared residuals."""
        return float((self.weights * solution.residuals**2).sum())

    def total_sum(self) -> float:
        """About the weighted mean (in two passes) with a constant in the model, else about zero."""
        if self.constant is None:
            return float((self.weights * self.y**2).sum())
        shifted = self.y - self.y[0]
        deviations = shifted - np.average(shifted, weights=self.weights)
        rest = float((self.weights * deviations).sum())
        return float((self.weights * deviations**2).sum()) - rest**2 / self.n


def checked_problem(
    design: ArrayLike, response: ArrayLike, *, terms: Sequence[str], weights: ArrayLike | None = None
) -> Problem:
    """The problem, or a refusal: too few participants, or an outcome without spread."""
    X, names = _design.checked_design(design, terms)
    y = vector(response, name="The outcome")
    same_length(X, y, names=("The design matrix", "the outcome"))
    w = frequency_weights(weights, y.size)
    n = int(w.sum())
    if n <= X.shape[1]:
        raise StatisticsRefusedError(
            f"The model has {X.shape[1]} terms and only {n} participants, so nothing is left to judge its errors by.",
            alternative="Drop terms until there are at least ten participants for each.",
        )
    used = y[w > 0]
    if np.ptp(used) <= SAME * float(np.abs(used).max()):
        raise StatisticsRefusedError(
            "The outcome is the same for every participant, so there is nothing to explain.",
            alternative="Report that constant value's count instead of a model.",
        )
    return Problem(X=X, y=y, weights=w, terms=names, n=n, constant=_design.constant_direction(X[w > 0]))
