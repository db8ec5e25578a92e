"""What every regression asks of its design matrix: rank, the constant, and the test of all slopes at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy import linalg

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import Matrix, Vector, listed, matrix

RANK_TOLERANCE = 1e-12
"""A term is redundant when, after scaling, the others explain all of it but this share."""


def checked_design(design: ArrayLike, terms: Sequence[str]) -> tuple[Matrix, tuple[str, ...]]:
    """The design as a matrix whose columns are named by `terms`, each once."""
    X = matrix(design, name="The design matrix")
    names = tuple(str(term) for term in terms)
    if len(names) != X.shape[1]:
        raise StatisticsRefusedError(f"The design matrix has {X.shape[1]} columns and {len(names)} terms are named.")
    if X.shape[1] == 0:
        raise StatisticsRefusedError("The model has no term.", alternative="Give at least the constant.")
    if len(set(names)) != len(names):
        raise StatisticsRefusedError("Two terms of the model have the same name.", alternative="Name each term once.")
    return X, names


def refuse_redundant(X: Matrix, terms: Sequence[str], weights: Vector | None = None) -> float:
    """Refuse a design in which some terms are exact combinations of others; else return its condition number.

    The condition number is that of the columns scaled to length one, so it does not depend on units.
    """
    weighted = X if weights is None else X * np.sqrt(weights)[:, None]
    lengths = np.linalg.norm(weighted, axis=0)
    if (lengths == 0.0).any():
        empty = [term for term, length in zip(terms, lengths, strict=True) if length == 0.0]
        raise StatisticsRefusedError(
            f"{_term(empty)} {listed(empty)} {_is(empty)} zero for every participant.",
            alternative="Leave it out of the model: nobody has it.",
        )
    scaled = weighted / lengths
    _, R, pivots = linalg.qr(scaled, mode="economic", pivoting=True)
    diagonal = np.abs(np.diag(R))
    rank = int(np.count_nonzero(diagonal > RANK_TOLERANCE * diagonal[0]))
    if rank < X.shape[1]:
        raise _redundant(R, pivots, rank, terms)
    singular = linalg.svdvals(R)
    return float(singular[0] / singular[-1])


def constant_direction(X: Matrix) -> Vector | None:
    """Coefficients c with X c = 1, or None where the design does not hold a constant."""
    ones = np.ones(X.shape[0])
    flat = np.flatnonzero((X[0] == X).all(axis=0) & (X[0] != 0))
    if flat.size:
        single = np.zeros(X.shape[1])
        single[flat[0]] = 1.0 / X[0, flat[0]]
        return single
    size = np.where(X.any(axis=0), np.abs(X).max(axis=0), 1.0)
    solution = np.asarray(np.linalg.lstsq(X / size, ones, rcond=None)[0], dtype=np.float64) / size
    return solution if np.abs(X @ solution - ones).max() < 1e-8 else None


def slopes(constant: Vector | None, k: int) -> Matrix:
    """Contrasts, shape (q, k), that are zero exactly when the model says the same for everybody."""
    if constant is None:
        return np.eye(k)
    return np.asarray(linalg.null_space(constant[None, :]).T, dtype=np.float64)


def wald_statistic(coefficients: Vector, covariance: Matrix, contrasts: Matrix) -> float | None:
    """b' V^-1 b over the contrasts; None where V has lost rank (more contrasts than clusters can carry)."""
    values = contrasts @ coefficients
    spread = contrasts @ covariance @ contrasts.T
    scale = np.sqrt(np.diag(spread))
    if (scale <= 0).any():
        return None
    correlation = spread / np.outer(scale, scale)
    eigenvalues, vectors = np.linalg.eigh(correlation)
    if eigenvalues[0] <= 1e-11 * eigenvalues[-1]:
        return None
    return float((((vectors.T @ (values / scale)) ** 2) / eigenvalues).sum())


def _redundant(R: Matrix, pivots: np.ndarray, rank: int, terms: Sequence[str]) -> StatisticsRefusedError:
    """Name the first redundant term and those it repeats."""
    weights = linalg.solve_triangular(R[:rank, :rank], R[:rank, rank])
    dependent = terms[int(pivots[rank])]
    makers = [terms[int(pivots[i])] for i in np.flatnonzero(np.abs(weights) > 1e-8)]
    return StatisticsRefusedError(
        f'The term "{dependent}" repeats what {listed(makers)} already {"say" if len(makers) > 1 else "says"}, '
        "so their coefficients cannot be told apart.",
        alternative=f"Leave out one of {listed(sorted([dependent, *makers], key=list(terms).index))}.",
    )


def _term(names: Sequence[str]) -> str:
    return "The term" if len(names) == 1 else "The terms"


def _is(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"
