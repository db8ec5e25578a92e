"""Separation in ordered outcomes: does a combination of terms put participants in order without exception."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import Matrix, Whole, listed, same_length
from casearc.statistics._design import checked_design
from casearc.statistics._recession import fewest_terms, most_strict
from casearc.statistics.categorical._ordinal_kernel import splits_of
from casearc.statistics.categorical.separation import level_codes
from casearc.statistics.results import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdinalSeparation(Result):
    """What separates the levels of an ordered outcome.

    Attributes
    ----------
    found
        Whether the maximum-likelihood estimate fails to exist.
    kind
        ``"complete"``: every participant is put on the right side of every split; ``"quasi-complete"``: some are, the
        others lie on the boundary; else ``"none"``.
    splits
        Splits that are told apart, each as the last level below it and the first above it.
    terms
        Terms whose coefficients run off to infinity (a smallest such set).
    """

    found: bool
    kind: Literal["none", "quasi-complete", "complete"]
    splits: tuple[tuple[str, str], ...]
    terms: tuple[str, ...]


def ordinal_separation(
    design: ArrayLike, outcome: ArrayLike, *, terms: Sequence[str], levels: Sequence[str]
) -> OrdinalSeparation:
    """Find out whether terms put the levels of an ordered outcome in order without exception.

    Parameters
    ----------
    design
        Shape (n, k), without a constant, full column rank.
    outcome
        Whole numbers 0 to J - 1 in the order of the levels, shape (n,); every level occurs.
    terms, levels
        Names of the k columns and of the J levels.

    Raises
    ------
    StatisticsRefusedError
        Missing values, a level nobody is at, or lengths that do not fit.

    Notes
    -----
    The log-likelihood of the proportional-odds model is concave, so its maximum fails to exist exactly where some
    thresholds d and slopes b, not all zero, have d[j] >= x b for everybody at or below each split next to their level
    and d[j] <= x b above it (the condition of Albert & Anderson 1984, Biometrika 71:1-10, for one linear predictor and
    J - 1 splits). One linear program finds the most of these comparisons that can be strict; a second the fewest terms.

    Examples
    --------
    >>> report = ordinal_separation([[0], [1], [2], [3]], [0, 0, 1, 2], terms=["months"], levels=["low", "mid", "high"])
    >>> report.kind, report.terms
    ('complete', ('months',))
    """
    X, names = checked_design(design, terms)
    codes = level_codes(outcome, levels)
    same_length(X, codes.astype(np.float64), names=("The design matrix", "the outcome"))
    empty = [str(name) for j, name in enumerate(levels) if not (codes == j).any()]
    if empty:
        raise StatisticsRefusedError(
            f"No participant is at the level {listed(empty)}, so no split lies next to it.",
            alternative="Merge the level with its neighbor.",
        )
    return separated(X, codes, names, tuple(str(name) for name in levels))


def separated(X: Matrix, codes: Whole, terms: tuple[str, ...], levels: tuple[str, ...]) -> OrdinalSeparation:
    """The report on checked arrays."""
    size = X.std(axis=0)
    centered = (X - X.mean(axis=0)) / np.where(size > 0, size, 1.0)
    distinct = np.unique(np.column_stack([codes, centered]), axis=0)
    comparisons = splits_of(distinct[:, 0].astype(np.int64), distinct[:, 1:], len(levels)).comparisons
    strict = most_strict(comparisons)
    if not strict.any():
        return OrdinalSeparation(found=False, kind="none", splits=(), terms=())
    thresholds = len(levels) - 1
    cost = np.where(np.arange(comparisons.shape[1]) < thresholds, 1e-4, 1.0)
    carrying = np.abs(fewest_terms(comparisons[strict], comparisons[~strict], cost)[thresholds:])
    split = np.abs(comparisons[:, :thresholds]).argmax(axis=1)
    return OrdinalSeparation(
        found=True,
        kind="complete" if strict.all() else "quasi-complete",
        splits=tuple((levels[j], levels[j + 1]) for j in np.unique(split[strict]).tolist()),
        terms=tuple(term for term, used in zip(terms, carrying > 1e-6 * carrying.max(), strict=True) if used),
    )
