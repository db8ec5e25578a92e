"""Separation: does a combination of terms predict the outcome perfectly, so that no maximum-likelihood fit exists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import Matrix, Vector, Whole, same_length
from casearc.statistics._design import checked_design
from casearc.statistics.results import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class SeparationReport(Result):
    """What separates what.

    Attributes
    ----------
    found
        Whether the maximum-likelihood estimate fails to exist.
    kind
        ``"complete"``: every participant is predicted perfectly; ``"quasi-complete"``: some are; else ``"none"``.
    pairs
        Pairs of levels that are told apart perfectly, at least for some participants.
    terms
        Terms whose coefficients run off to infinity (a smallest such set; the constant only if it is alone).
    """

    found: bool
    kind: Literal["none", "quasi-complete", "complete"]
    pairs: tuple[tuple[str, str], ...]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Comparisons:
    """Each distinct row against each level it does not have: ``rows @ b >= 0`` says b favours the observed level."""

    rows: Matrix
    observed: Whole
    other: Whole


def separation(
    design: ArrayLike, outcome: ArrayLike, *, terms: Sequence[str] | None = None, levels: Sequence[str]
) -> SeparationReport:
    """Find out whether terms separate the levels of an outcome.

    Parameters
    ----------
    design
        Shape (n, k), full column rank.
    outcome
        Whole numbers 0 to J - 1, shape (n,).
    terms, levels
        Names of the k columns and the J levels.

    Notes
    -----
    Albert & Anderson (1984), Biometrika 71:1-10: the estimate exists unless some coefficients, not all zero, give every
    participant's observed level a predictor at least as high as any other level's. One linear program over all pairs of
    levels at once finds the most comparisons that can be strict (two levels alone may be separated while a third ties
    them together, and then the estimate exists); a second finds the fewest terms that do it. Konis (2007) for the idea;
    checked against constructed cases and, for two levels, R's ``detectseparation`` examples.

    Examples
    --------
    >>> report = separation([[1, 0], [1, 1], [1, 2], [1, 3]], [0, 0, 1, 1], terms=["constant", "months"], levels="ab")
    >>> report.kind, report.terms
    ('complete', ('months',))
    """
    names = tuple(terms) if terms is not None else tuple(f"column {j + 1}" for j in range(np.shape(design)[1]))
    X, names = checked_design(design, names)
    y = level_codes(outcome, levels)
    same_length(X, y.astype(np.float64), names=("The design matrix", "the outcome"))
    scale = _scales(X)
    comparisons = _comparisons(X / scale, y, len(levels))
    strict = _most_strict(comparisons.rows)
    if not strict.any():
        return SeparationReport(found=False, kind="none", pairs=(), terms=())
    direction = _fewest_terms(comparisons.rows, strict, _is_constant(X), len(levels) - 1)
    seen = {
        (min(a, b), max(a, b))
        for a, b in zip(comparisons.observed[strict].tolist(), comparisons.other[strict].tolist(), strict=True)
    }
    return SeparationReport(
        found=True,
        kind="complete" if strict.all() else "quasi-complete",
        pairs=tuple((str(levels[a]), str(levels[b])) for a, b in sorted(seen)),
        terms=_named(direction, names, _is_constant(X)),
    )


def level_codes(outcome: ArrayLike, levels: Sequence[str]) -> Whole:
    """The outcome as whole numbers 0 to J - 1, every level of which occurs."""
    raw = np.asarray(outcome)
    if raw.ndim != 1 or raw.size == 0:
        raise StatisticsRefusedError("The outcome is one column of level numbers, at least one of them.")
    values = raw.astype(np.float64)
    if not np.isfinite(values).all() or (values != np.floor(values)).any():
        raise StatisticsRefusedError(
            "The outcome has missing or fractional level numbers.",
            alternative="Leave out participants without an outcome and number the levels 0, 1, 2 ...",
        )
    if len(levels) < 2 or values.min() < 0 or values.max() >= len(levels):
        raise StatisticsRefusedError(
            f"The outcome's level numbers do not fit the {len(levels)} levels named.",
            alternative="Number them from 0 in the order of the names; at least two levels.",
        )
    return values.astype(np.int64)


def _is_constant(X: Matrix) -> np.ndarray:
    return np.asarray(np.ptp(X, axis=0) == 0.0)


def _scales(X: Matrix) -> Vector:
    spread = X.std(axis=0)
    size = np.abs(X).max(axis=0)
    scale = np.where(spread > 1e-12 * size, spread, size)
    return np.where(scale > 0, scale, 1.0)


def _comparisons(X: Matrix, y: Whole, J: int) -> _Comparisons:
    distinct = np.unique(np.column_stack([y.astype(np.float64), X]), axis=0)
    codes, rows = distinct[:, 0].astype(np.int64), distinct[:, 1:]
    k = X.shape[1]
    observed = np.repeat(codes, J - 1)
    other = np.array([level for code in codes for level in range(J) if level != code], dtype=np.int64)
    repeated = np.repeat(rows, J - 1, axis=0)
    wide = np.zeros((observed.size, J, k))
    index = np.arange(observed.size)
    wide[index, observed] += repeated
    wide[index, other] -= repeated
    return _Comparisons(rows=wide[:, 1:, :].reshape(observed.size, (J - 1) * k), observed=observed, other=other)


def _most_strict(A: Matrix) -> np.ndarray:
    """Which comparisons can be strict while none is violated: maximize sum t, t <= A b, 0 <= t <= 1, b free.

    Scaling b up costs nothing, so at the optimum every t is 0 or 1.
    """
    from scipy import optimize, sparse  # noqa: PLC0415  (a quarter of a second that only doubtful fits pay)

    m, parameters = A.shape
    solved = optimize.linprog(
        np.concatenate([np.zeros(parameters), -np.ones(m)]),
        A_ub=sparse.hstack([sparse.csr_array(-A), sparse.eye_array(m)], format="csr"),
        b_ub=np.zeros(m),
        bounds=[(None, None)] * parameters + [(0.0, 1.0)] * m,
        method="highs",
    )
    if solved.x is None:
        raise StatisticsRefusedError(
            "The linear program that looks for separation found no answer.",
            alternative='Use penalty="firth", which needs none.',
        )
    return np.asarray(solved.x[parameters:] > 0.5)


def _fewest_terms(A: Matrix, strict: np.ndarray, constant: np.ndarray, blocks: int) -> Matrix:
    """A separating direction with the smallest sum of absolute coefficients: few terms carry it. Shape (blocks, k)."""
    from scipy import optimize  # noqa: PLC0415  (as above)

    cost = np.tile(np.where(constant, 1e-4, 1.0), blocks)
    loose = A[~strict]
    solved = optimize.linprog(
        np.concatenate([cost, cost]),
        A_ub=np.hstack([-A[strict], A[strict]]),
        b_ub=-np.ones(int(strict.sum())),
        A_eq=np.hstack([loose, -loose]) if loose.size else None,
        b_eq=np.zeros(loose.shape[0]) if loose.size else None,
        bounds=(0.0, None),
        method="highs",
    )
    if solved.x is None:
        return np.ones((blocks, constant.size))
    half = cost.size
    return np.asarray((solved.x[:half] - solved.x[half:]).reshape(blocks, constant.size), dtype=np.float64)


def _named(direction: Matrix, terms: Sequence[str], constant: np.ndarray) -> tuple[str, ...]:
    size = np.abs(direction).max(axis=0)
    carrying = size > 1e-6 * size.max()
    if (carrying & ~constant).any():
        carrying &= ~constant
    return tuple(term for term, used in zip(terms, carrying, strict=True) if used)
