"""Many tests at once: adjusted p values that keep an error rate over a whole family."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import Vector, frozen, vector
from casearc.statistics.results import Result, Row


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AdjustedP(Result):
    """P values adjusted for their number. In the order given, shape (m,)."""

    p: Vector
    adjusted: Vector
    method: str

    def rows(self) -> list[Row]:
        """One row a test."""
        return [
            {"p_value": float(raw), "p_adjusted": float(better), "method": self.method}
            for raw, better in zip(self.p, self.adjusted, strict=True)
        ]


def holm(p: ArrayLike) -> AdjustedP:
    """Adjust p values so that the chance of even one false alarm in the family stays below alpha.

    For families of planned tests. Valid whatever the dependence between the tests.

    Parameters
    ----------
    p
        P values, shape (m,), each between 0 and 1.

    Raises
    ------
    StatisticsRefusedError
        No p value, one missing, or one outside 0 to 1.

    Notes
    -----
    Holm (1979), Scandinavian Journal of Statistics 6:65-70. Checked against R's ``p.adjust``.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03]).adjusted.tolist()
    [0.03, 0.06, 0.06]
    """
    values, order = _checked(p)
    steps = np.maximum.accumulate(values[order] * np.arange(values.size, 0, -1))
    return _restored(values, order, steps, "Holm")


def benjamini_hochberg(p: ArrayLike) -> AdjustedP:
    """Adjust p values so that the expected share of false discoveries among those called stays below alpha.

    For searches: it lets more through than `holm`, some of them wrong. Valid for independent or positively dependent
    tests.

    Parameters
    ----------
    p
        P values, shape (m,), each between 0 and 1.

    Raises
    ------
    StatisticsRefusedError
        No p value, one missing, or one outside 0 to 1.

    Notes
    -----
    Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57:289-300. Checked against R's
    ``p.adjust``.

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, 0.03]).adjusted.tolist()
    [0.03, 0.04, 0.04]
    """
    values, order = _checked(p)
    steps = values[order] * values.size / np.arange(1, values.size + 1)
    return _restored(values, order, np.minimum.accumulate(steps[::-1])[::-1], "Benjamini-Hochberg")


def _checked(p: ArrayLike) -> tuple[Vector, np.ndarray]:
    values = vector(p, name="The p values")
    if (values < 0.0).any() or (values > 1.0).any():
        raise StatisticsRefusedError("A p value lies between 0 and 1.")
    return values, np.argsort(values, kind="stable")


def _restored(values: Vector, order: np.ndarray, steps: Vector, method: str) -> AdjustedP:
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(steps, 1.0)
    return AdjustedP(p=frozen(values.copy()), adjusted=frozen(adjusted), method=method)
