"""Turning what callers pass into arrays, and refusing what no estimator can use."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from casearc.errors import StatisticsRefusedError

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Whole = NDArray[np.int64]

SAME = 64 * float(np.finfo(np.float64).eps)
"""Numbers closer than this, relative to the size of the data, differ by rounding only."""


def finite(values: ArrayLike, *, name: str) -> NDArray[np.float64]:
    """`values` as a float array; refuses anything missing or infinite, naming only which argument it stands in."""
    array = np.asarray(values, dtype=np.float64)
    bad = int(array.size - np.count_nonzero(np.isfinite(array)))
    if bad:
        raise StatisticsRefusedError(
            f"{name} has {bad} missing or infinite {'value' if bad == 1 else 'values'}.",
            alternative="Leave those participants out, or impute, before calling; say which in the report.",
        )
    return array


def vector(values: ArrayLike, *, name: str, at_least: int = 1) -> Vector:
    """A one-dimensional float array with no missing value and at least `at_least` entries."""
    array = finite(values, name=name)
    if array.ndim != 1:
        raise StatisticsRefusedError(f"{name} must be one column of numbers, not an array of {array.ndim} dimensions.")
    if array.size < at_least:
        raise StatisticsRefusedError(
            f"{name} has {array.size} {'value' if array.size == 1 else 'values'}; at least {at_least} are needed.",
            alternative="Describe the participants in words instead of testing.",
        )
    return array


def matrix(values: ArrayLike, *, name: str) -> Matrix:
    """A two-dimensional float array with no missing value."""
    array = finite(values, name=name)
    if array.ndim != 2:
        raise StatisticsRefusedError(
            f"{name} must be a table of rows and columns, not an array of {array.ndim} dimensions."
        )
    return array


def same_length(first: NDArray[np.float64], second: NDArray[np.float64], *, names: tuple[str, str]) -> None:
    """Refuse two columns of different length."""
    if first.shape[0] != second.shape[0]:
        raise StatisticsRefusedError(
            f"{names[0]} has {first.shape[0]} rows and {names[1]} has {second.shape[0]}; "
            "they must be the same participants in the same order."
        )


def confidence(level: float) -> float:
    """A confidence level strictly between 0 and 1."""
    if not 0.0 < level < 1.0:
        raise StatisticsRefusedError("A confidence level lies between 0 and 1, for example 0.95.")
    return level


def frequency_weights(weights: ArrayLike | None, rows: int) -> Vector:
    """How often each row counts; ones where `weights` is None. Whole numbers from 0 up."""
    if weights is None:
        return np.ones(rows)
    array = vector(weights, name="The weights")
    if array.size != rows:
        raise StatisticsRefusedError(f"There are {array.size} weights for {rows} rows.")
    if (array < 0).any() or (array != np.floor(array)).any():
        raise StatisticsRefusedError(
            "Weights say how often a row counts, so they are whole numbers from 0 up.",
            alternative="Sampling or attrition weights need another variance and are not supported here.",
        )
    return array


def draw_weights(draws: ArrayLike, rows: int) -> Matrix:
    """How often each draw of a bootstrap counts each row, (draws, rows); whole numbers from 0 up."""
    array = matrix(draws, name="The weights of the draws")
    if array.shape[1] != rows or array.shape[0] == 0:
        raise StatisticsRefusedError(f"The weights of the draws are a table with a row a draw and {rows} columns.")
    if (array < 0).any() or (array != np.floor(array)).any():
        raise StatisticsRefusedError("Weights say how often a row counts, so they are whole numbers from 0 up.")
    return array


def counts(table: ArrayLike, *, name: str, square: bool = False) -> Whole:
    """A cross table of whole non-negative counts with at least two rows and two columns."""
    array = matrix(table, name=name)
    if min(array.shape) < 2:
        raise StatisticsRefusedError(f"{name} needs at least two rows and two columns.")
    if square and array.shape[0] != array.shape[1]:
        raise StatisticsRefusedError(f"{name} must have the same levels in rows and columns.")
    if (array < 0).any() or (array != np.floor(array)).any():
        raise StatisticsRefusedError(f"{name} must hold counts: whole numbers from 0 up.")
    if array.sum() == 0:
        raise StatisticsRefusedError(f"{name} counts nobody.")
    return array.astype(np.int64)


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: "a", "a and b", "a, b and c"."""
    quoted = [f'"{name}"' for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def frozen(array: NDArray[np.float64]) -> NDArray[np.float64]:
    """The array, read-only, so that a result stays what it was."""
    array.setflags(write=False)
    return array


def has_no_spread(values: Vector, *, scale: float | None = None) -> bool:
    """Whether all values are one and the same up to rounding at `scale` (default: their own size)."""
    size = float(np.abs(values).max()) if scale is None else scale
    return bool(np.ptp(values) <= SAME * size)
