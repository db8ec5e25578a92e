"""How much each term of a linear model carries: partial and semi-partial effects, f2 and standardized coefficients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _design
from casearc.statistics._arrays import Matrix, Vector, frozen, listed
from casearc.statistics.linear._problem import Problem, checked_problem
from casearc.statistics.results import Result, Row, per_term


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TermEffects(Result):
    """Effects of the terms of a linear model. Arrays are in the order of `terms`, shape (m,).

    Attributes
    ----------
    terms
        Terms or groups of columns that stand for one term; the constant is not among them.
    columns
        How many columns each has.
    partial_r_squared
        Share explained of what the other terms leave unexplained.
    semipartial_r_squared
        Share explained of all variance beyond the other terms: what R2 loses without the term.
    partial_r, semipartial_r
        Signed roots of those where the term is one column, else None.
    cohen_f_squared
        partial_r_squared / (1 - partial_r_squared).
    beta
        The coefficient times SD of the term over SD of the outcome, both of these data with n - 1. None for a group.
    beta_outcome
        The coefficient over the SD of the outcome: what a term of two values 0 and 1 is better told by, the difference
        of its two groups in SDs of the outcome. None for a group.
    two_valued
        Whether the term has two values in these data.
    """

    terms: tuple[str, ...]
    columns: tuple[int, ...]
    partial_r_squared: Vector
    semipartial_r_squared: Vector
    partial_r: NDArray[Any]
    semipartial_r: NDArray[Any]
    cohen_f_squared: Vector
    beta: NDArray[Any]
    beta_outcome: NDArray[Any]
    two_valued: tuple[bool, ...]
    outcome_sd: float
    r_squared: float
    n: int

    def rows(self) -> list[Row]:
        """One row a term."""
        names = ("partial_r_squared", "semipartial_r_squared", "cohen_f_squared", "beta", "beta_outcome")
        return per_term(self.terms, {name: getattr(self, name) for name in names})


def term_effects(
    design: ArrayLike,
    response: ArrayLike,
    *,
    terms: Sequence[str],
    groups: Mapping[str, Sequence[str]] | None = None,
    weights: ArrayLike | None = None,
) -> TermEffects:
    """Partial and semi-partial effects and standardized coefficients of each term.

    Parameters
    ----------
    design, response, terms, weights
        As in `linear`.
    groups
        Columns that are one term together (the indicators of a category, the columns of a spline), by its name. Columns
        in no group are terms of their own.

    Raises
    ------
    StatisticsRefusedError
        What `linear` refuses; a group with an unknown column, or a column in two groups.

    Notes
    -----
    Cohen, Cohen, West & Aiken (2003), Applied Multiple Regression, chapters 3 and 5. These describe the sample; they
    suppose no equal spread and bring no p. Checked against R's ``lm`` with and without each term.

    Examples
    --------
    >>> effects = term_effects([[1, 0], [1, 1], [1, 2], [1, 3]], [1.0, 2.0, 2.0, 4.0], terms=["constant", "months"])
    >>> round(float(effects.partial_r_squared[0]), 4), round(float(effects.beta[0]), 4)
    (0.8526, 0.9234)
    """
    problem = checked_problem(design, response, terms=terms, weights=weights)
    _design.refuse_redundant(problem.X, problem.terms, problem.weights)
    named = _groups(problem, groups or {})
    if not named:
        raise StatisticsRefusedError("The model has no term beside the constant.", alternative="Add a term.")
    solution = problem.solve()
    residual, total = problem.residual_sum(solution), problem.total_sum()
    b = solution.coefficients
    inverse = solution.inverse_r @ solution.inverse_r.T
    gained = np.array([float(b[c] @ np.linalg.solve(inverse[np.ix_(c, c)], b[c])) for c in named.values()])
    partial, semipartial = gained / (gained + residual), gained / total
    lone = np.array([len(columns) == 1 for columns in named.values()])
    first = np.array([columns[0] for columns in named.values()])
    spreads, outcome_sd = _sd(problem, problem.X), float(_sd(problem, problem.y[:, None])[0])
    sign = np.sign(b[first])
    return TermEffects(
        terms=tuple(named),
        columns=tuple(len(columns) for columns in named.values()),
        partial_r_squared=frozen(partial),
        semipartial_r_squared=frozen(semipartial),
        partial_r=_only(sign * np.sqrt(partial), lone),
        semipartial_r=_only(sign * np.sqrt(semipartial), lone),
        cohen_f_squared=frozen(gained / residual),
        beta=_only(b[first] * spreads[first] / outcome_sd, lone),
        beta_outcome=_only(b[first] / outcome_sd, lone),
        two_valued=tuple(_two_valued(problem, columns) for columns in named.values()),
        outcome_sd=outcome_sd,
        r_squared=1.0 - residual / total,
        n=problem.n,
    )


def _groups(problem: Problem, groups: Mapping[str, Sequence[str]]) -> dict[str, list[int]]:
    """Columns of each term, in the order of the design; the constant, where it is one column, is none of them."""
    grouped = [term for members in groups.values() for term in members]
    unknown = [term for term in grouped if term not in problem.terms]
    if unknown:
        raise StatisticsRefusedError(f"The model has no term {listed(unknown)}.", alternative="Name its columns.")
    if len(set(grouped)) < len(grouped):
        raise StatisticsRefusedError("A column is in two groups of terms.", alternative="Give each column one group.")
    owner = {term: name for name, members in groups.items() for term in members}
    found: dict[str, list[int]] = {}
    used = problem.X[problem.weights > 0]
    for i, term in enumerate(problem.terms):
        if problem.constant is not None and term not in owner and np.ptp(used[:, i]) == 0.0:
            continue
        found.setdefault(owner.get(term, term), []).append(i)
    return found


def _sd(problem: Problem, columns: Matrix) -> Vector:
    mean = np.average(columns, axis=0, weights=problem.weights)
    squares = (problem.weights[:, None] * (columns - mean) ** 2).sum(axis=0)
    return np.asarray(np.sqrt(squares / (problem.n - 1)), dtype=np.float64)


def _two_valued(problem: Problem, columns: Sequence[int]) -> bool:
    return len(columns) == 1 and np.unique(problem.X[problem.weights > 0, columns[0]]).size == 2


def _only(values: Vector, where: np.ndarray) -> NDArray[Any]:
    """Values where a term is one column, None elsewhere; an array of objects if there are any."""
    if where.all():
        return frozen(values)
    held: NDArray[Any] = np.where(where, values, None)  # type: ignore[call-overload]  # an array of objects
    held.setflags(write=False)
    return held
