"""Item statistics: what each item of a scale does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.psychometrics import _weighted
from casearc.psychometrics._items import checked_items, constant_items
from casearc.statistics.results import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemStatistics(Result):
    """Item statistics. Shares are 0 to 1.

    Attributes
    ----------
    floor, ceiling
        Share of participants at the lowest and highest permitted response; None where the range was not given.
    item_rest
        Correlation with the sum of the other items; None where the item or the rest has no spread, or there is no rest.
    alpha_if_dropped
        Cronbach's alpha of the other items; None where they are fewer than two or have no spread together. An item
        whose removal raises alpha by more than a little does not go with the rest.
    """

    mean: float
    sd: float
    floor: float | None
    ceiling: float | None
    item_rest: float | None
    alpha_if_dropped: float | None


def item_statistics(
    items: ArrayLike, *, low: float | None = None, high: float | None = None
) -> tuple[ItemStatistics, ...]:
    """Mean, spread, floor, ceiling, item-rest correlation of each item, and alpha without it.

    Parameters
    ----------
    items
        Item scores, shape (n, k), n >= 2, no missing value.
    low, high
        Ends of the response range. Without them floor and ceiling are None: the lowest answer seen is not the floor.

    Returns
    -------
    tuple of ItemStatistics
        In the order of the columns.

    Raises
    ------
    StatisticsRefusedError
        Some item scores lie outside the range, or the items say nothing (fewer than two people or items).

    Notes
    -----
    Checked against R's ``psych::alpha`` (``r.drop``, and
    ``alpha.drop`` from three items on: with two psych prints a regression coefficient there).

    Examples
    --------
    >>> [round(item.mean, 2) for item in item_statistics([[1, 2], [2, 2], [3, 5]], low=1, high=5)]
    [2.0, 3.0]
    """
    X = checked_items(items, at_least=1)
    if (low is not None and float(X.min()) < low) or (high is not None and float(X.max()) > high):
        raise StatisticsRefusedError(
            "Some item scores lie outside the response range given.",
            alternative="Check the coding of the items.",
        )
    constant = constant_items(X)
    total = X.sum(axis=1)
    return tuple(
        ItemStatistics(
            mean=float(column.mean()),
            sd=float(column.std(ddof=1)),
            floor=None if low is None else float((column == low).mean()),
            ceiling=None if high is None else float((column == high).mean()),
            item_rest=None if constant[i] or X.shape[1] == 1 else _correlation(column, total - column),
            alpha_if_dropped=_alpha_without(X, i),
        )
        for i, column in enumerate(X.T)
    )


def _correlation(item: np.ndarray, rest: np.ndarray) -> float | None:
    if np.ptp(rest) <= 1e-12 * max(1.0, float(np.abs(rest).max())):
        return None
    return float(np.clip(np.corrcoef(item, rest)[0, 1], -1.0, 1.0))


def _alpha_without(X: np.ndarray, i: int) -> float | None:
    if X.shape[1] < 3:
        return None
    alpha = float(_weighted.alphas(np.delete(X, i, axis=1), np.ones((1, X.shape[0])))[0])
    return alpha if np.isfinite(alpha) else None
