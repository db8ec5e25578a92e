"""Item matrices, checked once for all of psychometrics."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from casearc.errors import StatisticsRefusedError


def checked_items(items: ArrayLike, *, at_least: int) -> NDArray[np.float64]:
    """Item scores as (n, k) floats: complete, at least two participants and `at_least` items."""
    X = np.asarray(items, dtype=np.float64)
    if X.ndim != 2:
        raise StatisticsRefusedError("Item scores are a table: one row a participant, one column an item.")
    if X.shape[1] < at_least:
        raise StatisticsRefusedError(
            f"The scale has {X.shape[1]} {'item' if X.shape[1] == 1 else 'items'}; {at_least} are needed here.",
            alternative="For a single item report agreement between two waves instead of internal consistency.",
        )
    missing = int(np.count_nonzero(~np.isfinite(X).all(axis=1)))
    if missing:
        raise StatisticsRefusedError(
            f"{missing} of {X.shape[0]} participants left items unanswered.",
            alternative="Give only those with every item answered, and report how many that is.",
        )
    if X.shape[0] < 2:
        raise StatisticsRefusedError("At least two participants are needed.", alternative="Collect more answers first.")
    return X


def constant_items(X: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which items everybody answered alike."""
    return np.asarray(np.ptp(X, axis=0) == 0.0)


def refuse_constant(X: NDArray[np.float64]) -> None:
    """Refuse items without spread, naming their places in the table (from 1)."""
    places = (np.flatnonzero(constant_items(X)) + 1).tolist()
    if places:
        which = ", ".join(str(place) for place in places)
        raise StatisticsRefusedError(
            f"Everybody gave the same answer to {'item' if len(places) == 1 else 'items'} {which} (counted from 1), "
            "which then cannot go together with the others.",
            alternative="Leave such items out, and say so beside the result.",
        )


def checked_level(level: float) -> float:
    """A confidence level strictly between 0 and 1."""
    if not 0.0 < level < 1.0:
        raise StatisticsRefusedError("A confidence level lies between 0 and 1, for example 0.95.")
    return level


def checked_measurements(scores: ArrayLike) -> NDArray[np.float64]:
    """Repeated measurements as (n, k) floats: complete, at least three people measured at least twice."""
    X = np.asarray(scores, dtype=np.float64)
    if X.ndim != 2 or X.shape[1] < 2:
        raise StatisticsRefusedError(
            "Repeated measurements are a table: one row a person, one column a measurement, at least two of them."
        )
    missing = int(np.count_nonzero(~np.isfinite(X).all(axis=1)))
    if missing:
        raise StatisticsRefusedError(
            f"{missing} of {X.shape[0]} people lack a measurement.",
            alternative="Give only those with every measurement, and report how many that is.",
        )
    if X.shape[0] < 3:
        raise StatisticsRefusedError(
            "At least three people measured repeatedly are needed.",
            alternative="Measure more people twice, or use a published retest correlation.",
        )
    return X
