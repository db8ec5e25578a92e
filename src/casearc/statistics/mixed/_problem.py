"""What callers pass, checked and sorted by participant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _design
from casearc.statistics._arrays import has_no_spread, matrix, same_length, vector
from casearc.statistics.mixed._sufficient import Array, Blocks, Sufficient, Whole, blocks, starts_of, summed


@dataclass(frozen=True, slots=True)
class Problem:
    """Rows sorted by participant: `table` is [X y] (N, P), `random` (N, q); `labels` name the participants."""

    table: Array
    random: Array
    terms: tuple[str, ...]
    random_terms: tuple[str, ...]
    begins: Whole
    labels: NDArray[np.generic]
    parts: Blocks
    data: Sufficient
    scale: float

    @property
    def participants(self) -> int:
        """How many."""
        return int(self.begins.size)


def problem_of(
    design: ArrayLike,
    response: ArrayLike,
    groups: ArrayLike,
    random: ArrayLike | None,
    terms: Sequence[str],
    random_terms: Sequence[str] | None,
    *,
    own_c: bool = False,
) -> Problem:
    """Check, sort and sum."""
    X, names = _design.checked_design(design, terms)
    y = vector(response, name="The outcome")
    same_length(X, y, names=("The design matrix", "the outcome"))
    Z = np.ones((y.size, 1)) if random is None else matrix(random, name="The random terms")
    same_length(Z, y, names=("The random terms", "the outcome"))
    order, begins, labels = starts_of(_labels(groups, y.size))
    if order is not None:
        X, y, Z = X[order], y[order], Z[order]
    _refuse_poor(X, y, Z, begins)
    _design.refuse_redundant(X, names)
    _refuse_perfect(X, y)
    scale = float(y.std())
    table = np.column_stack([X, y / scale])
    parts = blocks(table, Z, begins, own_c=own_c)
    return Problem(
        table=table,
        random=Z,
        terms=names,
        random_terms=_random_names(random_terms, Z.shape[1]),
        begins=begins,
        labels=labels,
        parts=parts,
        data=summed(parts, table),
        scale=scale,
    )


def _labels(groups: ArrayLike, rows: int) -> NDArray[np.generic]:
    labels = np.asarray(groups)
    if labels.ndim != 1 or labels.shape[0] != rows:
        raise StatisticsRefusedError("Participants are one label for each row of the design.")
    if labels.dtype == object or labels.dtype.kind == "f":
        missing = [value is None or value != value for value in labels.tolist()]  # noqa: PLR0124 - nan alone differs
        if any(missing):
            raise StatisticsRefusedError(
                f"{sum(missing)} {'row has' if sum(missing) == 1 else 'rows have'} no participant.",
                alternative="Leave those rows out.",
            )
        labels = labels.astype(str)
    return labels


def _refuse_poor(X: Array, y: Array, Z: Array, begins: Whole) -> None:
    if has_no_spread(y):
        raise StatisticsRefusedError(
            "The outcome is the same in every row, so there is nothing to explain.",
            alternative="Report that everybody had the same score.",
        )
    if begins.size < max(3, Z.shape[1] + 2):
        raise StatisticsRefusedError(
            f"There are {begins.size} participants, too few to tell how they differ.",
            alternative="Describe each of them, or fit a linear model without random terms.",
        )
    counts = np.diff(begins, append=y.size)
    if int((counts > Z.shape[1]).sum()) < 2:
        raise StatisticsRefusedError(
            "Hardly anybody was measured more often than there are random terms, so differences between participants "
            "cannot be told from chance.",
            alternative="Fit a linear model to one wave, or use fewer random terms.",
        )
    if y.size <= X.shape[1] + Z.shape[1]:
        raise StatisticsRefusedError(
            f"The model has {X.shape[1]} fixed terms and only {y.size} measurements.",
            alternative="Drop terms until there are several measurements for each.",
        )
    if np.linalg.matrix_rank(Z) < Z.shape[1]:
        raise StatisticsRefusedError(
            "Some random terms repeat others or are zero in every row.", alternative="Leave those out."
        )


def _refuse_perfect(X: Array, y: Array) -> None:
    size = np.where(X.any(axis=0), np.abs(X).max(axis=0), 1.0)
    scaled = X / size
    residuals = y - scaled @ np.linalg.lstsq(scaled, y, rcond=None)[0]
    if float(np.abs(residuals).max()) <= 1e-9 * float(np.abs(y - y.mean()).max()):
        raise StatisticsRefusedError(
            "The terms reproduce the outcome exactly, so there is no error to judge them by.",
            alternative="Check whether the outcome, or a part of it, is among the terms.",
        )


def _random_names(names: Sequence[str] | None, q: int) -> tuple[str, ...]:
    if names is None:
        return ("participant",) if q == 1 else tuple(f"random {i}" for i in range(q))
    if len(names) != q:
        raise StatisticsRefusedError(f"There are {q} random terms and {len(names)} names for them.")
    return tuple(str(name) for name in names)
