"""Separation in count models: a combination of terms found only among participants without any event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import Matrix, Vector, listed, same_length, vector
from casearc.statistics._design import checked_design
from casearc.statistics._recession import fewest_terms, most_strict
from casearc.statistics.results import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class CountSeparation(Result):
    """Whether the maximum-likelihood estimate of a count model fails to exist, and why.

    Attributes
    ----------
    found
        Whether some coefficient would be minus or plus infinity.
    terms
        Terms whose coefficients run off (a smallest such set).
    participants
        Rows without events whose fitted rate would be zero.
    """

    found: bool
    terms: tuple[str, ...]
    participants: int


def count_separation(design: ArrayLike, counts: ArrayLike, *, terms: Sequence[str]) -> CountSeparation:
    """Find out whether terms single out participants none of whom had an event.

    Parameters
    ----------
    design
        Shape (n, k), the constant included, full column rank.
    counts
        Whole numbers from 0, shape (n,).
    terms
        Names of the k columns.

    Raises
    ------
    StatisticsRefusedError
        Missing values, or lengths that do not fit.

    Notes
    -----
    The estimate of a Poisson model, and of the coefficients of a negative binomial one, fails to exist exactly where
    some b has x b = 0 for all with events, x b <= 0 for all without, and x b < 0 for some of them (Santos Silva &
    Tenreyro 2010, Economics Letters 107:310-312; Correia, Guimaraes & Zylkin 2021). One linear program finds it.

    Examples
    --------
    >>> report = count_separation([[1, 0], [1, 0], [1, 1], [1, 1]], [2, 1, 0, 0], terms=["constant", "housed"])
    >>> report.terms, report.participants
    (('housed',), 2)
    """
    X, names = checked_design(design, terms)
    y = vector(counts, name="The counts")
    same_length(X, y, names=("The design matrix", "the counts"))
    return separated(X, y, names)


def separated(X: Matrix, y: Vector, terms: tuple[str, ...]) -> CountSeparation:
    """The report on checked arrays."""
    none = CountSeparation(found=False, terms=(), participants=0)
    size = np.linalg.norm(X, axis=0)
    scaled = X / np.where(size > 0, size, 1.0) * np.sqrt(X.shape[0])
    events, without = np.unique(scaled[y > 0], axis=0), scaled[y == 0]
    if not without.size:
        return none
    basis = _null_space(events) if events.size else np.eye(X.shape[1])
    if basis.shape[1] == 0:
        return none
    reduced = -without @ basis
    reduced[np.abs(reduced) < 1e-9] = 0.0
    strict = most_strict(reduced)
    if not strict.any():
        return none
    cost = np.where(np.ptp(X, axis=0) == 0.0, 1e-4, 1.0)
    direction = np.abs(_sparse(-without, strict, events, cost))
    carrying = direction > 1e-6 * direction.max()
    if (carrying & (cost == 1.0)).any():
        carrying &= cost == 1.0
    named = tuple(term for term, used in zip(terms, carrying, strict=True) if used)
    return CountSeparation(found=True, terms=named, participants=int(strict.sum()))


def refuse_separated(X: Matrix, y: Vector, terms: tuple[str, ...]) -> None:
    """Refuse, naming the terms, where no maximum exists."""
    if np.linalg.matrix_rank(X[y > 0] / np.linalg.norm(X, axis=0)) == X.shape[1]:
        return
    report = separated(X, y, terms)
    if not report.found:
        return
    count = report.participants
    raise StatisticsRefusedError(
        f"Maximum likelihood has no answer: {listed(report.terms)} "
        f"{'singles' if len(report.terms) == 1 else 'together single'} out {count} "
        f"{'participant' if count == 1 else 'participants'} without any event, so a rate ratio would be zero or "
        "infinite (separation).",
        alternative='Use poisson with penalty="firth", which stays finite, or exact_rate for that group.',
    )


def _null_space(rows: Matrix) -> Matrix:
    """Orthonormal directions that the rows do not see, (k, q)."""
    _, singular, right = np.linalg.svd(rows, full_matrices=True)
    rank = int(np.count_nonzero(singular > 1e-10 * singular[0]))
    return np.asarray(right[rank:].T, dtype=np.float64)


def _sparse(rows: Matrix, strict: np.ndarray, events: Matrix, cost: Vector) -> Vector:
    equal = np.concatenate([events, rows[~strict]])
    return fewest_terms(np.unique(rows[strict], axis=0), np.unique(equal, axis=0), cost)
