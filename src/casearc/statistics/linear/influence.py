"""Which participants a linear model hangs on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _design
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Matrix, Vector, frozen
from casearc.statistics.linear._covariance import left_by_leverage
from casearc.statistics.linear._problem import checked_problem
from casearc.statistics.results import Result, Row, per_term


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Influence(Result):
    """Influence of each participant on a linear model. Arrays of shape (n,) are in the order of the rows.

    Attributes
    ----------
    hat
        Leverage: weight of one's own outcome in one's fitted value; k / n on average.
    standardized, studentized
        Residual over its standard error, from all participants and from the others.
    cook, dffits
        Cook's distance; change of the own fitted value in its standard errors.
    dfbetas
        Change of each coefficient by leaving the participant in, in standard errors, shape (n, k).
    without
        Coefficients with each participant left out, shape (n, k).
    outlier_p
        Two-sided p of the largest studentized residual, times n (Bonferroni), at most 1.
    """

    terms: tuple[str, ...]
    hat: Vector
    standardized: Vector
    studentized: Vector
    cook: Vector
    dffits: Vector
    dfbetas: Matrix
    without: Matrix
    outlier_p: float
    n: int

    def rows(self) -> list[Row]:
        """One row a participant, numbered from 1 in the order given."""
        numbers = [str(i + 1) for i in range(self.n)]
        names = ("hat", "standardized", "studentized", "cook", "dffits")
        rows = per_term(numbers, {name: getattr(self, name) for name in names})
        return [{"row": row.pop("term"), **row} for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveOneOut(Result):
    """A coefficient with each participant left out in turn.

    Attributes
    ----------
    lowest, highest
        The smallest and largest estimate with one participant left out.
    largest_change
        The largest distance from the estimate, and `largest_change_se` the same in classical standard errors.
    sign_changes
        How many participants would turn its sign by leaving.
    """

    term: str
    estimate: float
    lowest: float
    highest: float
    largest_change: float
    largest_change_se: float
    sign_changes: int
    n: int


def influence(design: ArrayLike, response: ArrayLike, *, terms: Sequence[str]) -> Influence:
    """Leverage, residuals, Cook's distance, DFFITS and DFBETAS of every participant, without refitting.

    Raises
    ------
    StatisticsRefusedError
        What `linear` refuses; a participant of leverage 1; fewer than two participants more than terms.

    Notes
    -----
    Belsley, Kuh & Welsch (1980), Regression Diagnostics, chapter 2; Cook (1977), Technometrics 19:15-18. A flag names a
    participant to look at, not one to drop. Checked against R's ``influence.measures``, ``rstandard``, ``rstudent``.

    Examples
    --------
    >>> found = influence([[1, 0], [1, 1], [1, 2], [1, 3]], [1.0, 2.0, 2.0, 5.0], terms=["constant", "months"])
    >>> found.hat.round(2).tolist()
    [0.7, 0.3, 0.3, 0.7]
    """
    problem = checked_problem(design, response, terms=terms)
    _design.refuse_redundant(problem.X, problem.terms)
    n, k = problem.n, problem.k
    if n - k < 2:
        raise StatisticsRefusedError(
            f"The model has {k} terms and only {n} participants, so it cannot be fitted with one of them left out.",
            alternative="Drop terms.",
        )
    solution = problem.solve()
    left = left_by_leverage(problem, solution, purpose="the model cannot be fitted without them")
    e, hat = solution.residuals, 1.0 - left
    residual = problem.residual_sum(solution)
    standardized = e / np.sqrt(residual / (n - k) * left)
    without_variance = np.maximum(residual - e**2 / left, 0.0) / (n - k - 1)
    if (without_variance <= 1e-14 * residual / (n - k)).any():
        raise StatisticsRefusedError(
            "Without one of the participants the terms reproduce the outcome exactly, so residuals have no scale.",
            alternative="Look at that participant, or leave terms out.",
        )
    studentized = e / np.sqrt(without_variance * left)
    inverse = solution.inverse_r @ solution.inverse_r.T
    change = (problem.X @ inverse) * (e / left)[:, None]
    worst = float(np.abs(studentized).max())
    return Influence(
        terms=problem.terms,
        hat=frozen(hat),
        standardized=frozen(standardized),
        studentized=frozen(studentized),
        cook=frozen(standardized**2 * hat / (left * k)),
        dffits=frozen(studentized * np.sqrt(hat / left)),
        dfbetas=frozen(change / np.sqrt(without_variance[:, None] * np.diag(inverse))),
        without=frozen(solution.coefficients - change),
        outlier_p=min(1.0, n * float(dist.t_two_sided(worst, n - k - 1))),
        n=n,
    )


def leave_one_out(design: ArrayLike, response: ArrayLike, *, terms: Sequence[str], term: str) -> LeaveOneOut:
    """How far one coefficient moves when any single participant is left out.

    Use it beside the estimate a report turns on: a finding that one participant can turn is not one.

    Parameters
    ----------
    design, response, terms
        As in `linear`.
    term
        The term looked at.

    Raises
    ------
    StatisticsRefusedError
        What `influence` refuses; a term the model lacks.

    Examples
    --------
    >>> design = [[1, 0], [1, 1], [1, 2], [1, 3]]
    >>> found = leave_one_out(design, [1.0, 2.0, 2.0, 5.0], terms=["constant", "months"], term="months")
    >>> round(found.lowest, 2), round(found.highest, 2)
    (0.5, 1.5)
    """
    names = tuple(terms)
    if term not in names:
        raise StatisticsRefusedError(f'The model has no term "{term}".', alternative="Name one of its columns.")
    found = influence(design, response, terms=names)
    i = names.index(term)
    problem = checked_problem(design, response, terms=names)
    solution = problem.solve()
    b = float(solution.coefficients[i])
    se = math.sqrt(problem.residual_sum(solution) / (problem.n - problem.k) * float((solution.inverse_r[i] ** 2).sum()))
    without = found.without[:, i]
    largest = float(np.abs(without - b).max())
    return LeaveOneOut(
        term=term,
        estimate=b,
        lowest=float(without.min()),
        highest=float(without.max()),
        largest_change=largest,
        largest_change_se=largest / se,
        sign_changes=int(np.count_nonzero(np.sign(without) * np.sign(b) < 0)),
        n=problem.n,
    )
